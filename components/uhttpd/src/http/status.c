/* SPDX-License-Identifier: MIT */
#include "http/status.h"

#include "http/builder.h"

static const struct {
    int code;
    const char *reason;
} s_reasons[] = {
    {200, "OK"},
    {201, "Created"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {451, "Unavailable For Legal Reasons"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

static const char *status_reason_of(int status)
{
    for (size_t i = 0; i < sizeof(s_reasons) / sizeof(s_reasons[0]); i++) {
        if (s_reasons[i].code == status) {
            return s_reasons[i].reason;
        }
    }
    return NULL;
}

void uh_status_line(int status, char line[UH_STATUS_LINE_SIZE])
{
    const char *reason = status_reason_of(status);
    uh_text_t text = {.at = line, .room = UH_STATUS_LINE_SIZE};
    uh_text_decimal(&text, (unsigned)status, 3);
    if (reason) {
        uh_text_add(&text, " ");
        uh_text_add(&text, reason);
    }
    uh_text_end(&text);
}

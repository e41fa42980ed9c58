/* SPDX-License-Identifier: MIT */
#include "http/status.h"

#include <string.h>

#include "http/text.h"

/* One after the other. */
static const char s_lines[] = /* clang-format off */
    "200 OK\0"
    "201 Created\0"
    "204 No Content\0"
    "206 Partial Content\0"
    "301 Moved Permanently\0"
    "304 Not Modified\0"
    "400 Bad Request\0"
    "401 Unauthorized\0"
    "403 Forbidden\0"
    "404 Not Found\0"
    "405 Method Not Allowed\0"
    "406 Not Acceptable\0"
    "408 Request Timeout\0"
    "409 Conflict\0"
    "411 Length Required\0"
    "412 Precondition Failed\0"
    "413 Content Too Large\0"
    "414 URI Too Long\0"
    "415 Unsupported Media Type\0"
    "416 Range Not Satisfiable\0"
    "417 Expectation Failed\0"
    "421 Misdirected Request\0"
    "422 Unprocessable Content\0"
    "426 Upgrade Required\0"
    "428 Precondition Required\0"
    "429 Too Many Requests\0"
    "431 Request Header Fields Too Large\0"
    "451 Unavailable For Legal Reasons\0"
    "500 Internal Server Error\0"
    "501 Not Implemented\0"
    "503 Service Unavailable\0"
    "505 HTTP Version Not Supported\0"
    "507 Insufficient Storage\0";
/* clang-format on */

/* The line that begins with the digits of a status; without one, the digits alone. */
static const char *status_line_of(const char *digits)
{
    const char *line = s_lines;
    /* The analysis does not look behind the first NUL.
     * NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult) */
    while (*line != '\0' && strncmp(line, digits, 3) != 0) {
        line += strlen(line) + 1;
    }
    return *line != '\0' ? line : digits;
}

void uh_status_line(int status, char line[UH_STATUS_LINE_SIZE])
{
    char digits[UH_TEXT_DECIMAL];
    uh_text_t text = {.at = digits, .room = sizeof(digits)};
    uh_text_decimal(&text, (unsigned)status, 3);
    uh_text_end(&text);
    uh_text_copy(line, UH_STATUS_LINE_SIZE, status_line_of(digits));
}

const char *uh_status_reason(int status)
{
    switch (status) {
    case 401:
        return "credentials are missing, or wrong";
    case 405:
        return "this URL takes other methods, which Allow names";
    case 408:
        return "the rest of the request has not come in time";
    case 413:
        return "the body is longer than the server's setting `max_body`";
    case 414:
        return "the URL is longer than the server's setting `max_header`";
    case 417:
        return "of Expect, nothing is known but 100-continue";
    case 421:
        return "the Host is none of those in the server's setting `hosts`";
    case 426:
        return "a WebSocket is opened here, of version 13";
    case 431:
        return "the headers are longer than the server's setting `max_header`";
    default:
        return NULL;
    }
}

/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "files/receive.h"
#include "files/status.h"
#include "http/builder.h"
#include "http/status.h"

static const struct {
    int error;
    const char *reason;
} s_reasons[] = {
    {EBUSY, "somebody else is changing it"},
    {EEXIST, "something is there already"},
    {EFBIG, "longer than files may be here"},
    {EILSEQ, "what came has another digest"},
    {EINVAL, "the storage takes no such name"},
    {EISDIR, "a directory is there"},
    {ENAMETOOLONG, "the name is too long"},
    {ENOENT, "a directory is not there"},
    {ENOMEM, "out of memory"},
    {ENOSPC, "no space left"},
    {ENOTDIR, "a file is where a directory was expected"},
    {ENOTEMPTY, "the directory is not empty"},
    {EROFS, "the storage is read-only"},
};

const char *uh_file_error_reason(int error)
{
    for (size_t i = 0; i < sizeof(s_reasons) / sizeof(s_reasons[0]); i++) {
        if (s_reasons[i].error == error) {
            return s_reasons[i].reason;
        }
    }
    return NULL;
}

int uh_file_error_status(int error)
{
    return error == EINVAL || error == EILSEQ ? 400 : uh_file_status(error);
}

esp_err_t uh_file_answer_refusal(uhttpd_req_t *req, int status, const char *reason)
{
    static const uhttpd_header_t later = {"Retry-After", "1"};
    char line[UH_STATUS_LINE_SIZE];
    char text[UH_STATUS_LINE_SIZE + 80];
    uh_status_line(status, line);
    uh_text_t body = {.at = text, .room = sizeof(text)};
    uh_text_add(&body, line);
    uh_text_add(&body, reason != NULL ? ": " : "");
    uh_text_add(&body, reason != NULL ? reason : "");
    uh_text_add(&body, "\n");
    bool passes = status == 503 || (reason != NULL && reason == uh_file_error_reason(EBUSY));
    return uhttpd_write(
        req, text, uh_text_written(&body),
        &(uhttpd_response_t) {.status = line, .mime = "text/plain", .headers = &later, .header_count = passes ? 1 : 0});
}

esp_err_t uh_file_answer_error(uhttpd_req_t *req, int error)
{
    return uh_file_answer_refusal(req, uh_file_error_status(error), uh_file_error_reason(error));
}

esp_err_t uh_file_answer_done(uhttpd_req_t *req, bool created, const char *location, const char *etag,
                              const char *digest)
{
    char line[UH_STATUS_LINE_SIZE];
    uh_status_line(created ? 201 : 204, line);
    const uhttpd_header_t headers[] = {
        {"Location", created ? location : NULL},
        {"ETag", etag},
        {"Repr-Digest", digest},
    };
    return uhttpd_write(req, NULL, 0,
                        &(uhttpd_response_t) {.status = line,
                                              .mime = "text/plain",
                                              .headers = headers,
                                              .header_count = sizeof(headers) / sizeof(headers[0])});
}

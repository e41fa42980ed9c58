/* SPDX-License-Identifier: MIT */
#include "files/reply.h"

#include <errno.h>
#include <stddef.h>

#include "files/refusal.h"
#include "http/status.h"
#include "response.h"

esp_err_t uh_refuse(uhttpd_req_t *req, int status, const char *reason)
{
    bool passes = status == 503 || (reason != NULL && reason == uh_refusal_of(EBUSY).reason);
    return uh_respond(req, status, reason, &(uhttpd_header_t) {"Retry-After", passes ? "1" : NULL}, 1);
}

esp_err_t uh_refuse_error(uhttpd_req_t *req, int error)
{
    uh_refusal_t refusal = uh_refusal_of(error);
    return uh_refuse(req, refusal.status, refusal.reason);
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

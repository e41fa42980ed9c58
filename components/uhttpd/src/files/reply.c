/* SPDX-License-Identifier: MIT */
#include "files/reply.h"

#include <errno.h>
#include <stddef.h>

#include "http/status.h"
#include "exchange.h"

esp_err_t uh_refuse(uhttpd_req_t *req, uh_refusal_t refusal)
{
    bool passes = refusal.status == 503 || (refusal.reason != NULL && refusal.reason == uh_refusal_of(EBUSY).reason);
    bool reads = uhttpd_req_method(req) & (UHTTPD_GET | UHTTPD_HEAD);
    const char *reason = reads && refusal.status == 404 ? NULL : uh_refusal_reason(refusal); /* 404 says enough */
    return uh_respond(req, refusal.status, reason, &(uhttpd_header_t) {"Retry-After", passes ? "1" : NULL}, 1);
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

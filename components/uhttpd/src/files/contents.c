/* SPDX-License-Identifier: MIT */
#include "files/contents.h"

#include <errno.h>

#include "exchange.h"
#include "files/reply.h"
#include "files/storage.h"
#include "files/tree.h"
#include "http/fields.h"
#include "http/status.h"

/* --- what is asked for -------------------------------------------------------------------------------------------- */

typedef struct {
    const uh_contents_t *contents;
    int status;
    uh_range_t range;
    char modified[UH_HTTP_DATE_SIZE]; /* empty: not known */
} answer_t;

bool uh_contents_choose(const uhttpd_req_t *req, bool plain, bool gzip, bool *compressed)
{
    uh_gzip_wish_t wish = uh_accept_encoding_gzip(uhttpd_req_header(req, "Accept-Encoding"));
    *compressed = gzip && (!plain || wish == UH_GZIP_PREFERRED);
    return plain || wish != UH_GZIP_REFUSED;
}

/* Only GET has ranges (RFC 9110 section 14.2). */
static uh_range_kind_t range_of(const uhttpd_req_t *req, const uh_conditions_t *conditions,
                                const uh_validators_t *validators, uint64_t size, uh_range_t *range)
{
    bool heeded = uhttpd_req_method(req) == UHTTPD_GET && uh_conditions_allow_range(conditions, validators);
    return uh_range_read(heeded ? uhttpd_req_header(req, "Range") : NULL, size, range);
}

/* @return the status of the answer, whose range is filled in */
static int contents_judge(const uhttpd_req_t *req, answer_t *answer)
{
    const uh_contents_t *contents = answer->contents;
    uh_conditions_t conditions = uh_file_conditions(req);
    uh_validators_t validators = {.exists = true, .etag = contents->etag, .modified = contents->modified};
    int status = uh_conditions_judge(&conditions, &validators, true);
    if (status != 0) {
        return status;
    }
    switch (range_of(req, &conditions, &validators, contents->size, &answer->range)) {
    case UH_RANGE_PART:
        return 206;
    case UH_RANGE_UNSATISFIABLE:
        return 416;
    default:
        return 200;
    }
}

/* --- the answer --------------------------------------------------------------------------------------------------- */

#define CONTENT_RANGE_SIZE (sizeof("bytes -/") + 3 * UH_TEXT_DECIMAL)

/* "bytes 0-9/100", or "bytes *" and the size when nothing can be sent. @return NULL: it is not about a range */
static const char *content_range(const answer_t *answer, char value[CONTENT_RANGE_SIZE])
{
    const uh_range_t *range = &answer->range;
    uh_text_t text = {.at = value, .room = CONTENT_RANGE_SIZE};
    uh_text_add(&text, "bytes ");
    if (answer->status == 206) {
        uh_text_decimal(&text, range->first, 1);
        uh_text_add(&text, "-");
        uh_text_decimal(&text, range->first + range->length - 1, 1);
    } else {
        uh_text_add(&text, "*");
    }
    uh_text_add(&text, "/");
    uh_text_decimal(&text, answer->contents->size, 1);
    uh_text_end(&text);
    return answer->status == 206 || answer->status == 416 ? value : NULL;
}

/* From here on the source is the stream's, or closed. */
static esp_err_t send_part(uhttpd_req_t *req, const answer_t *answer, const uhttpd_response_t *response)
{
    const uhttpd_source_t *source = &answer->contents->source;
    const uh_range_t *range = &answer->range;
    bool is_read = range->length > 0 && uhttpd_req_method(req) != UHTTPD_HEAD;
    int err = answer->contents->begin(source->ctx, range, is_read);
    if (err == 0 && uhttpd_write_from(req, (int64_t)range->length, source, response) == ESP_OK) {
        return ESP_OK;
    }
    source->close(source->ctx, ESP_FAIL);
    return uh_refuse(req, uh_refusal_of(err != 0 ? err : ENOMEM));
}

static const char *reason_for(int status)
{
    return uh_refusal_reason((uh_refusal_t) {status, NULL});
}

static esp_err_t send_contents(uhttpd_req_t *req, const answer_t *answer)
{
    const uh_contents_t *contents = answer->contents;
    bool whole_or_part = answer->status == 200 || answer->status == 206;
    char line[UH_STATUS_LINE_SIZE], range[CONTENT_RANGE_SIZE];
    uh_status_line(answer->status, line);
    const uhttpd_header_t headers[] = {
        {"ETag", contents->etag},
        {"Last-Modified", answer->modified[0] != '\0' ? answer->modified : NULL},
        {"Cache-Control", contents->cache_control},
        {"Vary", contents->varies ? "Accept-Encoding" : NULL},
        {"Accept-Ranges", whole_or_part ? "bytes" : NULL},
        {"X-Content-Type-Options", whole_or_part ? "nosniff" : NULL},
        {"Content-Encoding", whole_or_part && contents->compressed ? "gzip" : NULL},
        {"Content-Range", content_range(answer, range)},
    };
    const uhttpd_response_t response = {.status = line,
                                        .mime = contents->mime,
                                        .headers = headers,
                                        .header_count = sizeof(headers) / sizeof(headers[0])};
    if (whole_or_part) {
        return send_part(req, answer, &response);
    }
    contents->source.close(contents->source.ctx, ESP_OK);
    return answer->status == 304
               ? uhttpd_write(req, "", 0, &response)
               : uh_respond(req, answer->status, reason_for(answer->status), headers, response.header_count);
}

esp_err_t uh_contents_not_acceptable(uhttpd_req_t *req)
{
    return uh_respond(req, 406, reason_for(406), &(uhttpd_header_t) {"Vary", "Accept-Encoding"}, 1);
}

esp_err_t uh_contents_answer(uhttpd_req_t *req, const uh_contents_t *contents)
{
    answer_t answer = {.contents = contents};
    if (contents->modified != 0 && !uh_http_date_write(contents->modified, answer.modified)) {
        answer.modified[0] = '\0';
    }
    answer.status = contents_judge(req, &answer);
    return send_contents(req, &answer);
}

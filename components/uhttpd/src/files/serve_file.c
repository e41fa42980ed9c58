/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "files/path.h"
#include "files/reply.h"
#include "files/serve.h"
#include "http/fields.h"
#include "http/text.h"
#include "http/status.h"
#include "http/validators.h"
#include "exchange.h"
#include "server.h"
#include "uhttpd_stream.h"
#include "uhttpd_upload.h"

/* --- a file as a source ------------------------------------------------------------------------------------------- */

typedef struct {
    const uhttpd_storage_t *storage;
    void *file; /* NULL: closed */
    uhttpd_claim_t *claim;
    uhttpd_file_info_t info; /* as it was opened */
    uint64_t left;           /* bytes to be read */
} source_t;

/* The version is unknown for a while after each change. Then the time decides, if open files have one (on FAT they do
 * not). */
static bool is_same(const uhttpd_file_info_t *opened, const uhttpd_file_info_t *now)
{
    if (opened->version == 0 || now->version == 0) {
        return opened->version == 0 || now->modified == 0 || opened->modified == now->modified;
    }
    return opened->version == now->version;
}

/*
 * A file that was written to since it was opened may have been read half before and half after that. A file that has
 * become longer must pass, because logs grow, and the promised bytes are there. That also lets a file pass that was
 * rewritten and is longer now. Programs that replace files by renaming avoid this.
 */
static bool is_unchanged(const source_t *source)
{
    uhttpd_file_info_t now;
    if (source->storage->stat_open == NULL || source->storage->stat_open(source->file, &now) != 0) {
        return true;
    }
    return now.size > source->info.size || (now.size == source->info.size && is_same(&source->info, &now));
}

/* Whoever has been sent all of a file may change it: nobody reads it any more by then. */
static void let_go_of_file(source_t *source)
{
    if (source->file != NULL) {
        source->storage->close(source->file);
        source->file = NULL;
    }
    uhttpd_claim_release(source->claim);
    source->claim = NULL;
}

static esp_err_t read_source(void *ctx, void *buf, size_t size, size_t *got)
{
    source_t *source = ctx;
    if (source->storage->read(source->file, buf, size, got) != 0) {
        return ESP_FAIL;
    }
    source->left -= *got;
    if (source->left > 0) {
        return ESP_OK;
    }
    bool unchanged = is_unchanged(source);
    let_go_of_file(source);
    return unchanged ? ESP_OK : ESP_ERR_INVALID_STATE;
}

static void close_source(void *ctx, esp_err_t result)
{
    (void)result;
    let_go_of_file(ctx);
    free(ctx);
}

/* The file may have been replaced since its path was looked up. Some storages, such as FAT, know less about an open
 * file.
 * @return errno */
static int look_again(source_t *source)
{
    if (source->storage->stat_open == NULL) {
        return 0;
    }
    uhttpd_file_info_t opened;
    int err = source->storage->stat_open(source->file, &opened);
    if (err == 0 && (opened.version != 0 || opened.size != source->info.size)) {
        source->info = opened;
    }
    return err;
}

/* @return errno */
static int open_claimed(source_t *source, const char *path)
{
    int err = uhttpd_claim_read(source->storage, path, &source->info, &source->claim);
    if (err == 0) {
        err = source->storage->open(path, UHTTPD_FILE_READ, &source->file);
        source->file = err == 0 ? source->file : NULL;
    }
    return err == 0 ? look_again(source) : err;
}

/* Reading fails for a moment only, while the file is being replaced. @return NULL: refused */
static source_t *open_source(const uhttpd_storage_t *storage, const uh_file_place_t *place, uh_refusal_t *refusal)
{
    source_t *source = malloc(sizeof(*source));
    if (source == NULL) {
        *refusal = uh_refusal_of(ENOMEM);
        return NULL;
    }
    *source = (source_t) {.storage = storage, .info = place->info};
    int err = open_claimed(source, place->path);
    if (err != 0) {
        close_source(source, ESP_FAIL);
        *refusal = err == EBUSY ? (uh_refusal_t) {503, NULL} : uh_refusal_of(err);
        return NULL;
    }
    return source;
}

/* --- what is answered --------------------------------------------------------------------------------------------- */

typedef struct {
    const uh_serve_t *serve;
    const uh_serve_target_t *target;
    source_t *source;
    bool compressed;
    int status;
    uh_range_t range;
    char etag[UH_ETAG_SIZE];          /* empty: not known */
    char modified[UH_HTTP_DATE_SIZE]; /* likewise */
} answer_t;

static void describe_version(answer_t *answer)
{
    const uhttpd_file_info_t *info = &answer->source->info;
    if (info->version != 0) {
        uh_etag_write(info->version, answer->compressed, answer->etag);
    }
    if (info->modified != 0 && !uh_http_date_write(info->modified, answer->modified)) {
        answer->modified[0] = '\0';
    }
}

static const char *known_or_null(const char *text)
{
    return text[0] != '\0' ? text : NULL;
}

/* --- what is asked for -------------------------------------------------------------------------------------------- */

/* Only GET has ranges (RFC 9110 section 14.2). */
static uh_range_kind_t range_of(const uhttpd_req_t *req, const uh_conditions_t *conditions,
                                const uh_validators_t *validators, uint64_t size, uh_range_t *range)
{
    bool heeded = uhttpd_req_method(req) == UHTTPD_GET && uh_conditions_allow_range(conditions, validators);
    return uh_range_read(heeded ? uhttpd_req_header(req, "Range") : NULL, size, range);
}

/* @return false: there is only a compressed form, and it is not wanted */
static bool serve_file_choose(const uhttpd_req_t *req, const uh_serve_target_t *target, bool *compressed)
{
    uh_gzip_wish_t wish = uh_accept_encoding_gzip(uhttpd_req_header(req, "Accept-Encoding"));
    *compressed = target->gzip.exists && (!target->plain.exists || wish == UH_GZIP_PREFERRED);
    return target->plain.exists || wish != UH_GZIP_REFUSED;
}

/* @return the status of the answer, whose range is filled in */
static int serve_file_judge(const uhttpd_req_t *req, answer_t *answer)
{
    const uhttpd_file_info_t *info = &answer->source->info;
    uh_conditions_t conditions = uh_file_conditions(req);
    uh_validators_t validators = {.exists = true, .etag = known_or_null(answer->etag), .modified = info->modified};
    int status = uh_conditions_judge(&conditions, &validators, true);
    if (status != 0) {
        return status;
    }
    switch (range_of(req, &conditions, &validators, info->size, &answer->range)) {
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
    uh_text_decimal(&text, answer->source->info.size, 1);
    uh_text_end(&text);
    return answer->status == 206 || answer->status == 416 ? value : NULL;
}

/* From here on the source is the stream's, or closed. */
static esp_err_t send_part(uhttpd_req_t *req, source_t *source, const uh_range_t *range,
                           const uhttpd_response_t *response)
{
    int err = range->first > 0 ? source->storage->seek(source->file, range->first) : 0;
    source->left = range->length;
    if (source->left == 0 || uhttpd_req_method(req) == UHTTPD_HEAD) { /* nothing is going to be read */
        let_go_of_file(source);
    }
    uhttpd_source_t stream = {.read = read_source, .close = close_source, .ctx = source};
    if (err == 0 && uhttpd_write_from(req, (int64_t)range->length, &stream, response) == ESP_OK) {
        return ESP_OK;
    }
    close_source(source, ESP_FAIL);
    return uh_refuse(req, uh_refusal_of(err != 0 ? err : ENOMEM));
}

static const char *reason_for(int status)
{
    return uh_refusal_reason((uh_refusal_t) {status, NULL});
}

static esp_err_t send_answer(uhttpd_req_t *req, const answer_t *answer)
{
    bool whole_or_part = answer->status == 200 || answer->status == 206;
    char line[UH_STATUS_LINE_SIZE], range[CONTENT_RANGE_SIZE];
    uh_status_line(answer->status, line);
    const uhttpd_header_t headers[] = {
        {"ETag", known_or_null(answer->etag)},
        {"Last-Modified", known_or_null(answer->modified)},
        {"Cache-Control", answer->serve->cache_control},
        {"Vary", answer->target->gzip.exists ? "Accept-Encoding" : NULL},
        {"Accept-Ranges", whole_or_part ? "bytes" : NULL},
        {"X-Content-Type-Options", whole_or_part ? "nosniff" : NULL},
        {"Content-Encoding", whole_or_part && answer->compressed ? "gzip" : NULL},
        {"Content-Range", content_range(answer, range)},
    };
    const uhttpd_response_t response = {.status = line,
                                        .mime = uh_mime_of(answer->target->plain.path, answer->serve->types),
                                        .headers = headers,
                                        .header_count = sizeof(headers) / sizeof(headers[0])};
    if (whole_or_part) {
        return send_part(req, answer->source, &answer->range, &response);
    }
    close_source(answer->source, ESP_OK);
    return answer->status == 304
               ? uhttpd_write(req, "", 0, &response)
               : uh_respond(req, answer->status, reason_for(answer->status), headers, response.header_count);
}

esp_err_t uh_serve_file(uhttpd_req_t *req, const uh_serve_t *serve, const uh_serve_target_t *target)
{
    answer_t answer = {.serve = serve, .target = target};
    if (!serve_file_choose(req, target, &answer.compressed)) {
        return uh_respond(req, 406, reason_for(406), &(uhttpd_header_t) {"Vary", "Accept-Encoding"}, 1);
    }
    const uh_file_place_t *place = answer.compressed ? &target->gzip : &target->plain;
    uh_refusal_t refusal;
    answer.source = open_source(serve->tree.storage, place, &refusal);
    if (answer.source == NULL) {
        return uh_refuse(req, refusal);
    }
    describe_version(&answer);
    answer.status = serve_file_judge(req, &answer);
    return send_answer(req, &answer);
}

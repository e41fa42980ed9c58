/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "files/mime.h"
#include "files/serve.h"
#include "files/status.h"
#include "http/fields.h"
#include "http/text.h"
#include "http/validators.h"
#include "server.h"
#include "uhttpd_stream.h"

/* --- a file as a source ------------------------------------------------------------------------------------------- */

typedef struct {
    const uhttpd_storage_t *storage;
    void *file;
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

static esp_err_t read_source(void *ctx, void *buf, size_t size, size_t *got)
{
    source_t *source = ctx;
    if (source->storage->read(source->file, buf, size, got) != 0) {
        return ESP_FAIL;
    }
    source->left -= *got;
    return source->left > 0 || is_unchanged(source) ? ESP_OK : ESP_ERR_INVALID_STATE;
}

static void close_source(void *ctx, esp_err_t result)
{
    (void)result;
    source_t *source = ctx;
    source->storage->close(source->file);
    free(source);
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

/* @return NULL, and the status of a refusal */
static source_t *open_source(const uhttpd_storage_t *storage, const uh_file_place_t *place, int *status)
{
    source_t *source = malloc(sizeof(*source));
    if (source == NULL) {
        *status = 503;
        return NULL;
    }
    *source = (source_t) {.storage = storage, .info = place->info};
    int err = storage->open(place->path, UHTTPD_FILE_READ, &source->file);
    if (err != 0) {
        free(source);
        *status = uh_file_status(err);
        return NULL;
    }
    err = look_again(source);
    if (err != 0) {
        close_source(source, ESP_FAIL);
        *status = uh_file_status(err);
        return NULL;
    }
    return source;
}

/* --- headers ------------------------------------------------------------------------------------------------------ */

#define MAX_HEADERS 8
#define CONTENT_RANGE_SIZE (sizeof("bytes -/") + 3 * UH_DECIMAL_SIZE)

typedef struct {
    char etag[UH_ETAG_SIZE]; /* empty: not known */
    char modified[UH_HTTP_DATE_SIZE];
    char content_range[CONTENT_RANGE_SIZE];
    uhttpd_header_t headers[MAX_HEADERS];
    size_t count;
} head_t;

static void serve_file_add(head_t *head, const char *name, const char *value)
{
    head->headers[head->count++] = (uhttpd_header_t) {name, value};
}

/* Headers of every answer about the file, 304 included. */
static void begin_head(head_t *head, const uh_serve_t *serve, const uh_serve_target_t *target, const source_t *source,
                       bool compressed)
{
    head->count = 0;
    head->etag[0] = '\0';
    if (source->info.version != 0) {
        uh_etag_write(source->info.version, compressed, head->etag);
        serve_file_add(head, "ETag", head->etag);
    }
    if (source->info.modified != 0 && uh_http_date_write(source->info.modified, head->modified)) {
        serve_file_add(head, "Last-Modified", head->modified);
    }
    serve_file_add(head, "Cache-Control", serve->cache_control);
    if (target->gzip.exists) {
        serve_file_add(head, "Vary", "Accept-Encoding");
    }
}

static void add_for_content(head_t *head, bool compressed)
{
    serve_file_add(head, "Accept-Ranges", "bytes");
    serve_file_add(head, "X-Content-Type-Options", "nosniff");
    if (compressed) {
        serve_file_add(head, "Content-Encoding", "gzip");
    }
}

static char *serve_file_append(char *at, const char *text)
{
    size_t len = strlen(text);
    memcpy(at, text, len + 1);
    return at + len;
}

/* "bytes 0-9/100", or "bytes *" and the size when nothing can be sent. */
static void add_content_range(head_t *head, const uh_range_t *range, uint64_t size)
{
    char *at = serve_file_append(head->content_range, "bytes ");
    if (range != NULL) {
        at += uh_decimal_write(range->first, at);
        at = serve_file_append(at, "-");
        at += uh_decimal_write(range->first + range->length - 1, at);
    } else {
        at = serve_file_append(at, "*");
    }
    at = serve_file_append(at, "/");
    uh_decimal_write(size, at);
    serve_file_add(head, "Content-Range", head->content_range);
}

/* --- what is asked for -------------------------------------------------------------------------------------------- */

static uh_conditions_t conditions_of(const uhttpd_req_t *req)
{
    return (uh_conditions_t) {
        .if_match = uhttpd_req_header(req, "If-Match"),
        .if_none_match = uhttpd_req_header(req, "If-None-Match"),
        .if_modified_since = uhttpd_req_header(req, "If-Modified-Since"),
        .if_unmodified_since = uhttpd_req_header(req, "If-Unmodified-Since"),
        .if_range = uhttpd_req_header(req, "If-Range"),
    };
}

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

/* --- the answer --------------------------------------------------------------------------------------------------- */

/* From here on the source is the stream's, or closed. */
static esp_err_t send_part(uhttpd_req_t *req, source_t *source, const uh_range_t *range,
                           const uhttpd_response_t *response)
{
    int err = range->first > 0 ? source->storage->seek(source->file, range->first) : 0;
    source->left = range->length;
    uhttpd_source_t stream = {.read = read_source, .close = close_source, .ctx = source};
    if (err == 0 && uhttpd_write_from(req, (int64_t)range->length, &stream, response) == ESP_OK) {
        return ESP_OK;
    }
    close_source(source, ESP_FAIL);
    return uh_file_refuse(req, err != 0 ? uh_file_status(err) : 503);
}

static esp_err_t answer_without_content(uhttpd_req_t *req, source_t *source, int status, const head_t *head,
                                        const char *mime)
{
    close_source(source, ESP_OK);
    if (status != 304) {
        return uh_file_answer(req, status, head->headers, head->count);
    }
    return uhttpd_write(
        req, "", 0,
        &(uhttpd_response_t) {
            .status = "304 Not Modified", .mime = mime, .headers = head->headers, .header_count = head->count});
}

esp_err_t uh_serve_file(uhttpd_req_t *req, const uh_serve_t *serve, const uh_serve_target_t *target)
{
    bool compressed;
    if (!serve_file_choose(req, target, &compressed)) {
        return uh_file_answer(req, 406, &(uhttpd_header_t) {"Vary", "Accept-Encoding"}, 1);
    }
    int status;
    source_t *source = open_source(serve->tree.storage, compressed ? &target->gzip : &target->plain, &status);
    if (source == NULL) {
        return uh_file_refuse(req, status);
    }
    head_t head;
    begin_head(&head, serve, target, source, compressed);
    const char *mime = uh_mime_of(target->plain.path, serve->types);
    uh_conditions_t conditions = conditions_of(req);
    uh_validators_t validators = {
        .exists = true, .etag = head.etag[0] ? head.etag : NULL, .modified = source->info.modified};
    status = uh_conditions_judge(&conditions, &validators, true);
    if (status != 0) {
        return answer_without_content(req, source, status, &head, mime);
    }
    uh_range_t range;
    uh_range_kind_t kind = range_of(req, &conditions, &validators, source->info.size, &range);
    if (kind == UH_RANGE_UNSATISFIABLE) {
        add_content_range(&head, NULL, source->info.size);
        return answer_without_content(req, source, 416, &head, mime);
    }
    add_for_content(&head, compressed);
    if (kind == UH_RANGE_PART) {
        add_content_range(&head, &range, source->info.size);
    }
    return send_part(req, source, &range,
                     &(uhttpd_response_t) {.status = kind == UH_RANGE_PART ? "206 Partial Content" : NULL,
                                           .mime = mime,
                                           .headers = head.headers,
                                           .header_count = head.count});
}

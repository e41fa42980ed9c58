/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>

#include "files/contents.h"
#include "files/path.h"
#include "files/reply.h"
#include "files/serve.h"
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

/* --- the answer --------------------------------------------------------------------------------------------------- */

/* What nobody reads is let go at once. */
static int begin_source(void *ctx, const uh_range_t *range, bool is_read)
{
    source_t *source = ctx;
    int err = range->first > 0 ? source->storage->seek(source->file, range->first) : 0;
    source->left = range->length;
    if (!is_read) {
        let_go_of_file(source);
    }
    return err;
}

esp_err_t uh_serve_file(uhttpd_req_t *req, const uh_serve_t *serve, const uh_serve_target_t *target)
{
    bool compressed;
    if (!uh_contents_choose(req, target->plain.exists, target->gzip.exists, &compressed)) {
        return uh_contents_not_acceptable(req);
    }
    uh_refusal_t refusal;
    source_t *source = open_source(serve->tree.storage, compressed ? &target->gzip : &target->plain, &refusal);
    if (source == NULL) {
        return uh_refuse(req, refusal);
    }
    char etag[UH_ETAG_SIZE];
    uh_etag_write(source->info.version, compressed, etag);
    const uh_contents_t contents = {
        .size = source->info.size,
        .etag = source->info.version != 0 ? etag : NULL,
        .modified = source->info.modified,
        .mime = uh_mime_of(target->plain.path, serve->types),
        .cache_control = serve->cache_control,
        .compressed = compressed,
        .varies = target->gzip.exists,
        .source = {.read = read_source, .close = close_source, .ctx = source},
        .begin = begin_source,
    };
    return uh_contents_answer(req, &contents);
}

/* SPDX-License-Identifier: MIT */
#include "uhttpd_memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "exchange.h"
#include "files/contents.h"
#include "files/path.h"
#include "files/reply.h"
#include "files/serve.h"
#include "files/storage.h"
#include "server.h"
#include "uhttpd_digest.h"

#define GZIP ".gz"
#define DEFAULT_CACHE_CONTROL "no-cache" /* clients ask whether there is another firmware */

typedef struct {
    uh_file_tree_t tree;
    const uhttpd_memory_file_t *files;
    size_t count;
    bool lone; /* the only file is the prefix itself */
    char *index;
    char *cache_control;
    uint64_t versions[]; /* one for each file */
} uh_memory_t;

/* --- a file as a source ------------------------------------------------------------------------------------------- */

typedef struct {
    const char *at;
    size_t left;
} memory_source_t;

static esp_err_t memory_read(void *ctx, void *buf, size_t size, size_t *got)
{
    memory_source_t *source = ctx;
    *got = size < source->left ? size : source->left;
    memcpy(buf, source->at, *got);
    source->at += *got;
    source->left -= *got;
    return ESP_OK;
}

static void memory_close(void *ctx, esp_err_t result)
{
    (void)result;
    free(ctx);
}

static int memory_begin(void *ctx, const uh_range_t *range, bool is_read)
{
    (void)is_read;
    memory_source_t *source = ctx;
    source->at += range->first;
    source->left = (size_t)range->length;
    return 0;
}

/* --- which file --------------------------------------------------------------------------------------------------- */

static bool is_named(const uhttpd_memory_file_t *file, const char *path, const char *ending)
{
    size_t len = strlen(path);
    return strncmp(file->path, path, len) == 0 && strcmp(file->path + len, ending) == 0;
}

/* @return NULL: there is none */
static const uhttpd_memory_file_t *memory_find(const uh_memory_t *memory, const char *path, const char *ending)
{
    for (size_t i = 0; i < memory->count; i++) {
        if (is_named(&memory->files[i], path, ending)) {
            return &memory->files[i];
        }
    }
    return NULL;
}

/* --- the answer --------------------------------------------------------------------------------------------------- */

static const char *memory_mime(const uhttpd_memory_file_t *file, const char *path)
{
    return file->mime != NULL ? file->mime : uh_mime_of(path, NULL);
}

static esp_err_t memory_send(uhttpd_req_t *req, const uh_memory_t *memory, const uhttpd_memory_file_t *file,
                             uh_contents_t *contents)
{
    memory_source_t *source = malloc(sizeof(*source));
    if (source == NULL) {
        return uh_refuse(req, uh_refusal_of(ENOMEM));
    }
    source->at = file->start;
    char etag[UH_ETAG_SIZE];
    uh_etag_write(memory->versions[file - memory->files], contents->compressed, etag);
    contents->size = (size_t)((const char *)file->end - (const char *)file->start);
    contents->etag = etag;
    contents->cache_control = memory->cache_control;
    contents->source = (uhttpd_source_t) {.read = memory_read, .close = memory_close, .ctx = source};
    contents->begin = memory_begin;
    return uh_contents_answer(req, contents);
}

static esp_err_t memory_answer(uhttpd_req_t *req, const uh_memory_t *memory, const char *path)
{
    const uhttpd_memory_file_t *plain = memory_find(memory, path, "");
    const uhttpd_memory_file_t *gzip = memory_find(memory, path, GZIP);
    if (plain == NULL && gzip == NULL) {
        return uh_refuse(req, (uh_refusal_t) {404, NULL});
    }
    uh_contents_t contents = {.varies = gzip != NULL};
    if (!uh_contents_choose(req, plain != NULL, gzip != NULL, &contents.compressed)) {
        return uh_contents_not_acceptable(req);
    }
    const uhttpd_memory_file_t *file = contents.compressed ? gzip : plain;
    contents.mime = memory_mime(file, path);
    return memory_send(req, memory, file, &contents);
}

static bool is_directory_path(const char *path)
{
    return path[strlen(path) - 1] == '/';
}

/* A path to a directory gets its index. */
static esp_err_t memory_answer_path(uhttpd_req_t *req, const uh_memory_t *memory, const char *path)
{
    if (memory->index == NULL || !is_directory_path(path)) {
        return memory_answer(req, memory, path);
    }
    char *index = UH_JOIN(path, memory->index);
    esp_err_t err = index != NULL ? memory_answer(req, memory, index) : uh_refuse(req, uh_refusal_of(ENOMEM));
    free(index);
    return err;
}

static esp_err_t memory_handle(uhttpd_req_t *req, void *ctx)
{
    const uh_memory_t *memory = ctx;
    if (memory->lone) {
        return memory_answer(req, memory, "");
    }
    size_t len;
    uhttpd_req_path(req, &len);
    if (len == memory->tree.prefix_len) {
        return uh_serve_redirect(req);
    }
    char *path;
    uh_refusal_t refusal = uh_file_tree_path(&memory->tree, req, &path);
    if (refusal.status != 0) {
        return uh_refuse(req, refusal);
    }
    esp_err_t err = memory_answer_path(req, memory, path);
    free(path);
    return err;
}

/* --- the route ---------------------------------------------------------------------------------------------------- */

static void memory_free(void *ctx)
{
    uh_memory_t *memory = ctx;
    uh_file_tree_deinit(&memory->tree);
    free(memory->index);
    free(memory->cache_control);
    free(memory);
}

/* The file at the prefix itself: "", or ".gz". */
static bool is_lone(const uhttpd_memory_config_t *config)
{
    const char *path = config->count > 0 ? config->files[0].path : NULL;
    return path != NULL && (*path == '\0' || strcmp(path, GZIP) == 0);
}

static bool memory_file_is_valid(const uhttpd_memory_file_t *file, bool lone)
{
    bool named = file->path != NULL && (lone ? is_named(file, "", "") || is_named(file, "", GZIP)
                                             : uh_file_path_is_path(file->path) && !is_directory_path(file->path));
    bool there = file->start != NULL && (const char *)file->end >= (const char *)file->start;
    return named && there && uh_response_is_valid(&(uhttpd_response_t) {.mime = file->mime});
}

static bool memory_config_is_valid(const uhttpd_memory_config_t *config)
{
    bool valid = config->files != NULL && config->count > 0 &&
                 (config->index == NULL || (config->index[0] != '\0' && strchr(config->index, '/') == NULL)) &&
                 (!is_lone(config) || config->prefix != NULL);
    uhttpd_header_t cache = {"Cache-Control", config->cache_control};
    for (size_t i = 0; valid && i < config->count; i++) {
        valid = memory_file_is_valid(&config->files[i], is_lone(config));
    }
    return valid && uh_response_is_valid(&(uhttpd_response_t) {.headers = &cache, .header_count = 1});
}

static bool memory_version(const uhttpd_memory_file_t *file, uint64_t *version)
{
    uint8_t digest[UHTTPD_SHA256_SIZE] = {0};
    uhttpd_sha256_t *sha = uhttpd_sha256_begin();
    bool done = sha != NULL &&
                uhttpd_sha256_add(sha, file->start, (size_t)((const char *)file->end - (const char *)file->start)) &&
                uhttpd_sha256_end(sha, digest);
    uhttpd_sha256_free(sha);
    memcpy(version, digest, sizeof(*version));
    return done;
}

static bool memory_copy_text(char **copy, const char *text)
{
    *copy = text != NULL ? strdup(text) : NULL;
    return text == NULL || *copy != NULL;
}

static esp_err_t memory_fill(uh_memory_t *memory, uhttpd_handle_t server, const uhttpd_memory_config_t *config)
{
    esp_err_t err = uh_file_tree_init(&memory->tree, server, config->prefix, NULL, NULL, NULL);
    if (err != ESP_OK || !memory_config_is_valid(config)) {
        return err != ESP_OK ? err : ESP_ERR_INVALID_ARG;
    }
    memory->files = config->files;
    memory->count = config->count;
    memory->lone = is_lone(config);
    bool whole =
        memory_copy_text(&memory->index, config->index) &&
        memory_copy_text(&memory->cache_control, config->cache_control ? config->cache_control : DEFAULT_CACHE_CONTROL);
    for (size_t i = 0; whole && i < memory->count; i++) {
        whole = memory_version(&memory->files[i], &memory->versions[i]);
    }
    return whole ? ESP_OK : ESP_ERR_NO_MEM;
}

static esp_err_t memory_add_route(uhttpd_handle_t server, const char *prefix, uh_memory_t *memory)
{
    char *url = memory->lone ? strdup(prefix) : uh_file_tree_route(prefix);
    if (url == NULL) {
        return ESP_ERR_NO_MEM;
    }
    esp_err_t err = uh_server_add_route(
        server,
        &(uhttpd_route_t) {
            .url = url, .methods = UHTTPD_GET, .handler = memory_handle, .ctx = memory, .free_ctx = memory_free},
        &(uh_route_options_t) {.stays = true, .folder = !memory->lone});
    free(url);
    return err;
}

esp_err_t uhttpd_serve_memory(uhttpd_handle_t server, const uhttpd_memory_config_t *config)
{
    uh_memory_t *memory = calloc(1, sizeof(*memory) + config->count * sizeof(memory->versions[0]));
    if (memory == NULL) {
        return ESP_ERR_NO_MEM;
    }
    esp_err_t err = memory_fill(memory, server, config);
    if (err == ESP_OK) {
        err = memory_add_route(server, config->prefix, memory);
    }
    if (err != ESP_OK) {
        memory_free(memory);
    }
    return err;
}

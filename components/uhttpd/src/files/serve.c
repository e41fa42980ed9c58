/* SPDX-License-Identifier: MIT */
#include "files/serve.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "files/storage.h"
#include "files/path.h"
#include "files/reply.h"
#include "http/text.h"
#include "exchange.h"
#include "server.h"

/* --- which file or directory -------------------------------------------------------------------------------------- */

static void free_target(uh_serve_target_t *target)
{
    uh_file_place_free(&target->plain);
    uh_file_place_free(&target->gzip);
    *target = (uh_serve_target_t) {0};
}

static bool is_file(const uh_file_place_t *place)
{
    return place->exists && !place->info.is_directory && !place->as_directory;
}

static bool serve_is_directory(const uh_serve_target_t *target)
{
    return target->plain.exists && target->plain.info.is_directory;
}

static bool has_file(const uh_serve_target_t *target)
{
    return is_file(&target->plain) || target->gzip.exists;
}

/* A compressed form that is older than the file was probably forgotten when the file was changed. Of one second, as far
 * as the storage can tell, both may be from one build: gzip gives the compressed file the time of the other. */
static bool serve_is_older(const uhttpd_file_info_t *gzip, const uhttpd_file_info_t *plain)
{
    bool one_second = gzip->modified == plain->modified && gzip->moment != 0 && plain->moment != 0;
    return one_second ? gzip->moment < plain->moment : gzip->modified < plain->modified;
}

/* An error with it, such as a name that is too long, does not concern the file. */
static void look_for_gzip(const uh_serve_t *serve, const char *root, const char *path, uh_serve_target_t *target)
{
    char *name = UH_JOIN(path, ".gz");
    if (name == NULL) {
        return;
    }
    uh_refusal_t refusal = uh_file_tree_find(&serve->tree, root, name, &target->gzip);
    free(name);
    bool stale = target->plain.exists && serve_is_older(&target->gzip.info, &target->plain.info);
    target->gzip.exists = refusal.status == 0 && is_file(&target->gzip) && !stale;
}

static uh_refusal_t serve_look(const uh_serve_t *serve, const char *root, const char *path, uh_serve_target_t *target)
{
    uh_refusal_t refusal = uh_file_tree_find(&serve->tree, root, path, &target->plain);
    if (refusal.status == 0 && !target->plain.as_directory && !serve_is_directory(target)) {
        look_for_gzip(serve, root, path, target);
    }
    return refusal;
}

/* @return whether the result counts: that of a card that fails, perhaps because it was removed, does not */
static bool look_outside(const uh_serve_t *serve, const char *path, uh_serve_target_t *target, uh_refusal_t *refusal)
{
    *refusal = serve_look(serve, serve->tree.ext_path, path, target);
    bool decides = refusal->status != 0 ? refusal->status != 500 : has_file(target) || serve_is_directory(target);
    if (!decides) {
        free_target(target);
    }
    return decides;
}

static uh_refusal_t look_inside(const uh_serve_t *serve, const char *path, uh_serve_target_t *target)
{
    uh_refusal_t refusal = serve_look(serve, "", path, target);
    uh_file_place_t *place = &target->plain;
    if (refusal.status == 0 && !place->exists &&
        strcmp(path, "/") == 0) { /* SPIFFS does not know its own root; it lists it */
        place->exists = place->info.is_directory = true;
    }
    return refusal;
}

/* Looks at external storage first. @p target may not exist. */
static uh_refusal_t serve_find(const uh_serve_t *serve, const char *path, uh_serve_target_t *target)
{
    *target = (uh_serve_target_t) {0};
    uh_refusal_t refusal;
    if (serve->tree.ext_path != NULL && look_outside(serve, path, target, &refusal)) {
        return refusal;
    }
    return look_inside(serve, path, target);
}

/* The index takes precedence over the directory, on whichever storage each of them is. */
static uh_refusal_t find_index(const uh_serve_t *serve, const char *path, uh_serve_target_t *target)
{
    *target = (uh_serve_target_t) {0};
    if (serve->index == NULL || path[strlen(path) - 1] != '/') {
        return UH_NOT_REFUSED;
    }
    char *name = UH_JOIN(path, serve->index);
    uh_refusal_t refusal = name != NULL ? serve_find(serve, name, target) : uh_refusal_of(ENOMEM);
    free(name);
    return refusal;
}

static uh_refusal_t find_target(const uh_serve_t *serve, const char *path, uh_serve_target_t *target)
{
    uh_refusal_t refusal = find_index(serve, path, target);
    if (refusal.status != 0 || has_file(target)) {
        return refusal;
    }
    free_target(target);
    return serve_find(serve, path, target);
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

static size_t last_segment(const char *path, size_t len)
{
    size_t segment = 0;
    while (path[len - segment - 1] != '/') {
        segment++;
    }
    return segment;
}

/* "./", because a name may have a colon. */
esp_err_t uh_serve_redirect(uhttpd_req_t *req)
{
    size_t path_len, query_len;
    const char *path = uhttpd_req_path(req, &path_len);
    const char *query = uhttpd_req_query(req, &query_len);
    size_t name_len = last_segment(path, path_len);
    size_t size = name_len + sizeof(".//?") + query_len;
    uh_text_t url = {.at = malloc(size), .room = size};
    if (url.at == NULL) {
        return uh_refuse(req, uh_refusal_of(ENOMEM));
    }
    uh_text_add(&url, "./");
    uh_text_bytes(&url, path + path_len - name_len, name_len);
    uh_text_add(&url, query != NULL ? "/?" : "/");
    uh_text_bytes(&url, query, query_len);
    uh_text_end(&url);
    uhttpd_header_t headers[] = {{"Location", url.at}, {"Cache-Control", "no-store"}}; /* it may be a file one day */
    uh_respond(req, 301, NULL, headers, 2);
    free(url.at);
    return ESP_OK;
}

static esp_err_t not_found(uhttpd_req_t *req)
{
    return uh_refuse(req, (uh_refusal_t) {404, NULL});
}

static esp_err_t answer_directory(uhttpd_req_t *req, const uh_serve_t *serve, const uh_serve_target_t *target,
                                  const char *path)
{
    if (!target->plain.as_directory) {
        return uh_serve_redirect(req);
    }
    return serve->dirs ? uh_serve_list(req, serve, &target->plain, path) : not_found(req);
}

/* A compressed form is a file of its own. A client without the right to read it gets the plain file. */
static void ask_for_gzip(const uh_serve_t *serve, uh_file_place_t *gzip)
{
    gzip->exists = gzip->exists && uh_file_tree_ask(&serve->tree, gzip->path, false, UHTTPD_ACL_RO).status == 0;
}

/* A client without the right to read gets the same answer whether or not the file exists. */
static esp_err_t serve_answer(uhttpd_req_t *req, const uh_serve_t *serve, uh_serve_target_t *target, const char *path)
{
    bool directory = serve_is_directory(target) || target->plain.as_directory;
    uh_refusal_t refusal = uh_file_tree_admit(&serve->tree, &target->plain, directory, UHTTPD_ACL_RO);
    if (refusal.status != 0) {
        return uh_refuse(req, refusal);
    }
    if (serve_is_directory(target)) {
        return answer_directory(req, serve, target, path);
    }
    ask_for_gzip(serve, &target->gzip);
    return has_file(target) ? uh_serve_file(req, serve, target) : not_found(req);
}

/* The prefix alone: the URL of the tree, without its slash. */
static bool is_tree(const uhttpd_req_t *req, const uh_serve_t *serve)
{
    size_t len;
    uhttpd_req_path(req, &len);
    return len == serve->tree.prefix_len;
}

static esp_err_t serve_handle(uhttpd_req_t *req, void *ctx)
{
    const uh_serve_t *serve = ctx;
    if (is_tree(req, serve)) {
        return uh_serve_redirect(req);
    }
    char *path;
    uh_refusal_t refusal = uh_file_tree_path(&serve->tree, req, &path);
    if (refusal.status != 0) {
        return uh_refuse(req, refusal);
    }
    uh_serve_target_t target;
    refusal = find_target(serve, path, &target);
    esp_err_t err = refusal.status == 0 ? serve_answer(req, serve, &target, path) : uh_refuse(req, refusal);
    free_target(&target);
    free(path);
    return err;
}

/* --- the route ---------------------------------------------------------------------------------------------------- */

static void free_serve(void *ctx)
{
    uh_serve_t *serve = ctx;
    uh_file_tree_deinit(&serve->tree);
    free(serve->index);
    free(serve->cache_control);
    free(serve->types);
    free(serve);
}

static const char *copy_string(uh_text_t *strings, const char *string)
{
    const char *copy = strings->at + strings->len;
    uh_text_bytes(strings, string, strlen(string) + 1);
    return copy;
}

/* Table and strings in one piece of memory. */
static uhttpd_mime_t *copy_types(const uhttpd_mime_t *types)
{
    size_t count = 0, text = 0;
    for (; types[count].extension != NULL; count++) {
        text += strlen(types[count].extension) + strlen(types[count].mime) + 2;
    }
    uhttpd_mime_t *copy = malloc((count + 1) * sizeof(*copy) + text);
    if (copy == NULL) {
        return NULL;
    }
    uh_text_t strings = {.at = (char *)(copy + count + 1), .room = text};
    for (size_t i = 0; i < count; i++) {
        copy[i].extension = copy_string(&strings, types[i].extension);
        copy[i].mime = copy_string(&strings, types[i].mime);
    }
    copy[count] = (uhttpd_mime_t) {NULL, NULL};
    return copy;
}

static bool types_are_valid(const uhttpd_mime_t *types)
{
    for (; types != NULL && types->extension != NULL; types++) {
        if (types->mime == NULL || !uh_response_is_valid(&(uhttpd_response_t) {.mime = types->mime})) {
            return false;
        }
    }
    return true;
}

static bool serve_is_valid(const uhttpd_serve_config_t *config)
{
    const char *index = config->index;
    uhttpd_header_t cache = {"Cache-Control", config->cache_control != NULL ? config->cache_control : ""};
    return (index == NULL || (*index != '\0' && strchr(index, '/') == NULL)) && types_are_valid(config->types) &&
           uh_response_is_valid(&(uhttpd_response_t) {.headers = &cache, .header_count = 1});
}

static esp_err_t copy_config(uh_serve_t *serve, uhttpd_handle_t server, const uhttpd_serve_config_t *config)
{
    esp_err_t err =
        uh_file_tree_init(&serve->tree, server, config->prefix, config->base, config->ext_path, config->storage);
    if (err != ESP_OK || !serve_is_valid(config)) {
        return err != ESP_OK ? err : ESP_ERR_INVALID_ARG;
    }
    serve->dirs = config->dirs;
    serve->index = config->index != NULL ? strdup(config->index) : NULL;
    serve->cache_control = strdup(config->cache_control != NULL ? config->cache_control : "no-cache");
    serve->types = config->types != NULL ? copy_types(config->types) : NULL;
    bool copied = serve->cache_control != NULL && (config->index == NULL || serve->index != NULL) &&
                  (config->types == NULL || serve->types != NULL);
    return copied ? ESP_OK : ESP_ERR_NO_MEM;
}

static esp_err_t serve_add_route(uhttpd_handle_t server, const char *prefix, uh_serve_t *serve)
{
    char *url = uh_file_tree_route(prefix);
    if (url == NULL) {
        return ESP_ERR_NO_MEM;
    }
    esp_err_t err = uh_server_add_route(
        server,
        &(uhttpd_route_t) {
            .url = url, .methods = UHTTPD_GET, .handler = serve_handle, .ctx = serve, .free_ctx = free_serve},
        &(uh_route_options_t) {.stays = true, .folder = true});
    free(url);
    return err;
}

esp_err_t uhttpd_serve(uhttpd_handle_t server, const uhttpd_serve_config_t *config)
{
    uh_serve_t *serve = calloc(1, sizeof(*serve));
    if (serve == NULL) {
        return ESP_ERR_NO_MEM;
    }
    esp_err_t err = copy_config(serve, server, config);
    if (err == ESP_OK) {
        err = serve_add_route(server, config->prefix, serve);
    }
    if (err != ESP_OK) {
        free_serve(serve);
    }
    return err;
}

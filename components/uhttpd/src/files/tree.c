/* SPDX-License-Identifier: MIT */
#include "files/tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "io.h"
#include "files/storage.h"
#include "files/path.h"
#include "files/change.h"
#include "exchange.h"
#include "http/pattern.h"
#include "server.h"

/* --- a tree ------------------------------------------------------------------------------------------------------- */

static bool is_prefix(const char *prefix)
{
    return *prefix == '\0' || (*prefix == '/' && strpbrk(prefix, "*?#<>") == NULL);
}

static bool is_base(const char *base)
{
    return base == NULL || *base == '/';
}

static size_t without_slash(const char *path)
{
    size_t len = strlen(path);
    while (len > 0 && path[len - 1] == '/') {
        len--;
    }
    return len;
}

static char *copy_without_slash(const char *path)
{
    return strndup(path, without_slash(path));
}

/* Bytes that a prefix takes in the paths of requests, without slashes at its end. */
static size_t prefix_len_in_paths(const char *prefix)
{
    uh_text_t text = {0};
    uh_pattern_add(&text, prefix);
    return text.len - (strlen(prefix) - without_slash(prefix));
}

esp_err_t uh_file_tree_init(uh_file_tree_t *tree, uhttpd_handle_t server, const char *prefix, const char *base,
                            const char *ext_path, const uhttpd_storage_t *storage)
{
    prefix = prefix != NULL ? prefix : "";
    *tree = (uh_file_tree_t) {.server = server, .storage = storage != NULL ? storage : &uhttpd_posix_storage};
    if (!is_prefix(prefix) || !is_base(base) || !is_base(ext_path)) {
        return ESP_ERR_INVALID_ARG;
    }
    tree->prefix_len = prefix_len_in_paths(prefix);
    tree->base = copy_without_slash(base != NULL ? base : "");
    tree->ext_path = ext_path != NULL ? copy_without_slash(ext_path) : NULL;
    return tree->base != NULL && (ext_path == NULL || tree->ext_path != NULL) ? ESP_OK : ESP_ERR_NO_MEM;
}

void uh_file_tree_deinit(uh_file_tree_t *tree)
{
    free(tree->base);
    free(tree->ext_path);
}

char *uh_file_tree_route(const char *prefix)
{
    prefix = prefix != NULL ? prefix : "";
    char *bare = copy_without_slash(prefix);
    char *route = bare != NULL ? UH_JOIN(bare, "/*") : NULL;
    free(bare);
    return route;
}

/* --- a place in it ------------------------------------------------------------------------------------------------ */

static const uh_refusal_t s_unclean = {400, "the URL is no clean path"};

uh_refusal_t uh_file_tree_path(const uh_file_tree_t *tree, const uhttpd_req_t *req, char **path)
{
    size_t len;
    const char *url = uhttpd_req_path(req, &len);
    *path = malloc(len - tree->prefix_len + 1);
    if (*path == NULL) {
        return uh_refusal_of(ENOMEM);
    }
    bool is_path = uh_file_path_decode(url + tree->prefix_len, len - tree->prefix_len, *path) > 0;
    if (is_path && !uhttpd_path_is_temporary(*path)) {
        return UH_NOT_REFUSED;
    }
    free(*path);
    *path = NULL;
    return is_path ? (uh_refusal_t) {404, "the name is reserved"} : s_unclean;
}

/* Writes the names as the directories have them. A file with another name is not found under this one. */
static int spell_place(const uhttpd_storage_t *storage, uh_file_place_t *place)
{
    if (!place->exists || (place->info.traits & UHTTPD_STORAGE_EXACT)) {
        return 0;
    }
    int err = uh_file_spell(storage, place->path, place->root_len);
    place->exists = err == 0;
    return err;
}

/* What a file system finds under a name that it reads in another way is not what the client has named. */
static bool means_itself(const uh_file_place_t *place)
{
    return (place->info.traits & UHTTPD_STORAGE_EXACT) || uh_file_path_is_clean(place->path + place->root_len);
}

static uh_refusal_t file_tree_look(const uhttpd_storage_t *storage, uh_file_place_t *place)
{
    int err = storage->stat(place->path, &place->info);
    err = err == 0 && !means_itself(place) ? ENOENT : err;
    place->exists = err == 0;
    err = err == 0 ? spell_place(storage, place) : err;
    return uh_refusal_of(uh_file_is_absent(err) ? 0 : err);
}

uh_refusal_t uh_file_tree_find(const uh_file_tree_t *tree, const char *root, const char *path, uh_file_place_t *place)
{
    *place = (uh_file_place_t) {0};
    size_t len = without_slash(path);
    place->as_directory = path[len] == '/';
    place->root_len = strlen(root) + strlen(tree->base);
    bool is_root = place->root_len + len == 0;
    place->path = UH_JOIN(root, tree->base, path);
    if (place->path == NULL) {
        return uh_refusal_of(ENOMEM);
    }
    place->path[is_root ? 1 : place->root_len + len] = '\0';
    uh_refusal_t refusal = uh_file_tree_confine(tree, place->path, place->root_len);
    return refusal.status != 0 ? refusal : file_tree_look(tree->storage, place);
}

void uh_file_place_free(uh_file_place_t *place)
{
    free(place->path);
}

/* --- symbolic links ----------------------------------------------------------------------------------------------- */

uh_refusal_t uh_file_tree_confine(const uh_file_tree_t *tree, const char *path, size_t root_len)
{
    if (tree->storage->real_path == NULL || root_len == 0) {
        return UH_NOT_REFUSED;
    }
    char *root = strndup(path, root_len), *part = strdup(path);
    char *real_root = NULL, *real = NULL;
    int err = root != NULL && part != NULL ? uh_file_real_path(tree->storage, root, &real_root) : ENOMEM;
    if (err == 0) { /* a part that is missing leads nowhere */
        err = uh_file_real_part(tree->storage, part, &real);
    }
    bool leads_out = err == 0 && !uh_file_path_is_within(real, real_root);
    free(root);
    free(part);
    free(real_root);
    free(real);
    return leads_out ? (uh_refusal_t) {404, NULL} : uh_refusal_of(uh_file_is_absent(err) ? 0 : err);
}

/* --- conditions ------------------------------------------------------------------------------------------------- */

uh_conditions_t uh_file_conditions(const uhttpd_req_t *req)
{
    return (uh_conditions_t) {
        .if_match = uhttpd_req_header(req, "If-Match"),
        .if_none_match = uhttpd_req_header(req, "If-None-Match"),
        .if_modified_since = uhttpd_req_header(req, "If-Modified-Since"),
        .if_unmodified_since = uhttpd_req_header(req, "If-Unmodified-Since"),
        .if_range = uhttpd_req_header(req, "If-Range"),
    };
}

/* --- rights ------------------------------------------------------------------------------------------------------- */

void uhttpd_file_acl(uhttpd_handle_t server, uhttpd_file_acl_t acl, void *ctx)
{
    uhttpd_os_lock(server->lock);
    server->file_acl = acl;
    server->file_acl_ctx = ctx;
    uhttpd_os_unlock(server->lock);
}

static int file_tree_status_of(int verdict, int right)
{
    if (verdict >= 400 && verdict <= 599) {
        return verdict;
    }
    bool known = verdict == UHTTPD_ACL_RO || verdict == UHTTPD_ACL_WO || verdict == UHTTPD_ACL_RW;
    return known && (verdict & right) == right ? 0 : 403;
}

static uhttpd_file_acl_t acl_of(const uh_file_tree_t *tree, void **ctx)
{
    uhttpd_os_lock(tree->server->lock);
    uhttpd_file_acl_t acl = tree->server->file_acl;
    *ctx = tree->server->file_acl_ctx;
    uhttpd_os_unlock(tree->server->lock);
    return acl;
}

bool uh_file_tree_asks(const uh_file_tree_t *tree)
{
    void *ctx;
    return acl_of(tree, &ctx) != NULL;
}

uh_refusal_t uh_file_tree_ask(const uh_file_tree_t *tree, const char *path, bool is_directory, int right)
{
    void *ctx;
    uhttpd_file_acl_t acl = acl_of(tree, &ctx);
    if (acl == NULL) {
        return UH_NOT_REFUSED;
    }
    bool add_slash = is_directory && path[strlen(path) - 1] != '/';
    char *asked = UH_JOIN(path, add_slash ? "/" : "");
    if (asked == NULL) {
        return uh_refusal_of(ENOMEM);
    }
    uh_refusal_t refusal = {file_tree_status_of(acl(asked, ctx), right), NULL};
    free(asked);
    return refusal;
}

uh_refusal_t uh_file_tree_admit(const uh_file_tree_t *tree, const uh_file_place_t *place, bool is_directory, int right)
{
    bool clean = uh_file_path_is_clean(place->path + place->root_len);
    if (!clean && !place->exists) {
        return s_unclean;
    }
    uh_refusal_t refusal = uh_file_tree_ask(tree, place->path, is_directory, right);
    return refusal.status != 0 && !clean ? s_unclean : refusal;
}

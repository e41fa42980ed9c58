/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "files/identity.h"
#include "files/join.h"
#include "files/path.h"
#include "files/receive.h"
#include "files/refusal.h"
#include "files/temporary.h"
#include "http/fields.h"
#include "http/validators.h"

/* --- where -------------------------------------------------------------------------------------------------------- */

/* Where nothing is mounted, a directory of that name would be made in the internal storage. @return errno */
static int check_external(const uh_file_receiver_t *receiver, const uh_file_target_t *target, bool *external)
{
    uhttpd_file_info_t info;
    *external = false;
    if (receiver->tree.storage->stat(receiver->tree.ext_path, &info) != 0) {
        return 0;
    }
    char *canonical, *inside = UH_JOIN(UH_PIECE(receiver->tree.ext_path), UH_PIECE("/x")); /* whatever lies there */
    if (inside == NULL) {
        return ENOMEM;
    }
    int err = uh_file_canonical(receiver->tree.storage, inside, &canonical);
    free(inside);
    if (err == 0) {
        canonical[strlen(canonical) - 2] = '\0';
        *external = uh_file_path_is_within(target->canonical, canonical);
        free(canonical);
    }
    return err;
}

/* Directories that are going to be made on the way are created, too. */
static int ask_parents(const uh_file_receiver_t *receiver, const uh_file_place_t *place)
{
    uhttpd_file_info_t info;
    int status = 0;
    char *path = strdup(place->path);
    if (path == NULL) {
        return 503;
    }
    for (char *slash; status == 0 && (slash = strrchr(path, '/')) > path + place->root_len;) {
        *slash = '\0';
        if (receiver->tree.storage->stat(path, &info) == 0) {
            break;
        }
        status = uh_file_tree_ask(&receiver->tree, path, true, UHTTPD_ACL_WO);
    }
    free(path);
    return status;
}

static int target_ask(const uh_file_receiver_t *receiver, const uh_file_place_t *place, int right)
{
    bool is_directory = place->as_directory || (place->exists && place->info.is_directory);
    int status = uh_file_tree_ask(&receiver->tree, place->path, is_directory, right);
    return status == 0 && !place->exists ? ask_parents(receiver, place) : status;
}

/* What is going to be made in directories that are there, whatever they are called by the client. */
static int spell_new(const uhttpd_storage_t *storage, uh_file_place_t *place)
{
    int err = uh_file_spell(storage, place->path, place->root_len);
    return err != 0 ? uh_refusal_of(err).status : 0;
}

int uh_file_target_find(const uh_file_receiver_t *receiver, const char *path, int right, uh_file_target_t *target)
{
    *target = (uh_file_target_t) {0};
    const uh_file_tree_t *tree = &receiver->tree;
    int status = uh_file_tree_find(tree, "", path, &target->place);
    if (status == 0 && !target->place.exists) {
        status = spell_new(tree->storage, &target->place);
    }
    if (status == 0) {
        status = target_ask(receiver, &target->place, right);
    }
    if (status != 0) {
        return status;
    }
    bool external = true;
    int err = uh_file_canonical(tree->storage, target->place.path, &target->canonical);
    if (err == 0 && receiver->ext_only) {
        err = check_external(receiver, target, &external);
    }
    return err != 0 ? uh_refusal_of(err).status : external ? 0 : 403;
}

void uh_file_target_free(uh_file_target_t *target)
{
    uh_file_place_free(&target->place);
    free(target->canonical);
    target->canonical = NULL;
}

bool uh_file_target_is_root(const uh_file_target_t *target)
{
    return strlen(target->place.path) <= target->place.root_len || strcmp(target->place.path, "/") == 0;
}

int uh_file_open_upload(uhttpd_upload_t *upload, const uh_file_receiver_t *receiver, int64_t length)
{
    return uhttpd_upload_open(upload, &(uhttpd_upload_config_t) {
                                          .length = length,
                                          .checks_space = true,
                                          .max_size = receiver->max_size,
                                          .makes_directories = true,
                                          .has_digest = true,
                                      });
}

/* --- what is there ------------------------------------------------------------------------------------------------ */

/* What cannot be told is taken for one, so that it is not followed. */
bool uh_file_target_is_link(const uh_file_receiver_t *receiver, const uh_file_target_t *target)
{
    const uhttpd_storage_t *storage = receiver->tree.storage;
    if (storage->real_path == NULL) {
        return false;
    }
    size_t size = strlen(target->canonical) + 1;
    char *real = malloc(size);
    int err = real != NULL ? storage->real_path(target->canonical, real, size) : ENOMEM;
    bool is_link = err != 0 || strcmp(real, target->canonical) != 0;
    free(real);
    return is_link;
}

int uh_file_target_claim(const uh_file_receiver_t *receiver, uh_file_target_t *target, uhttpd_claim_t *claim)
{
    *claim = (uhttpd_claim_t) {0};
    if (!uh_claim_take(claim, target->canonical, UH_CLAIM_CHANGE)) {
        return EBUSY;
    }
    target->place.exists = receiver->tree.storage->stat(target->canonical, &target->place.info) == 0;
    return 0;
}

static bool tag_of(const uhttpd_file_info_t *info, char etag[UH_ETAG_SIZE])
{
    if (info->version != 0) {
        uh_etag_write(info->version, false, etag);
    }
    return info->version != 0;
}

bool uh_file_current_etag(const uhttpd_storage_t *storage, const char *path, char etag[UH_ETAG_SIZE])
{
    uhttpd_file_info_t info;
    return storage->stat(path, &info) == 0 && tag_of(&info, etag);
}

int uh_file_target_judge(const uh_file_receiver_t *receiver, const uhttpd_req_t *req, const char *canonical)
{
    char etag[UH_ETAG_SIZE];
    uhttpd_file_info_t info = {0};
    uh_validators_t validators = {.exists = receiver->tree.storage->stat(canonical, &info) == 0};
    validators.etag = tag_of(&info, etag) ? etag : NULL;
    validators.modified = info.modified;
    const uh_conditions_t conditions = {
        .if_match = uhttpd_req_header(req, "If-Match"),
        .if_none_match = uhttpd_req_header(req, "If-None-Match"),
        .if_unmodified_since = uhttpd_req_header(req, "If-Unmodified-Since"),
    };
    return uh_conditions_judge(&conditions, &validators, false);
}

/* --- Content-Disposition ------------------------------------------------------------------------------------------ */

int uh_file_named_path(const char *disposition, char **path, const char **reason)
{
    char *name = malloc(1 + strlen(disposition) + 1);
    *path = NULL;
    *reason = NULL;
    if (name == NULL) {
        return 503;
    }
    uh_disposition_t result = uh_disposition_parse(disposition, name + 1);
    name[0] = '/';
    char *whole = name[1] == '/' ? name + 1 : name;
    if (result == UH_DISPOSITION_MALFORMED) {
        *reason = "Content-Disposition is malformed";
    } else if (result == UH_DISPOSITION_NAMELESS) {
        free(name);
        return 0;
    } else if (!uh_file_path_is_clean(whole, strlen(whole))) {
        *reason = "the filename of Content-Disposition is no clean path";
    } else if (uh_file_is_temporary(strrchr(whole, '/') + 1)) {
        *reason = "the filename of Content-Disposition is reserved";
    } else {
        memmove(name, whole, strlen(whole) + 1);
        *path = name;
        return 0;
    }
    free(name);
    return 400;
}

/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "files/storage.h"
#include "files/path.h"
#include "files/receive.h"
#include "files/change.h"
#include "http/fields.h"
#include "http/text.h"
#include "http/validators.h"

/* --- where -------------------------------------------------------------------------------------------------------- */

/* If nothing is mounted, a directory of that name would be made in the internal storage. */
static uh_refusal_t check_external(const uh_file_receiver_t *receiver, const uh_file_target_t *target)
{
    const uh_refusal_t elsewhere = {403, "this is not on the external storage"};
    uhttpd_file_info_t info;
    if (receiver->tree.storage->stat(receiver->tree.ext_path, &info) != 0) {
        return elsewhere;
    }
    char *canonical, *inside = UH_JOIN(receiver->tree.ext_path, "/x"); /* any name will do */
    int err = inside != NULL ? uh_file_canonical(receiver->tree.storage, inside, &canonical) : ENOMEM;
    free(inside);
    if (err != 0) {
        return uh_refusal_of(err);
    }
    canonical[strlen(canonical) - 2] = '\0';
    bool within = uh_file_path_is_within(target->canonical, canonical);
    free(canonical);
    return within ? UH_NOT_REFUSED : elsewhere;
}

/* Directories that will be made on the way need the right to be created, too. */
static uh_refusal_t ask_parents(const uh_file_receiver_t *receiver, const uh_file_place_t *place)
{
    char *path = strdup(place->path);
    if (path == NULL) {
        return uh_refusal_of(ENOMEM);
    }
    uh_refusal_t refusal = UH_NOT_REFUSED;
    const char *there = path + place->root_len, *existing = uh_file_existing(receiver->tree.storage, path);
    there = existing > there ? existing : there;
    for (char *slash; refusal.status == 0 && (slash = strrchr(path, '/')) > there;) {
        *slash = '\0';
        refusal = uh_file_tree_ask(&receiver->tree, path, true, UHTTPD_ACL_WO);
    }
    free(path);
    return refusal;
}

static uh_refusal_t target_ask(const uh_file_receiver_t *receiver, const uh_file_place_t *place, int right)
{
    bool is_directory = place->as_directory || (place->exists && place->info.is_directory);
    uh_refusal_t refusal = uh_file_tree_admit(&receiver->tree, place, is_directory, right);
    bool asks = !place->exists && uh_file_tree_asks(&receiver->tree);
    return refusal.status == 0 && asks ? ask_parents(receiver, place) : refusal;
}

uh_refusal_t uh_file_target_find(const uh_file_receiver_t *receiver, const char *path, int right,
                                 uh_file_target_t *target)
{
    *target = (uh_file_target_t) {0};
    const uh_file_tree_t *tree = &receiver->tree;
    uh_file_place_t *place = &target->place;
    uh_refusal_t refusal = uh_file_tree_find(tree, "", path, place);
    if (refusal.status == 0 && !place->exists && uh_file_path_is_clean(path)) {
        /* directories above it may exist under another spelling */
        refusal = uh_refusal_of(uh_file_spell(tree->storage, place->path, place->root_len));
    }
    if (refusal.status == 0) {
        refusal = target_ask(receiver, place, right);
    }
    if (refusal.status == 0) {
        refusal = uh_refusal_of(uh_file_canonical(tree->storage, place->path, &target->canonical));
    }
    return refusal.status == 0 && receiver->ext_only ? check_external(receiver, target) : refusal;
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

/* --- what is there ------------------------------------------------------------------------------------------------ */

/* If the storage cannot tell, the target counts as a link, so that it is not followed. */
/* A path whose last segment is a symbolic link has another real path, or none. @return errno */
static int target_tell_link(const uhttpd_storage_t *storage, uh_file_target_t *target)
{
    if (storage->real_path == NULL) {
        return 0;
    }
    size_t size = strlen(target->canonical) + 1;
    char *real = malloc(size);
    int err = real != NULL ? storage->real_path(target->canonical, real, size) : ENOMEM;
    target->is_link = err != 0 || strcmp(real, target->canonical) != 0;
    free(real);
    return err == ENOMEM ? err : 0;
}

uh_refusal_t uh_file_target_claim(const uh_file_receiver_t *receiver, uh_file_target_t *target, uhttpd_claim_t *claim)
{
    const uhttpd_storage_t *storage = receiver->tree.storage;
    *claim = (uhttpd_claim_t) {0};
    if (!uh_claim_take(claim, target->canonical, UH_CLAIM_CHANGE)) {
        return uh_refusal_of(EBUSY);
    }
    target->place.exists = storage->stat(target->canonical, &target->place.info) == 0;
    return uh_refusal_of(target_tell_link(storage, target));
}

static const char *tag_of(const uhttpd_file_info_t *info, char etag[UH_ETAG_SIZE])
{
    uh_etag_write(info->version, false, etag);
    return info->version != 0 ? etag : NULL;
}

const char *uh_file_current_etag(const uhttpd_storage_t *storage, const char *path, char etag[UH_ETAG_SIZE])
{
    uhttpd_file_info_t info;
    return storage->stat(path, &info) == 0 ? tag_of(&info, etag) : NULL;
}

uh_refusal_t uh_file_target_judge(const uh_file_receiver_t *receiver, const uhttpd_req_t *req, const char *canonical)
{
    char etag[UH_ETAG_SIZE];
    uhttpd_file_info_t info = {0};
    uh_validators_t validators = {.exists = receiver->tree.storage->stat(canonical, &info) == 0};
    validators.etag = tag_of(&info, etag);
    validators.modified = info.modified;
    const uh_conditions_t conditions = uh_file_conditions(req);
    return (uh_refusal_t) {uh_conditions_judge(&conditions, &validators, false), NULL};
}

/* --- an upload to it ---------------------------------------------------------------------------------------------- */

static uh_refusal_t target_begin_upload(const uh_file_receiver_t *receiver, const char *path, uhttpd_upload_t **upload)
{
    uh_file_target_t target;
    uh_refusal_t refusal = uh_file_target_find(receiver, path, UHTTPD_ACL_WO, &target);
    if (refusal.status == 0 && target.place.as_directory) {
        refusal = (uh_refusal_t) {400, "the name of a file has no slash at its end"};
    }
    if (refusal.status == 0) {
        refusal = uh_refusal_of(uh_upload_begin(receiver->tree.storage, target.canonical, upload));
        target.canonical = NULL; /* the upload owns it now */
    }
    uh_file_target_free(&target);
    return refusal;
}

/* In seconds: before, a clock was never set, and no list has that time. FAT's years end with 2107. */
#define YEAR_2001 978307200
#define YEAR_2108 4354819200

/* CircuitPython's name for it. */
static const char s_time_field[] = "X-Timestamp";

static bool has_two_times(const uhttpd_req_t *req)
{
    const char *name, *value;
    size_t times = 0;
    for (size_t i = 0; uhttpd_req_header_at(req, i, &name, &value); i++) {
        times += strcasecmp(name, s_time_field) == 0;
    }
    return times > 1;
}

/* @return what is wrong; NULL: nothing, and *modified stays 0 without the header */
static const char *read_time(const uhttpd_req_t *req, int64_t *modified)
{
    const char *value = uhttpd_req_header(req, s_time_field);
    uint64_t ms;
    if (value == NULL) {
        return NULL;
    }
    if (has_two_times(req)) {
        return "X-Timestamp is there twice";
    }
    if (!uh_decimal_read(&value, &ms) || *value != '\0') {
        return "X-Timestamp is no number of milliseconds since 1970";
    }
    *modified = (int64_t)(ms / 1000);
    bool kept = *modified >= YEAR_2001 && *modified < YEAR_2108;
    return kept ? NULL : "X-Timestamp is not in the years 2001 to 2107, in milliseconds since 1970";
}

static uh_refusal_t target_time(const uhttpd_req_t *req, int64_t *modified)
{
    const char *wrong = read_time(req, modified);
    return wrong == NULL ? UH_NOT_REFUSED : (uh_refusal_t) {400, wrong};
}

uh_refusal_t uh_file_target_upload(const uh_file_receiver_t *receiver, const uhttpd_req_t *req, const char *path,
                                   int64_t length, uhttpd_upload_t **upload)
{
    *upload = NULL;
    uhttpd_upload_config_t config = {
        .length = length,
        .checks_space = true,
        .max_size = receiver->max_size,
        .makes_directories = true,
        .has_digest = true,
    };
    uh_refusal_t refusal = target_time(req, &config.modified);
    if (refusal.status == 0) {
        refusal = target_begin_upload(receiver, path, upload);
    }
    if (refusal.status == 0) {
        refusal = uh_file_target_judge(receiver, req, uhttpd_upload_path(*upload));
    }
    return refusal.status == 0 ? uh_refusal_of(uhttpd_upload_open(*upload, &config)) : refusal;
}

/* --- Content-Disposition ------------------------------------------------------------------------------------------ */

uh_refusal_t uh_file_named_path(const char *disposition, char **path)
{
    char *name = malloc(1 + strlen(disposition) + 1);
    const char *reason = NULL;
    *path = NULL;
    if (name == NULL) {
        return uh_refusal_of(ENOMEM);
    }
    uh_disposition_t result = uh_disposition_parse(disposition, name + 1);
    name[0] = '/';
    char *whole = name[1] == '/' ? name + 1 : name;
    if (result == UH_DISPOSITION_MALFORMED) {
        reason = "Content-Disposition is malformed";
    } else if (result == UH_DISPOSITION_NAMELESS) {
        free(name);
        return UH_NOT_REFUSED;
    } else if (!uh_file_path_is_path(whole) || !uh_file_path_is_clean(whole)) {
        reason = "the filename of Content-Disposition is no clean path";
    } else if (uhttpd_path_is_temporary(whole)) {
        reason = "the filename of Content-Disposition is reserved";
    } else {
        memmove(name, whole, strlen(whole) + 1);
        *path = name;
        return UH_NOT_REFUSED;
    }
    free(name);
    return (uh_refusal_t) {400, reason};
}

/* SPDX-License-Identifier: MIT */
#include "files/receive.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "files/storage.h"
#include "files/path.h"
#include "files/change.h"
#include "files/reply.h"
#include "http/host.h"
#include "http/pattern.h"
#include "uhttpd_query.h"

/* MOVE: files and directories are renamed (RFC 4918 section 9.9). DELETE: they are removed. */

/* --- where to ----------------------------------------------------------------------------------------------------- */

/* CircuitPython's clients send X-Destination, because a browser does not let them set Destination. */
static const char *destination_of(const uhttpd_req_t *req)
{
    const char *value = uhttpd_req_header(req, "Destination");
    return value != NULL ? value : uhttpd_req_header(req, "X-Destination");
}

/* @param[out] url  as sent; @p path: decoded, in the heap */
static uh_refusal_t read_destination(const uhttpd_req_t *req, const uh_file_receiver_t *receiver, const char **url,
                                     char **path)
{
    size_t len, own_len, prefix_len = receiver->tree.prefix_len;
    const char *value = destination_of(req), *own = uhttpd_req_path(req, &own_len);
    if (value == NULL) {
        return (uh_refusal_t) {400, "Destination is missing"};
    }
    int status = uh_destination_path(value, uhttpd_req_header(req, "Host"), url, &len);
    if (status != 0) {
        return (uh_refusal_t) {status, status == 502 ? "Destination is on another host" : "Destination is malformed"};
    }
    *path = strndup(*url, len);
    if (*path == NULL) {
        return uh_refusal_of(ENOMEM);
    }
    len = uh_path_normalize(*path, len);
    if (len <= prefix_len || strncmp(*path, own, prefix_len) != 0 || (*path)[prefix_len] != '/') {
        return (uh_refusal_t) {403, "Destination is not below the prefix"};
    }
    if (uh_file_path_decode(*path + prefix_len, len - prefix_len, *path) == 0 || !uh_file_path_is_clean(*path)) {
        return (uh_refusal_t) {400, "Destination is no clean path"};
    }
    bool reserved = uhttpd_path_is_temporary(*path);
    return reserved ? (uh_refusal_t) {400, "Destination is reserved"} : UH_NOT_REFUSED;
}

/* --- what may not be ---------------------------------------------------------------------------------------------- */

/* @return errno */
static int check_places(const uh_file_target_t *from, const uh_file_target_t *to)
{
    bool is_directory = from->place.exists && from->place.info.is_directory;
    if (!from->place.exists) {
        return ENOENT;
    }
    if (!is_directory && (from->place.as_directory || to->place.as_directory)) {
        return ENOTDIR;
    }
    if (to->place.exists && to->place.info.is_directory) {
        return is_directory ? EEXIST : EISDIR;
    }
    return to->place.exists && is_directory ? EEXIST : 0;
}

static bool wants_no_overwriting(const uhttpd_req_t *req)
{
    const char *overwrite = uhttpd_req_header(req, "Overwrite");
    return overwrite != NULL && strcasecmp(overwrite, "F") == 0;
}

static uh_refusal_t move_judge(const uhttpd_req_t *req, const uh_file_receiver_t *receiver,
                               const uh_file_target_t *from, const uh_file_target_t *to)
{
    if (uh_file_target_is_root(from) || uh_file_target_is_root(to)) {
        return (uh_refusal_t) {403, "the root stays"};
    }
    if (uh_file_path_is_within(to->canonical, from->canonical)) { /* not every file system checks this */
        return (uh_refusal_t) {403, "Destination is the same, or within it"};
    }
    if (wants_no_overwriting(req) && to->place.exists) {
        return (uh_refusal_t) {412, uh_refusal_of(EEXIST).reason};
    }
    uh_refusal_t refusal = uh_file_target_judge(receiver, req, from->canonical);
    return refusal.status == 0 ? uh_refusal_of(check_places(from, to)) : refusal;
}

/* Everything in a directory gets another path, under which clients might be allowed what they are not allowed now. */
static uh_refusal_t ask_for_entries(const uh_file_receiver_t *receiver, const uh_file_target_t *from)
{
    uhttpd_file_info_t info;
    uh_file_walk_t *walk = calloc(1, sizeof(*walk));
    if (walk == NULL) {
        return uh_refusal_of(ENOMEM);
    }
    uh_refusal_t refusal = UH_NOT_REFUSED;
    walk->storage = receiver->tree.storage;
    uh_file_walk_add(walk, from->place.path);
    while (refusal.status == 0 && walk->error == 0 && uh_file_walk_next(walk, &info)) {
        char *path = uh_file_walk_path(walk);
        bool is_directory = info.is_directory && !info.is_link;
        refusal =
            path != NULL ? uh_file_tree_ask(&receiver->tree, path, is_directory, UHTTPD_ACL_RW) : uh_refusal_of(ENOMEM);
        free(path);
    }
    if (walk->error != 0) {
        refusal = uh_refusal_of(walk->error == EFBIG ? EACCES : walk->error); /* file_acl cannot be asked about all */
    }
    uh_file_walk_end(walk);
    free(walk);
    return refusal;
}

/* --- moving ------------------------------------------------------------------------------------------------------- */

/* Source and destination are claimed. */
static uh_refusal_t move_claimed(const uhttpd_req_t *req, const uh_file_receiver_t *receiver,
                                 const uh_file_target_t *from, const uh_file_target_t *to)
{
    uh_refusal_t refusal = move_judge(req, receiver, from, to);
    if (refusal.status == 0 && from->place.info.is_directory && uh_file_tree_asks(&receiver->tree) && !from->is_link) {
        refusal = ask_for_entries(receiver, from);
    }
    if (refusal.status != 0) {
        return refusal;
    }
    uh_upload_end_kept_below(from->canonical);
    int err = uh_file_move(receiver->tree.storage, from->canonical, to->canonical);
    /* not the source: the directory of the destination (RFC 4918 section 9.9.4) */
    return err == ENOENT ? (uh_refusal_t) {409, "a directory is not there"} : uh_refusal_of(err);
}

static esp_err_t move_target(uhttpd_req_t *req, const uh_file_receiver_t *receiver, uh_file_target_t *from,
                             uh_file_target_t *to, const char *url)
{
    uhttpd_claim_t claim_from, claim_to = {0};
    char etag[UH_ETAG_SIZE];
    uh_refusal_t refusal = uh_file_target_claim(receiver, from, &claim_from);
    bool apart = !uh_claim_covers(from->canonical, to->canonical) && !uh_claim_covers(to->canonical, from->canonical);
    if (refusal.status == 0 && apart) {
        refusal = uh_file_target_claim(receiver, to, &claim_to);
    }
    if (refusal.status == 0) {
        refusal = move_claimed(req, receiver, from, to);
    }
    const char *tag = uh_file_current_etag(receiver->tree.storage, to->canonical, etag);
    uh_claim_release(&claim_to);
    uh_claim_release(&claim_from);
    return refusal.status != 0 ? uh_refuse(req, refusal) : uh_file_answer_done(req, !to->place.exists, url, tag, NULL);
}

/* A move could make a write-only file readable under another name, so moving needs the right to read too. */
esp_err_t uh_file_receive_move(uhttpd_req_t *req, const uh_file_receiver_t *receiver, const char *path)
{
    const char *url;
    char *to_path = NULL;
    uh_file_target_t from = {0}, to = {0};
    uh_refusal_t refusal = read_destination(req, receiver, &url, &to_path);
    if (refusal.status == 0) {
        refusal = uh_file_target_find(receiver, path, UHTTPD_ACL_RW, &from);
    }
    if (refusal.status == 0) {
        refusal = uh_file_target_find(receiver, to_path, UHTTPD_ACL_WO, &to);
    }
    esp_err_t err = refusal.status != 0 ? uh_refuse(req, refusal) : move_target(req, receiver, &from, &to, url);
    free(to_path);
    uh_file_target_free(&from);
    uh_file_target_free(&to);
    return err;
}

/* --- removing ----------------------------------------------------------------------------------------------------- */

/* force=1 in the query */
static bool is_forced(const uhttpd_req_t *req)
{
    size_t len;
    const char *query = uhttpd_req_query(req, &len);
    uhttpd_query_item_t item;
    while (query != NULL && uhttpd_query_next(&query, &len, &item)) {
        if (uhttpd_query_equals(item.key, item.key_len, "force", 5)) {
            return item.value != NULL && uhttpd_query_equals(item.value, item.value_len, "1", 1);
        }
    }
    return false;
}

static uh_refusal_t ask_for_entry(void *receiver, const char *path, bool is_directory)
{
    const uh_file_receiver_t *of = receiver;
    return uh_file_tree_ask(&of->tree, path, is_directory, UHTTPD_ACL_WO);
}

static uh_refusal_t remove_directory(const uh_file_receiver_t *receiver, const uh_file_target_t *target, bool forced)
{
    const uhttpd_storage_t *storage = receiver->tree.storage;
    if (!forced) {
        return uh_refusal_of(storage->remove_directory(target->canonical));
    }
    if (!target->place.exists || !target->place.info.is_directory) {
        return uh_refusal_of(target->place.exists ? ENOTDIR : ENOENT);
    }
    if (target->is_link) {
        return uh_refusal_of(storage->remove(target->canonical));
    }
    return uh_file_directory_remove_all(storage, target->place.path, ask_for_entry, (void *)receiver);
}

/* Some file systems would remove an empty directory as if it were a file. Others can tell a directory from a link to
 * one. */
static uh_refusal_t remove_file(const uh_file_receiver_t *receiver, const uh_file_target_t *target)
{
    bool is_directory = target->place.exists && target->place.info.is_directory;
    bool refused = is_directory && !target->is_link;
    return uh_refusal_of(refused ? EISDIR : receiver->tree.storage->remove(target->canonical));
}

static uh_refusal_t remove_target(const uhttpd_req_t *req, const uh_file_receiver_t *receiver, uh_file_target_t *target)
{
    if (uh_file_target_is_root(target)) {
        return (uh_refusal_t) {403, "the root stays"};
    }
    uhttpd_claim_t claim;
    uh_refusal_t refusal = uh_file_target_claim(receiver, target, &claim);
    if (refusal.status == 0) {
        refusal = uh_file_target_judge(receiver, req, target->canonical);
    }
    if (refusal.status == 0) {
        uh_upload_end_kept_below(target->canonical);
        refusal = target->place.as_directory ? remove_directory(receiver, target, is_forced(req))
                                             : remove_file(receiver, target);
    }
    uh_claim_release(&claim);
    return refusal;
}

esp_err_t uh_file_receive_removal(uhttpd_req_t *req, const uh_file_receiver_t *receiver, const char *path)
{
    uh_file_target_t target;
    uh_refusal_t refusal = uh_file_target_find(receiver, path, UHTTPD_ACL_WO, &target);
    if (refusal.status == 0) {
        refusal = remove_target(req, receiver, &target);
    }
    uh_file_target_free(&target);
    return refusal.status != 0 ? uh_refuse(req, refusal) : uh_file_answer_done(req, false, NULL, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/* MOVE: files and directories are renamed (RFC 4918 section 9.9). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "files/path.h"
#include "files/receive.h"
#include "files/refusal.h"
#include "files/replace.h"
#include "files/reply.h"
#include "files/temporary.h"
#include "files/walk.h"
#include "http/host.h"

/* --- where to ----------------------------------------------------------------------------------------------------- */

/* CircuitPython's clients send X-Destination, because a browser does not let them set Destination. */
static const char *destination_of(const uhttpd_req_t *req)
{
    const char *value = uhttpd_req_header(req, "Destination");
    return value != NULL ? value : uhttpd_req_header(req, "X-Destination");
}

/* @param[out] url  as sent; @p path: decoded, in the heap. @return status */
static int read_destination(const uhttpd_req_t *req, const uh_file_receiver_t *receiver, const char **url, char **path,
                            const char **reason)
{
    size_t len, own_len, prefix_len = receiver->tree.prefix_len;
    const char *value = destination_of(req);
    *reason = "Destination is missing";
    int status = value != NULL ? uh_destination_path(value, uhttpd_req_header(req, "Host"), url, &len) : 400;
    if (status != 0) {
        *reason = value == NULL   ? *reason
                  : status == 502 ? "Destination is on another host"
                                  : "Destination is malformed";
        return status;
    }
    const char *own = uhttpd_req_path(req, &own_len);
    *reason = "Destination is not below the prefix";
    if (len <= prefix_len || strncmp(*url, own, prefix_len) != 0 || (*url)[prefix_len] != '/') {
        return 403;
    }
    *reason = "Destination is no clean path";
    *path = malloc(len - prefix_len + 1);
    if (*path == NULL || uh_file_path_decode(*url + prefix_len, len - prefix_len, *path) == 0) {
        return *path == NULL ? 503 : 400;
    }
    *reason = "Destination is reserved";
    return uh_file_is_temporary(strrchr(*path, '/') + 1) ? 400 : 0;
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

static int move_judge(const uhttpd_req_t *req, const uh_file_receiver_t *receiver, const uh_file_target_t *from,
                      const uh_file_target_t *to, const char **reason)
{
    *reason = NULL;
    if (uh_file_target_is_root(from) || uh_file_target_is_root(to)) {
        *reason = "the root stays";
        return 403;
    }
    if (uh_file_path_is_within(to->canonical, from->canonical)) { /* not every file system checks this */
        *reason = "Destination is the same, or within it";
        return 403;
    }
    if (wants_no_overwriting(req) && to->place.exists) {
        *reason = uh_refusal_of(EEXIST).reason;
        return 412;
    }
    return uh_file_target_judge(receiver, req, from->canonical);
}

/* Everything in a directory gets another path, under which clients might be allowed what they are not allowed now.
 * @return errno */
static int ask_for_entries(const uh_file_receiver_t *receiver, const uh_file_target_t *from, int *status)
{
    uhttpd_file_info_t info;
    uh_file_walk_t *walk = calloc(1, sizeof(*walk));
    if (walk == NULL) {
        return ENOMEM;
    }
    walk->storage = receiver->tree.storage;
    uh_file_walk_add(walk, from->place.path);
    while (*status == 0 && walk->error == 0 && uh_file_walk_next(walk, &info)) {
        char *path = uh_file_walk_path(walk);
        bool is_directory = info.is_directory && !info.is_link;
        *status = path != NULL ? uh_file_tree_ask(&receiver->tree, path, is_directory, UHTTPD_ACL_RW) : 503;
        free(path);
    }
    int err = walk->error == EFBIG ? EACCES : walk->error; /* entries that file_acl cannot be asked about */
    uh_file_walk_end(walk);
    free(walk);
    return err;
}

/* --- moving ------------------------------------------------------------------------------------------------------- */

/* Source and destination are claimed. @return errno; @p status: the refusal */
static int move_claimed(const uhttpd_req_t *req, const uh_file_receiver_t *receiver, const uh_file_target_t *from,
                        const uh_file_target_t *to, int *status, const char **reason)
{
    *status = move_judge(req, receiver, from, to, reason);
    int err = *status == 0 ? check_places(from, to) : 0;
    if (*status == 0 && err == 0 && from->place.info.is_directory && uh_file_tree_asks(&receiver->tree) &&
        !uh_file_target_is_link(receiver, from)) {
        err = ask_for_entries(receiver, from, status);
    }
    if (*status != 0 || err != 0) {
        return err;
    }
    err = uh_file_move(receiver->tree.storage, from->canonical, to->canonical);
    if (err == ENOENT) { /* not the source: the directory of the destination (RFC 4918 section 9.9.4) */
        *status = 409;
        *reason = uh_refusal_of(ENOENT).reason;
    }
    return *status == 0 ? err : 0;
}

static esp_err_t move_target(uhttpd_req_t *req, const uh_file_receiver_t *receiver, uh_file_target_t *from,
                             uh_file_target_t *to, const char *url)
{
    uhttpd_claim_t claim_from, claim_to = {0};
    char etag[UH_ETAG_SIZE];
    int status = 0;
    const char *reason = NULL;
    int err = uh_file_target_claim(receiver, from, &claim_from);
    bool apart = !uh_claim_covers(from->canonical, to->canonical) && !uh_claim_covers(to->canonical, from->canonical);
    if (err == 0 && apart) {
        err = uh_file_target_claim(receiver, to, &claim_to);
    }
    if (err == 0) {
        err = move_claimed(req, receiver, from, to, &status, &reason);
    }
    bool tagged = err == 0 && status == 0 && uh_file_current_etag(receiver->tree.storage, to->canonical, etag);
    uh_claim_release(&claim_to);
    uh_claim_release(&claim_from);
    if (err != 0) {
        return uh_refuse_error(req, err);
    }
    return status != 0 ? uh_refuse(req, status, reason)
                       : uh_file_answer_done(req, !to->place.exists, url, tagged ? etag : NULL, NULL);
}

/* A move could make a write-only file readable under another name, so moving needs the right to read too. */
esp_err_t uh_file_receive_move(uhttpd_req_t *req, const uh_file_receiver_t *receiver, const char *path)
{
    const char *url, *reason;
    char *to_path = NULL;
    uh_file_target_t from = {0}, to = {0};
    int status = read_destination(req, receiver, &url, &to_path, &reason);
    if (status == 0) {
        reason = NULL;
        status = uh_file_target_find(receiver, path, UHTTPD_ACL_RW, &from);
    }
    if (status == 0) {
        status = uh_file_target_find(receiver, to_path, UHTTPD_ACL_WO, &to);
    }
    esp_err_t err = status != 0 ? uh_refuse(req, status, reason) : move_target(req, receiver, &from, &to, url);
    free(to_path);
    uh_file_target_free(&from);
    uh_file_target_free(&to);
    return err;
}

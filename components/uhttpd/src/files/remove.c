/* SPDX-License-Identifier: MIT */
/* DELETE: files, directories and trees are removed. */
#include <errno.h>

#include "files/directory.h"
#include "files/receive.h"
#include "files/reply.h"
#include "uhttpd_query.h"

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
    if (uh_file_target_is_link(receiver, target)) {
        return uh_refusal_of(storage->remove(target->canonical));
    }
    return uh_file_directory_remove_all(storage, target->place.path, ask_for_entry, (void *)receiver);
}

/* Some file systems would remove an empty directory as if it were a file. Others can tell a directory from a link to
 * one. */
static uh_refusal_t remove_file(const uh_file_receiver_t *receiver, const uh_file_target_t *target)
{
    bool is_directory = target->place.exists && target->place.info.is_directory;
    bool refused = is_directory && !uh_file_target_is_link(receiver, target);
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

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

static int ask_for_entry(void *receiver, const char *path, bool is_directory)
{
    const uh_file_receiver_t *of = receiver;
    return uh_file_tree_ask(&of->tree, path, is_directory, UHTTPD_ACL_WO);
}

/* @return errno; @p status: the status with which an entry was refused */
static int remove_directory(const uh_file_receiver_t *receiver, const uh_file_target_t *target, bool forced,
                            int *status)
{
    const uhttpd_storage_t *storage = receiver->tree.storage;
    if (!forced) {
        return storage->remove_directory(target->canonical);
    }
    if (!target->place.exists) {
        return ENOENT;
    }
    if (!target->place.info.is_directory) {
        return ENOTDIR;
    }
    if (uh_file_target_is_link(receiver, target)) {
        return storage->remove(target->canonical);
    }
    return uh_file_directory_remove_all(storage, target->place.path, ask_for_entry, (void *)receiver, status);
}

/* Some file systems would remove an empty directory as if it were a file. Others can tell a directory from a link to
 * one. */
static int remove_file(const uh_file_receiver_t *receiver, const uh_file_target_t *target)
{
    bool is_directory = target->place.exists && target->place.info.is_directory;
    if (is_directory && !uh_file_target_is_link(receiver, target)) {
        return EISDIR;
    }
    return receiver->tree.storage->remove(target->canonical);
}

static esp_err_t remove_target(uhttpd_req_t *req, const uh_file_receiver_t *receiver, uh_file_target_t *target)
{
    uhttpd_claim_t claim;
    bool as_directory = target->place.as_directory;
    int status = uh_file_target_is_root(target) ? 403 : 0;
    int err = status == 0 ? uh_file_target_claim(receiver, target, &claim) : 0;
    if (status != 0 || err != 0) {
        return err != 0 ? uh_refuse_error(req, err) : uh_refuse(req, status, "the root stays");
    }
    status = uh_file_target_judge(receiver, req, target->canonical);
    if (status == 0) {
        err =
            as_directory ? remove_directory(receiver, target, is_forced(req), &status) : remove_file(receiver, target);
    }
    uh_claim_release(&claim);
    if (status != 0) {
        return uh_refuse(req, status, NULL);
    }
    return err != 0 ? uh_refuse_error(req, err) : uh_file_answer_done(req, false, NULL, NULL, NULL);
}

esp_err_t uh_file_receive_removal(uhttpd_req_t *req, const uh_file_receiver_t *receiver, const char *path)
{
    uh_file_target_t target;
    int status = uh_file_target_find(receiver, path, UHTTPD_ACL_WO, &target);
    esp_err_t err = status != 0 ? uh_refuse(req, status, NULL) : remove_target(req, receiver, &target);
    uh_file_target_free(&target);
    return err;
}

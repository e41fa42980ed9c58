/* SPDX-License-Identifier: MIT */
#pragma once

#include "files/change.h"
#include "files/refusal.h"
#include "files/tree.h"
#include "http/fields.h"
#include "http/validators.h"

/**
 * @file
 * What the parts of uhttpd_receive() share.
 */
typedef struct {
    uh_file_tree_t tree;
    bool dynamic;
    bool ext_only;
    bool removes;
    uint64_t max_size;
} uh_file_receiver_t;

/** A place that a request wants to change. */
typedef struct {
    uh_file_place_t place;
    char *canonical; /* its path with no links on the way; in the heap */
    bool is_link;    /* the last segment is a symbolic link; known once it is claimed */
} uh_file_target_t;

/**
 * @brief Finds what a clean path leads to, and asks whether it may be changed. Call uh_file_target_free() in any case.
 *
 * @param right  #UHTTPD_ACL_WO or #UHTTPD_ACL_RW
 */
uh_refusal_t uh_file_target_find(const uh_file_receiver_t *receiver, const char *path, int right,
                                 uh_file_target_t *target);
void uh_file_target_free(uh_file_target_t *target);

/** @brief The root of the tree, which uhttpd_serve() would call the base. It cannot be removed or moved. */
bool uh_file_target_is_root(const uh_file_target_t *target);

/**
 * @brief Claims a target for as long as it is changed, and looks at it again: the last one who had it may have changed it.
 * @param[out] claim  uh_claim_release() is needed in any case. 409: somebody else has it; 503: no memory.
 */
uh_refusal_t uh_file_target_claim(const uh_file_receiver_t *receiver, uh_file_target_t *target, uhttpd_claim_t *claim);

/** @brief If-Match and its like, judged by the file as it is now: call it with the target claimed. 412 */
uh_refusal_t uh_file_target_judge(const uh_file_receiver_t *receiver, const uhttpd_req_t *req, const char *canonical);

/**
 * @brief Finds where a file goes, begins its upload, and opens it, as all requests do.
 *
 * @param path    clean; a slash at its end is refused (400)
 * @param length  of the body; -1: not known
 * @param[out] upload  uhttpd_upload_end() is needed in any case.
 */
uh_refusal_t uh_file_target_upload(const uh_file_receiver_t *receiver, const uhttpd_req_t *req, const char *path,
                                   int64_t length, uhttpd_upload_t **upload);

/** @brief The entity tag of a file as it is now. @return @p etag; NULL: it has none */
const char *uh_file_current_etag(const uhttpd_storage_t *storage, const char *path, char etag[UH_ETAG_SIZE]);

/** @brief The name in a Content-Disposition as a clean path, in the heap; NULL: there is none. 400; 503 */
uh_refusal_t uh_file_named_path(const char *disposition, char **path);

/** @name Requests
 *  @{ */
esp_err_t uh_file_receive_upload(uhttpd_req_t *req, const uh_file_receiver_t *receiver, const char *path);
esp_err_t uh_file_receive_form(uhttpd_req_t *req, const uh_file_receiver_t *receiver, const char *directory);
esp_err_t uh_file_receive_directory(uhttpd_req_t *req, const uh_file_receiver_t *receiver, const char *path);
esp_err_t uh_file_receive_removal(uhttpd_req_t *req, const uh_file_receiver_t *receiver, const char *path);
esp_err_t uh_file_receive_move(uhttpd_req_t *req, const uh_file_receiver_t *receiver, const char *path);
/** @} */

/**
 * @brief Has workers look through a tree for temporary files that a power cut has left, and remove them: in small steps,
 *        behind whatever else there is to do. Without memory it is left for the next time. Any task.
 *
 * @param tree  Lives as long as the server.
 */
void uh_file_sweep(const uh_file_tree_t *tree);

/* SPDX-License-Identifier: MIT */
#pragma once

#include "files/refusal.h"
#include "http/validators.h"
#include "uhttpd_files.h"

/**
 * @file
 * What uhttpd_serve() and uhttpd_receive() have in common: which place in the storage a URL leads to, and which clients
 * may use it.
 *
 * All but init and deinit run in workers.
 */
typedef struct {
    uhttpd_handle_t server;
    const uhttpd_storage_t *storage;
    size_t prefix_len; /* bytes of the URL that lead to the tree */
    char *base;        /* directory in front of what the client names, no slash at its end: "" is the root */
    char *ext_path;    /* where external storage is mounted, likewise; NULL: there is none */
} uh_file_tree_t;

/**
 * @brief Checks and copies. Call uh_file_tree_deinit() in any case.
 *
 * @param prefix, base, ext_path, storage  as in uhttpd_serve_config_t
 * @return ESP_OK, ESP_ERR_INVALID_ARG, ESP_ERR_NO_MEM
 */
esp_err_t uh_file_tree_init(uh_file_tree_t *tree, uhttpd_handle_t server, const char *prefix, const char *base,
                            const char *ext_path, const uhttpd_storage_t *storage);
void uh_file_tree_deinit(uh_file_tree_t *tree);

/** @brief The URL of the route to everything in the tree, in the heap; NULL without memory. */
char *uh_file_tree_route(const char *prefix);

/** A place in the storage. */
typedef struct {
    char *path;              /* in the heap; no slash at its end, but for "/" itself */
    size_t root_len;         /* the length of the base, which the client has not named */
    bool as_directory;       /* it was asked for with a slash at its end */
    bool exists;             /* under a name that means itself */
    uhttpd_file_info_t info; /* if it exists; perhaps of another kind than the URL says */
} uh_file_place_t;

/**
 * @brief The path in the URL of a request, decoded, in the heap: it begins with a slash, and may end with one. 400; 404 for
 *        temporary names; 503 without memory.
 */
uh_refusal_t uh_file_tree_path(const uh_file_tree_t *tree, const uhttpd_req_t *req, char **path);

/**
 * @brief Finds the place for a clean path: below @p root ("" or an absolute path, no slash at its end) and the base. It
 *        need not exist. If it does, the path has the names that are in the directories. Call uh_file_place_free() in any
 *        case.
 *
 * A place outside the base that symbolic links lead to is 404, and so is a place that would be created behind such a
 * link. (A program that can make links below the base could make one right after this check. Uploads and moves make no
 * links.)
 */
uh_refusal_t uh_file_tree_find(const uh_file_tree_t *tree, const char *root, const char *path, uh_file_place_t *place);
void uh_file_place_free(uh_file_place_t *place);

/** @brief 404 when links lead from a path out of the first @p root_len bytes of it. Part of uh_file_tree_find(). */
uh_refusal_t uh_file_tree_confine(const uh_file_tree_t *tree, const char *path, size_t root_len);

/** @brief What a request says of the state that the file should be in. */
uh_conditions_t uh_file_conditions(const uhttpd_req_t *req);

/** @brief True when there is a callback that decides. */
bool uh_file_tree_asks(const uh_file_tree_t *tree);

/**
 * @brief Asks the callback that decides on files. 403, or the status that uhttpd_file_acl_t returns.
 *
 * @param right  #UHTTPD_ACL_RO, #UHTTPD_ACL_WO or #UHTTPD_ACL_RW
 */
uh_refusal_t uh_file_tree_ask(const uh_file_tree_t *tree, const char *path, bool is_directory, int right);

/**
 * @brief The same for a place that was found. 400 for a path that is not clean if nothing is there; and if the client may
 *        not use what is there, so that it does not learn of it.
 */
uh_refusal_t uh_file_tree_admit(const uh_file_tree_t *tree, const uh_file_place_t *place, bool is_directory, int right);

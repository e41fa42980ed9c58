/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd.h"
#include "uhttpd_storage.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file
 * Files: served, and received. Both work on streams (uhttpd_stream.h), so that files of any size take constant memory and
 * no worker waits for the network.
 *
 * A URL becomes a path in four steps, in this order: the prefix is taken off; percent escapes are decoded once; the
 * path is refused (400) if it has a "." or ".." segment, an empty segment or NUL, or if an escape is malformed or stands
 * for a slash; the base is put in front. A path with a backslash or a control character, or that is no UTF-8, is refused
 * too, unless something has that path on a file system that takes it as it is (#UHTTPD_STORAGE_EXACT): it can be read
 * and removed, but not made. Files outside the base that symbolic links lead to are not found (404).
 */

/** @name What a file or directory may be used for
 *  @{ */
#define UHTTPD_ACL_RO (1) /*!< read */
#define UHTTPD_ACL_WO (2) /*!< written, created, removed */
#define UHTTPD_ACL_RW (3) /*!< both */

/**
 * @brief Decides what a client may do with a file or directory. Runs in a worker, before anything is opened or changed,
 *        and before the client is told whether it exists; may block.
 *
 * Where a file system such as FAT ignores case, the names in the path are those that the directories have. Other names
 * for the same file (short ones, dots and spaces at the end) are refused without a call. Names that do not exist yet
 * are those that the client wrote.
 *
 * @param path  In the storage, as it is going to be opened; directories end with a slash.
 * @return #UHTTPD_ACL_RO, #UHTTPD_ACL_WO, #UHTTPD_ACL_RW; or the status (400 to 599) that the client is refused with.
 *         Anything else refuses with 403, and so does a right that does not suffice.
 */
typedef int (*uhttpd_file_acl_t)(const char *path, void *ctx);

/**
 * @brief Sets the callback that decides on files, for everything that uhttpd_serve() and uhttpd_receive() do on this
 *        server. Any task. Requests that are being handled may still ask the previous callback after this returns.
 *
 * @param acl  NULL: everything is allowed.
 */
void uhttpd_file_acl(uhttpd_handle_t server, uhttpd_file_acl_t acl, void *ctx);
/** @} */

/** @brief A content type for names that end in a dot and @c extension. */
typedef struct {
    const char *extension; /*!< without the dot; case does not matter */
    const char *mime;      /*!< e.g. "text/html; charset=utf-8" */
} uhttpd_mime_t;

/** @brief The configuration of uhttpd_serve(). Everything but the storage is copied. */
typedef struct {
    const char *prefix;              /*!< of the URL, starts with '/', or empty. NULL: empty */
    const char *base;                /*!< directory in front of the rest of the URL, starts with '/'. NULL: the root */
    const uhttpd_storage_t *storage; /*!< NULL: #uhttpd_posix_storage */
    const char *ext_path; /*!< where external storage is mounted: tried first, in front of base. NULL: there is none */
    bool dirs;            /*!< directories are listed as JSON */
    const char *index;    /*!< served for a directory that has a file of that name, such as "index.html"; NULL: none */
    const char
        *cache_control; /*!< value of that header; NULL: "no-cache", so that clients ask whether it has changed */
    const uhttpd_mime_t *types; /*!< asked before the built-in ones; ends with {NULL, NULL}; NULL: none */
} uhttpd_serve_config_t;

#define UHTTPD_SERVE_DEFAULT_CONFIG() \
    { \
        .dirs = true, \
        .index = "index.html", \
    }

/**
 * @brief Serves files for GET and HEAD requests to URLs below a prefix. One slot.
 *
 * Entity tags, If-None-Match, If-Modified-Since, If-Match, If-Unmodified-Since, Range and If-Range are answered as RFC
 * 9110 says. If there is a file `name.gz` beside `name`, clients that accept gzip, and may read both, get it with
 * `Content-Encoding: gzip`, unless `name` was changed later. Of one second, uhttpd_file_info_t::moment decides; where that
 * is not known, the compressed form counts. README.md says how directories are answered, and what happens to a file that
 * changes while it is sent. Any task; does not block.
 *
 * @return as uhttpd_route(); ESP_ERR_INVALID_ARG also for a prefix with '*', a base or ext_path without '/', an index with
 *         '/', or control characters in cache_control or a type.
 */
esp_err_t uhttpd_serve(uhttpd_handle_t server, const uhttpd_serve_config_t *config);

/** @brief The configuration of uhttpd_receive(). Strings are copied. */
typedef struct {
    const char *prefix;              /*!< of the URL, starts with '/'. NULL: none, where dynamic */
    const char *base;                /*!< directory in front of the path, starts with '/'. NULL: the root */
    const uhttpd_storage_t *storage; /*!< NULL: #uhttpd_posix_storage */
    bool dynamic;         /*!< the rest of the URL is the path. False: prefix is the only URL, and Content-Disposition
                               names the path */
    const char *ext_path; /*!< where external storage is mounted. NULL: there is none */
    bool ext_only;        /*!< refuses (403) to write anywhere but below ext_path, or if that does not exist */
    bool remove;          /*!< DELETE is answered, too */
    uint64_t max_size;    /*!< longest file, bytes; more gets 413. 0: any. uhttpd_config_t::max_body does not apply */
} uhttpd_receive_config_t;

#define UHTTPD_RECEIVE_DEFAULT_CONFIG() \
    { \
        .dynamic = true, \
    }

/**
 * @brief Receives files by POST and PUT, renames by MOVE, and removes by DELETE if told so. One slot, two with DELETE.
 *
 * A file is written under a temporary name in its directory, and renamed when it is complete and on the disk. Whatever
 * goes wrong before that, the old file stays as it was. From this call on, leftovers of a power cut are searched for
 * and removed, so mount the storage before it. See README.md for requests, headers and statuses. Any task; does not
 * block: a worker searches.
 *
 * @return as uhttpd_route(); ESP_ERR_INVALID_ARG also for a prefix with '*', none without dynamic, or ext_only without
 *         ext_path.
 */
esp_err_t uhttpd_receive(uhttpd_handle_t server, const uhttpd_receive_config_t *config);

#ifdef __cplusplus
}
#endif

/* SPDX-License-Identifier: MIT */
#pragma once

#include "py/obj.h"

#include "uhttpd_storage.h"

/** @file How operations on the VFS are run. All but glue_storage_run() is for use within one, with the GIL held. */

/** @brief A file or directory that is open; in the collector's memory. */
typedef struct glue_storage_open {
    struct glue_storage_open *next;
    mp_obj_t object;         /* the file, or the iterator over entries */
    const char *path;        /* of a directory with a slash at its end */
    uhttpd_file_info_t info; /* of a file that is to be read, when it was opened */
    uint64_t inode;          /* the same; 0 where there is no such thing */
    bool begun;              /* something was read of it */
    bool written;
} glue_storage_open_t;

/** @brief One operation: its arguments and results. Lives on the caller's stack. */
typedef struct {
    const char *path;
    const char *to;
    uhttpd_file_mode_t mode;
    glue_storage_open_t *open;
    uhttpd_file_info_t *info;
    void *buf;
    size_t size;
    size_t done;
    uint64_t at;
    uint64_t total;
} glue_storage_operation_t;

/** @brief The body of the operation. May raise. @return errno */
typedef int (*glue_storage_body_t)(glue_storage_operation_t *op);

/**
 * @brief Waits for its turn, takes the GIL and runs a body, both for a limited time.
 * @return what it returns, or the errno of what it raises. ETIMEDOUT, too, if others did not give up their turn
 */
int glue_storage_run(glue_storage_body_t body, glue_storage_operation_t *op);

/** @brief The same for a part of an operation. */
int glue_storage_protect(glue_storage_body_t body, glue_storage_operation_t *op);

/** @brief A path for functions of the VFS: str, or bytes where it is no UTF-8. May raise. */
mp_obj_t glue_storage_path(const char *path);

/** @brief What is mounted where a path leads, and the path within that. MP_OBJ_NULL: nothing is. */
mp_obj_t glue_storage_mounted(const char *path, const char **within);

/** @brief Body: os.stat() of path, to info. */
int glue_storage_stat(glue_storage_operation_t *op);

/** @brief The same as a part of an operation. @return errno */
int glue_storage_look_at(const char *path, uhttpd_file_info_t *info);

/**
 * @brief Makes an object known to the collector until glue_storage_let_go().
 * @param open  Allocated before there was anything to close, so that no failure leaves it open.
 */
void glue_storage_hold(glue_storage_open_t *open, mp_obj_t object);
void glue_storage_let_go(glue_storage_open_t *open);

/** @brief The same without the GIL, for what could not be closed, because others do not give up their turn: the collector
 *         will close it. */
void glue_storage_leave(glue_storage_open_t *open);

/** @brief The errno of a file or directory that could not be made: FAT has one error for forbidden and full. */
int glue_storage_reason_of_denial(const char *path);

/** @name storage_files.c: as in uhttpd_storage_t
 *  @{ */
int glue_storage_file_open(const char *path, uhttpd_file_mode_t mode, void **file);
int glue_storage_file_stat(void *file, uhttpd_file_info_t *info);
int glue_storage_file_read(void *file, void *buf, size_t size, size_t *got);
int glue_storage_file_seek(void *file, uint64_t at);
int glue_storage_file_write(void *file, const void *buf, size_t len);
int glue_storage_file_close(void *file);
/** @} */

/* SPDX-License-Identifier: MIT */
#pragma once

/**
 * @file
 * Temporary files of others, such as WebREPL, that write where uhttpd serves and receives files. Under these names they
 * are neither served nor listed, and what a power cut has left goes when uhttpd_receive() starts (uhttpd_files.h). They
 * are others than those of uhttpd's own uploads: both may write one file at a time, and the last one to be whole stays.
 *
 * Nothing here blocks; any task.
 */
#define UHTTPD_TEMPORARY_LEN 12 /* "12345678.~wr", for file systems that only know eight letters, a dot and three */

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief Writes the temporary name for @p path, in the same directory. It depends on the path alone: what a power cut has
 *        left is overwritten when the file is written again.
 * @param[out] temporary  strlen(path) + UHTTPD_TEMPORARY_LEN + 1 bytes.
 */
void uhttpd_temporary_path(const char *path, char *temporary);

/**
 * @brief Has the file left alone until uhttpd_temporary_release(), for each hold one: before it is opened, and as long as
 *        it is written or kept.
 * @return 0, ENOMEM, or EBUSY: a leftover of that name is being removed in this moment.
 */
int uhttpd_temporary_hold(const char *temporary);

/** @brief Ends a hold, when the file has been renamed or removed. */
void uhttpd_temporary_release(const char *temporary);

#ifdef __cplusplus
}
#endif

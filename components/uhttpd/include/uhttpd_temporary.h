/* SPDX-License-Identifier: MIT */
#pragma once

/**
 * @file
 * Temporary files of other writers, such as WebREPL, where uhttpd serves and receives files. Files with these names are
 * neither served nor listed, and uhttpd_receive() (uhttpd_files.h) removes those that a power cut has left. uhttpd's
 * own uploads have other names: both may write one file at the same time, and the last one to be complete stays.
 *
 * Nothing here blocks; any task.
 */
#define UHTTPD_TEMPORARY_LEN 12 /* "12345678.~wr", for file systems that only know eight letters, a dot and three */

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief Writes the temporary name for @p path, in the same directory. It depends only on the path, so a leftover of a
 *        power cut is overwritten when the file is written again.
 * @param[out] temporary  strlen(path) + UHTTPD_TEMPORARY_LEN + 1 bytes.
 */
void uhttpd_temporary_path(const char *path, char *temporary);

/**
 * @brief Protects the file until uhttpd_temporary_release(), one for each hold. Call it before the file is opened; hold
 *        it as long as the file is written or kept.
 * @return 0, ENOMEM, or EBUSY: a leftover of that name is being removed at this moment.
 */
int uhttpd_temporary_hold(const char *temporary);

/** @brief Ends a hold, after the file has been renamed or removed. */
void uhttpd_temporary_release(const char *temporary);

#ifdef __cplusplus
}
#endif

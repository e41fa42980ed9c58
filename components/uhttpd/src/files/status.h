/* SPDX-License-Identifier: MIT */
#pragma once

/**
 * @file
 * The answer to a file operation that failed, pure.
 */

/** @brief The status for what a function of uhttpd_storage_t returned, which is not 0. */
int uh_file_status(int error);

/* SPDX-License-Identifier: MIT */
#pragma once

/**
 * @file
 * Status lines, pure.
 */
#define UH_STATUS_LINE_SIZE 40 /* bytes, NUL included */

/** @brief The part after the version, such as "404 Not Found". An unknown number (100 to 999) stands alone. */
void uh_status_line(int status, char line[UH_STATUS_LINE_SIZE]);

/** @brief Why the server itself refuses requests with a status, in words; NULL: the status says it, or others do. */
const char *uh_status_reason(int status);

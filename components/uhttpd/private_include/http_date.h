/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/**
 * @file
 * Dates as HTTP writes them (RFC 9110 section 5.6.7), pure. Times are seconds since 1970.
 */
#define UH_HTTP_DATE_SIZE 30       /* bytes, NUL included */
#define UH_CLOCK_WAS_SET 946684800 /* seconds; earlier than the year 2000 is a clock that nobody has set */

/** @brief Writes a time as IMF-fixdate. @return false: it lies before 1970 or after 9999. */
bool uh_http_date_write(int64_t time, char text[UH_HTTP_DATE_SIZE]);

/** @brief Reads a date in any of the three forms, of the years 1970 to 9999. @return false: it is none. */
bool uh_http_date_read(const char *text, int64_t *time);

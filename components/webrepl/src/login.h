/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * @file
 * A password, pure: a line that is compared as it arrives.
 */

/** A password line. Nothing of it is kept, so it may be of any length. */
typedef struct {
    const uint8_t *secret; /* ends with NUL */
    uint32_t secret_len;
    uint32_t len;  /* bytes that have come */
    uint8_t wrong; /* not 0: some byte differs */
} wr_login_t;

/** @param secret  Must live as long as @p login; ends with NUL. */
void wr_login_init(wr_login_t *login, const char *secret);

/**
 * @brief Takes bytes up to the end of the line, a CR or LF.
 *
 * Work and memory accesses depend only on the number of bytes, so timing reveals neither the secret nor its length.
 *
 * @param[out] end  The CR or LF; 0: the line goes on.
 * @return bytes used.
 */
size_t wr_login_input(wr_login_t *login, const uint8_t *data, size_t len, uint8_t *end);

/** @brief The verdict; once, at the end of the line. */
bool wr_login_right(const wr_login_t *login);

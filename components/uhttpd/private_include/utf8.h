/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * @file
 * Check of UTF-8 (RFC 3629) that comes in pieces, pure.
 */

#define UH_UTF8_WHOLE 0 /* the state at first, and whenever no character is cut off */

/**
 * @brief Checks a piece. Refuses at the first byte that cannot belong to any valid text.
 *
 * @param[in,out] state  UH_UTF8_WHOLE at first.
 */
bool uh_utf8_check_piece(uint32_t *state, const uint8_t *text, size_t len);

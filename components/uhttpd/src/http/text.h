/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * @file
 * Characters and lists that HTTP is written in (RFC 9110 sections 5.5 and 5.6), pure.
 */

/** @brief True for a character of a token, such as a method or a field name. */
bool uh_token_char(char c);

/** @brief True for a token. */
bool uh_token_valid(const char *text);

/** @brief True for tokens with commas between them, at least one (RFC 9110 section 5.6.1). */
bool uh_token_list_valid(const char *list);

/** @brief True for a character of a field value: visible ones, space, tab, and anything from 0x80 on. */
bool uh_field_char(char c);

/** @brief True for a text of such characters alone. */
bool uh_field_valid(const char *text);

/** @brief Value of a hexadecimal digit, or -1. */
int uh_hex_digit(char c);

/** @brief True when the comma-separated @p list holds @p token, in any case if @p ignore_case. */
bool uh_token_in_list(const char *list, const char *token, bool ignore_case);

/**
 * @file
 * Numbers of 64 bits as text, which not every printf() supports, pure.
 */
/**
 * @brief Reads the digits at @p *text and moves past them. A number that is too large becomes UINT64_MAX.
 * @return false: there is no digit.
 */
bool uh_decimal_read(const char **text, uint64_t *number);

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

/**
 * @file
 * Comparing with a secret, pure.
 */

/** @brief True when both are equal. The time it takes reveals at most the secret's length. */
bool uh_secret_equals(const char *given, const char *secret);

/**
 * @brief Compares the value of an Authorization header with the wanted one. The scheme, up to the first space, is
 *        compared ignoring case (RFC 9110 section 11.1), the rest by uh_secret_equals().
 */
bool uh_secret_is_authorization(const char *given, const char *wanted);

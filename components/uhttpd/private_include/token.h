/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/**
 * @file
 * Characters and lists that HTTP is written in (RFC 9110 sections 5.5 and 5.6), pure.
 */

/** @brief True for what a token, such as a method or a field name, is made of. */
bool uh_token_char(char c);

/** @brief True for a token. */
bool uh_token_valid(const char *text);

/** @brief True for tokens with commas between them, at least one (RFC 9110 section 5.6.1). */
bool uh_token_list_valid(const char *list);

/** @brief True for what may stand in a field value: visible, space, tab, and anything from 0x80 on. */
bool uh_field_char(char c);

/** @brief Value of a hexadecimal digit, or -1. */
int uh_hex_digit(char c);

/** @brief True when the comma-separated @p list holds @p token, in any case if @p ignore_case. */
bool uh_token_in_list(const char *list, const char *token, bool ignore_case);

/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

/**
 * @file
 * Strings as JSON writes them (RFC 8259 section 7), pure.
 */
#define UH_JSON_TEXT_GROWTH 6 /* most bytes that stand for one */

/**
 * @brief Writes what stands between the quotes. What is no UTF-8 becomes U+FFFD, byte by byte.
 * @param out  at least #UH_JSON_TEXT_GROWTH times @p len bytes; no NUL is written.
 * @return its length
 */
size_t uh_json_text_write(const char *text, size_t len, char *out);

/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * @file
 * Text that is composed in memory of a given size, pure.
 *
 * The whole text is measured, but only what has room is written. So the same code can measure a text, with no room at
 * all, and then write it; and a text that has grown is cut, never written beyond its end.
 */
typedef struct {
    char *at;    /* where it is written; may be NULL when there is no room */
    size_t room; /* bytes that may be written */
    size_t len;  /* bytes of the whole text, including what had no room */
} uh_text_t;

/** @brief Adds a string. */
void uh_text_add(uh_text_t *text, const char *string);

/** @brief Copies a string into an array, cut if need be, with a NUL. @return true when all of it fits */
bool uh_text_copy(char *array, size_t size, const char *string);

/** @brief Adds bytes. */
void uh_text_bytes(uh_text_t *text, const void *bytes, size_t len);

#define UH_TEXT_DECIMAL 20 /* most bytes of a number */

/** @brief Adds a number, with zeros in front if it has fewer than @p digits digits. */
void uh_text_decimal(uh_text_t *text, uint64_t number, int digits);
void uh_text_hex(uh_text_t *text, uint64_t number, int digits);

/** @brief Adds a string in quotes as JSON writes it (RFC 8259 section 7). Bytes that are not UTF-8 become U+FFFD each. */
void uh_text_json(uh_text_t *text, const char *string);

#define UH_TEXT_JSON_GROWTH 6 /* most bytes that stand for one, not counting the quotes */

/** @brief Adds a header and the end of its line. */
void uh_text_header(uh_text_t *text, const char *name, const char *value);

/** @brief True when everything that was added has been written. */
bool uh_text_fits(const uh_text_t *text);

/** @return how many bytes of the text have been written */
size_t uh_text_written(const uh_text_t *text);

/** @brief Ends the text, cut if need be, with a NUL, which does not count. @return true when all of it has been written */
bool uh_text_end(uh_text_t *text);

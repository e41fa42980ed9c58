/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * @file
 * Text: how it is composed, and the characters, lists, numbers and secrets in it (RFC 9110 sections 5.5 and 5.6). Pure.
 */

/* --- composing ---------------------------------------------------------------------------------------------------- */

/*
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

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* Characters and lists that HTTP is written in (RFC 9110 sections 5.5 and 5.6), pure. */

/** @brief True for a character of a token, such as a method or a field name. */
bool uh_token_char(char c);

/** @brief How many characters of a token a text begins with. */
size_t uh_token_len(const char *text);

/** @brief True for a token. */
bool uh_token_valid(const char *text);

/** @brief True for tokens with commas between them, at least one (RFC 9110 section 5.6.1). */
bool uh_token_list_valid(const char *list);

/** @brief True for a character of a field value: visible ones, space, tab, and anything from 0x80 on. */
bool uh_field_char(char c);

/** @brief True for a text of such characters alone. */
bool uh_field_valid(const char *text);

/** @brief True for a character that stands for itself in every part of a URL that it is in: unreserved, or a delimiter
 *         within a part (RFC 3986 sections 2.2 and 2.3). */
bool uh_url_char(char c);

/** @brief Value of a hexadecimal digit, or -1. */
int uh_hex_digit(char c);

/** @brief True when @p len bytes of a text are this word, in any case. */
bool uh_text_is(const char *text, size_t len, const char *word);

/** @brief What follows the spaces and tabs that a text begins with. */
const char *uh_text_skip_blank(const char *text);

/** @brief Leaves out spaces and tabs at both ends. */
void uh_text_trim(const char **text, size_t *len);

/**
 * @brief Decodes the first character of a text that is not empty: an escape such as %2f, or one that stands for itself.
 * @return the bytes it takes, 3 or 1; 0: a percent sign that begins no escape
 */
size_t uh_percent_decode(const char *text, size_t len, char *c);

/** @brief How many digits of base64 a text begins with. */
size_t uh_base64_len(const char *text);

/** @brief True when the comma-separated @p list holds @p token, in any case if @p ignore_case. */
bool uh_token_in_list(const char *list, const char *token, bool ignore_case);

/* Numbers of 64 bits as text, which not every printf() supports, pure. */
/**
 * @brief Reads the digits at @p *text and moves past them. A number that is too large becomes UINT64_MAX.
 * @return false: there is no digit.
 */
bool uh_decimal_read(const char **text, uint64_t *number);

/* Check of UTF-8 (RFC 3629) that comes in pieces, pure. */

#define UH_UTF8_WHOLE 0 /* the state at first, and whenever no character is cut off */

/**
 * @brief Checks a piece. Refuses at the first byte that cannot belong to any valid text.
 *
 * @param[in,out] state  UH_UTF8_WHOLE at first.
 */
bool uh_utf8_check_piece(uint32_t *state, const uint8_t *text, size_t len);

/** @brief Whether all of a text is valid, and no character is cut off. */
bool uh_utf8_is_whole(const char *text, size_t len);

/* Comparing with a secret, pure. */

/** @brief True when both are equal. The time it takes reveals at most the secret's length. */
bool uh_secret_equals(const char *given, const char *secret);

/**
 * @brief Compares the value of an Authorization header with the wanted one. The scheme, up to the first space, is
 *        compared ignoring case (RFC 9110 section 11.1), the rest by uh_secret_equals().
 */
bool uh_secret_is_authorization(const char *given, const char *wanted);

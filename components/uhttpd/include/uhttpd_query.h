/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file
 * Query strings as HTML forms write them (WHATWG URL, application/x-www-form-urlencoded), pure.
 */
typedef struct {
    const char *key; /* as sent, not decoded */
    size_t key_len;
    const char *value; /* NULL: the key stands alone, without '=' */
    size_t value_len;
} uhttpd_query_item_t;

/**
 * @brief Takes the next item off the front of a query string. Empty items ("&&") are passed over.
 * @return false at the end.
 */
bool uhttpd_query_next(const char **query, size_t *len, uhttpd_query_item_t *item);

/**
 * @brief Decodes percent escapes and '+' (a space). A '%' without two hex digits stands for itself.
 * @param out  at least @p len bytes; may be @p text itself.
 * @return decoded length.
 */
size_t uhttpd_query_decode(const char *text, size_t len, char *out);

/** @brief True when @p text decodes to exactly @p key. */
bool uhttpd_query_equals(const char *text, size_t len, const char *key, size_t key_len);

#ifdef __cplusplus
}
#endif

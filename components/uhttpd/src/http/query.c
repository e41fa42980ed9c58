/* SPDX-License-Identifier: MIT */
#include "uhttpd_query.h"

#include <string.h>

#include "http/text.h"

bool uhttpd_query_next(const char **query, size_t *len, uhttpd_query_item_t *item)
{
    while (*len > 0) {
        const char *text = *query;
        const char *ampersand = memchr(text, '&', *len);
        size_t size = ampersand != NULL ? (size_t)(ampersand - text) : *len;
        size_t taken = size + (ampersand != NULL);
        *query += taken;
        *len -= taken;
        if (size == 0) {
            continue;
        }
        const char *equals = memchr(text, '=', size);
        *item = (uhttpd_query_item_t) {.key = text, .key_len = size};
        if (equals != NULL) {
            item->key_len = (size_t)(equals - text);
            item->value = equals + 1;
            item->value_len = size - item->key_len - 1;
        }
        return true;
    }
    return false;
}

/* Decodes the first character of a text that is not empty. Returns its length in the text. */
static size_t query_decode_one(const char *text, size_t len, char *c)
{
    size_t taken = uh_percent_decode(text, len, c);
    *c = text[0] == '+' ? ' ' : *c;
    return taken > 0 ? taken : 1;
}

size_t uhttpd_query_decode(const char *text, size_t len, char *out)
{
    size_t decoded = 0;
    for (size_t at = 0; at < len; decoded++) {
        char c;
        at += query_decode_one(text + at, len - at, &c);
        out[decoded] = c;
    }
    return decoded;
}

bool uhttpd_query_equals(const char *text, size_t len, const char *key, size_t key_len)
{
    size_t decoded = 0;
    for (size_t at = 0; at < len; decoded++) {
        char c;
        at += query_decode_one(text + at, len - at, &c);
        if (decoded == key_len || key[decoded] != c) {
            return false;
        }
    }
    return decoded == key_len;
}

/* SPDX-License-Identifier: MIT */
#include "cookie.h"

#include <stdbool.h>
#include <string.h>

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

static void cookie_trim(const char **text, size_t *len)
{
    while (*len > 0 && is_space(**text)) {
        ++*text;
        --*len;
    }
    while (*len > 0 && is_space((*text)[*len - 1])) {
        --*len;
    }
}

/* @return the value, when the pair has that name. */
static const char *cookie_value_of(const char *pair, size_t len, const char *name, size_t *value_len)
{
    const char *equals = memchr(pair, '=', len);
    if (equals == NULL) {
        return NULL;
    }
    const char *value = equals + 1;
    size_t name_len = (size_t)(equals - pair);
    *value_len = len - name_len - 1;
    cookie_trim(&pair, &name_len);
    cookie_trim(&value, value_len);
    return name_len == strlen(name) && memcmp(pair, name, name_len) == 0 ? value : NULL;
}

const char *uh_cookie_find(const char *header, const char *name, size_t *len)
{
    *len = 0;
    for (;;) {
        size_t pair_len = strcspn(header, ";");
        size_t value_len;
        const char *value = cookie_value_of(header, pair_len, name, &value_len);
        if (value != NULL) {
            *len = value_len;
            return value;
        }
        if (header[pair_len] == '\0') {
            return NULL;
        }
        header += pair_len + 1;
    }
}

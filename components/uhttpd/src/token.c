/* SPDX-License-Identifier: MIT */
#include "token.h"

#include <string.h>
#include <strings.h>

bool uh_token_char(char c)
{
    bool alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    return alphanumeric || (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static size_t token_len(const char *text)
{
    size_t len = 0;
    while (uh_token_char(text[len])) {
        len++;
    }
    return len;
}

bool uh_token_valid(const char *text)
{
    size_t len = token_len(text);
    return len > 0 && text[len] == '\0';
}

bool uh_token_list_valid(const char *list)
{
    for (;;) {
        size_t len = token_len(list);
        if (len == 0) {
            return false;
        }
        list += len;
        list += strspn(list, " \t");
        if (*list == '\0') {
            return true;
        }
        if (*list++ != ',') {
            return false;
        }
        list += strspn(list, " \t");
    }
}

bool uh_field_char(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte == '\t' || (byte >= ' ' && byte != 0x7f);
}

int uh_hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool uh_token_in_list(const char *list, const char *token, bool ignore_case)
{
    static const char between[] = ", \t";
    int (*compare)(const char *, const char *, size_t) = ignore_case ? strncasecmp : strncmp;
    size_t token_len = strlen(token);
    for (list += strspn(list, between); *list != '\0'; list += strspn(list, between)) {
        size_t len = strcspn(list, ",");
        size_t trimmed = len;
        while (trimmed > 0 && (list[trimmed - 1] == ' ' || list[trimmed - 1] == '\t')) {
            trimmed--;
        }
        if (trimmed == token_len && compare(list, token, token_len) == 0) {
            return true;
        }
        list += len;
    }
    return false;
}

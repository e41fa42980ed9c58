/* SPDX-License-Identifier: MIT */
#include "etag.h"

#include <stddef.h>
#include <string.h>

#include "number.h"

#define DIGITS 16

void uh_etag_write(uint64_t version, bool compressed, char text[UH_ETAG_SIZE])
{
    text[0] = '"';
    uh_hex_write(version, DIGITS, text + 1);
    strcpy(text + 1 + DIGITS, compressed ? "-gz\"" : "\"");
}

/* @return the length of the opaque tag at @p text, quotes included; 0: there is none */
static size_t tag_len(const char *text)
{
    if (*text != '"') {
        return 0;
    }
    for (size_t i = 1;; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"') {
            return i + 1;
        }
        if (c <= ' ' || c == 0x7f) {
            return 0;
        }
    }
}

bool uh_etag_in_list(const char *list, const char *etag, bool weak)
{
    static const char between[] = ", \t";
    for (list += strspn(list, between); *list != '\0' && etag != NULL; list += strspn(list, between)) {
        bool is_weak = strncmp(list, "W/", 2) == 0;
        list += is_weak ? 2 : 0;
        size_t len = tag_len(list);
        if (len == 0) {
            return false;
        }
        if ((weak || !is_weak) && len == strlen(etag) && memcmp(list, etag, len) == 0) {
            return true;
        }
        list += len;
    }
    return false;
}

/* SPDX-License-Identifier: MIT */
#include "terminal/utf8.h"

/* Bounds of the second byte and the length, by the first byte (RFC 3629 section 4). */
typedef struct {
    uint8_t len;
    uint8_t low;
    uint8_t high;
} form_t;

static form_t form_of(uint8_t lead)
{
    if (lead < 0x80) {
        return (form_t) {1, 0, 0};
    }
    if (lead < 0xc2 || lead > 0xf4) {
        return (form_t) {0, 0, 0};
    }
    if (lead < 0xe0) {
        return (form_t) {2, 0x80, 0xbf};
    }
    if (lead < 0xf0) {
        return (form_t) {3, lead == 0xe0 ? 0xa0 : 0x80, lead == 0xed ? 0x9f : 0xbf};
    }
    return (form_t) {4, lead == 0xf0 ? 0x90 : 0x80, lead == 0xf4 ? 0x8f : 0xbf};
}

wr_utf8_t wr_utf8_first(const uint8_t *text, size_t len, size_t *used)
{
    form_t form = form_of(text[0]);
    *used = 1;
    if (form.len == 0) {
        return WR_UTF8_INVALID;
    }
    uint8_t low = form.low, high = form.high;
    while (*used < form.len) {
        if (*used == len) {
            return WR_UTF8_INCOMPLETE;
        }
        if (text[*used] < low || text[*used] > high) {
            return WR_UTF8_INVALID;
        }
        ++*used;
        low = 0x80;
        high = 0xbf;
    }
    return WR_UTF8_CHAR;
}

size_t wr_utf8_cut(const uint8_t *text, size_t len)
{
    for (size_t back = 1; back <= 3 && back <= len; back++) {
        uint8_t byte = text[len - back];
        if ((byte & 0xc0) != 0x80) {
            size_t used;
            return wr_utf8_first(text + len - back, back, &used) == WR_UTF8_INCOMPLETE ? len - back : len;
        }
    }
    return len;
}

/* SPDX-License-Identifier: MIT */
#include "utf8.h"

/* A state: how many bytes of the character are to come, and between what bounds the next of them must lie. */
#define STATE(more, low, high) ((uint32_t)(more) | (uint32_t)(low) << 8 | (uint32_t)(high) << 16)
#define INVALID UINT32_MAX

/* The first byte decides (RFC 3629 section 4): no overlong forms, no surrogates, nothing beyond U+10FFFF. */
static uint32_t utf8_first(uint8_t byte)
{
    if (byte < 0x80) {
        return UH_UTF8_WHOLE;
    }
    if (byte < 0xc2) {
        return INVALID;
    }
    if (byte < 0xe0) {
        return STATE(1, 0x80, 0xbf);
    }
    if (byte < 0xf0) {
        return STATE(2, byte == 0xe0 ? 0xa0 : 0x80, byte == 0xed ? 0x9f : 0xbf);
    }
    if (byte < 0xf5) {
        return STATE(3, byte == 0xf0 ? 0x90 : 0x80, byte == 0xf4 ? 0x8f : 0xbf);
    }
    return INVALID;
}

static uint32_t utf8_next(uint32_t state, uint8_t byte)
{
    uint8_t more = (uint8_t)state, low = (uint8_t)(state >> 8), high = (uint8_t)(state >> 16);
    if (byte < low || byte > high) {
        return INVALID;
    }
    return more == 1 ? UH_UTF8_WHOLE : STATE(more - 1, 0x80, 0xbf);
}

bool uh_utf8_check_piece(uint32_t *state, const uint8_t *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        *state = *state == UH_UTF8_WHOLE ? utf8_first(text[i]) : utf8_next(*state, text[i]);
        if (*state == INVALID) {
            return false;
        }
    }
    return true;
}

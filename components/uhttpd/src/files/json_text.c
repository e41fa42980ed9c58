/* SPDX-License-Identifier: MIT */
#include "json_text.h"

#include <stdint.h>
#include <string.h>

#include "number.h"
#include "utf8.h"

#define REPLACEMENT "\xef\xbf\xbd"
#define LONGEST 4 /* bytes of a character */

/* @return the length of the character that the text begins with; 0: there is none */
static size_t character_len(const char *text, size_t len)
{
    uint32_t state = UH_UTF8_WHOLE;
    for (size_t i = 0; i < len && i < LONGEST; i++) {
        if (!uh_utf8_check_piece(&state, (const uint8_t *)text + i, 1)) {
            return 0;
        }
        if (state == UH_UTF8_WHOLE) {
            return i + 1;
        }
    }
    return 0;
}

static size_t write_control(char c, char *out)
{
    memcpy(out, "\\u", 2);
    uh_hex_write((uint8_t)c, 4, out + 2);
    return 6;
}

size_t uh_json_text_write(const char *text, size_t len, char *out)
{
    char *at = out;
    while (len > 0) {
        size_t step = character_len(text, len);
        if (step == 0) {
            memcpy(at, REPLACEMENT, strlen(REPLACEMENT));
            at += strlen(REPLACEMENT);
        } else if (step == 1 && (uint8_t)*text < ' ') {
            at += write_control(*text, at);
        } else {
            if (*text == '"' || *text == '\\') {
                *at++ = '\\';
            }
            memcpy(at, text, step);
            at += step;
        }
        step = step > 0 ? step : 1;
        text += step;
        len -= step;
    }
    return (size_t)(at - out);
}

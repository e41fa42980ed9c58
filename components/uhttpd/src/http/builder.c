/* SPDX-License-Identifier: MIT */
#include "http/builder.h"

#include <string.h>

#include "http/text.h"

void uh_text_bytes(uh_text_t *text, const void *bytes, size_t len)
{
    size_t room = text->len < text->room ? text->room - text->len : 0;
    size_t fits = len < room ? len : room;
    if (fits > 0) {
        memcpy(text->at + text->len, bytes, fits);
    }
    text->len += len;
}

void uh_text_add(uh_text_t *text, const char *string)
{
    uh_text_bytes(text, string, strlen(string));
}

bool uh_text_fits(const uh_text_t *text)
{
    return text->len <= text->room;
}

size_t uh_text_written(const uh_text_t *text)
{
    return uh_text_fits(text) ? text->len : text->room;
}

bool uh_text_end(uh_text_t *text)
{
    bool fits = text->len < text->room;
    if (text->room > 0) {
        text->at[fits ? text->len : text->room - 1] = '\0';
    }
    return fits;
}

bool uh_text_copy(char *array, size_t size, const char *string)
{
    uh_text_t text = {.at = array, .room = size};
    uh_text_add(&text, string);
    return uh_text_end(&text);
}

/* --- numbers ------------------------------------------------------------------------------------------------------ */

static void text_number(uh_text_t *text, uint64_t number, unsigned base, int least)
{
    char digits[UH_TEXT_DECIMAL];
    int at = UH_TEXT_DECIMAL;
    while (at > 0 && (number > 0 || UH_TEXT_DECIMAL - at < least)) {
        digits[--at] = "0123456789abcdef"[number % base];
        number /= base;
    }
    uh_text_bytes(text, digits + at, (size_t)(UH_TEXT_DECIMAL - at));
}

void uh_text_decimal(uh_text_t *text, uint64_t number, int digits)
{
    text_number(text, number, 10, digits);
}

void uh_text_hex(uh_text_t *text, uint64_t number, int digits)
{
    text_number(text, number, 16, digits);
}

/* --- strings ------------------------------------------------------------------------------------------------------ */

void uh_text_header(uh_text_t *text, const char *name, const char *value)
{
    uh_text_add(text, name);
    uh_text_add(text, ": ");
    uh_text_add(text, value);
    uh_text_add(text, "\r\n");
}

/* @return the length of the character that a string begins with; 0: there is none */
static size_t character_len(const char *string)
{
    uint32_t state = UH_UTF8_WHOLE;
    size_t len = 0;
    do { /* a NUL ends it: it continues no character */
        if (!uh_utf8_check_piece(&state, (const uint8_t *)string + len++, 1)) {
            return 0;
        }
    } while (state != UH_UTF8_WHOLE);
    return len;
}

static void json_character(uh_text_t *text, const char *character, size_t len)
{
    if (len == 0) {
        uh_text_add(text, "\xef\xbf\xbd"); /* U+FFFD */
    } else if ((unsigned char)*character < ' ') {
        uh_text_add(text, "\\u");
        uh_text_hex(text, (unsigned char)*character, 4);
    } else {
        uh_text_add(text, *character == '"' || *character == '\\' ? "\\" : "");
        uh_text_bytes(text, character, len);
    }
}

void uh_text_json(uh_text_t *text, const char *string)
{
    uh_text_add(text, "\"");
    while (*string != '\0') {
        size_t len = character_len(string);
        json_character(text, string, len);
        string += len > 0 ? len : 1;
    }
    uh_text_add(text, "\"");
}

/* SPDX-License-Identifier: MIT */
#include "http/text.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

/* --- token -------------------------------------------------------------------------------------------------------- */

static bool is_alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool uh_token_char(char c)
{
    return is_alphanumeric(c) || (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

bool uh_url_char(char c)
{
    return is_alphanumeric(c) || (c != '\0' && strchr("-._~!$&'()*+,;=", c) != NULL);
}

size_t uh_token_len(const char *text)
{
    size_t len = 0;
    while (uh_token_char(text[len])) {
        len++;
    }
    return len;
}

bool uh_token_valid(const char *text)
{
    size_t len = uh_token_len(text);
    return len > 0 && text[len] == '\0';
}

bool uh_token_list_valid(const char *list)
{
    for (;;) {
        size_t len = uh_token_len(list);
        if (len == 0) {
            return false;
        }
        list = uh_text_skip_blank(list + len);
        if (*list == '\0') {
            return true;
        }
        if (*list != ',') {
            return false;
        }
        list = uh_text_skip_blank(list + 1);
    }
}

bool uh_field_char(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte == '\t' || (byte >= ' ' && byte != 0x7f);
}

bool uh_field_valid(const char *text)
{
    while (*text != '\0' && uh_field_char(*text)) {
        text++;
    }
    return *text == '\0';
}

bool uh_text_is(const char *text, size_t len, const char *word)
{
    return len == strlen(word) && strncasecmp(text, word, len) == 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

const char *uh_text_skip_blank(const char *text)
{
    while (is_blank(*text)) {
        text++;
    }
    return text;
}

void uh_text_trim(const char **text, size_t *len)
{
    while (*len > 0 && is_blank(**text)) {
        ++*text;
        --*len;
    }
    while (*len > 0 && is_blank((*text)[*len - 1])) {
        --*len;
    }
}

int uh_hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

size_t uh_percent_decode(const char *text, size_t len, char *c)
{
    *c = text[0];
    if (text[0] != '%') {
        return 1;
    }
    int high = len >= 3 ? uh_hex_digit(text[1]) : -1;
    int low = high >= 0 ? uh_hex_digit(text[2]) : -1;
    if (low < 0) {
        return 0;
    }
    *c = (char)(high << 4 | low);
    return 3;
}

size_t uh_base64_len(const char *text)
{
    return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
}

bool uh_token_in_list(const char *list, const char *token, bool ignore_case)
{
    static const char between[] = ", \t";
    int (*compare)(const char *, const char *, size_t) = ignore_case ? strncasecmp : strncmp;
    size_t token_len = strlen(token);
    for (list += strspn(list, between); *list != '\0'; list += strspn(list, between)) {
        size_t len = strcspn(list, ","), trimmed = len;
        uh_text_trim(&list, &trimmed);
        if (trimmed == token_len && compare(list, token, token_len) == 0) {
            return true;
        }
        list += len;
    }
    return false;
}

/* --- number ------------------------------------------------------------------------------------------------------- */

bool uh_decimal_read(const char **text, uint64_t *number)
{
    const char *at = *text;
    *number = 0;
    for (; *at >= '0' && *at <= '9'; at++) {
        unsigned digit = (unsigned)(*at - '0');
        *number = *number > (UINT64_MAX - digit) / 10 ? UINT64_MAX : *number * 10 + digit;
    }
    bool found = at != *text;
    *text = at;
    return found;
}

/* --- utf8 --------------------------------------------------------------------------------------------------------- */

/* A state: how many bytes of the character are missing, and the bounds of the next one. */
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

bool uh_utf8_is_whole(const char *text, size_t len)
{
    uint32_t state = UH_UTF8_WHOLE;
    return uh_utf8_check_piece(&state, (const uint8_t *)text, len) && state == UH_UTF8_WHOLE;
}

/* --- secret ------------------------------------------------------------------------------------------------------- */

bool uh_secret_equals(const char *given, const char *secret)
{
    size_t given_len = strlen(given);
    size_t secret_len = strlen(secret);
    volatile unsigned char difference = given_len != secret_len;
    for (size_t i = 0; i < given_len; i++) {
        /* Beyond its end, the secret is taken to consist of its NUL. */
        unsigned char expected = (unsigned char)secret[i < secret_len ? i : secret_len];
        difference = (unsigned char)(difference | ((unsigned char)given[i] ^ expected));
    }
    return difference == 0;
}

bool uh_secret_is_authorization(const char *given, const char *wanted)
{
    size_t scheme = strcspn(wanted, " ");
    return strcspn(given, " ") == scheme && strncasecmp(given, wanted, scheme) == 0 &&
           uh_secret_equals(given + scheme, wanted + scheme);
}

/* --- composing ---------------------------------------------------------------------------------------------------- */

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

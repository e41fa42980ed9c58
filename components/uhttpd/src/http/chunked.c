/* SPDX-License-Identifier: MIT */
#include "http/chunked.h"

#include <string.h>

#include "http/text.h"

#define MAX_SIZE_DIGITS 16 /* as many as uint64_t holds */
#define MAX_SIZE INT64_MAX /* no counter of bytes that follows holds more */

enum {
    SIZE,
    BEFORE_EXTENSION, /* white space after the size: only an extension may follow */
    EXTENSION,
    QUOTED,  /* in a string of an extension, which ends in the same line */
    ESCAPED, /* behind a backslash in it */
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER, /* at the start of a line */
    TRAILER_NAME,
    TRAILER_VALUE,
    TRAILER_LF,
    END_LF,
    ENDED,
    MALFORMED,
};

void uh_chunked_init(uh_chunked_t *decoder)
{
    *decoder = (uh_chunked_t) {.state = SIZE};
}

static uint8_t after_size(uh_chunked_t *decoder, char c)
{
    int value = uh_hex_digit(c);
    if (value >= 0) {
        decoder->left = decoder->left << 4 | (unsigned)value;
        return ++decoder->digits <= MAX_SIZE_DIGITS && decoder->left <= MAX_SIZE ? SIZE : MALFORMED;
    }
    if (decoder->digits == 0) {
        return MALFORMED;
    }
    switch (c) {
    case '\r':
        return SIZE_LF;
    case ';':
        return EXTENSION;
    case ' ':
    case '\t':
        return BEFORE_EXTENSION;
    default:
        return MALFORMED;
    }
}

static uint8_t chunked_expect(char c, char expected, uint8_t next)
{
    return c == expected ? next : MALFORMED;
}

static uint8_t after_trailer_start(char c)
{
    if (c == '\r') {
        return END_LF;
    }
    return uh_token_char(c) ? TRAILER_NAME : MALFORMED;
}

static uint8_t after_trailer_name(char c)
{
    if (c == ':') {
        return TRAILER_VALUE;
    }
    return uh_token_char(c) ? TRAILER_NAME : MALFORMED;
}

/* Extensions and trailer values are passed over (RFC 9112 sections 7.1.1 and 7.1.2), once they are known to be text. */
static uint8_t after_text(char c, uint8_t text, uint8_t end)
{
    if (c == '\r') {
        return end;
    }
    return uh_field_char(c) ? text : MALFORMED;
}

static uint8_t after_extension(char c)
{
    return c == '"' ? QUOTED : after_text(c, EXTENSION, SIZE_LF);
}

static uint8_t after_quoted(char c)
{
    if (c == '"') {
        return EXTENSION;
    }
    return c == '\\' ? ESCAPED : after_text(c, QUOTED, MALFORMED);
}

/* The state after one byte that is no data. */
static uint8_t chunked_step(uh_chunked_t *decoder, char c)
{
    switch (decoder->state) {
    case SIZE:
        return after_size(decoder, c);
    case BEFORE_EXTENSION:
        return c == ' ' || c == '\t' ? BEFORE_EXTENSION : chunked_expect(c, ';', EXTENSION);
    case EXTENSION:
        return after_extension(c);
    case QUOTED:
        return after_quoted(c);
    case ESCAPED:
        return after_text(c, QUOTED, MALFORMED);
    case SIZE_LF:
        return chunked_expect(c, '\n', decoder->left > 0 ? DATA : TRAILER);
    case DATA_CR:
        return chunked_expect(c, '\r', DATA_LF);
    case DATA_LF:
        decoder->digits = 0;
        return chunked_expect(c, '\n', SIZE);
    case TRAILER:
        return after_trailer_start(c);
    case TRAILER_NAME:
        return after_trailer_name(c);
    case TRAILER_VALUE:
        return after_text(c, TRAILER_VALUE, TRAILER_LF);
    case TRAILER_LF:
        return chunked_expect(c, '\n', TRAILER);
    case END_LF:
        return chunked_expect(c, '\n', ENDED);
    default:
        return MALFORMED;
    }
}

static bool is_passed_over(uint8_t state)
{
    bool extension = state >= BEFORE_EXTENSION && state <= ESCAPED;
    return extension || state == TRAILER_NAME || state == TRAILER_VALUE;
}

int uh_chunked_decode(uh_chunked_t *decoder, uint8_t *buf, size_t *len, size_t *used)
{
    size_t size = *len;
    *len = 0;
    *used = 0;
    while (decoder->state != ENDED && decoder->state != MALFORMED && *used < size) {
        if (decoder->state == DATA) {
            size_t piece = size - *used < decoder->left ? size - *used : (size_t)decoder->left;
            memmove(buf + *len, buf + *used, piece);
            *len += piece;
            *used += piece;
            decoder->left -= piece;
            decoder->state = decoder->left > 0 ? DATA : DATA_CR;
            continue;
        }
        decoder->state = chunked_step(decoder, (char)buf[(*used)++]);
        if (is_passed_over(decoder->state) && ++decoder->line > UH_CHUNKED_MAX_LINES) {
            decoder->state = MALFORMED;
        }
    }
    if (decoder->state == MALFORMED) {
        return -1;
    }
    return decoder->state == ENDED;
}

/* The shortest end of a body in the state: "0\r\n\r\n" ends it after a chunk. */
static uint64_t shortest_end(const uh_chunked_t *decoder)
{
    bool last = decoder->left == 0;
    switch (decoder->state) {
    case SIZE:
        if (decoder->digits == 0) {
            return strlen("0\r\n\r\n");
        }
        return last ? strlen("\r\n\r\n") : strlen("\r\n") + decoder->left + strlen("\r\n0\r\n\r\n");
    case BEFORE_EXTENSION:
    case EXTENSION:
    case QUOTED:
    case ESCAPED:
        return last ? strlen("\r\n\r\n") : strlen("\r\n") + decoder->left + strlen("\r\n0\r\n\r\n");
    case SIZE_LF:
        return last ? strlen("\n\r\n") : strlen("\n") + decoder->left + strlen("\r\n0\r\n\r\n");
    case DATA:
        return decoder->left + strlen("\r\n0\r\n\r\n");
    case DATA_CR:
        return strlen("\r\n0\r\n\r\n");
    case DATA_LF:
        return strlen("\n0\r\n\r\n");
    case TRAILER:
        return strlen("\r\n");
    case TRAILER_NAME:
    case TRAILER_VALUE:
        return strlen("\r\n\r\n");
    case TRAILER_LF:
        return strlen("\n\r\n");
    default:
        return 1;
    }
}

size_t uh_chunked_safe_read(const uh_chunked_t *decoder)
{
    uint64_t end = shortest_end(decoder);
    return end < SIZE_MAX ? (size_t)end : SIZE_MAX;
}

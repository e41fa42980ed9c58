/* SPDX-License-Identifier: MIT */
#include "wire_text.h"

#include "py/misc.h"
#include "py/objstr.h"
#include "py/runtime.h"

#define REPLACEMENT 0xfffd
#define INVALID UINT32_MAX

typedef struct {
    const byte *at;
    const byte *end;
} wire_reader_t;

static unsigned wire_tails(byte lead)
{
    return lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
}

/* Reads a character, or half of one: those are in the range of surrogates. */
static uint32_t wire_next(wire_reader_t *reader)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    byte lead = *reader->at++;
    unsigned tails = wire_tails(lead);
    if (tails == 0) {
        return lead < 0x80 ? lead : INVALID;
    }
    uint32_t code = lead & (0x3fu >> tails);
    const byte *at = reader->at;
    for (unsigned i = 0; i < tails; i++, at++) {
        if (at == reader->end || (*at & 0xc0) != 0x80) {
            return INVALID;
        }
        code = code << 6 | (*at & 0x3f);
    }
    if (code < least[tails] || code > 0x10ffff) {
        return INVALID;
    }
    reader->at = at;
    return code;
}

static bool wire_is_half(uint32_t code)
{
    return (code & 0xfffff800) == 0xd800;
}

static bool wire_is_clean(const byte *text, size_t len)
{
    wire_reader_t reader = {text, text + len};
    while (reader.at < reader.end) {
        uint32_t code = wire_next(&reader);
        if (code == INVALID || wire_is_half(code)) {
            return false;
        }
    }
    return true;
}

/* The character of two halves. @return REPLACEMENT: the second one is none */
static uint32_t wire_joined(uint32_t first, wire_reader_t *reader)
{
    wire_reader_t ahead = *reader;
    uint32_t second = ahead.at < ahead.end ? wire_next(&ahead) : INVALID;
    if ((first & 0xfc00) != 0xd800 || (second & 0xfffffc00) != 0xdc00) {
        return REPLACEMENT;
    }
    *reader = ahead;
    return 0x10000 + ((first & 0x3ff) << 10) + (second & 0x3ff);
}

mp_obj_t glue_wire_text(mp_obj_t str)
{
    size_t len;
    const byte *text = (const byte *)mp_obj_str_get_data(str, &len);
    if (wire_is_clean(text, len)) {
        return str;
    }
    vstr_t clean;
    vstr_init(&clean, len + 8);
    wire_reader_t reader = {text, text + len};
    while (reader.at < reader.end) {
        uint32_t code = wire_next(&reader);
        code = code == INVALID ? REPLACEMENT : wire_is_half(code) ? wire_joined(code, &reader) : code;
        vstr_add_char(&clean, code);
    }
    return mp_obj_new_str_from_utf8_vstr(&clean);
}

/* SPDX-License-Identifier: MIT */
/* Text for URLs and for HTML. */
#include "uhttpd_internal.h"

#include <string.h>

#include "py/objstr.h"
#include "py/runtime.h"

#include "uhttpd_query.h"
#include "wire_text.h"

/* Halves of characters, which a str may hold, are what no peer takes. Bytes are left as they are. */
static mp_buffer_info_t clean_text(const mp_buffer_info_t *text)
{
    const byte *bytes = text->buf;
    for (size_t i = 0; i + 1 < text->len; i++) {
        if (bytes[i] == 0xed && bytes[i + 1] >= 0xa0) {
            mp_buffer_info_t clean;
            mp_get_buffer_raise(glue_wire_text(mp_obj_new_str_copy(&mp_type_str, bytes, text->len)), &clean,
                                MP_BUFFER_READ);
            return clean;
        }
    }
    return *text;
}

static bool is_kept(byte c, const char *safe)
{
    return unichar_isalpha(c) || unichar_isdigit(c) || (c && c < 0x80 && (strchr("_.-~", c) || strchr(safe, c)));
}

mp_obj_t py_uhttpd_quote(const mp_buffer_info_t *text, const char *safe)
{
    const mp_buffer_info_t clean = clean_text(text);
    vstr_t quoted;
    vstr_init(&quoted, clean.len + 8);
    for (size_t i = 0; i < clean.len; i++) {
        byte c = ((const byte *)clean.buf)[i];
        if (is_kept(c, safe)) {
            vstr_add_byte(&quoted, c);
        } else {
            vstr_printf(&quoted, "%%%02X", c);
        }
    }
    return mp_obj_new_str_from_vstr(&quoted);
}

static mp_obj_t without_escapes(const mp_buffer_info_t *text, bool plus)
{
    const uhttpd_param_t param = {.value = text->buf, .len = text->len};
    vstr_t plain;
    vstr_init_len(&plain, text->len);
    size_t len = plus ? uhttpd_query_decode(text->buf, text->len, plain.buf) : uhttpd_param_decode(&param, plain.buf);
    return glue_text_object(plain.buf, len);
}

mp_obj_t py_uhttpd_unquote(const mp_buffer_info_t *text)
{
    return without_escapes(text, false);
}

mp_obj_t py_uhttpd_unquote_plus(const mp_buffer_info_t *text)
{
    return without_escapes(text, true);
}

static const char *entity_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#x27;";
    default:
        return NULL;
    }
}

mp_obj_t py_uhttpd_escape(const mp_buffer_info_t *text)
{
    const mp_buffer_info_t clean = clean_text(text);
    vstr_t escaped;
    vstr_init(&escaped, clean.len + 8);
    for (size_t i = 0; i < clean.len; i++) {
        char c = ((const char *)clean.buf)[i];
        const char *entity = entity_of(c);
        if (entity) {
            vstr_add_str(&escaped, entity);
        } else {
            vstr_add_byte(&escaped, (byte)c);
        }
    }
    return glue_text_object(escaped.buf, escaped.len);
}

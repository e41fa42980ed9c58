/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "py/objlist.h"
#include "py/runtime.h"

#include "uhttpd_internal.h"
#include "uhttpd_settings.h"

/* --- what Server() was given -------------------------------------------------------------------------------------- */

static const char *checked_header(mp_obj_t auth)
{
    const char *header = bindgen_text(MP_QSTR_auth, auth, BINDGEN_TEXT, BINDGEN_ONE_LINE);
    if (!uhttpd_is_basic_auth(header)) {
        mp_raise_ValueError(MP_ERROR_TEXT("auth must be the header value: 'Basic ' and the base64 of user:password, "
                                          "such as b'Basic YW5zd2VyOjQy'; or (user, password)"));
    }
    return header;
}

/* RFC 7617: what is before the first colon is the user. */
static mp_obj_t header_of_pair(mp_obj_t pair)
{
    size_t len;
    mp_obj_t *items;
    mp_obj_get_array(pair, &len, &items);
    if (len != 2) {
        mp_raise_TypeError(MP_ERROR_TEXT("auth must be (user, password), both of them text"));
    }
    const char *user = bindgen_text(MP_QSTR_auth, items[0], BINDGEN_TEXT, BINDGEN_ONE_LINE);
    const char *password = bindgen_text(MP_QSTR_auth, items[1], BINDGEN_TEXT, BINDGEN_ONE_LINE);
    if (strchr(user, ':') || !*password) {
        mp_raise_ValueError(MP_ERROR_TEXT("auth: a user has no ':', and a password is not empty"));
    }
    vstr_t text;
    vstr_init(&text, 64);
    vstr_printf(&text, "%s:%s", user, password);
    mp_obj_t binascii = mp_import_name(MP_QSTR_binascii, mp_const_none, MP_OBJ_NEW_SMALL_INT(0));
    mp_obj_t base64 = mp_call_function_1(mp_load_attr(binascii, MP_QSTR_b2a_base64), mp_obj_new_bytes_from_vstr(&text));
    mp_buffer_info_t line;
    mp_get_buffer_raise(base64, &line, MP_BUFFER_READ);
    vstr_init(&text, 64);
    vstr_printf(&text, "Basic %.*s", (int)line.len - 1, (const char *)line.buf); /* without its line break */
    return mp_obj_new_str_from_vstr(&text);
}

static const char *basic_header(mp_obj_t auth)
{
    mp_buffer_info_t value;
    if (bindgen_is_list(auth)) {
        return mp_obj_str_get_str(header_of_pair(auth));
    }
    if (auth == mp_const_none || !mp_get_buffer(auth, &value, MP_BUFFER_READ)) {
        mp_raise_TypeError(MP_ERROR_TEXT("auth must be the header value, such as b'Basic YW5zd2VyOjQy'"));
    }
    return checked_header(auth);
}

void glue_access_configure(uhttpd_config_t *config, mp_int_t acl, mp_obj_t auth)
{
    acl = acl == PY_UHTTPD_AUTH_OPEN && bindgen_is_list(auth) ? PY_UHTTPD_AUTH_BASIC : acl;
    switch (acl) {
    case PY_UHTTPD_AUTH_BASIC:
        config->basic_auth = basic_header(auth);
        break;
    case PY_UHTTPD_AUTH_CUSTOM:
        if (!mp_obj_is_callable(auth)) {
            mp_raise_TypeError(MP_ERROR_TEXT("auth must be a function"));
        }
        config->auth = glue_callback_authorize;
        break;
    default:
        if (auth != mp_const_none) {
            mp_raise_ValueError(MP_ERROR_TEXT("auth needs acl=AUTH_BASIC or AUTH_CUSTOM"));
        }
    }
}

mp_obj_t glue_access_of_route(mp_obj_t auth)
{
    mp_buffer_info_t value;
    if (auth == mp_const_none || auth == mp_const_false || mp_obj_is_callable(auth)) {
        return auth;
    }
    if (bindgen_is_list(auth)) {
        return header_of_pair(auth);
    }
    if (!mp_get_buffer(auth, &value, MP_BUFFER_READ)) {
        mp_raise_TypeError(MP_ERROR_TEXT("auth must be (user, password), a function, the header value, or False"));
    }
    const char *header = checked_header(auth);
    return mp_obj_new_str(header, strlen(header));
}

#define MOST_HEADERS UINT8_MAX

void glue_access_headers(uhttpd_config_t *config, mp_obj_t headers)
{
    uhttpd_response_t every = {0};
    glue_response_headers(&every, headers);
    if (every.header_count > MOST_HEADERS) {
        mp_raise_ValueError(MP_ERROR_TEXT("headers: too many"));
    }
    for (size_t i = 0; i < every.header_count; i++) {
        const char *fault = uhttpd_header_fault(every.headers[i].name, every.headers[i].value);
        if (fault) {
            mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("headers: %s %s"), every.headers[i].name, fault);
        }
    }
    config->headers = every.headers;
    config->header_count = (uint8_t)every.header_count;
}

const char *const *glue_access_origins(mp_obj_t items)
{
    const char *const *origins = glue_access_list(MP_QSTR_origins, items);
    for (const char *const *origin = origins; origin && *origin; origin++) {
        if (!uhttpd_is_origin(*origin)) {
            mp_raise_msg_varg(&mp_type_ValueError,
                              MP_ERROR_TEXT("origins: '%s' is none; write scheme://host or scheme://host:port "
                                            "without a path, or 'null'"),
                              *origin);
        }
    }
    return origins;
}

const char *const *glue_access_list(qstr name, mp_obj_t items)
{
    if (items == mp_const_none) {
        return NULL;
    }
    size_t len;
    mp_obj_t *item;
    if (mp_obj_is_str(items)) { /* it can be iterated over, but its letters are never meant */
        mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("%q must be a list of str"), name);
    }
    mp_obj_list_get(mp_call_function_1(MP_OBJ_FROM_PTR(&mp_type_list), items), &len, &item);
    const char **texts = m_new(const char *, len + 1);
    for (size_t i = 0; i < len; i++) {
        texts[i] = bindgen_text(name, item[i], BINDGEN_STR, BINDGEN_ONE_LINE);
    }
    texts[len] = NULL;
    return texts;
}

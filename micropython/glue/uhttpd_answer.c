/* SPDX-License-Identifier: MIT */
#include "uhttpd_internal.h"

#include <stdlib.h>
#include <string.h>

#include "py/runtime.h"

#include "utf8_text.h"

/* --- Response ----------------------------------------------------------------------------------------------------- */

/* Several values of one name are a list, in their order. */
static void response_add_header(mp_obj_t headers, const char *name, mp_obj_t value)
{
    mp_map_t *map = mp_obj_dict_get_map(headers);
    mp_map_elem_t *place = mp_map_lookup(map, mp_obj_new_str(name, strlen(name)), MP_MAP_LOOKUP_ADD_IF_NOT_FOUND);
    if (place->value == MP_OBJ_NULL) {
        place->value = value;
        return;
    }
    if (!mp_obj_is_type(place->value, &mp_type_list)) {
        place->value = mp_obj_new_list(1, &place->value);
    }
    mp_obj_list_append(place->value, value);
}

/* A header need not be UTF-8. */
static mp_obj_t header_value(const char *value)
{
    size_t len = strlen(value);
    return glue_is_utf8(value, len) ? mp_obj_new_str(value, len) : mp_obj_new_bytes((const byte *)value, len);
}

static mp_obj_t dict_of(mp_obj_t given)
{
    uhttpd_response_t checked = {0};
    glue_response_headers(&checked, given);
    mp_obj_t headers = mp_obj_new_dict(checked.header_count);
    mp_obj_dict_get_map(headers)->is_ordered = 1; /* they are sent as they were given */
    for (size_t i = 0; i < checked.header_count; i++) {
        response_add_header(headers, checked.headers[i].name, header_value(checked.headers[i].value));
    }
    return headers;
}

mp_obj_t py_uhttpd_response_new(mp_obj_t body, mp_obj_t status, mp_obj_t headers, const char *mime)
{
    glue_response_status(status); /* raises what is wrong */
    py_uhttpd_response_t *self = mp_obj_malloc(py_uhttpd_response_t, &py_uhttpd_response_type);
    self->body = body;
    self->status = status;
    self->headers = dict_of(headers);
    self->mime = mime;
    self->sent = false;
    return MP_OBJ_FROM_PTR(self);
}

mp_obj_t py_uhttpd_response_body(py_uhttpd_response_t *self)
{
    return self->body;
}

mp_obj_t py_uhttpd_response_headers(py_uhttpd_response_t *self)
{
    return self->headers;
}

/* Without a status a body of None says that there is none. */
int64_t py_uhttpd_response_status_code(py_uhttpd_response_t *self)
{
    const char *status = glue_response_status(self->status);
    return status ? strtol(status, NULL, 10) : self->body == mp_const_none && !self->sent ? 204 : self->sent ? 0 : 200;
}

/* --- cookies ------------------------------------------------------------------------------------------------------ */

/* @param none  characters that are not allowed besides those that are not visible */
static void cookie_check(qstr argument, const char *text, const char *none)
{
    bool valid = true;
    for (const char *at = text; *at; at++) {
        valid = valid && *at > ' ' && *at < 0x7f && !strchr(none, *at);
    }
    if (!valid) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%q has a character that cookies cannot have there"),
                          argument);
    }
}

static void cookie_check_samesite(const char *samesite, bool secure)
{
    bool is_none = samesite && strcmp(samesite, "None") == 0;
    if (samesite && !is_none && strcmp(samesite, "Lax") != 0 && strcmp(samesite, "Strict") != 0) {
        mp_raise_ValueError(MP_ERROR_TEXT("samesite must be 'Lax', 'Strict' or 'None'"));
    }
    if (is_none && !secure) {
        mp_raise_ValueError(MP_ERROR_TEXT("samesite: browsers take 'None' only with secure=True"));
    }
}

static void cookie_check_all(const py_uhttpd_response_set_cookie_args_t *args)
{
    if (!args->name[0]) {
        mp_raise_ValueError(MP_ERROR_TEXT("name must not be empty"));
    }
    cookie_check(MP_QSTR_name, args->name, "()<>@,;:\\\"/[]?={}");
    cookie_check(MP_QSTR_value, args->value, "\",;\\");
    cookie_check(MP_QSTR_path, args->path ? args->path : "", ";");
    cookie_check_samesite(args->samesite, args->secure);
}

void py_uhttpd_response_set_cookie(py_uhttpd_response_t *self, const py_uhttpd_response_set_cookie_args_t *args)
{
    cookie_check_all(args);
    if (self->sent) {
        mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("the response has been sent already"));
    }
    vstr_t text;
    vstr_init(&text, 64);
    vstr_printf(&text, "%s=%s", args->name, args->value);
    if (args->max_age != mp_const_none) {
        vstr_printf(&text, "; Max-Age=%d", (int)mp_obj_get_int(args->max_age));
    }
    if (args->path) {
        vstr_printf(&text, "; Path=%s", args->path);
    }
    if (args->samesite) {
        vstr_printf(&text, "; SameSite=%s", args->samesite);
    }
    vstr_printf(&text, "%s%s", args->secure ? "; Secure" : "", args->httponly ? "; HttpOnly" : "");
    response_add_header(self->headers, "Set-Cookie", mp_obj_new_str_from_vstr(&text));
}

/* --- functions ---------------------------------------------------------------------------------------------------- */

mp_obj_t py_uhttpd_redirect(const char *url, mp_int_t status)
{
    py_uhttpd_response_t *self = MP_OBJ_TO_PTR(
        py_uhttpd_response_new(MP_OBJ_NEW_QSTR(MP_QSTR_), MP_OBJ_NEW_SMALL_INT(status), mp_const_none, NULL));
    response_add_header(self->headers, "Location", mp_obj_new_str(url, strlen(url)));
    return MP_OBJ_FROM_PTR(self);
}

void py_uhttpd_abort(mp_int_t status, const char *text)
{
    const mp_obj_t args[] = {MP_OBJ_NEW_SMALL_INT(status), text ? mp_obj_new_str(text, strlen(text)) : mp_const_none};
    nlr_raise(mp_obj_new_exception_args(&py_uhttpd_httpexception_type, MP_ARRAY_SIZE(args), args));
}

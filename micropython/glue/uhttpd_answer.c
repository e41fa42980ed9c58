/* SPDX-License-Identifier: MIT */
#include "uhttpd_internal.h"

#include <string.h>

#include "py/runtime.h"

/* --- Response ----------------------------------------------------------------------------------------------------- */

static void response_add_header(py_uhttpd_response_t *self, const char *name, mp_obj_t value)
{
    const mp_obj_t pair[] = {mp_obj_new_str(name, strlen(name)), value};
    mp_obj_list_append(self->headers, mp_obj_new_tuple(MP_ARRAY_SIZE(pair), pair));
}

static mp_obj_t pairs_of(mp_obj_t headers)
{
    uhttpd_response_t checked = {0};
    glue_response_headers(&checked, headers);
    mp_obj_t pairs = mp_obj_new_list(0, NULL);
    for (size_t i = 0; i < checked.header_count; i++) {
        const uhttpd_header_t *header = &checked.headers[i];
        const mp_obj_t pair[] = {mp_obj_new_str(header->name, strlen(header->name)),
                                 mp_obj_new_bytes((const byte *)header->value, strlen(header->value))};
        mp_obj_list_append(pairs, mp_obj_new_tuple(MP_ARRAY_SIZE(pair), pair));
    }
    return pairs;
}

mp_obj_t py_uhttpd_response_new(mp_obj_t body, mp_obj_t status, mp_obj_t headers, const char *mime)
{
    glue_response_status(status); /* raises what is wrong */
    py_uhttpd_response_t *self = mp_obj_malloc(py_uhttpd_response_t, &py_uhttpd_response_type);
    self->body = body;
    self->status = status;
    self->headers = pairs_of(headers);
    self->mime = mime;
    return MP_OBJ_FROM_PTR(self);
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
    response_add_header(self, "Set-Cookie", mp_obj_new_str_from_vstr(&text));
}

/* --- functions ---------------------------------------------------------------------------------------------------- */

mp_obj_t py_uhttpd_redirect(const char *url, mp_int_t status)
{
    py_uhttpd_response_t *self = MP_OBJ_TO_PTR(
        py_uhttpd_response_new(MP_OBJ_NEW_QSTR(MP_QSTR_), MP_OBJ_NEW_SMALL_INT(status), mp_const_none, NULL));
    response_add_header(self, "Location", mp_obj_new_str(url, strlen(url)));
    return MP_OBJ_FROM_PTR(self);
}

void py_uhttpd_abort(mp_int_t status, const char *text)
{
    const mp_obj_t args[] = {MP_OBJ_NEW_SMALL_INT(status), text ? mp_obj_new_str(text, strlen(text)) : mp_const_none};
    nlr_raise(mp_obj_new_exception_args(&py_uhttpd_httpexception_type, MP_ARRAY_SIZE(args), args));
}

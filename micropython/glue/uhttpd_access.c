/* SPDX-License-Identifier: MIT */
#include "py/objlist.h"
#include "py/runtime.h"

#include "uhttpd_internal.h"
#include "uhttpd_settings.h"

/* --- what Server() was given -------------------------------------------------------------------------------------- */

static const char *basic_header(mp_obj_t auth)
{
    mp_buffer_info_t value;
    if (auth == mp_const_none || !mp_get_buffer(auth, &value, MP_BUFFER_READ)) {
        mp_raise_TypeError(MP_ERROR_TEXT("auth must be the header value, such as b'Basic YW5zd2VyOjQy'"));
    }
    const char *header = bindgen_text(MP_QSTR_auth, auth, BINDGEN_TEXT, BINDGEN_ONE_LINE);
    if (!uhttpd_is_basic_auth(header)) {
        mp_raise_ValueError(MP_ERROR_TEXT("auth must be the header value: 'Basic ' and the base64 of user:password, "
                                          "such as b'Basic YW5zd2VyOjQy'"));
    }
    return header;
}

void glue_access_configure(uhttpd_config_t *config, mp_int_t acl, mp_obj_t auth)
{
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

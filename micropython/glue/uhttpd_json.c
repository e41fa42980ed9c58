/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "py/runtime.h"

#include "uhttpd_internal.h"
#include "wire_text.h"

static mp_obj_t py_json_call(qstr function, mp_obj_t argument)
{
    mp_obj_t module = mp_import_name(MP_QSTR_json, mp_const_none, MP_OBJ_NEW_SMALL_INT(0));
    return mp_call_function_1(mp_load_attr(module, function), argument);
}

/* The end of a string that begins here. */
static const char *json_string_end(const char *at)
{
    for (at++; *at != '"' && *at != '\0'; at++) {
        at += at[0] == '\\' && at[1] != '\0';
    }
    return at;
}

static bool json_is_word(const char *at, size_t len)
{
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < MP_ARRAY_SIZE(words); i++) {
        if (strlen(words[i]) == len && memcmp(at, words[i], len) == 0) {
            return true;
        }
    }
    return (*at == '-' || unichar_isdigit((byte)*at)) && strspn(at, "0123456789+-.eE") == len;
}

/* The interpreter's json writes what has no form in JSON as repr() does: nan, sets, objects. Between its strings there
 * are only brackets, words and numbers, and an object's bracket is followed by a string. */
static bool json_is_json(const char *at)
{
    static const char signs[] = "[]{}:, ";
    for (size_t len; *at != '\0'; at += len) {
        len = 1;
        if (*at == '"') {
            len = (size_t)(json_string_end(at) - at) + 1;
        } else if (*at == '{' && at[1] != '"' && at[1] != '}') {
            return false;
        } else if (!strchr(signs, *at)) {
            len = strcspn(at, "[]{}:, \"");
            if (!json_is_word(at, len)) {
                return false;
            }
        }
    }
    return true;
}

mp_obj_t glue_json_dumps(mp_obj_t value)
{
    mp_obj_t text = glue_wire_text(py_json_call(MP_QSTR_dumps, value));
    if (!json_is_json(mp_obj_str_get_str(text))) {
        mp_raise_ValueError(MP_ERROR_TEXT("data has a value that JSON does not know, such as nan, a set or an object"));
    }
    return text;
}

mp_obj_t glue_json_loads(mp_obj_t text)
{
    return py_json_call(MP_QSTR_loads, text);
}

bool glue_is_json_data(mp_obj_t data)
{
    return mp_obj_is_dict_or_ordereddict(data) || bindgen_is_list(data) ||
           mp_obj_is_type(data, &py_uhttpd_multidict_type);
}

mp_obj_t glue_data_of(mp_obj_t data)
{
    if (mp_obj_is_str(data)) {
        return glue_wire_text(data);
    }
    return glue_is_json_data(data) ? glue_json_dumps(data) : data;
}

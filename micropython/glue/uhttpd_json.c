/* SPDX-License-Identifier: MIT */
#include "py/runtime.h"

#include "uhttpd_internal.h"

static mp_obj_t py_json_call(qstr function, mp_obj_t argument)
{
    mp_obj_t module = mp_import_name(MP_QSTR_json, mp_const_none, MP_OBJ_NEW_SMALL_INT(0));
    return mp_call_function_1(mp_load_attr(module, function), argument);
}

mp_obj_t glue_json_dumps(mp_obj_t value)
{
    return py_json_call(MP_QSTR_dumps, value);
}

mp_obj_t glue_json_loads(mp_obj_t text)
{
    return py_json_call(MP_QSTR_loads, text);
}

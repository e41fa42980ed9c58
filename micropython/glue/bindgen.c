/* SPDX-License-Identifier: MIT */
#include "bindgen.h"

#include <string.h>

#include "py/objint.h"
#include "py/objstr.h"

#include "wire_text.h"

static size_t bindgen_place_of(const bindgen_signature_t *signature, mp_obj_t keyword)
{
    for (size_t i = 0; i < signature->count; i++) {
        const bindgen_parameter_t *parameter = &signature->parameters[i];
        if (!(parameter->flags & BINDGEN_POSITIONAL_ONLY) && MP_OBJ_NEW_QSTR(parameter->name) == keyword) {
            return i;
        }
    }
    mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("%q() has no argument '%s'"), signature->function,
                      mp_obj_str_get_str(keyword));
}

void bindgen_bind(const bindgen_signature_t *signature, size_t n_args, const mp_obj_t *args, const mp_map_t *keywords,
                  mp_obj_t *given)
{
    if (n_args > signature->positional) {
        mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("%q() takes %d argument%s by position, %d were given"),
                          signature->function, (int)signature->positional, signature->positional == 1 ? "" : "s",
                          (int)n_args);
    }
    for (size_t i = 0; i < signature->count; i++) {
        given[i] = i < n_args ? args[i] : MP_OBJ_NULL;
    }
    for (size_t i = 0; i < keywords->alloc; i++) {
        if (!mp_map_slot_is_filled(keywords, i)) {
            continue;
        }
        size_t place = bindgen_place_of(signature, keywords->table[i].key);
        if (given[place] != MP_OBJ_NULL) {
            mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("%q() got '%q' twice"), signature->function,
                              (qstr)signature->parameters[place].name);
        }
        given[place] = keywords->table[i].value;
    }
    for (size_t i = 0; i < signature->count; i++) {
        if (given[i] == MP_OBJ_NULL && (signature->parameters[i].flags & BINDGEN_REQUIRED)) {
            mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("%q() needs '%q'"), signature->function,
                              (qstr)signature->parameters[i].name);
        }
    }
}

void *bindgen_self(mp_obj_t self, const mp_obj_type_t *type)
{
    if (!mp_obj_is_exact_type(self, type)) {
        mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("self: %q expected"), (qstr)type->name);
    }
    return MP_OBJ_TO_PTR(self);
}

bool bindgen_is_iterable(mp_obj_t value)
{
    nlr_buf_t nlr;
    if (nlr_push(&nlr) != 0) {
        return false;
    }
    mp_getiter(value, NULL);
    nlr_pop();
    return true;
}

static bool is_memory(mp_obj_t value, unsigned kinds)
{
    if (mp_obj_is_str(value)) {
        return false;
    }
    mp_buffer_info_t buffer;
    if ((kinds & BINDGEN_READABLE) == BINDGEN_READABLE) {
        return mp_get_buffer(value, &buffer, MP_BUFFER_READ);
    }
    if (kinds & BINDGEN_BUFFER) {
        return mp_get_buffer(value, &buffer, MP_BUFFER_WRITE);
    }
    return mp_obj_is_exact_type(value, &mp_type_bytes);
}

bool bindgen_is_list(mp_obj_t value)
{
    return mp_obj_is_type(value, &mp_type_list) || mp_obj_is_type(value, &mp_type_tuple);
}

static bool is_one_of(mp_obj_t value, unsigned kinds)
{
    return (kinds & BINDGEN_OBJECT) || ((kinds & BINDGEN_NONE) && value == mp_const_none) ||
           ((kinds & BINDGEN_INT) && mp_obj_is_int(value)) || ((kinds & BINDGEN_STR) && mp_obj_is_str(value)) ||
           ((kinds & BINDGEN_READABLE) && is_memory(value, kinds)) ||
           ((kinds & BINDGEN_DICT) && mp_obj_is_dict_or_ordereddict(value)) ||
           ((kinds & BINDGEN_LIST) && bindgen_is_list(value)) ||
           ((kinds & BINDGEN_CALLABLE) && mp_obj_is_callable(value)) ||
           ((kinds & BINDGEN_ITERABLE) && bindgen_is_iterable(value));
}

static const char *memory_name(unsigned kinds)
{
    if ((kinds & BINDGEN_READABLE) == BINDGEN_READABLE) {
        return "bytes-like";
    }
    return (kinds & BINDGEN_BUFFER) ? "writable buffer" : "bytes";
}

/* "port: int expected", "status: int, str, bytes-like or None expected" */
static _Noreturn void raise_type_error(qstr name, unsigned kinds)
{
    const struct {
        unsigned kind;
        const char *name;
    } all[] = {
        {BINDGEN_INT, "int"},           {BINDGEN_STR, "str"},   {BINDGEN_READABLE, memory_name(kinds)},
        {BINDGEN_DICT, "dict"},         {BINDGEN_LIST, "list"}, {BINDGEN_ITERABLE, "iterable"},
        {BINDGEN_CALLABLE, "callable"}, {BINDGEN_NONE, "None"},
    };
    const char *names[MP_ARRAY_SIZE(all)];
    size_t count = 0;
    for (size_t i = 0; i < MP_ARRAY_SIZE(all); i++) {
        if (kinds & all[i].kind) {
            names[count++] = all[i].name;
        }
    }
    vstr_t list;
    vstr_init(&list, 32);
    for (size_t i = 0; i < count; i++) {
        vstr_add_str(&list, i == 0 ? "" : i + 1 < count ? ", " : " or ");
        vstr_add_str(&list, names[i]);
    }
    mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("%q: %s expected"), name, vstr_null_terminated_str(&list));
}

mp_obj_t bindgen_object(qstr name, mp_obj_t value, unsigned kinds)
{
    if (!is_one_of(value, kinds)) {
        if (kinds == BINDGEN_CALLABLE) {
            mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("%q must be callable"), name);
        }
        raise_type_error(name, kinds);
    }
    return value;
}

bool bindgen_bool(qstr name, mp_obj_t value)
{
    bool is_number = value == MP_OBJ_NEW_SMALL_INT(0) || value == MP_OBJ_NEW_SMALL_INT(1);
    if (!is_number && !mp_obj_is_bool(value)) {
        mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("%q: bool expected"), name);
    }
    return mp_obj_is_true(value);
}

mp_obj_t bindgen_ranged(qstr name, mp_obj_t value, unsigned kinds, mp_int_t low, mp_int_t high)
{
    bindgen_object(name, value, kinds);
    if (mp_obj_is_int(value)) {
        bindgen_int(name, value, low, high);
    }
    return value;
}

/* An int that is too big for C becomes the largest or smallest of C, which is outside every range, or practically
 * unlimited. */
static mp_int_t bindgen_saturated(mp_obj_t value)
{
    mp_int_t number = mp_obj_get_int_truncated(value);
    if (mp_obj_is_small_int(value) || mp_obj_equal(mp_obj_new_int(number), value)) {
        return number;
    }
    return mp_obj_int_sign(value) < 0 ? INTPTR_MIN : INTPTR_MAX;
}

mp_int_t bindgen_int(qstr name, mp_obj_t value, mp_int_t low, mp_int_t high)
{
    mp_int_t number = bindgen_saturated(bindgen_object(name, value, BINDGEN_INT));
    if (number < low || number > high) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%q must be " INT_FMT " to " INT_FMT), name, low, high);
    }
    return number;
}

mp_int_t bindgen_int_such_as(qstr name, mp_obj_t value, const char *example)
{
    if (!mp_obj_is_int(value)) {
        mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("%q: int expected, such as %s"), name, example);
    }
    return bindgen_saturated(value);
}

mp_float_t bindgen_float(qstr name, mp_obj_t value)
{
    mp_float_t number;
    if (mp_obj_is_bool(value) || !mp_obj_get_float_maybe(value, &number)) {
        mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("%q: number expected"), name);
    }
    return number;
}

uint32_t bindgen_milliseconds(qstr name, mp_obj_t value, uint32_t low_ms, uint32_t high_ms, const char *range)
{
    mp_float_t ms = bindgen_float(name, value) * 1000;
    /* written so that a NaN is refused */
    if (!(ms >= (mp_float_t)low_ms && ms <= (mp_float_t)high_ms)) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%q must be %s"), name, range);
    }
    return (uint32_t)(ms + MICROPY_FLOAT_CONST(0.5));
}

const mp_buffer_info_t *bindgen_buffer(qstr name, mp_obj_t value, unsigned kinds, mp_buffer_info_t *buffer)
{
    bindgen_object(name, value, kinds);
    if (value == mp_const_none) {
        return NULL;
    }
    value = mp_obj_is_str(value) ? glue_wire_text(value) : value;
    mp_get_buffer_raise(value, buffer, MP_BUFFER_READ);
    return buffer;
}

mp_obj_t bindgen_writable(qstr name, mp_obj_t value)
{
    mp_buffer_info_t memory;
    bindgen_object(name, value, BINDGEN_BUFFER);
    mp_get_buffer_raise(value, &memory, MP_BUFFER_WRITE);
    return value;
}

static void check_rule(qstr name, const mp_buffer_info_t *text, bindgen_rule_t rule)
{
    const char *bytes = text->buf;
    for (size_t i = 0; i < text->len; i++) {
        if (bytes[i] == '\0' || (rule == BINDGEN_ONE_LINE && (bytes[i] == '\r' || bytes[i] == '\n'))) {
            mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%q must not contain %s"), name,
                              rule == BINDGEN_ONE_LINE ? "CR, LF or NUL" : "NUL");
        }
    }
}

const char *bindgen_text(qstr name, mp_obj_t value, unsigned kinds, bindgen_rule_t rule)
{
    mp_buffer_info_t text;
    if (!bindgen_buffer(name, value, kinds, &text)) {
        return NULL;
    }
    check_rule(name, &text, rule);
    if (mp_obj_is_str_or_bytes(value)) {
        return text.buf; /* MicroPython ends these with NUL */
    }
    char *copy = m_new(char, text.len + 1);
    memcpy(copy, text.buf, text.len);
    copy[text.len] = '\0';
    return copy;
}

mp_obj_t bindgen_new_int(int64_t value)
{
    mp_int_t number = (mp_int_t)value;
    return number == value ? mp_obj_new_int(number) : mp_obj_new_int_from_ll(value);
}

bool bindgen_call(mp_obj_t function, size_t n_args, const mp_obj_t *args, mp_obj_t *result)
{
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        *result = mp_call_function_n_kw(function, n_args, 0, args);
        nlr_pop();
        return true;
    }
    *result = MP_OBJ_FROM_PTR(nlr.ret_val);
    return false;
}

mp_obj_t bindgen_borrow(mp_obj_t name, size_t count, const bindgen_borrowed_t *borrowed)
{
    qstr wanted = mp_obj_str_get_qstr(name);
    for (size_t i = 0; i < count; i++) {
        if (borrowed[i].name == wanted) {
            mp_obj_t module = mp_import_name(borrowed[i].module, mp_const_none, MP_OBJ_NEW_SMALL_INT(0));
            return mp_load_attr(module, wanted);
        }
    }
    return MP_OBJ_NULL;
}

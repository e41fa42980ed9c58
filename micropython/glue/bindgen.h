/* SPDX-License-Identifier: MIT */
#pragma once

#include "py/obj.h"
#include "py/objexcept.h"
#include "py/runtime.h"
#include "py/stream.h"

/**
 * @file
 * Functions for the generated bindings: they bind arguments to parameters, and convert arguments to C.
 *
 * Every function raises a Python exception, with the GIL held, that names the parameter which is wrong: TypeError for a
 * wrong type, ValueError for a wrong value.
 */

typedef enum {
    BINDGEN_REQUIRED = 1 << 0,
    BINDGEN_POSITIONAL_ONLY = 1 << 1,
} bindgen_flags_t;

typedef struct {
    qstr_short_t name;
    uint8_t flags; /* bindgen_flags_t */
} bindgen_parameter_t;

typedef struct {
    const bindgen_parameter_t *parameters;
    qstr_short_t function;
    uint8_t count;
    uint8_t positional; /* how many may be given by position; the rest by keyword only */
} bindgen_signature_t;

/** @brief Puts each argument at the place of its parameter; MP_OBJ_NULL at the places of those that were not given. */
void bindgen_bind(const bindgen_signature_t *signature, size_t n_args, const mp_obj_t *args, const mp_map_t *keywords,
                  mp_obj_t *given);

/** @brief A name that another module has, one in Python. */
typedef struct {
    qstr_short_t name, module;
} bindgen_borrowed_t;

/** @brief What a module's `__getattr__` returns: it imports the other module. MP_OBJ_NULL: no module has that name. */
mp_obj_t bindgen_borrow(mp_obj_t name, size_t count, const bindgen_borrowed_t *borrowed);

/** @brief What an argument may be; a union is several. */
typedef enum {
    BINDGEN_NONE = 1 << 0,
    BINDGEN_INT = 1 << 1,
    BINDGEN_STR = 1 << 2,
    BINDGEN_BYTES = 1 << 3,  /* with BINDGEN_BUFFER: anything that can be read as memory */
    BINDGEN_BUFFER = 1 << 4, /* alone: memory that can be written to */
    BINDGEN_DICT = 1 << 5,
    BINDGEN_ITERABLE = 1 << 6,
    BINDGEN_CALLABLE = 1 << 7,
    BINDGEN_OBJECT = 1 << 8, /* anything */
    BINDGEN_LIST = 1 << 9,   /* a list or a tuple */
} bindgen_kinds_t;

#define BINDGEN_READABLE (BINDGEN_BYTES | BINDGEN_BUFFER)
#define BINDGEN_TEXT (BINDGEN_STR | BINDGEN_READABLE)

/** @brief What a text must not contain. */
typedef enum {
    BINDGEN_WITHOUT_NUL,
    BINDGEN_ONE_LINE, /* neither NUL nor CR nor LF */
} bindgen_rule_t;

/** @brief The object behind `self`. TypeError when @p self is of another type. */
void *bindgen_self(mp_obj_t self, const mp_obj_type_t *type);

bool bindgen_is_iterable(mp_obj_t value);

/** @brief True for a list or a tuple. */
bool bindgen_is_list(mp_obj_t value);

/** @brief A truth value. What is only true in some sense is refused: cors="no" would switch it on. */
bool bindgen_bool(qstr name, mp_obj_t value);

/** @return @p value, which is of one of these kinds. */
mp_obj_t bindgen_object(qstr name, mp_obj_t value, unsigned kinds);

/** @brief As bindgen_object(); an int is also in the range. */
mp_obj_t bindgen_ranged(qstr name, mp_obj_t value, unsigned kinds, mp_int_t low, mp_int_t high);

mp_int_t bindgen_int(qstr name, mp_obj_t value, mp_int_t low, mp_int_t high);

/** @brief An int in any range. @param example  Stands in the message of the TypeError. */
mp_int_t bindgen_int_such_as(qstr name, mp_obj_t value, const char *example);

mp_float_t bindgen_float(qstr name, mp_obj_t value);

/**
 * @param range  How the message calls the range, e.g. "0 to 60 seconds".
 * @return milliseconds of a number of seconds, rounded.
 */
uint32_t bindgen_milliseconds(qstr name, mp_obj_t value, uint32_t low_ms, uint32_t high_ms, const char *range);

/** @return NUL-terminated text, alive as long as a pointer to it is; NULL for None. */
const char *bindgen_text(qstr name, mp_obj_t value, unsigned kinds, bindgen_rule_t rule);

/** @return @p buffer, filled; NULL for None. */
const mp_buffer_info_t *bindgen_buffer(qstr name, mp_obj_t value, unsigned kinds, mp_buffer_info_t *buffer);

/** @brief Memory to write into, as an object: while a thread waits, others may move what a bytearray has. */
mp_obj_t bindgen_writable(qstr name, mp_obj_t value);

/** @return a Python int, a small one where possible: some functions of ports take no other. */
mp_obj_t bindgen_new_int(int64_t value);

/**
 * @brief Calls a function of the user's.
 * @return true and its result in @p result; false and the exception that it raised.
 */
bool bindgen_call(mp_obj_t function, size_t n_args, const mp_obj_t *args, mp_obj_t *result);

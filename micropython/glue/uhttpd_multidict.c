/* SPDX-License-Identifier: MIT */
#include "uhttpd_internal.h"

#include <string.h>

#include "py/objlist.h"
#include "py/objtuple.h"
#include "py/runtime.h"

struct py_uhttpd_multidict {
    mp_obj_base_t base;
    mp_obj_t pairs; /* list of key, value, key, value ... */
    py_uhttpd_request_t *request;
    const char *missing;
};

typedef struct {
    mp_obj_t key, value;
} pair_t;

py_uhttpd_multidict_t *glue_multidict_new(py_uhttpd_request_t *request, const char *missing)
{
    py_uhttpd_multidict_t *self = mp_obj_malloc(py_uhttpd_multidict_t, &py_uhttpd_multidict_type);
    self->pairs = mp_obj_new_list(0, NULL);
    self->request = request;
    self->missing = missing;
    return self;
}

void glue_multidict_add(py_uhttpd_multidict_t *self, mp_obj_t key, mp_obj_t value)
{
    mp_obj_list_append(self->pairs, key);
    mp_obj_list_append(self->pairs, value);
}

static const pair_t *pairs_at(mp_obj_t list, size_t *count)
{
    mp_obj_t *items;
    mp_obj_list_get(list, count, &items);
    *count /= 2;
    return (const pair_t *)items;
}

/* --- one key ------------------------------------------------------------------------------------------------------ */

static bool is_this_key(mp_obj_t key, const char *text)
{
    size_t len;
    const char *own = mp_obj_str_get_data(key, &len);
    return strlen(text) == len && memcmp(own, text, len) == 0;
}

/* @return MP_OBJ_NULL: there is none */
static mp_obj_t first_value(const py_uhttpd_multidict_t *self, const char *key)
{
    size_t count;
    const pair_t *pairs = pairs_at(self->pairs, &count);
    for (size_t i = 0; i < count; i++) {
        if (is_this_key(pairs[i].key, key)) {
            return pairs[i].value;
        }
    }
    return MP_OBJ_NULL;
}

static _Noreturn void raise_missing(const py_uhttpd_multidict_t *self, const char *key)
{
    mp_obj_t name = mp_obj_new_str(key, strlen(key));
    vstr_t text;
    vstr_init(&text, 40);
    vstr_printf(&text, "%s '%s'", self->missing, key);
    glue_request_blame(self->request, mp_obj_new_exception_args(&mp_type_KeyError, 1, &name),
                       mp_obj_new_str_from_vstr(&text));
}

mp_obj_t py_uhttpd_multidict_getitem(py_uhttpd_multidict_t *self, const char *key)
{
    mp_obj_t value = first_value(self, key);
    if (value == MP_OBJ_NULL) {
        raise_missing(self, key);
    }
    return value;
}

bool py_uhttpd_multidict_contains(py_uhttpd_multidict_t *self, mp_obj_t key)
{
    return mp_obj_is_str(key) && first_value(self, mp_obj_str_get_str(key)) != MP_OBJ_NULL;
}

/* @return MP_OBJ_NULL: the type does not take it */
static mp_obj_t converted_value(mp_obj_t value, mp_obj_t type)
{
    if (type == mp_const_none) {
        return value;
    }
    mp_obj_t result;
    if (bindgen_call(type, 1, &value, &result)) {
        return result;
    }
    if (!mp_obj_exception_match(result, MP_OBJ_FROM_PTR(&mp_type_ValueError))) {
        nlr_raise(result);
    }
    return MP_OBJ_NULL;
}

mp_obj_t py_uhttpd_multidict_get(py_uhttpd_multidict_t *self, const char *key, mp_obj_t otherwise, mp_obj_t type)
{
    mp_obj_t value = first_value(self, key);
    value = value != MP_OBJ_NULL ? converted_value(value, type) : MP_OBJ_NULL;
    return value != MP_OBJ_NULL ? value : otherwise;
}

mp_obj_t py_uhttpd_multidict_getlist(py_uhttpd_multidict_t *self, const char *key, mp_obj_t type)
{
    mp_obj_t found = mp_obj_new_list(0, NULL);
    size_t count;
    const pair_t *pairs = pairs_at(self->pairs, &count);
    for (size_t i = 0; i < count; i++) {
        mp_obj_t value = is_this_key(pairs[i].key, key) ? converted_value(pairs[i].value, type) : MP_OBJ_NULL;
        if (value != MP_OBJ_NULL) {
            mp_obj_list_append(found, value);
        }
    }
    return found;
}

/* --- all keys ----------------------------------------------------------------------------------------------------- */

/* The pairs of each key's first value, as a list like that of all. */
static mp_obj_t first_pairs(const py_uhttpd_multidict_t *self)
{
    mp_obj_t first = mp_obj_new_list(0, NULL);
    mp_map_t *seen = mp_obj_dict_get_map(mp_obj_new_dict(0));
    size_t count;
    const pair_t *pairs = pairs_at(self->pairs, &count);
    for (size_t i = 0; i < count; i++) {
        mp_map_elem_t *place = mp_map_lookup(seen, pairs[i].key, MP_MAP_LOOKUP_ADD_IF_NOT_FOUND);
        if (place->value == MP_OBJ_NULL) {
            place->value = mp_const_true;
            mp_obj_list_append(first, pairs[i].key);
            mp_obj_list_append(first, pairs[i].value);
        }
    }
    return first;
}

static mp_obj_t key_of(const pair_t *pair)
{
    return pair->key;
}

static mp_obj_t value_of_pair(const pair_t *pair)
{
    return pair->value;
}

static mp_obj_t tuple_of(const pair_t *pair)
{
    return mp_obj_new_tuple(2, (const mp_obj_t *)pair);
}

static mp_obj_t list_of_pairs(mp_obj_t list, mp_obj_t (*item_of)(const pair_t *pair))
{
    mp_obj_t items = mp_obj_new_list(0, NULL);
    size_t count;
    const pair_t *pairs = pairs_at(list, &count);
    for (size_t i = 0; i < count; i++) {
        mp_obj_list_append(items, item_of(&pairs[i]));
    }
    return items;
}

mp_obj_t py_uhttpd_multidict_keys(py_uhttpd_multidict_t *self)
{
    return list_of_pairs(first_pairs(self), key_of);
}

mp_obj_t py_uhttpd_multidict_values(py_uhttpd_multidict_t *self)
{
    return list_of_pairs(first_pairs(self), value_of_pair);
}

mp_obj_t py_uhttpd_multidict_items(py_uhttpd_multidict_t *self, bool multi)
{
    return list_of_pairs(multi ? self->pairs : first_pairs(self), tuple_of);
}

mp_obj_t py_uhttpd_multidict_iter(py_uhttpd_multidict_t *self)
{
    return mp_getiter(py_uhttpd_multidict_keys(self), NULL);
}

int64_t py_uhttpd_multidict_len(py_uhttpd_multidict_t *self)
{
    size_t count;
    pairs_at(first_pairs(self), &count);
    return (int64_t)count;
}

/* A dict with an order, filled without looking for what is not there. */
mp_obj_t py_uhttpd_multidict_repr(py_uhttpd_multidict_t *self)
{
    mp_obj_t first = first_pairs(self);
    size_t count;
    const pair_t *pairs = pairs_at(first, &count);
    mp_obj_t dict = mp_obj_new_dict(count);
    mp_map_t *map = mp_obj_dict_get_map(dict);
    map->is_ordered = 1;
    map->all_keys_are_qstrs = 0;
    for (; map->used < count; map->used++) {
        map->table[map->used] = (mp_map_elem_t) {pairs[map->used].key, pairs[map->used].value};
    }
    return dict;
}

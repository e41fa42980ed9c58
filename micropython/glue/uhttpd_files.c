/* SPDX-License-Identifier: MIT */
#include "uhttpd_files.h"

#include <string.h>

#include "py/runtime.h"

#include "storage_vfs.h"
#include "uhttpd_internal.h"

_Static_assert((int)PY_UHTTPD_ACL_RO == (int)UHTTPD_ACL_RO && (int)PY_UHTTPD_ACL_WO == (int)UHTTPD_ACL_WO &&
                   (int)PY_UHTTPD_ACL_RW == (int)UHTTPD_ACL_RW,
               "the stub and uhttpd_files.h agree");

/* --- arguments ---------------------------------------------------------------------------------------------------- */

static void check_path(qstr name, const char *path)
{
    if (path && path[0] != '/') {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%q must start with '/'"), name);
    }
}

static void check_prefix(const char *prefix)
{
    check_path(MP_QSTR_prefix, prefix);
    if (prefix && strpbrk(prefix, "*?#")) {
        mp_raise_ValueError(MP_ERROR_TEXT("prefix must not contain '*', '?' or '#'"));
    }
}

static void check_index(const char *index)
{
    if (index && (index[0] == '\0' || strchr(index, '/'))) {
        mp_raise_ValueError(MP_ERROR_TEXT("index must be the name of a file"));
    }
}

/* --- content types ------------------------------------------------------------------------------------------------ */

static const char *extension_of(mp_obj_t key)
{
    const char *extension = bindgen_text(MP_QSTR_types, key, BINDGEN_STR, BINDGEN_ONE_LINE);
    if (extension[0] == '\0' || extension[0] == '.') {
        mp_raise_ValueError(MP_ERROR_TEXT("types must be like {'html': 'text/html'}, without dots in front"));
    }
    return extension;
}

static const char *content_type_of(mp_obj_t value)
{
    return bindgen_text(MP_QSTR_types, value, BINDGEN_STR, BINDGEN_ONE_LINE);
}

/* Turns a dict into the table that C copies, in memory that lives as long as it is on a stack. */
static const uhttpd_mime_t *types_of(mp_obj_t types)
{
    if (types == mp_const_none) {
        return NULL;
    }
    const mp_map_t *map = mp_obj_dict_get_map(types);
    uhttpd_mime_t *array = m_new0(uhttpd_mime_t, map->used + 1);
    size_t count = 0;
    for (size_t i = 0; i < map->alloc; i++) {
        if (mp_map_slot_is_filled(map, i)) {
            array[count].extension = extension_of(map->table[i].key);
            array[count].mime = content_type_of(map->table[i].value);
            count++;
        }
    }
    return array;
}

/* --- methods ------------------------------------------------------------------------------------------------------ */

void py_uhttpd_server_serve(py_uhttpd_server_t *self, const py_uhttpd_server_serve_args_t *args)
{
    check_prefix(args->prefix && args->prefix[0] ? args->prefix : NULL);
    check_path(MP_QSTR_base, args->base);
    check_index(args->index);
    glue_link_t *link = glue_link_running(self);
    const uhttpd_serve_config_t config = {
        .prefix = args->prefix,
        .base = args->base,
        .storage = &glue_storage_vfs,
        .ext_path = args->ext ? self->ext_path : NULL,
        .dirs = args->dirs,
        .index = args->index,
        .cache_control = args->cache_control,
        .types = types_of(args->types),
    };
    glue_raise_route(uhttpd_serve(link->handle, &config));
}

void py_uhttpd_server_receive(py_uhttpd_server_t *self, const py_uhttpd_server_receive_args_t *args)
{
    check_prefix(args->prefix);
    check_path(MP_QSTR_base, args->base);
    if (!args->dynamic && !args->prefix) {
        mp_raise_ValueError(MP_ERROR_TEXT("prefix must be given with dynamic=False"));
    }
    const uhttpd_receive_config_t config = {
        .prefix = args->prefix,
        .base = args->base,
        .storage = &glue_storage_vfs,
        .dynamic = args->dynamic,
        .ext_path = self->ext_path,
        .ext_only = args->extonly,
        .remove = args->delete,
        .max_size = (uint64_t)args->max_size,
    };
    glue_raise_route(uhttpd_receive(glue_link_running(self)->handle, &config));
}

void py_uhttpd_server_file_acl(py_uhttpd_server_t *self, mp_obj_t cb)
{
    glue_link_t *link = glue_link_running(self);
    self->file_acl = cb;
    uhttpd_file_acl(link->handle, cb == mp_const_none ? NULL : glue_worker_file_acl, link);
}

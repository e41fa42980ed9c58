/* SPDX-License-Identifier: MIT */
#include "uhttpd_files.h"

#include <stdio.h>
#include <string.h>

#include "py/runtime.h"

#include "extmod/vfs.h"

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
    if (prefix && strpbrk(prefix, "*?#<>")) {
        mp_raise_ValueError(MP_ERROR_TEXT("prefix must not contain '*', '?', '#', '<' or '>'"));
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

/* --- what is not handed out --------------------------------------------------------------------------------------- */

/* With passwords in them, or the programs of the board. */
static bool is_boards_own(const char *name)
{
    static const char *const names[] = {"boot", "main", "webrepl_cfg"};
    for (size_t i = 0; i < MP_ARRAY_SIZE(names); i++) {
        size_t len = strlen(names[i]);
        if (strncmp(name, names[i], len) == 0 && (strcmp(name + len, ".py") == 0 || strcmp(name + len, ".mpy") == 0)) {
            return true;
        }
    }
    return false;
}

/* For serve() without a base, which shows all that there is: nobody has chosen these files to be read. Without the GIL. */
static int acl_of_root(const char *path, void *ctx)
{
    const glue_link_t *link = ctx;
    const char *name = strrchr(path, '/');
    bool hidden = strstr(path, "/.") || is_boards_own(name ? name + 1 : path);
    return hidden || strcmp(path, link->own_file) == 0 ? UHTTPD_ACL_WO : UHTTPD_ACL_RW;
}

static mp_obj_t own_file_name(void)
{
    mp_map_t *globals = mp_obj_dict_get_map(MP_OBJ_FROM_PTR(mp_globals_get()));
    mp_map_elem_t *file = mp_map_lookup(globals, MP_OBJ_NEW_QSTR(MP_QSTR___file__), MP_MAP_LOOKUP);
    return file && mp_obj_is_str(file->value) ? file->value : mp_const_none;
}

/* The path of the program that calls. Cut if it is too long for a link, which no file is then. */
static void note_own_file(glue_link_t *link)
{
    mp_obj_t file = own_file_name();
    if (file == mp_const_none) {
        return;
    }
    const char *name = mp_obj_str_get_str(file);
    const char *directory = name[0] == '/' ? "" : mp_obj_str_get_str(mp_vfs_getcwd());
    size_t len = strlen(directory);
    bool needs_slash = name[0] != '/' && (len == 0 || directory[len - 1] != '/');
    snprintf(link->own_file, sizeof(link->own_file), "%s%s%s", directory, needs_slash ? "/" : "", name);
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
    if (!args->base && !self->acl_given) {
        note_own_file(link);
        uhttpd_file_acl(link->handle, acl_of_root, link);
    }
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
    self->acl_given = true;
    uhttpd_file_acl(link->handle, cb == mp_const_none ? NULL : glue_callback_file_acl, link);
}

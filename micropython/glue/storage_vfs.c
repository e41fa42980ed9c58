/* SPDX-License-Identifier: MIT */
#include "storage_vfs.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "py/builtin.h"
#include "py/runtime.h"

#include "extmod/vfs.h"
#include "extmod/vfs_fat.h"
#include "lib/oofatfs/ff.h"
#include "shared/timeutils/timeutils.h"

#include "storage_info.h"
#include "storage_operation.h"
#include "storage_port.h"

static const char *joined_path(const char *directory, const char *name, size_t len)
{
    vstr_t path;
    vstr_init(&path, strlen(directory) + len + 2);
    vstr_add_str(&path, directory);
    if (!path.len || path.buf[path.len - 1] != '/') {
        vstr_add_byte(&path, '/');
    }
    vstr_add_strn(&path, name, len);
    return vstr_null_terminated_str(&path);
}

/* --- paths -------------------------------------------------------------------------------------------------------- */

static int vfs_stat(const char *path, uhttpd_file_info_t *info)
{
    return glue_storage_run(glue_storage_stat, &(glue_storage_operation_t) {.path = path, .info = info});
}

static int space_body(glue_storage_operation_t *op)
{
    enum { FRAGMENT = 1, BLOCKS = 2, AVAILABLE = 4, COUNT = 10 };
    mp_obj_t *item;
    mp_obj_get_array_fixed_n(mp_vfs_statvfs(glue_storage_path(op->path)), COUNT, &item);
    uint64_t fragment = glue_storage_number(item[FRAGMENT]);
    op->total = fragment * glue_storage_number(item[BLOCKS]);
    op->at = fragment * glue_storage_number(item[AVAILABLE]);
    return 0;
}

static int vfs_space(const char *path, uint64_t *total, uint64_t *free)
{
    glue_storage_operation_t op = {.path = path};
    int error = glue_storage_run(space_body, &op);
    *total = op.total;
    *free = op.at;
    return error;
}

/* FAT has one error for what is forbidden, a disk that is full and a directory that is not empty. */
int glue_storage_reason_of_denial(const char *path)
{
    glue_storage_operation_t parent = {.path = "/"};
    const char *slash = strrchr(path, '/');
    if (slash && slash != path) {
        parent.path = mp_obj_str_get_str(mp_obj_new_bytes((const byte *)path, (size_t)(slash - path)));
    }
    return glue_storage_protect(space_body, &parent) == 0 && parent.total && parent.at == 0 ? ENOSPC : EACCES;
}

static int make_directory_body(glue_storage_operation_t *op)
{
    mp_vfs_mkdir(glue_storage_path(op->path));
    return 0;
}

static int make_directory_or_say_why(glue_storage_operation_t *op)
{
    int error = glue_storage_protect(make_directory_body, op);
    return error == EACCES ? glue_storage_reason_of_denial(op->path) : error;
}

static int vfs_make_directory(const char *path)
{
    return glue_storage_run(make_directory_or_say_why, &(glue_storage_operation_t) {.path = path});
}

static int remove_body(glue_storage_operation_t *op)
{
    uhttpd_file_info_t info;
    if (glue_storage_look_at(op->path, &info) == 0 && info.is_directory && !glue_storage_port_is_link(op->path)) {
        return EISDIR; /* littlefs would remove it, if it is empty */
    }
    mp_vfs_remove(glue_storage_path(op->path));
    glue_storage_note_change(op->path);
    return 0;
}

static int vfs_remove(const char *path)
{
    return glue_storage_run(remove_body, &(glue_storage_operation_t) {.path = path});
}

static int rename_body(glue_storage_operation_t *op)
{
    uhttpd_file_info_t from;
    uhttpd_file_info_t to;
    int error = glue_storage_look_at(op->path, &from);
    if (error || strcmp(op->path, op->to) == 0) {
        return error; /* FAT would remove it, to make room for itself */
    }
    if (glue_storage_look_at(op->to, &to) == 0 && (from.is_directory || to.is_directory)) {
        return from.is_directory ? EEXIST : EISDIR;
    }
    mp_vfs_rename(glue_storage_path(op->path), glue_storage_path(op->to));
    glue_storage_note_change(op->path);
    glue_storage_note_change(op->to);
    return 0;
}

static int vfs_rename(const char *from, const char *to)
{
    return glue_storage_run(rename_body, &(glue_storage_operation_t) {.path = from, .to = to});
}

/* Paths that begin in the current directory. FAT has no entry "." there. */
static const char *absolute_path(const char *path)
{
    if (*path == '/') {
        return path;
    }
    const char *directory = mp_obj_str_get_str(mp_vfs_getcwd());
    return strcmp(path, ".") == 0 ? directory : joined_path(directory, path, strlen(path));
}

/* Opens only what needs no waiting; a port may have to check. */
static int real_path_body(glue_storage_operation_t *op)
{
    uhttpd_file_info_t info;
    const char *path = absolute_path(op->path);
    int error = glue_storage_look_at(path, &info);
    return error ? error : glue_storage_port_real_path(path, op->buf, op->size);
}

static int vfs_real_path(const char *path, char *real, size_t size)
{
    return glue_storage_run(real_path_body, &(glue_storage_operation_t) {.path = path, .buf = real, .size = size});
}

static int copy_mode_body(glue_storage_operation_t *op)
{
    uhttpd_file_info_t info;
    int error = glue_storage_look_at(op->path, &info);
    return error ? (error == ENOENT ? 0 : error) : glue_storage_port_copy_mode(op->path, op->to);
}

static int vfs_copy_mode(const char *from, const char *to)
{
    return glue_storage_run(copy_mode_body, &(glue_storage_operation_t) {.path = from, .to = to});
}

#define YEAR_2000 946684800

/* In the form that FAT has on the disk: in steps of two seconds. */
static int set_modified_on_fat(fs_user_mount_t *vfs, const char *within, int64_t modified)
{
    timeutils_struct_time_t time;
    timeutils_seconds_since_2000_to_struct_time(modified - YEAR_2000, &time);
    const FILINFO info = {
        .fdate = (WORD)((time.tm_year - 1980) << 9 | time.tm_mon << 5 | time.tm_mday),
        .ftime = (WORD)(time.tm_hour << 11 | time.tm_min << 5 | time.tm_sec / 2),
    };
    return f_utime(&vfs->fatfs, within, &info) == FR_OK ? 0 : EIO;
}

static int set_modified_body(glue_storage_operation_t *op)
{
    const char *within;
    mp_obj_t vfs = glue_storage_mounted(op->path, &within);
    if (vfs != MP_OBJ_NULL && mp_obj_is_type(vfs, &mp_fat_vfs_type)) {
        return set_modified_on_fat(MP_OBJ_TO_PTR(vfs), within, (int64_t)op->at);
    }
    return glue_storage_port_set_modified(op->path, (int64_t)op->at);
}

static int vfs_set_modified(const char *path, int64_t modified)
{
    return glue_storage_run(set_modified_body, &(glue_storage_operation_t) {.path = path, .at = (uint64_t)modified});
}

/* --- listings ----------------------------------------------------------------------------------------------------- */

static mp_obj_t list_entries(mp_obj_t path)
{
    return mp_vfs_ilistdir(1, &path);
}

/* How each iterator with a finaliser begins (py/objpolyiter.c). */
typedef struct {
    mp_obj_base_t base;
    mp_fun_1_t iternext, finaliser;
} closable_t;

static mp_obj_t no_more_entries(mp_obj_t entries)
{
    (void)entries;
    return MP_OBJ_STOP_ITERATION;
}

/* An iterator closes its directory at its end. One that is left before its end would have it open until it is
 * collected, and there can be only so many open ones. Not all finalisers may run twice. */
static void close_entries(mp_obj_t entries)
{
    if (mp_obj_is_type(entries, &mp_type_polymorph_iter_with_finaliser)) {
        closable_t *closable = MP_OBJ_TO_PTR(entries);
        closable->finaliser(entries);
        closable->finaliser = mp_identity;
        closable->iternext = no_more_entries;
    }
}

/* --- names -------------------------------------------------------------------------------------------------------- */

/* ASCII's alone: what else FAT takes for one letter depends on its code page. */
static bool is_same_name(const char *name, size_t len, const mp_buffer_info_t *entry)
{
    return entry->len == len && strncasecmp(name, entry->buf, len) == 0;
}

/* Writes a name as its directory has it. @return false: the directory does not have it */
static bool spell_name(const char *path, char *name)
{
    size_t len = strlen(name);
    size_t directory_len = name - path > 1 ? (size_t)(name - path) - 1 : 1; /* without its slash, but for the root */
    mp_obj_t entries = list_entries(mp_obj_new_bytes((const byte *)path, directory_len));
    bool found = false;
    for (mp_obj_t entry; !found && (entry = mp_iternext(entries)) != MP_OBJ_STOP_ITERATION;) {
        size_t items;
        mp_obj_t *item;
        mp_buffer_info_t buf;
        mp_obj_get_array(entry, &items, &item);
        mp_get_buffer_raise(item[0], &buf, MP_BUFFER_READ);
        found = is_same_name(name, len, &buf);
        if (found) {
            memcpy(name, buf.buf, len);
        }
    }
    close_entries(entries);
    return found;
}

/* Only FAT has two names for one file: others that differ in capitals, that have dots or spaces at their end, and short
 * ones. */
static int spell_body(glue_storage_operation_t *op)
{
    char *path = op->buf;
    char *name = strrchr(path, '/') + 1;
    const char *within;
    mp_obj_t vfs = glue_storage_mounted(path, &within);
    if (vfs == MP_OBJ_NULL || !mp_obj_is_type(vfs, &mp_fat_vfs_type)) {
        return ENOSYS;
    }
    if (strcmp(within, "/") == 0) {
        return 0; /* where it is mounted */
    }
    uhttpd_file_info_t info;
    int error = glue_storage_look_at(path, &info);
    if (error) {
        return error == EINVAL ? ENOENT : error; /* no file there can be called so */
    }
    return spell_name(path, name) ? 0 : EINVAL;
}

static int vfs_spell(char *path)
{
    return glue_storage_run(spell_body, &(glue_storage_operation_t) {.buf = path});
}

/* --- directories -------------------------------------------------------------------------------------------------- */

#define KIND_OF_LINK 0xa000 /* POSIX's; MicroPython itself has no name for it */

static int open_directory_body(glue_storage_operation_t *op)
{
    glue_storage_open_t *open = m_new0(glue_storage_open_t, 1);
    open->path = joined_path(op->path, "", 0);
    /* Given bytes it lists bytes, and no name is refused for not being UTF-8. */
    glue_storage_hold(open, list_entries(mp_obj_new_bytes((const byte *)op->path, strlen(op->path))));
    op->open = open;
    return 0;
}

static int vfs_open_directory(const char *path, void **dir)
{
    glue_storage_operation_t op = {.path = path};
    int error = glue_storage_run(open_directory_body, &op);
    *dir = op.open;
    return error;
}

/* Reads what a listing has, (name, type, inode[, size]), and looks up the rest: the time is not among it. */
static int entry_info(const char *directory, const mp_buffer_info_t *name, size_t items, const mp_obj_t *item,
                      uhttpd_file_info_t *info)
{
    mp_int_t kind = mp_obj_get_int(item[1]) & 0xf000;
    int error = 0;
    *info = (uhttpd_file_info_t) {.is_directory = kind == MP_S_IFDIR};
    if (kind != MP_S_IFDIR) {
        const char *path = joined_path(directory, name->buf, name->len);
        error = glue_storage_look_at(path, info);
        if (error) { /* a link that leads nowhere can still be removed */
            *info = (uhttpd_file_info_t) {.size = items > 3 ? glue_storage_number(item[3]) : 0};
        }
        info->is_link = kind == KIND_OF_LINK || (kind == 0 && info->is_directory && glue_storage_port_is_link(path));
    }
    return error == ETIMEDOUT ? error : 0; /* or each entry would take as long */
}

/* @p op->done  there was one, and it is in @p op->buf and @p op->info. */
static int read_directory_body(glue_storage_operation_t *op)
{
    mp_obj_t entry = mp_iternext(op->open->object);
    if (entry == MP_OBJ_STOP_ITERATION) {
        return ENOENT;
    }
    size_t items;
    mp_obj_t *item;
    mp_obj_get_array(entry, &items, &item);
    mp_buffer_info_t name;
    mp_get_buffer_raise(item[0], &name, MP_BUFFER_READ);
    op->done = items >= 3 && name.len < op->size;
    if (op->done) {
        memcpy(op->buf, name.buf, name.len);
        ((char *)op->buf)[name.len] = '\0';
        return entry_info(op->open->path, &name, items, item, op->info);
    }
    return 0;
}

static int vfs_read_directory(void *dir, char *name, size_t size, uhttpd_file_info_t *info)
{
    glue_storage_operation_t op = {.open = dir, .buf = name, .size = size, .info = info};
    int error;
    do {
        error = glue_storage_run(read_directory_body, &op);
    } while (error == 0 && !op.done);
    return error;
}

static int close_directory_body(glue_storage_operation_t *op)
{
    mp_obj_t entries = op->open->object;
    op->done = true;
    glue_storage_let_go(op->open);
    close_entries(entries);
    return 0;
}

static void vfs_close_directory(void *dir)
{
    glue_storage_operation_t op = {.open = dir};
    glue_storage_run(close_directory_body, &op);
    if (!op.done) {
        glue_storage_leave(dir);
    }
}

static int remove_directory_body(glue_storage_operation_t *op)
{
    uhttpd_file_info_t info;
    int error = glue_storage_look_at(op->path, &info);
    if (error || !info.is_directory) {
        return error ? error : ENOTDIR; /* littlefs would remove a file */
    }
    mp_vfs_rmdir(glue_storage_path(op->path));
    return 0;
}

static bool has_entries(const char *path)
{
    mp_obj_t entries = list_entries(glue_storage_path(path));
    bool some = mp_iternext(entries) != MP_OBJ_STOP_ITERATION;
    close_entries(entries);
    return some;
}

static int remove_directory_or_say_why(glue_storage_operation_t *op)
{
    int error = glue_storage_protect(remove_directory_body, op);
    return error == EACCES && has_entries(op->path) ? ENOTEMPTY : error;
}

static int vfs_remove_directory(const char *path)
{
    return glue_storage_run(remove_directory_or_say_why, &(glue_storage_operation_t) {.path = path});
}

const uhttpd_storage_t glue_storage_vfs = {
    .stat = vfs_stat,
    .open = glue_storage_file_open,
    .stat_open = glue_storage_file_stat,
    .read = glue_storage_file_read,
    .seek = glue_storage_file_seek,
    .write = glue_storage_file_write,
    .close = glue_storage_file_close,
    .rename = vfs_rename,
    .remove = vfs_remove,
    .make_directory = vfs_make_directory,
    .remove_directory = vfs_remove_directory,
    .open_directory = vfs_open_directory,
    .read_directory = vfs_read_directory,
    .close_directory = vfs_close_directory,
    .real_path = vfs_real_path,
    .spell = vfs_spell,
    .space = vfs_space,
    .copy_mode = vfs_copy_mode,
    .set_modified = vfs_set_modified,
};

/* SPDX-License-Identifier: MIT */
#include "storage_vfs.h"

#include <errno.h>
#include <string.h>

#include "py/builtin.h"
#include "py/mpthread.h"
#include "py/runtime.h"
#include "py/stream.h"
#include "py/unicode.h"

#include "extmod/vfs.h"

#include "storage_info.h"
#include "storage_port.h"
#include "uhttpd_os.h"

/* A file or directory that is open. */
typedef struct storage_open {
    struct storage_open *next;
    mp_obj_t object;       /* the file, or the iterator over entries */
    const char *directory; /* its path: not every file system tells sizes when it lists */
    bool written;
} storage_open_t;

/* All of them: the collector does not see what the C side holds. There are as many as streams and transfers, at most. */
MP_REGISTER_ROOT_POINTER(struct storage_open *storage_vfs_open);

/* One operation: what it is given, and what it gives back. Lives on the stack of the caller. */
typedef struct {
    const char *path;
    const char *to;
    uhttpd_file_mode_t mode;
    storage_open_t *open;
    uhttpd_file_info_t *info;
    void *buf;
    size_t size;
    size_t done;
    uint64_t at;
    uint64_t total;
} operation_t;

typedef int (*body_t)(operation_t *op);

/* --- one operation ------------------------------------------------------------------------------------------------ */

static uhttpd_os_mutex_t turn(void)
{
    static uhttpd_os_mutex_t s_turn;
    uhttpd_os_global_lock();
    if (!s_turn) {
        s_turn = uhttpd_os_mutex_create();
    }
    uhttpd_os_global_unlock();
    return s_turn;
}

static int protect(body_t body, operation_t *op)
{
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        int error = body(op);
        nlr_pop();
        return error;
    }
    return storage_errno(nlr.ret_val);
}

static int run(body_t body, operation_t *op)
{
    uhttpd_os_mutex_t mutex = turn();
    if (!mutex) {
        return ENOMEM;
    }
    uhttpd_os_lock(mutex);
    MP_THREAD_GIL_ENTER();
    int error = protect(body, op);
    MP_THREAD_GIL_EXIT();
    uhttpd_os_unlock(mutex);
    return error;
}

/* Names need not be UTF-8, and a str must. */
static mp_obj_t path_object(const char *path)
{
    size_t len = strlen(path);
    return utf8_check((const byte *)path, len) ? mp_obj_new_str(path, len) : mp_obj_new_bytes((const byte *)path, len);
}

/* --- paths -------------------------------------------------------------------------------------------------------- */

static int stat_body(operation_t *op)
{
    return storage_info(op->path, mp_vfs_stat(path_object(op->path)), op->info);
}

/* For use within an operation. */
static int look_at(const char *path, uhttpd_file_info_t *info)
{
    return protect(stat_body, &(operation_t) {.path = path, .info = info});
}

static int vfs_stat(const char *path, uhttpd_file_info_t *info)
{
    return run(stat_body, &(operation_t) {.path = path, .info = info});
}

static int space_body(operation_t *op)
{
    enum { FRAGMENT = 1, BLOCKS = 2, AVAILABLE = 4, COUNT = 10 };
    mp_obj_t *item;
    mp_obj_get_array_fixed_n(mp_vfs_statvfs(path_object(op->path)), COUNT, &item);
    uint64_t fragment = storage_number(item[FRAGMENT]);
    op->total = fragment * storage_number(item[BLOCKS]);
    op->at = fragment * storage_number(item[AVAILABLE]);
    return 0;
}

static int vfs_space(const char *path, uint64_t *total, uint64_t *free)
{
    operation_t op = {.path = path};
    int error = run(space_body, &op);
    *total = op.total;
    *free = op.at;
    return error;
}

/* FAT has one error for what is forbidden, a disk that is full and a directory that is not empty. */
static int reason_of_denial(const char *path)
{
    operation_t parent = {.path = "/"};
    const char *slash = strrchr(path, '/');
    if (slash && slash != path) {
        parent.path = mp_obj_str_get_str(mp_obj_new_str(path, (size_t)(slash - path)));
    }
    return protect(space_body, &parent) == 0 && parent.total && parent.at == 0 ? ENOSPC : EACCES;
}

static int make_directory_body(operation_t *op)
{
    mp_vfs_mkdir(path_object(op->path));
    return 0;
}

static int make_directory_or_say_why(operation_t *op)
{
    int error = protect(make_directory_body, op);
    return error == EACCES ? reason_of_denial(op->path) : error;
}

static int vfs_make_directory(const char *path)
{
    return run(make_directory_or_say_why, &(operation_t) {.path = path});
}

static int remove_body(operation_t *op)
{
    uhttpd_file_info_t info;
    if (look_at(op->path, &info) == 0 && info.is_directory && !storage_port_is_link(op->path)) {
        return EISDIR; /* littlefs would remove it, if it is empty */
    }
    mp_vfs_remove(path_object(op->path));
    storage_note_change(op->path);
    return 0;
}

static int vfs_remove(const char *path)
{
    return run(remove_body, &(operation_t) {.path = path});
}

static int rename_body(operation_t *op)
{
    uhttpd_file_info_t from;
    uhttpd_file_info_t to;
    int error = look_at(op->path, &from);
    if (error || strcmp(op->path, op->to) == 0) {
        return error; /* FAT would remove it, to make room for itself */
    }
    if (look_at(op->to, &to) == 0 && (from.is_directory || to.is_directory)) {
        return from.is_directory ? EEXIST : EISDIR;
    }
    mp_vfs_rename(path_object(op->path), path_object(op->to));
    storage_note_change(op->path);
    storage_note_change(op->to);
    return 0;
}

static int vfs_rename(const char *from, const char *to)
{
    return run(rename_body, &(operation_t) {.path = from, .to = to});
}

/* Only what can be opened without waiting: a port may have to. */
static int real_path_body(operation_t *op)
{
    uhttpd_file_info_t info;
    int error = look_at(op->path, &info);
    return error ? error : storage_port_real_path(op->path, op->buf, op->size);
}

static int vfs_real_path(const char *path, char *real, size_t size)
{
    return run(real_path_body, &(operation_t) {.path = path, .buf = real, .size = size});
}

/* --- what is open ------------------------------------------------------------------------------------------------- */

/* @p open is allocated before there is anything to be closed: that it fails must leave nothing behind. */
static void hold(storage_open_t *open, mp_obj_t object)
{
    open->object = object;
    open->next = MP_STATE_VM(storage_vfs_open);
    MP_STATE_VM(storage_vfs_open) = open;
}

static void let_go(storage_open_t *open)
{
    storage_open_t **place = &MP_STATE_VM(storage_vfs_open);
    while (*place != open) {
        place = &(*place)->next;
    }
    *place = open->next;
}

/* --- files -------------------------------------------------------------------------------------------------------- */

/* What the modes of open() leave to chance, or to the file system. */
static int check_before_opening(const operation_t *op)
{
    uhttpd_file_info_t info;
    int error = look_at(op->path, &info);
    if (error == ENOENT && (op->mode == UHTTPD_FILE_CREATE || op->mode == UHTTPD_FILE_WRITE)) {
        return 0;
    }
    if (error == 0 && (info.is_directory || op->mode == UHTTPD_FILE_CREATE)) {
        return info.is_directory ? EISDIR : EEXIST;
    }
    return error;
}

static int open_body(operation_t *op)
{
    static const qstr_short_t modes[] = {
        [UHTTPD_FILE_READ] = MP_QSTR_rb,
        [UHTTPD_FILE_CREATE] = MP_QSTR_wb,
        [UHTTPD_FILE_WRITE] = MP_QSTR_wb,
        [UHTTPD_FILE_APPEND] = MP_QSTR_ab,
    };
    int error = check_before_opening(op);
    if (error) {
        return error;
    }
    storage_open_t *open = m_new0(storage_open_t, 1);
    mp_obj_t args[] = {path_object(op->path), MP_OBJ_NEW_QSTR(modes[op->mode])};
    hold(open, mp_vfs_open(MP_ARRAY_SIZE(args), args, (mp_map_t *)&mp_const_empty_map));
    open->written = op->mode != UHTTPD_FILE_READ;
    if (open->written) {
        storage_note_change(op->path);
    }
    op->open = open;
    return 0;
}

static int open_or_say_why(operation_t *op)
{
    int error = protect(open_body, op);
    return error == EACCES && op->mode != UHTTPD_FILE_READ ? reason_of_denial(op->path) : error;
}

static int vfs_open(const char *path, uhttpd_file_mode_t mode, void **file)
{
    operation_t op = {.path = path, .mode = mode};
    int error = run(open_or_say_why, &op);
    *file = op.open;
    return error;
}

static int read_body(operation_t *op)
{
    int error = 0;
    op->done = mp_stream_rw(op->open->object, op->buf, op->size, &error, MP_STREAM_RW_READ | MP_STREAM_RW_ONCE);
    return error;
}

static int vfs_read(void *file, void *buf, size_t size, size_t *got)
{
    operation_t op = {.open = file, .buf = buf, .size = size};
    int error = run(read_body, &op);
    *got = error ? 0 : op.done;
    return error;
}

static int seek_body(operation_t *op)
{
    int error = 0;
    mp_off_t at = (mp_off_t)op->at;
    if (at < 0 || (uint64_t)at != op->at) {
        return EFBIG;
    }
    mp_stream_seek(op->open->object, at, MP_SEEK_SET, &error);
    return error;
}

static int vfs_seek(void *file, uint64_t at)
{
    return run(seek_body, &(operation_t) {.open = file, .at = at});
}

static int write_body(operation_t *op)
{
    int error = 0;
    op->done = mp_stream_rw(op->open->object, op->buf, op->size, &error, MP_STREAM_RW_WRITE);
    return error ? error : op->done == op->size ? 0 : ENOSPC;
}

static int vfs_write(void *file, const void *buf, size_t len)
{
    return run(write_body, &(operation_t) {.open = file, .buf = (void *)buf, .size = len});
}

static int flush_body(operation_t *op)
{
    int error = 0;
    mp_obj_t file = op->open->object;
    mp_uint_t result = mp_get_stream_raise(file, MP_STREAM_OP_IOCTL)->ioctl(file, MP_STREAM_FLUSH, 0, &error);
    return result == MP_STREAM_ERROR && error != EINVAL ? error : 0; /* EINVAL: there is nothing to flush */
}

static int close_object_body(operation_t *op)
{
    mp_stream_close(op->open->object);
    return 0;
}

static int close_body(operation_t *op)
{
    int error = op->open->written ? protect(flush_body, op) : 0;
    int close_error = protect(close_object_body, op);
    let_go(op->open);
    return error ? error : close_error;
}

static int vfs_close(void *file)
{
    return run(close_body, &(operation_t) {.open = file});
}

/* --- directories -------------------------------------------------------------------------------------------------- */

#define KIND_OF_LINK 0xa000 /* POSIX's; MicroPython itself has no name for it */

static const char *joined(const char *directory, const char *name, size_t len)
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

static int open_directory_body(operation_t *op)
{
    storage_open_t *open = m_new0(storage_open_t, 1);
    open->directory = joined(op->path, "", 0);
    /* Given bytes it lists bytes, and no name is refused for not being UTF-8. */
    mp_obj_t path = mp_obj_new_bytes((const byte *)op->path, strlen(op->path));
    hold(open, mp_vfs_ilistdir(1, &path));
    op->open = open;
    return 0;
}

static int vfs_open_directory(const char *path, void **dir)
{
    operation_t op = {.path = path};
    int error = run(open_directory_body, &op);
    *dir = op.open;
    return error;
}

/* What a listing says, (name, type, inode[, size]), and what it does not. */
static void entry_info(const char *directory, const mp_buffer_info_t *name, size_t items, const mp_obj_t *item,
                       uhttpd_file_info_t *info)
{
    mp_int_t kind = mp_obj_get_int(item[1]) & 0xf000;
    *info = (uhttpd_file_info_t) {.is_directory = kind == MP_S_IFDIR};
    if (kind == MP_S_IFREG && items > 3) {
        info->size = storage_number(item[3]);
    } else if (kind != MP_S_IFDIR) {
        const char *path = joined(directory, name->buf, name->len);
        if (look_at(path, info) != 0) {
            *info = (uhttpd_file_info_t) {0}; /* a link that leads nowhere can still be removed */
        }
        info->is_link = kind == KIND_OF_LINK || (kind == 0 && info->is_directory && storage_port_is_link(path));
    }
}

/* @p op->done  there was one, and it is in @p op->buf and @p op->info. */
static int read_directory_body(operation_t *op)
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
        entry_info(op->open->directory, &name, items, item, op->info);
    }
    return 0;
}

static int vfs_read_directory(void *dir, char *name, size_t size, uhttpd_file_info_t *info)
{
    operation_t op = {.open = dir, .buf = name, .size = size, .info = info};
    int error;
    do {
        error = run(read_directory_body, &op);
    } while (error == 0 && !op.done);
    return error;
}

/* The iterator closes itself at its end, or when it is collected; until then it only costs memory. */
static int close_directory_body(operation_t *op)
{
    let_go(op->open);
    return 0;
}

static void vfs_close_directory(void *dir)
{
    run(close_directory_body, &(operation_t) {.open = dir});
}

static int remove_directory_body(operation_t *op)
{
    uhttpd_file_info_t info;
    int error = look_at(op->path, &info);
    if (error || !info.is_directory) {
        return error ? error : ENOTDIR; /* littlefs would remove a file */
    }
    mp_vfs_rmdir(path_object(op->path));
    return 0;
}

static bool has_entries(const char *path)
{
    mp_obj_t name = path_object(path);
    return mp_iternext(mp_vfs_ilistdir(1, &name)) != MP_OBJ_STOP_ITERATION;
}

static int remove_directory_or_say_why(operation_t *op)
{
    int error = protect(remove_directory_body, op);
    return error == EACCES && has_entries(op->path) ? ENOTEMPTY : error;
}

static int vfs_remove_directory(const char *path)
{
    return run(remove_directory_or_say_why, &(operation_t) {.path = path});
}

const uhttpd_storage_t storage_vfs = {
    .stat = vfs_stat,
    .open = vfs_open,
    .read = vfs_read,
    .seek = vfs_seek,
    .write = vfs_write,
    .close = vfs_close,
    .rename = vfs_rename,
    .remove = vfs_remove,
    .make_directory = vfs_make_directory,
    .remove_directory = vfs_remove_directory,
    .open_directory = vfs_open_directory,
    .read_directory = vfs_read_directory,
    .close_directory = vfs_close_directory,
    .real_path = vfs_real_path,
    .space = vfs_space,
};

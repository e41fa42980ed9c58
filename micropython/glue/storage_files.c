/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>

#include "py/builtin.h"
#include "py/runtime.h"
#include "py/stream.h"

#include "extmod/vfs.h"

#include "storage_info.h"
#include "storage_operation.h"

/* What the modes of open() leave to chance, or to the file system. */
static int check_before_opening(const glue_storage_operation_t *op)
{
    int error = glue_storage_look_at(op->path, op->info);
    if (error == ENOENT && (op->mode == UHTTPD_FILE_CREATE || op->mode == UHTTPD_FILE_WRITE)) {
        return 0;
    }
    if (error == 0 && (op->info->is_directory || op->mode == UHTTPD_FILE_CREATE)) {
        return op->info->is_directory ? EISDIR : EEXIST;
    }
    return error;
}

static uint64_t inode_of(mp_obj_t path)
{
    enum { INODE = 1, COUNT = 10 };
    mp_obj_t *item;
    mp_obj_get_array_fixed_n(mp_vfs_stat(path), COUNT, &item);
    return glue_storage_number(item[INODE]);
}

static int open_body(glue_storage_operation_t *op)
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
    glue_storage_open_t *open = m_new0(glue_storage_open_t, 1);
    mp_obj_t args[] = {glue_storage_path(op->path), MP_OBJ_NEW_QSTR(modes[op->mode])};
    open->written = op->mode != UHTTPD_FILE_READ;
    if (!open->written) {
        open->path = mp_obj_str_get_str(args[0]);
        open->inode = inode_of(args[0]);
        open->info = *op->info;
    }
    glue_storage_hold(open,
                      mp_vfs_open(MP_ARRAY_SIZE(args), args, (mp_map_t *)&mp_const_empty_map)); /* the last to raise */
    if (open->written) {
        glue_storage_note_change(op->path);
    }
    op->open = open;
    return 0;
}

static int open_or_say_why(glue_storage_operation_t *op)
{
    int error = glue_storage_protect(open_body, op);
    return error == EACCES && op->mode != UHTTPD_FILE_READ ? glue_storage_reason_of_denial(op->path) : error;
}

int glue_storage_file_open(const char *path, uhttpd_file_mode_t mode, void **file)
{
    uhttpd_file_info_t info;
    glue_storage_operation_t op = {.path = path, .mode = mode, .info = &info};
    int error = glue_storage_run(open_or_say_why, &op);
    *file = op.open;
    return error;
}

static int inode_body(glue_storage_operation_t *op)
{
    op->at = inode_of(glue_storage_path(op->path));
    return 0;
}

/*
 * MicroPython cannot examine an open file, only the file that has its path now. Where there are inodes, a file that has
 * lost its path to another one stays unchanged. Elsewhere its blocks may have been reused, so it counts as changed.
 */
static int stat_open_body(glue_storage_operation_t *op)
{
    const glue_storage_open_t *open = op->open;
    glue_storage_operation_t now = {.path = open->path};
    bool is_there = open->begun && glue_storage_protect(inode_body, &now) == 0;
    if (!open->begun || (open->inode && (!is_there || now.at != open->inode))) {
        *op->info = open->info;
        return 0;
    }
    *op->info = (uhttpd_file_info_t) {0};
    return is_there ? glue_storage_look_at(open->path, op->info) : 0;
}

int glue_storage_file_stat(void *file, uhttpd_file_info_t *info)
{
    return glue_storage_run(stat_open_body, &(glue_storage_operation_t) {.open = file, .info = info});
}

static int storage_files_read_body(glue_storage_operation_t *op)
{
    int error = 0;
    op->open->begun = true;
    op->done = mp_stream_rw(op->open->object, op->buf, op->size, &error, MP_STREAM_RW_READ | MP_STREAM_RW_ONCE);
    return error;
}

int glue_storage_file_read(void *file, void *buf, size_t size, size_t *got)
{
    glue_storage_operation_t op = {.open = file, .buf = buf, .size = size};
    int error = glue_storage_run(storage_files_read_body, &op);
    *got = error ? 0 : op.done;
    return error;
}

static int seek_body(glue_storage_operation_t *op)
{
    int error = 0;
    mp_off_t at = (mp_off_t)op->at;
    if (at < 0 || (uint64_t)at != op->at) {
        return EFBIG;
    }
    mp_stream_seek(op->open->object, at, MP_SEEK_SET, &error);
    return error;
}

int glue_storage_file_seek(void *file, uint64_t at)
{
    return glue_storage_run(seek_body, &(glue_storage_operation_t) {.open = file, .at = at});
}

static int write_body(glue_storage_operation_t *op)
{
    int error = 0;
    op->done = mp_stream_rw(op->open->object, op->buf, op->size, &error, MP_STREAM_RW_WRITE);
    return error ? error : op->done == op->size ? 0 : ENOSPC;
}

int glue_storage_file_write(void *file, const void *buf, size_t len)
{
    return glue_storage_run(write_body, &(glue_storage_operation_t) {.open = file, .buf = (void *)buf, .size = len});
}

static int flush_body(glue_storage_operation_t *op)
{
    int error = 0;
    mp_obj_t file = op->open->object;
    mp_uint_t result = mp_get_stream_raise(file, MP_STREAM_OP_IOCTL)->ioctl(file, MP_STREAM_FLUSH, 0, &error);
    return result == MP_STREAM_ERROR && error != EINVAL ? error : 0; /* EINVAL: there is nothing to flush */
}

static int close_object_body(glue_storage_operation_t *op)
{
    mp_stream_close(op->open->object);
    return 0;
}

static int close_body(glue_storage_operation_t *op)
{
    op->done = true;
    int error = op->open->written ? glue_storage_protect(flush_body, op) : 0;
    int close_error = glue_storage_protect(close_object_body, op);
    glue_storage_let_go(op->open);
    return error ? error : close_error;
}

int glue_storage_file_close(void *file)
{
    glue_storage_operation_t op = {.open = file};
    int error = glue_storage_run(close_body, &op);
    if (!op.done) {
        glue_storage_leave(file);
    }
    return error;
}

/* SPDX-License-Identifier: MIT */

#include "files_vfs.h"

#include "py/builtin.h"
#include "py/mperrno.h"
#include "py/mpthread.h"
#include "py/objexcept.h"
#include "py/runtime.h"
#include "py/stream.h"

#include "extmod/vfs.h"

/* One operation: what it is given, and what it gives back. Lives on the stack of the caller. */
typedef struct {
    const char *path;
    const char *to;
    bool write;
    mp_obj_t *file;
    void *buf;
    size_t size;
    size_t done;
} operation_t;

/* The collector does not see what WebREPL holds. A transfer has one file open at a time. */
MP_REGISTER_ROOT_POINTER(mp_obj_t files_vfs_open[4]);

static int errno_of(mp_obj_base_t *exception)
{
    mp_obj_t type = MP_OBJ_FROM_PTR(exception->type);
    if (mp_obj_is_subclass_fast(type, MP_OBJ_FROM_PTR(&mp_type_OSError))) {
        mp_obj_t value = mp_obj_exception_get_value(MP_OBJ_FROM_PTR(exception));
        mp_int_t number;
        if (mp_obj_get_int_maybe(value, &number) && number > 0) {
            return (int)number;
        }
    }
    return mp_obj_is_subclass_fast(type, MP_OBJ_FROM_PTR(&mp_type_MemoryError)) ? MP_ENOMEM : MP_EIO;
}

static int run(int (*body)(operation_t *op), operation_t *op)
{
    MP_THREAD_GIL_ENTER();
    int error;
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        error = body(op);
        nlr_pop();
    } else {
        error = errno_of(nlr.ret_val);
    }
    MP_THREAD_GIL_EXIT();
    return error;
}

static mp_obj_t path_object(const char *path)
{
    return mp_obj_new_str_from_cstr(path);
}

static mp_obj_t *free_place(void)
{
    mp_obj_t *places = MP_STATE_VM(files_vfs_open);
    for (int i = 0; i < (int)MP_ARRAY_SIZE(MP_STATE_VM(files_vfs_open)); i++) {
        if (places[i] == MP_OBJ_NULL) {
            return &places[i];
        }
    }
    return NULL;
}

static int open_body(operation_t *op)
{
    op->file = free_place();
    if (op->file == NULL) {
        return MP_EMFILE;
    }
    mp_obj_t args[] = {
        path_object(op->path),
        op->write ? MP_OBJ_NEW_QSTR(qstr_from_str("wb")) : MP_OBJ_NEW_QSTR(qstr_from_str("rb")),
    };
    *op->file = mp_vfs_open(MP_ARRAY_SIZE(args), args, (mp_map_t *)&mp_const_empty_map);
    return 0;
}

static int vfs_open(const char *path, bool write, void **file)
{
    operation_t op = {.path = path, .write = write};
    int error = run(open_body, &op);
    *file = op.file;
    return error;
}

static int read_body(operation_t *op)
{
    int error = 0;
    op->done = mp_stream_rw(*op->file, op->buf, op->size, &error, MP_STREAM_RW_READ | MP_STREAM_RW_ONCE);
    return error;
}

static int vfs_read(void *file, void *buf, size_t size, size_t *got)
{
    operation_t op = {.file = file, .buf = buf, .size = size};
    int error = run(read_body, &op);
    *got = error ? 0 : op.done;
    return error;
}

static int write_body(operation_t *op)
{
    int error = 0;
    op->done = mp_stream_rw(*op->file, op->buf, op->size, &error, MP_STREAM_RW_WRITE);
    return error ? error : op->done == op->size ? 0 : MP_ENOSPC;
}

static int vfs_write(void *file, const void *buf, size_t len)
{
    return run(write_body, &(operation_t) {.file = file, .buf = (void *)buf, .size = len});
}

static int close_body(operation_t *op)
{
    mp_obj_t file = *op->file;
    *op->file = MP_OBJ_NULL;
    mp_stream_close(file);
    return 0;
}

static int vfs_close(void *file)
{
    return run(close_body, &(operation_t) {.file = file});
}

static int rename_body(operation_t *op)
{
    mp_vfs_rename(path_object(op->path), path_object(op->to));
    return 0;
}

static int remove_body(operation_t *op)
{
    mp_vfs_remove(path_object(op->path));
    return 0;
}

static int vfs_remove(const char *path)
{
    return run(remove_body, &(operation_t) {.path = path});
}

static int vfs_rename(const char *from, const char *to)
{
    operation_t op = {.path = from, .to = to};
    int error = run(rename_body, &op);
    if (error == MP_EEXIST) {
        /* FAT does not replace. */
        error = vfs_remove(to);
        error = error ? error : run(rename_body, &op);
    }
    return error;
}

const webrepl_files_t files_vfs = {
    .open = vfs_open,
    .read = vfs_read,
    .write = vfs_write,
    .close = vfs_close,
    .rename = vfs_rename,
    .remove = vfs_remove,
};

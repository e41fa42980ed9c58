/* SPDX-License-Identifier: MIT */
#include "storage_operation.h"

#include <errno.h>
#include <string.h>

#include "py/builtin.h"
#include "py/mpthread.h"
#include "py/runtime.h"
#include "py/unicode.h"

#include "extmod/vfs.h"

#include "storage_info.h"
#include "uhttpd_os.h"

/* All that is open: the collector does not see what the C side holds. There is as much as streams and transfers, at
 * most. */
MP_REGISTER_ROOT_POINTER(struct storage_open *storage_vfs_open);

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

int storage_protect(storage_body_t body, storage_operation_t *op)
{
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        int error = body(op);
        nlr_pop();
        return error;
    }
    return storage_errno(nlr.ret_val);
}

int storage_run(storage_body_t body, storage_operation_t *op)
{
    uhttpd_os_mutex_t mutex = turn();
    if (!mutex) {
        return ENOMEM;
    }
    uhttpd_os_lock(mutex);
    MP_THREAD_GIL_ENTER();
    int error = storage_protect(body, op);
    MP_THREAD_GIL_EXIT();
    uhttpd_os_unlock(mutex);
    return error;
}

mp_obj_t storage_path(const char *path)
{
    size_t len = strlen(path);
    return utf8_check((const byte *)path, len) ? mp_obj_new_str(path, len) : mp_obj_new_bytes((const byte *)path, len);
}

int storage_stat(storage_operation_t *op)
{
    return storage_info(op->path, mp_vfs_stat(storage_path(op->path)), op->info);
}

int storage_look_at(const char *path, uhttpd_file_info_t *info)
{
    return storage_protect(storage_stat, &(storage_operation_t) {.path = path, .info = info});
}

void storage_hold(storage_open_t *open, mp_obj_t object)
{
    open->object = object;
    open->next = MP_STATE_VM(storage_vfs_open);
    MP_STATE_VM(storage_vfs_open) = open;
}

void storage_let_go(storage_open_t *open)
{
    storage_open_t **place = &MP_STATE_VM(storage_vfs_open);
    while (*place != open) {
        place = &(*place)->next;
    }
    *place = open->next;
}

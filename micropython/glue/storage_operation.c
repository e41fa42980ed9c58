/* SPDX-License-Identifier: MIT */
#include "storage_operation.h"

#include <errno.h>
#include <string.h>

#include "py/builtin.h"
#include "py/mpthread.h"
#include "py/runtime.h"

#include "extmod/vfs.h"
#include "extmod/vfs_fat.h"
#include "extmod/vfs_lfs.h"

#include "mounts.h"
#include "storage_info.h"
#include "storage_port.h"
#include "uhttpd_deadline.h"
#include "uhttpd_os.h"
#include "utf8_text.h"

/* Everything that is open, because the collector does not see what the C side holds. There are at most as many as
 * streams and transfers. */
MP_REGISTER_ROOT_POINTER(struct glue_storage_open *storage_vfs_open);

#define SHORTEST_LIMIT_MS 5000 /* of waiting for a turn: others may be at a slow disk */
#define STEP_MS 50

/* A semaphore, because a thread that was killed can give back no mutex, and because the wait has a limit. */
static uhttpd_os_sem_t s_turn;
static bool s_turn_is_taken;

static uhttpd_os_sem_t storage_operation_turn(void)
{
    uhttpd_os_global_lock();
    if (!s_turn) {
        s_turn = uhttpd_os_sem_create();
        if (s_turn) {
            uhttpd_os_sem_give(s_turn);
        }
    }
    uhttpd_os_global_unlock();
    return s_turn;
}

/* A thread that is to be interrupted waits no longer: it may be the program's own. */
static int wait_for_turn(uhttpd_os_sem_t turn)
{
    uint64_t end = uhttpd_os_now() + MAX(glue_deadline_of_files(), SHORTEST_LIMIT_MS);
    while (!uhttpd_os_sem_take(turn, STEP_MS)) {
        if (MP_STATE_THREAD(mp_pending_exception) != MP_OBJ_NULL) {
            return EINTR;
        }
        if (uhttpd_os_now() >= end) {
            return ETIMEDOUT;
        }
    }
    s_turn_is_taken = true;
    return 0;
}

static void give_turn_back(void)
{
    s_turn_is_taken = false;
    uhttpd_os_sem_give(s_turn);
}

void glue_storage_forget_turn(void)
{
    if (s_turn_is_taken) {
        give_turn_back();
    }
}

int glue_storage_protect(glue_storage_body_t body, glue_storage_operation_t *op)
{
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        int error = body(op);
        nlr_pop();
        return error;
    }
    return glue_storage_errno(nlr.ret_val);
}

mp_obj_t glue_storage_mounted(const char *path, const char **within)
{
    mp_vfs_mount_t *mount = mp_vfs_lookup_path(path, within);
    return mount == MP_VFS_NONE || mount == MP_VFS_ROOT ? MP_OBJ_NULL : mount->obj;
}

/* A client's own directory would be asked for over the terminal, where somebody else may be typing. */
static bool is_of_a_client(const char *path)
{
    const char *within;
    mp_obj_t vfs = path ? glue_storage_mounted(path, &within) : MP_OBJ_NULL;
    return vfs != MP_OBJ_NULL && glue_mounts_is_clients(vfs);
}

static int run_in_turn(glue_storage_body_t body, glue_storage_operation_t *op)
{
    if (is_of_a_client(op->path) || is_of_a_client(op->to)) {
        return ENODEV;
    }
    glue_deadline_t *deadline = glue_deadline_begin_files();
    int error = glue_storage_protect(body, op);
    if (deadline) {
        glue_deadline_end(deadline);
    }
    return error;
}

int glue_storage_run(glue_storage_body_t body, glue_storage_operation_t *op)
{
    uhttpd_os_sem_t turn = storage_operation_turn();
    int error = turn ? wait_for_turn(turn) : ENOMEM;
    if (error) {
        return error;
    }
    MP_THREAD_GIL_ENTER();
    glue_mounts_end_abandoned();
    error = run_in_turn(body, op);
    MP_THREAD_GIL_EXIT();
    give_turn_back();
    return error;
}

mp_obj_t glue_storage_path(const char *path)
{
    size_t len = strlen(path);
    return glue_is_utf8(path, len) ? mp_obj_new_str(path, len) : mp_obj_new_bytes((const byte *)path, len);
}

static uint8_t traits_of(const char *path)
{
    const char *within;
    mp_obj_t vfs = glue_storage_mounted(path, &within);
    if (vfs == MP_OBJ_NULL || mp_obj_is_type(vfs, &mp_fat_vfs_type)) {
        return 0;
    }
    bool keeps_open = glue_storage_port_keeps_open(vfs);
    bool replaces = keeps_open || mp_obj_is_type(vfs, &mp_type_vfs_lfs1) || mp_obj_is_type(vfs, &mp_type_vfs_lfs2);
    return UHTTPD_STORAGE_EXACT | (replaces ? UHTTPD_STORAGE_REPLACES : 0) |
           (keeps_open ? UHTTPD_STORAGE_KEEPS_OPEN : 0);
}

int glue_storage_stat(glue_storage_operation_t *op)
{
    int error = glue_storage_info(op->path, mp_vfs_stat(glue_storage_path(op->path)), op->info);
    op->info->traits = traits_of(op->path);
    return error;
}

int glue_storage_look_at(const char *path, uhttpd_file_info_t *info)
{
    return glue_storage_protect(glue_storage_stat, &(glue_storage_operation_t) {.path = path, .info = info});
}

void glue_storage_hold(glue_storage_open_t *open, mp_obj_t object)
{
    open->object = object;
    open->next = MP_STATE_VM(storage_vfs_open);
    MP_STATE_VM(storage_vfs_open) = open;
}

void glue_storage_let_go(glue_storage_open_t *open)
{
    glue_storage_open_t **place = &MP_STATE_VM(storage_vfs_open);
    while (*place != open) {
        place = &(*place)->next;
    }
    *place = open->next;
}

void glue_storage_leave(glue_storage_open_t *open)
{
    MP_THREAD_GIL_ENTER();
    glue_storage_let_go(open);
    MP_THREAD_GIL_EXIT();
}

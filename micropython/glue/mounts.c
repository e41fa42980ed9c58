/* SPDX-License-Identifier: MIT */
#include "mounts.h"

#include <stdatomic.h>

#include "py/objtype.h"
#include "py/runtime.h"

#include "extmod/vfs.h"

static atomic_bool s_abandoned;
static mp_vfs_mount_t *s_home; /* where relative paths begin; on a chip that is the root from the beginning */

/* What mpremote calls it: it runs on the board as text, and says nothing else about itself. */
bool glue_mounts_is_clients(mp_obj_t vfs)
{
    const mp_obj_type_t *type = mp_obj_get_type(vfs);
    return mp_obj_is_instance_type(type) && type->name == MP_QSTR_RemoteFS;
}

void glue_mounts_abandon(void)
{
    atomic_store(&s_abandoned, true);
}

/* os.umount() would call functions of the file system. */
static void mounts_take_out(mp_vfs_mount_t **place)
{
    mp_vfs_mount_t *mount = *place;
    *place = mount->next;
    if (MP_STATE_VM(vfs_cur) == mount) {
        MP_STATE_VM(vfs_cur) = MP_VFS_ROOT;
    }
}

void glue_mounts_begin(void)
{
    s_home = MP_STATE_VM(vfs_cur);
}

/* os.umount() of the current directory goes to the root: on a desktop, to that of the machine. */
static void mounts_go_home(void)
{
    for (mp_vfs_mount_t *mount = MP_STATE_VM(vfs_mount_table); mount != NULL; mount = mount->next) {
        if (mount == s_home && MP_STATE_VM(vfs_cur) == MP_VFS_ROOT) {
            MP_STATE_VM(vfs_cur) = mount;
        }
    }
}

void glue_mounts_end_abandoned(void)
{
    if (!atomic_exchange(&s_abandoned, false)) {
        return;
    }
    for (mp_vfs_mount_t **place = &MP_STATE_VM(vfs_mount_table); *place != NULL;) {
        if (glue_mounts_is_clients((*place)->obj)) {
            mounts_take_out(place);
        } else {
            place = &(*place)->next;
        }
    }
    mounts_go_home();
}

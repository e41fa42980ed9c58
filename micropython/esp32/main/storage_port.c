/* SPDX-License-Identifier: MIT */
/* The functions that glue/storage_vfs.c needs from a port. */
#include <errno.h>
#include <string.h>

#include "glue/storage_port.h"

/* Neither littlefs nor FAT has symbolic links. */
int glue_storage_port_real_path(const char *path, char *real, size_t size)
{
    size_t len = strlen(path);
    if (len >= size) {
        return ERANGE;
    }
    memcpy(real, path, len + 1);
    return 0;
}

bool glue_storage_port_is_link(const char *path)
{
    (void)path;
    return false;
}

/* Nor have they permissions. */
int glue_storage_port_copy_mode(const char *from, const char *to)
{
    (void)from, (void)to;
    return 0;
}

/* littlefs and FAT give the blocks of an open file away. */
bool glue_storage_port_keeps_open(mp_obj_t vfs)
{
    (void)vfs;
    return false;
}

int glue_storage_port_set_modified(const char *path, int64_t modified)
{
    (void)path, (void)modified;
    return ENOSYS;
}

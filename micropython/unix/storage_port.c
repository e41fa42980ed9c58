/* SPDX-License-Identifier: MIT */
/* What glue/storage_vfs.c asks of a port: VfsPosix has symbolic links, other file systems have none. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "py/builtin.h"
#include "py/runtime.h"
#include "py/stream.h"

#include "extmod/vfs.h"
#include "extmod/vfs_posix.h"
#include "glue/storage_operation.h"
#include "glue/storage_port.h"
#include "uhttpd_storage.h"

bool glue_storage_port_keeps_open(mp_obj_t vfs)
{
    return mp_obj_is_type(vfs, &mp_type_vfs_posix);
}

static bool is_posix(const char *path)
{
    const char *within;
    mp_vfs_mount_t *mount = mp_vfs_lookup_path(path, &within);
    return mount != MP_VFS_NONE && mount != MP_VFS_ROOT && glue_storage_port_keeps_open(mount->obj);
}

static int as_it_is(const char *path, char *real, size_t size)
{
    return snprintf(real, size, "%s", path) < (int)size ? 0 : ERANGE;
}

/* Only VfsPosix itself knows where it begins in the host's file system. So it opens the path, which may be a directory,
 * and Linux says what was opened. */
static int path_of(int fd, char *real, size_t size)
{
    char link[32];
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t len = readlink(link, real, size);
    if (len < 0 || (size_t)len >= size) {
        return len < 0 ? errno : ERANGE;
    }
    real[len] = '\0';
    return 0;
}

int glue_storage_port_real_path(const char *path, char *real, size_t size)
{
    if (!is_posix(path)) {
        return as_it_is(path, real, size);
    }
    mp_obj_t args[] = {glue_storage_path(path), MP_OBJ_NEW_QSTR(MP_QSTR_rb)};
    mp_obj_t file = mp_vfs_open(MP_ARRAY_SIZE(args), args, (mp_map_t *)&mp_const_empty_map);
    int error = 0;
    int fd = (int)mp_get_stream(file)->ioctl(file, MP_STREAM_GET_FILENO, 0, &error);
    error = path_of(fd, real, size);
    mp_stream_close(file);
    return error;
}

/* Done by the storage of the C side, which knows only real paths. */
int glue_storage_port_copy_mode(const char *from, const char *to)
{
    char real_from[PATH_MAX];
    char real_to[PATH_MAX];
    if (!is_posix(to)) {
        return 0;
    }
    int error = glue_storage_port_real_path(from, real_from, sizeof(real_from));
    if (error == 0) {
        error = glue_storage_port_real_path(to, real_to, sizeof(real_to));
    }
    return error ? error : uhttpd_posix_storage.copy_mode(real_from, real_to);
}

int glue_storage_port_set_modified(const char *path, int64_t modified)
{
    char real[PATH_MAX];
    if (!is_posix(path)) {
        return ENOSYS;
    }
    int error = glue_storage_port_real_path(path, real, sizeof(real));
    return error ? error : uhttpd_posix_storage.set_modified(real, modified);
}

/* The real name of a directory within its parent. */
bool glue_storage_port_is_link(const char *path)
{
    char real[PATH_MAX];
    char parent[PATH_MAX];
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    if (glue_storage_port_real_path(path, real, sizeof(real)) != 0) {
        return false;
    }
    const char *above = slash == path ? "/" : ".";
    if (slash && slash != path) {
        above = mp_obj_str_get_str(mp_obj_new_bytes((const byte *)path, (size_t)(slash - path)));
    }
    if (glue_storage_port_real_path(above, parent, sizeof(parent)) != 0) {
        return false;
    }
    size_t len = strcmp(parent, "/") == 0 ? 0 : strlen(parent);
    return strncmp(real, parent, len) != 0 || real[len] != '/' || strcmp(real + len + 1, name) != 0;
}

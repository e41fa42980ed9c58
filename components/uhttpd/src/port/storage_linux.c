/* SPDX-License-Identifier: MIT */
#include "port/port.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "uhttpd_storage.h"

bool uh_storage_is_link(const char *path)
{
    struct stat found;
    return lstat(path, &found) == 0 && S_ISLNK(found.st_mode);
}

const uint8_t uh_storage_traits = UHTTPD_STORAGE_EXACT | UHTTPD_STORAGE_REPLACES | UHTTPD_STORAGE_KEEPS_OPEN;

int uh_storage_spell(char *path)
{
    (void)path;
    return ENOSYS;
}

int uh_storage_real_path(const char *path, char *real, size_t size)
{
    char *found = realpath(path, NULL);
    if (found == NULL) {
        return errno;
    }
    size_t needed = strlen(found) + 1;
    if (needed <= size) {
        memcpy(real, found, needed);
    }
    free(found);
    return needed <= size ? 0 : ERANGE;
}

int uh_storage_space(const char *path, uint64_t *total, uint64_t *free)
{
    struct statvfs found;
    if (statvfs(path, &found) != 0) {
        return errno;
    }
    *total = (uint64_t)found.f_blocks * found.f_frsize;
    *free = (uint64_t)found.f_bavail * found.f_frsize;
    return 0;
}

/* Mostly there is nothing to do, and some file systems refuse a change. */
int uh_storage_copy_mode(const char *from, const char *to)
{
    const mode_t permissions = S_IRWXU | S_IRWXG | S_IRWXO;
    struct stat old, own;
    if (stat(from, &old) != 0) {
        return errno == ENOENT ? 0 : errno;
    }
    if (stat(to, &own) != 0) {
        return errno;
    }
    bool same = (old.st_mode & permissions) == (own.st_mode & permissions);
    return same || chmod(to, old.st_mode & permissions) == 0 ? 0 : errno;
}

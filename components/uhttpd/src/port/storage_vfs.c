/* SPDX-License-Identifier: MIT */
/* ESP-IDF's VFS on a chip: no links, no permissions, no call for the space that is left, and no call that says which file
 * system a path is in. So every path is treated as if it were on FAT. A firmware that knows what it has mounted copies
 * uhttpd_posix_storage and sets functions of its own. */
#include "port/port.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

bool uh_storage_is_link(const char *path)
{
    (void)path;
    return false;
}

const uint8_t uh_storage_traits = 0;

/* @return 0; ENOENT: the directory does not have it */
static int spell_from_directory(DIR *dir, char *name)
{
    struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        if (strcasecmp(entry->d_name, name) == 0) {
            memcpy(name, entry->d_name, strlen(name));
            return 0;
        }
    }
    return ENOENT;
}

/* Where file systems are mounted there is no directory that has them. */
int uh_storage_spell(char *path)
{
    struct stat found;
    char *slash = strrchr(path, '/');
    if (slash == path) {
        return 0;
    }
    if (stat(path, &found) != 0) {
        return errno == EINVAL ? ENOENT : errno; /* no file there can be called so */
    }
    *slash = '\0';
    DIR *dir = opendir(path);
    *slash = '/';
    int err = dir != NULL ? spell_from_directory(dir, slash + 1) : errno;
    if (dir != NULL) {
        closedir(dir);
    }
    return err == ENOENT ? EINVAL : err;
}

int uh_storage_real_path(const char *path, char *real, size_t size)
{
    size_t needed = strlen(path) + 1;
    if (needed > size) {
        return ERANGE;
    }
    memcpy(real, path, needed);
    return 0;
}

int uh_storage_space(const char *path, uint64_t *total, uint64_t *free)
{
    (void)path, (void)total, (void)free;
    return ENOSYS;
}

int uh_storage_copy_mode(const char *from, const char *to)
{
    (void)from, (void)to;
    return 0;
}

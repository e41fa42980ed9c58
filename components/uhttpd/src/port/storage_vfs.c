/* SPDX-License-Identifier: MIT */
/* ESP-IDF's VFS on a chip: no links, and no call for the space that is left. A firmware that knows what it has mounted
 * copies uhttpd_posix_storage and sets a function of its own. */
#include "port/storage.h"

#include <errno.h>
#include <string.h>

bool uh_storage_is_link(const char *path)
{
    (void)path;
    return false;
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

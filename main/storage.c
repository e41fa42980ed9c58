/* SPDX-License-Identifier: MIT */
#include "storage.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "settings.h"

#define MOUNT "data" /* how the folder is called on a chip, and so everywhere */

/* @return what is behind "/data/" or "/". */
static const char *below_folder(const char *name)
{
    name += strspn(name, "/");
    size_t len = strlen(MOUNT);
    if (strncmp(name, MOUNT, len) == 0 && (name[len] == '/' || name[len] == '\0')) {
        name += len;
    }
    return name + strspn(name, "/");
}

static bool leads_out(const char *name)
{
    while (*name) {
        size_t len = strcspn(name, "/");
        if (len == 2 && name[0] == '.' && name[1] == '.') {
            return true;
        }
        name += len + strspn(name + len, "/");
    }
    return false;
}

bool storage_path(const char *name, char *path)
{
    name = below_folder(name);
    if (leads_out(name)) {
        return false;
    }
    int len = snprintf(path, STORAGE_PATH_SIZE, "%s%s%s", settings_data_folder(), name[0] ? "/" : "", name);
    while (len > 1 && len < STORAGE_PATH_SIZE && path[len - 1] == '/') { /* FAT knows no "folder/" */
        path[--len] = '\0';
    }
    return len > 0 && len < STORAGE_PATH_SIZE;
}

static int open_file(const char *name, bool write, void **file)
{
    char path[STORAGE_PATH_SIZE];
    return storage_path(name, path) ? webrepl_posix_files.open(path, write, file) : EACCES;
}

static int read_file(void *file, void *buf, size_t size, size_t *got)
{
    return webrepl_posix_files.read(file, buf, size, got);
}

static int write_file(void *file, const void *buf, size_t len)
{
    return webrepl_posix_files.write(file, buf, len);
}

static int close_file(void *file)
{
    return webrepl_posix_files.close(file);
}

static int rename_file(const char *from, const char *to)
{
    char old_path[STORAGE_PATH_SIZE], new_path[STORAGE_PATH_SIZE];
    bool named = storage_path(from, old_path) && storage_path(to, new_path);
    return named ? webrepl_posix_files.rename(old_path, new_path) : EACCES;
}

static int remove_file(const char *name)
{
    char path[STORAGE_PATH_SIZE];
    return storage_path(name, path) ? webrepl_posix_files.remove(path) : EACCES;
}

const webrepl_files_t storage_files = {
    .open = open_file,
    .read = read_file,
    .write = write_file,
    .close = close_file,
    .rename = rename_file,
    .remove = remove_file,
};

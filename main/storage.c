/* SPDX-License-Identifier: MIT */
#include "storage.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "settings.h"

#define MOUNT "data" /* the folder's name on a chip, and therefore everywhere */

/* @return what is behind a folder, or the whole name */
static const char *behind_folder(const char *name, const char *folder)
{
    size_t len = strlen(folder);
    return strncmp(name, folder, len) == 0 && (name[len] == '/' || !name[len]) ? name + len : name;
}

/* @return what is behind the folder's own path, "/data/" or "/"; "" for ".", where relative names begin: FAT has no such
 * entry. */
static const char *below_folder(const char *name)
{
    if (strcmp(name, ".") == 0) {
        return "";
    }
    const char *below = storage_folder() ? behind_folder(name, storage_folder()) : name;
    if (below == name) {
        below = behind_folder(name + strspn(name, "/"), MOUNT);
    }
    return below + strspn(below, "/");
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

int storage_path(const char *name, char *path)
{
    name = below_folder(name);
    if (leads_out(name)) {
        return EACCES;
    }
    int len = snprintf(path, STORAGE_PATH_SIZE, "%s%s%s", settings_data_folder(), name[0] ? "/" : "", name);
    while (len > 1 && len < STORAGE_PATH_SIZE && path[len - 1] == '/') { /* FAT knows no "folder/" */
        path[--len] = '\0';
    }
    return len < STORAGE_PATH_SIZE ? 0 : ENAMETOOLONG;
}

static int stat_name(const char *name, uhttpd_file_info_t *info)
{
    char path[STORAGE_PATH_SIZE];
    int err = storage_path(name, path);
    return err == 0 ? uhttpd_posix_storage.stat(path, info) : err;
}

static int app_storage_open_file(const char *name, uhttpd_file_mode_t mode, void **file)
{
    char path[STORAGE_PATH_SIZE];
    int err = storage_path(name, path);
    return err == 0 ? uhttpd_posix_storage.open(path, mode, file) : err;
}

static int rename_name(const char *from, const char *to)
{
    char old_path[STORAGE_PATH_SIZE], new_path[STORAGE_PATH_SIZE];
    int err = storage_path(from, old_path);
    err = err == 0 ? storage_path(to, new_path) : err;
    return err == 0 ? uhttpd_posix_storage.rename(old_path, new_path) : err;
}

static int app_storage_remove_file(const char *name)
{
    char path[STORAGE_PATH_SIZE];
    int err = storage_path(name, path);
    return err == 0 ? uhttpd_posix_storage.remove(path) : err;
}

static int app_storage_make_directory(const char *name)
{
    char path[STORAGE_PATH_SIZE];
    int err = storage_path(name, path);
    return err == 0 ? uhttpd_posix_storage.make_directory(path) : err;
}

static int app_storage_remove_directory(const char *name)
{
    char path[STORAGE_PATH_SIZE];
    int err = storage_path(name, path);
    return err == 0 ? uhttpd_posix_storage.remove_directory(path) : err;
}

static int app_storage_open_directory(const char *name, void **dir)
{
    char path[STORAGE_PATH_SIZE];
    int err = storage_path(name, path);
    return err == 0 ? uhttpd_posix_storage.open_directory(path, dir) : err;
}

static int real_path_of_name(const char *name, char *real, size_t size)
{
    char path[STORAGE_PATH_SIZE];
    int err = storage_path(name, path);
    return err == 0 ? uhttpd_posix_storage.real_path(path, real, size) : err;
}

static int app_storage_space(const char *name, uint64_t *total, uint64_t *free)
{
    (void)name; /* it is all in one */
    return storage_capacity(total, free);
}

const uhttpd_storage_t *storage_files(void)
{
    static uhttpd_storage_t s_files;
    s_files = uhttpd_posix_storage;
    s_files.stat = stat_name;
    s_files.open = app_storage_open_file;
    s_files.rename = rename_name;
    s_files.remove = app_storage_remove_file;
    s_files.make_directory = app_storage_make_directory;
    s_files.remove_directory = app_storage_remove_directory;
    s_files.open_directory = app_storage_open_directory;
    s_files.real_path = real_path_of_name;
    s_files.space = app_storage_space;
    return &s_files;
}

const uhttpd_storage_t *storage_paths(void)
{
    static uhttpd_storage_t s_paths;
    s_paths = uhttpd_posix_storage;
    s_paths.space = app_storage_space;
    return &s_paths;
}

/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>

#include "http/text.h"
#include "http/validators.h"
#include "port/port.h"
#include "uhttpd_os.h"
#include "uhttpd_storage.h"

/* --- what is known ------------------------------------------------------------------------------------------------ */

#define COARSEST_TICK 2 /* seconds; FAT counts in twos */

/* A clock that starts again at every boot repeats times. */
static uint32_t storage_posix_start_number(void)
{
    static _Atomic uint32_t s_start;
    uint32_t none = 0;
    if (atomic_load(&s_start) == 0) {
        atomic_compare_exchange_strong(&s_start, &none, uhttpd_os_random() | 1);
    }
    return atomic_load(&s_start);
}

/* If times are whole seconds, a file can change twice within one tick. A file that young has no version yet. */
static bool storage_posix_may_change_unseen(const struct stat *found)
{
    time_t age = time(NULL) - found->st_mtime;
    return found->st_mtim.tv_nsec == 0 && age >= -COARSEST_TICK && age <= COARSEST_TICK;
}

/* The time of the last status change is left out, because a file that is linked, renamed or removed is still the
 * same. */
static uint64_t storage_posix_version_of(const struct stat *found)
{
    if (found->st_mtime == 0 || storage_posix_may_change_unseen(found)) {
        return 0;
    }
    const uint64_t facts[] = {
        (uint64_t)found->st_size,
        (uint64_t)found->st_mtime,
        (uint64_t)found->st_mtim.tv_nsec,
        found->st_mtime < UH_CLOCK_WAS_SET ? storage_posix_start_number() : 0,
    };
    uint64_t version = (uint64_t)found->st_ino;
    for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
        version = (version ^ facts[i]) * UINT64_C(0x9e3779b97f4a7c15);
        version ^= version >> 29;
    }
    return version != 0 ? version : 1;
}

/* A pipe would make its reader wait for ever, and devices must not be exposed. @return errno */
static int storage_posix_describe(const struct stat *found, uhttpd_file_info_t *info)
{
    *info = (uhttpd_file_info_t) {.is_directory = S_ISDIR(found->st_mode), .traits = uh_storage_traits};
    if (S_ISREG(found->st_mode)) {
        info->size = (uint64_t)found->st_size;
        info->modified = found->st_mtime < UH_CLOCK_WAS_SET ? 0 : found->st_mtime;
        info->moment = info->modified != 0 ? (uint32_t)found->st_mtim.tv_nsec : 0;
        info->version = storage_posix_version_of(found);
    }
    return info->is_directory || S_ISREG(found->st_mode) ? 0 : EACCES;
}

static int stat_path(const char *path, uhttpd_file_info_t *info)
{
    struct stat found = {0}; /* not every file system of ESP-IDF writes everything at once */
    return stat(path, &found) == 0 ? storage_posix_describe(&found, info) : errno;
}

/* --- files -------------------------------------------------------------------------------------------------------- */

/* Packs a descriptor and whether it writes into a pointer that is not NULL, so that a file needs no memory. */
static void *to_handle(int fd, bool write)
{
    return (void *)(((intptr_t)fd + 1) * 2 + write);
}

static int storage_posix_descriptor(void *file)
{
    return (int)((intptr_t)file / 2 - 1);
}

static bool storage_posix_writes(void *file)
{
    return (intptr_t)file % 2 != 0;
}

static int storage_posix_open_file(const char *path, uhttpd_file_mode_t mode, void **file)
{
    static const int flags[] = {
        [UHTTPD_FILE_READ] = O_RDONLY,
        [UHTTPD_FILE_CREATE] = O_WRONLY | O_CREAT | O_EXCL,
        [UHTTPD_FILE_WRITE] = O_WRONLY | O_CREAT | O_TRUNC,
        [UHTTPD_FILE_APPEND] = O_WRONLY | O_APPEND,
    };
    int fd;
    do {
        fd = open(path, flags[mode], 0666);
    } while (fd < 0 && errno == EINTR);
    if (fd < 0) {
        return errno;
    }
    *file = to_handle(fd, mode != UHTTPD_FILE_READ);
    return 0;
}

static int read_file(void *file, void *buf, size_t size, size_t *got)
{
    ssize_t n;
    do {
        n = read(storage_posix_descriptor(file), buf, size);
    } while (n < 0 && errno == EINTR);
    *got = n > 0 ? (size_t)n : 0;
    return n < 0 ? errno : 0;
}

/* A chip's off_t has 32 bits. */
static int seek_file(void *file, uint64_t at)
{
    off_t to = (off_t)at;
    if (to < 0 || (uint64_t)to != at) {
        return EOVERFLOW;
    }
    return lseek(storage_posix_descriptor(file), to, SEEK_SET) == to ? 0 : errno;
}

static int write_file(void *file, const void *buf, size_t len)
{
    const uint8_t *at = buf;
    while (len > 0) {
        ssize_t n = write(storage_posix_descriptor(file), at, len);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n < 0 ? errno : ENOSPC;
        }
        at += n;
        len -= (size_t)n;
    }
    return 0;
}

/* Not every file system can flush on request. Those that cannot return an error, and flush when the file is closed. */
static int storage_posix_flush(int fd)
{
    if (fsync(fd) == 0 || errno == ENOSYS || errno == EINVAL || errno == ENOTSUP) {
        return 0;
    }
    return errno;
}

static int storage_posix_close_file(void *file)
{
    int err = storage_posix_writes(file) ? storage_posix_flush(storage_posix_descriptor(file)) : 0;
    if (close(storage_posix_descriptor(file)) != 0 && err == 0 && errno != EINTR) {
        err = errno;
    }
    return err;
}

static int stat_open(void *file, uhttpd_file_info_t *info)
{
    struct stat found = {0};
    return fstat(storage_posix_descriptor(file), &found) == 0 ? storage_posix_describe(&found, info) : errno;
}

/* --- names -------------------------------------------------------------------------------------------------------- */

static bool storage_posix_is_directory(const char *path)
{
    struct stat found;
    return stat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

/* FAT uses the same call to remove files and directories. */
static int storage_posix_remove_file(const char *path)
{
    if (storage_posix_is_directory(path) && !uh_storage_is_link(path)) {
        return EISDIR;
    }
    return unlink(path) == 0 ? 0 : errno;
}

/* FAT and SPIFFS do not replace a file. For a moment there is no file, but there is never half a file. */
static int rename_path(const char *from, const char *to)
{
    struct stat there;
    if (storage_posix_is_directory(from) && stat(to, &there) == 0) {
        return EEXIST; /* POSIX would replace a directory that is empty */
    }
    if (rename(from, to) == 0) {
        return 0;
    }
    if (errno != EEXIST) {
        return errno;
    }
    if (storage_posix_is_directory(to)) {
        return EISDIR;
    }
    int err = storage_posix_remove_file(to);
    return err == 0 && rename(from, to) != 0 ? errno : err;
}

static int storage_posix_make_directory(const char *path)
{
    return mkdir(path, 0777) == 0 ? 0 : errno;
}

static int storage_posix_set_modified(const char *path, int64_t modified)
{
    const struct utimbuf times = {.actime = (time_t)modified, .modtime = (time_t)modified};
    return utime(path, &times) == 0 ? 0 : errno;
}

/* --- directories -------------------------------------------------------------------------------------------------- */

typedef struct {
    DIR *dir;
    size_t len;  /* of the directory's path, slash included */
    char path[]; /* of the entry at hand; NAME_ROOM bytes for its name */
} directory_t;

#define NAME_ROOM sizeof(((struct dirent *)0)->d_name)

static int storage_posix_open_directory(const char *path, void **handle)
{
    size_t len = strlen(path);
    directory_t *directory = malloc(sizeof(*directory) + len + 1 + NAME_ROOM);
    if (directory == NULL) {
        return ENOMEM;
    }
    directory->dir = opendir(path);
    if (directory->dir == NULL) {
        int err = errno;
        free(directory);
        return err;
    }
    memcpy(directory->path, path, len);
    if (path[len - 1] != '/') {
        directory->path[len++] = '/';
    }
    directory->len = len;
    *handle = directory;
    return 0;
}

/* The next entry, without "." and "..", whose name fits. */
static int next_entry(DIR *dir, size_t size, struct dirent **entry)
{
    for (;;) {
        errno = 0;
        *entry = readdir(dir);
        if (*entry == NULL) {
            return errno != 0 ? errno : ENOENT;
        }
        const char *name = (*entry)->d_name;
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && strlen(name) < size) {
            return 0;
        }
    }
}

/* An entry without information, such as a link that leads nowhere, counts as a file, so that it can be removed. */
static int read_directory(void *handle, char *name, size_t size, uhttpd_file_info_t *info)
{
    directory_t *directory = handle;
    struct dirent *entry;
    int err = next_entry(directory->dir, size, &entry);
    if (err != 0) {
        return err;
    }
    uh_text_copy(name, size, entry->d_name);
    uh_text_copy(directory->path + directory->len, NAME_ROOM, entry->d_name);
    struct stat found = {0};
    *info = (uhttpd_file_info_t) {0};
    if (stat(directory->path, &found) == 0) {
        storage_posix_describe(&found, info);
    }
    info->is_link = uh_storage_is_link(directory->path);
    return 0;
}

static void close_directory(void *handle)
{
    directory_t *directory = handle;
    closedir(directory->dir);
    free(directory);
}

static bool is_empty(const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    bool empty = dir != NULL && next_entry(dir, SIZE_MAX, &entry) == ENOENT;
    if (dir != NULL) {
        closedir(dir);
    }
    return empty;
}

/* For a directory that is not empty, POSIX allows EEXIST, and FAT returns EACCES. */
static int storage_posix_remove_directory(const char *path)
{
    if (!storage_posix_is_directory(path)) {
        struct stat there;
        return stat(path, &there) == 0 ? ENOTDIR : errno;
    }
    if (rmdir(path) == 0) {
        return 0;
    }
    int err = errno;
    return (err == EEXIST || err == EACCES) && !is_empty(path) ? ENOTEMPTY : err;
}

const uhttpd_storage_t uhttpd_posix_storage = {
    .stat = stat_path,
    .open = storage_posix_open_file,
    .stat_open = stat_open,
    .read = read_file,
    .seek = seek_file,
    .write = write_file,
    .close = storage_posix_close_file,
    .rename = rename_path,
    .remove = storage_posix_remove_file,
    .make_directory = storage_posix_make_directory,
    .remove_directory = storage_posix_remove_directory,
    .open_directory = storage_posix_open_directory,
    .read_directory = read_directory,
    .close_directory = close_directory,
    .real_path = uh_storage_real_path,
    .spell = uh_storage_spell,
    .space = uh_storage_space,
    .copy_mode = uh_storage_copy_mode,
    .set_modified = storage_posix_set_modified,
};

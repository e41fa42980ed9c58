/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "webrepl.h"

/* A descriptor and whether it writes, in a pointer that is not NULL: no memory is needed for a file. */
static void *to_handle(int fd, bool write)
{
    return (void *)(((intptr_t)fd + 1) * 2 + write);
}

static int descriptor(void *file)
{
    return (int)((intptr_t)file / 2 - 1);
}

static bool writes(void *file)
{
    return (intptr_t)file % 2 != 0;
}

static int open_file(const char *path, bool write, void **file)
{
    int fd;
    do {
        fd = write ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666) : open(path, O_RDONLY);
    } while (fd < 0 && errno == EINTR);
    if (fd < 0) {
        return errno;
    }
    *file = to_handle(fd, write);
    return 0;
}

static int read_file(void *file, void *buf, size_t size, size_t *got)
{
    ssize_t n;
    do {
        n = read(descriptor(file), buf, size);
    } while (n < 0 && errno == EINTR);
    *got = n > 0 ? (size_t)n : 0;
    return n < 0 ? errno : 0;
}

static int write_file(void *file, const void *buf, size_t len)
{
    const uint8_t *at = buf;
    while (len > 0) {
        ssize_t n = write(descriptor(file), at, len);
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

/* Not every file system can be asked to flush: those that cannot say so, and flush on closing. */
static int flush(int fd)
{
    if (fsync(fd) == 0 || errno == ENOSYS || errno == EINVAL || errno == ENOTSUP) {
        return 0;
    }
    return errno;
}

static int close_file(void *file)
{
    int err = writes(file) ? flush(descriptor(file)) : 0;
    if (close(descriptor(file)) != 0 && err == 0 && errno != EINTR) {
        err = errno;
    }
    return err;
}

static int remove_file(const char *path)
{
    return unlink(path) == 0 ? 0 : errno;
}

/* FAT and SPIFFS do not replace a file: there is a moment without it, but never one with half of it. */
static int rename_file(const char *from, const char *to)
{
    if (rename(from, to) == 0) {
        return 0;
    }
    if (errno != EEXIST) {
        return errno;
    }
    int err = remove_file(to);
    return err == 0 && rename(from, to) != 0 ? errno : err;
}

const webrepl_files_t webrepl_posix_files = {
    .open = open_file,
    .read = read_file,
    .write = write_file,
    .close = close_file,
    .rename = rename_file,
    .remove = remove_file,
};

/* SPDX-License-Identifier: MIT */
/* POSIX storage that fails or waits on command, and counts open files. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"

static atomic_int s_calls;   /* since the last command "fail" */
static atomic_llong s_steps; /* names in the paths of what was removed, opened or renamed meanwhile */
static atomic_int s_fail_at; /* the first call that fails; 0: none */
static atomic_int s_failing; /* how many do */
static atomic_int s_error;
static atomic_int s_gap;                  /* the next replacement only removes the old file; then all fails */
static atomic_llong s_budget = INT64_MAX; /* bytes that are left */
static atomic_int s_open;                 /* files and directories */
static atomic_int s_chip;                 /* whether it reports as little as FAT and SPIFFS on a chip */
static atomic_int s_slow;                 /* reads that wait for the command "release" */

/* @return the errno that the call fails with; 0: it works */
static int fault(void)
{
    int call = atomic_fetch_add(&s_calls, 1) + 1;
    int first = atomic_load(&s_fail_at);
    return first != 0 && call >= first && call - first < atomic_load(&s_failing) ? atomic_load(&s_error) : 0;
}

/* What a file system has to follow. */
static void follow(const char *path)
{
    for (; *path != '\0'; path++) {
        atomic_fetch_add(&s_steps, *path == '/');
    }
}

#define FAIL_OR(call) \
    int error = fault(); \
    return error != 0 ? error : uhttpd_posix_storage.call

/* SPIFFS has no root, and FAT has no time for an open file. */
static int f_stat(const char *path, uhttpd_file_info_t *info)
{
    if (atomic_load(&s_chip) && g_serve.base && strcmp(path, g_serve.base) == 0) {
        return ENOENT;
    }
    int error = fault();
    error = error != 0 ? error : uhttpd_posix_storage.stat(path, info);
    if (atomic_load(&s_gap)) {
        info->traits &= (uint8_t)~UHTTPD_STORAGE_REPLACES;
    }
    return error;
}

static int f_open(const char *path, uhttpd_file_mode_t mode, void **file)
{
    int error = fault();
    error = error != 0 ? error : uhttpd_posix_storage.open(path, mode, file);
    atomic_fetch_add(&s_open, error == 0);
    return error;
}

static int f_stat_open(void *file, uhttpd_file_info_t *info)
{
    int error = fault();
    error = error != 0 ? error : uhttpd_posix_storage.stat_open(file, info);
    if (atomic_load(&s_chip)) {
        info->modified = 0;
        info->version = 0;
    }
    return error;
}

static int f_read(void *file, void *buf, size_t size, size_t *got)
{
    if (atomic_load(&s_slow) > 0) {
        atomic_fetch_sub(&s_slow, 1);
        atomic_fetch_add(&g_counts.holding, 1);
        sem_wait(&g_release);
        atomic_fetch_sub(&g_counts.holding, 1);
    }
    FAIL_OR(read(file, buf, size, got));
}

static int f_seek(void *file, uint64_t at)
{
    FAIL_OR(seek(file, at));
}

static int f_write(void *file, const void *buf, size_t len)
{
    if ((long long)len > atomic_load(&s_budget)) {
        return ENOSPC;
    }
    atomic_fetch_sub(&s_budget, (long long)len);
    FAIL_OR(write(file, buf, len));
}

/* A file is gone even if closing it fails. */
static int f_close(void *file)
{
    atomic_fetch_sub(&s_open, 1);
    int error = uhttpd_posix_storage.close(file);
    int injected = fault();
    return injected != 0 ? injected : error;
}

/* Does the first step of FAT, and then the power goes. */
static int fail_between(const char *to)
{
    atomic_store(&s_gap, 0);
    atomic_store(&s_error, EIO);
    atomic_store(&s_fail_at, 1);
    atomic_store(&s_failing, INT_MAX);
    uhttpd_posix_storage.remove(to);
    return EIO;
}

static int f_rename(const char *from, const char *to)
{
    follow(from);
    follow(to);
    uhttpd_file_info_t info;
    if (atomic_load(&s_gap) && uhttpd_posix_storage.stat(to, &info) == 0) {
        return fail_between(to);
    }
    FAIL_OR(rename(from, to));
}

static int f_remove(const char *path)
{
    follow(path);
    FAIL_OR(remove(path));
}

static int f_make_directory(const char *path)
{
    FAIL_OR(make_directory(path));
}

static int f_remove_directory(const char *path)
{
    follow(path);
    FAIL_OR(remove_directory(path));
}

static int f_open_directory(const char *path, void **dir)
{
    follow(path);
    int error = fault();
    error = error != 0 ? error : uhttpd_posix_storage.open_directory(path, dir);
    atomic_fetch_add(&s_open, error == 0);
    return error;
}

static int f_read_directory(void *dir, char *name, size_t size, uhttpd_file_info_t *info)
{
    FAIL_OR(read_directory(dir, name, size, info));
}

static void f_close_directory(void *dir)
{
    atomic_fetch_sub(&s_open, 1);
    uhttpd_posix_storage.close_directory(dir);
}

static int f_real_path(const char *path, char *real, size_t size)
{
    FAIL_OR(real_path(path, real, size));
}

static int f_space(const char *path, uint64_t *total, uint64_t *free)
{
    int error = fault();
    error = error != 0 ? error : uhttpd_posix_storage.space(path, total, free);
    uint64_t left = (uint64_t)atomic_load(&s_budget);
    *free = error != 0 || *free < left ? *free : left;
    return error;
}

static int f_copy_mode(const char *from, const char *to)
{
    FAIL_OR(copy_mode(from, to));
}

static int f_set_modified(const char *path, int64_t modified)
{
    FAIL_OR(set_modified(path, modified));
}

const uhttpd_storage_t g_storage = {
    .stat = f_stat,
    .open = f_open,
    .stat_open = f_stat_open,
    .read = f_read,
    .seek = f_seek,
    .write = f_write,
    .close = f_close,
    .rename = f_rename,
    .remove = f_remove,
    .make_directory = f_make_directory,
    .remove_directory = f_remove_directory,
    .open_directory = f_open_directory,
    .read_directory = f_read_directory,
    .close_directory = f_close_directory,
    .real_path = f_real_path,
    .space = f_space,
    .copy_mode = f_copy_mode,
    .set_modified = f_set_modified,
};

/* "fail N ERRNO COUNT": from the N-th call on, COUNT calls fail, or one; N 0: none does */
void storage_fail(const char *arguments)
{
    int at = 0, error = EIO, count = 1;
    sscanf(arguments, "%d %d %d", &at, &error, &count);
    atomic_store(&s_error, error);
    atomic_store(&s_failing, count);
    atomic_store(&s_fail_at, at);
    atomic_store(&s_calls, 0);
    atomic_store(&s_steps, 0);
    printf("ok\n");
}

void storage_chip(const char *on)
{
    atomic_store(&s_chip, atoi(on));
    printf("ok\n");
}

/* "slow N": the next N reads wait */
void storage_slow(const char *count)
{
    atomic_store(&s_slow, atoi(count));
    printf("ok\n");
}

/* "gap": see above */
void storage_gap(const char *unused)
{
    (void)unused;
    atomic_store(&s_gap, 1);
    printf("ok\n");
}

/* "budget BYTES": that many can be written */
void storage_budget(const char *bytes)
{
    atomic_store(&s_budget, atoll(bytes));
    printf("ok\n");
}

/* Calls since "fail", and what is open now. */
void storage_state(const char *unused)
{
    (void)unused;
    printf("{\"calls\": %d, \"steps\": %lld, \"open\": %d}\n", s_calls, s_steps, s_open);
}

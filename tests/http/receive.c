/* SPDX-License-Identifier: MIT */
/* What receives files: below the option "root", on storage that fails when it is told to. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "uhttpd_files.h"

/* --- storage that fails ------------------------------------------------------------------------------------------- */

static atomic_int s_calls;                             /* since the command "fail" */
static atomic_int s_first_failing, s_failing, s_error; /* which of them fail, how many, and how */
static atomic_llong s_budget = INT64_MAX;              /* bytes that are left */

static int failure(void)
{
    int call = atomic_fetch_add(&s_calls, 1) + 1;
    int first = atomic_load(&s_first_failing);
    return first && call >= first && call - first < atomic_load(&s_failing) ? atomic_load(&s_error) : 0;
}

#define FAIL_OR(call) \
    do { \
        int failed = failure(); \
        return failed ? failed : uhttpd_posix_storage.call; \
    } while (0)

static int fail_stat(const char *path, uhttpd_file_info_t *info)
{
    FAIL_OR(stat(path, info));
}

static int fail_open(const char *path, uhttpd_file_mode_t mode, void **file)
{
    FAIL_OR(open(path, mode, file));
}

static int fail_write(void *file, const void *buf, size_t len)
{
    int failed = failure();
    if (failed) {
        return failed;
    }
    if ((long long)len > atomic_load(&s_budget)) {
        return ENOSPC;
    }
    atomic_fetch_sub(&s_budget, (long long)len);
    return uhttpd_posix_storage.write(file, buf, len);
}

static int fail_close(void *file)
{
    int failed = failure(), err = uhttpd_posix_storage.close(file);
    return failed ? failed : err;
}

static int fail_rename(const char *from, const char *to)
{
    FAIL_OR(rename(from, to));
}

static int fail_remove(const char *path)
{
    FAIL_OR(remove(path));
}

static int fail_make_directory(const char *path)
{
    FAIL_OR(make_directory(path));
}

static int fail_remove_directory(const char *path)
{
    FAIL_OR(remove_directory(path));
}

static int fail_open_directory(const char *path, void **dir)
{
    FAIL_OR(open_directory(path, dir));
}

static int fail_read_directory(void *dir, char *name, size_t size, uhttpd_file_info_t *info)
{
    FAIL_OR(read_directory(dir, name, size, info));
}

static int fail_real_path(const char *path, char *real, size_t size)
{
    FAIL_OR(real_path(path, real, size));
}

static int fail_space(const char *path, uint64_t *total, uint64_t *free)
{
    int failed = failure(), err = uhttpd_posix_storage.space(path, total, free);
    uint64_t left = (uint64_t)atomic_load(&s_budget);
    *free = err == 0 && *free < left ? *free : left;
    return failed ? failed : err;
}

static const uhttpd_storage_t *failing_storage(void)
{
    static uhttpd_storage_t storage;
    storage = uhttpd_posix_storage;
    storage.stat = fail_stat;
    storage.open = fail_open;
    storage.write = fail_write;
    storage.close = fail_close;
    storage.rename = fail_rename;
    storage.remove = fail_remove;
    storage.make_directory = fail_make_directory;
    storage.remove_directory = fail_remove_directory;
    storage.open_directory = fail_open_directory;
    storage.read_directory = fail_read_directory;
    storage.real_path = fail_real_path;
    storage.space = fail_space;
    return &storage;
}

/* "fail FIRST COUNT ERRNO": the calls of storage from the FIRST on, counted from now; 0: none. Says how many there were. */
void receive_fail(const char *arguments)
{
    int first = 0, count = 0, error = EIO;
    sscanf(arguments, "%d %d %d", &first, &count, &error);
    atomic_store(&s_first_failing, 0);
    int calls = atomic_exchange(&s_calls, 0);
    atomic_store(&s_error, error);
    atomic_store(&s_failing, count);
    atomic_store(&s_first_failing, first);
    printf("%d\n", calls);
}

/* "budget BYTES" */
void receive_budget(const char *bytes)
{
    atomic_store(&s_budget, atoll(bytes));
    printf("ok\n");
}

/* --- who decides -------------------------------------------------------------------------------------------------- */

/* A path with "acl-" and a number somewhere in it gets that verdict, anything else both rights. */
static int acl(const char *path, void *ctx)
{
    (void)ctx;
    const char *verdict = strstr(path, "acl-");
    return verdict ? atoi(verdict + 4) : UHTTPD_ACL_RW;
}

/* --- receivers ---------------------------------------------------------------------------------------------------- */

const char *g_receive_root;

static esp_err_t add(uhttpd_handle_t server, const char *prefix, uhttpd_receive_config_t config)
{
    static char external[512];
    snprintf(external, sizeof(external), "%s/sd", g_receive_root);
    config.prefix = prefix;
    config.base = g_receive_root;
    config.storage = failing_storage();
    config.ext_path = external;
    return uhttpd_receive(server, &config);
}

esp_err_t receive_add(uhttpd_handle_t server)
{
    static const struct {
        const char *prefix;
        uhttpd_receive_config_t config;
    } receivers[] = {
        {"/up", {.dynamic = true, .remove = true}},
        {"/keep", {.dynamic = true}},
        {"/sd", {.dynamic = true, .remove = true, .ext_only = true}},
        {"/small", {.dynamic = true, .max_size = 1000}},
        {"/put", {.remove = true}},
        {"/put-small", {.max_size = 1000}},
    };
    esp_err_t err = ESP_OK;
    if (!g_receive_root) {
        return err;
    }
    uhttpd_file_acl(server, acl, NULL);
    for (size_t i = 0; i < sizeof(receivers) / sizeof(receivers[0]) && err == ESP_OK; i++) {
        err = add(server, receivers[i].prefix, receivers[i].config);
    }
    return err;
}

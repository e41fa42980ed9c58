/* SPDX-License-Identifier: MIT */
#include "files/storage.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "http/text.h"
#include "uhttpd_upload.h"

/* --- paths made of pieces ----------------------------------------------------------------------------------------- */

static void add_pieces(uh_text_t *text, const char *const *pieces)
{
    while (*pieces != NULL) {
        uh_text_add(text, *pieces++);
    }
}

char *uh_join(const char *const *pieces)
{
    uh_text_t text = {0};
    add_pieces(&text, pieces);
    size_t size = text.len + 1;
    text = (uh_text_t) {.at = malloc(size), .room = size};
    if (text.at != NULL) {
        add_pieces(&text, pieces);
        uh_text_end(&text);
    }
    return text.at;
}

/* --- which file a path means -------------------------------------------------------------------------------------- */

#define REAL_PATH_STEP 128 /* bytes */
#define REAL_PATH_MAX 8192
#define MOUNT_DEPTH 4 /* segments of a mount point: nothing need be at "/a" for a file system to be at "/a/b" */

bool uh_file_is_absent(int error)
{
    return error == ENOENT || error == ENOTDIR || error == EINVAL;
}

int uh_file_real_path(const uhttpd_storage_t *storage, const char *path, char **real)
{
    for (size_t size = REAL_PATH_STEP; size <= REAL_PATH_MAX; size *= 2) {
        *real = malloc(size);
        int err = *real != NULL ? storage->real_path(path, *real, size) : ENOMEM;
        if (err == 0) {
            return 0;
        }
        free(*real);
        *real = NULL;
        if (err != ERANGE) {
            return err;
        }
    }
    return ENAMETOOLONG;
}

/* From "/a/b" to "/a" to "/", from "a" to ".". @return false: there is nothing above */
static bool directory_goes_up(char *directory)
{
    char *slash = strrchr(directory, '/');
    if (strcmp(directory, slash != NULL ? "/" : ".") == 0) {
        return false;
    }
    if (slash == NULL) {
        directory[0] = '.';
        directory[1] = '\0';
    } else {
        slash[slash == directory] = '\0';
    }
    return true;
}

/* A slash near the middle between two places. NULL: none is between them */
static char *slash_between(char *low, char *high)
{
    char *middle = low + (high - low) / 2;
    for (char *at = middle; at > low; at--) {
        if (*at == '/') {
            return at;
        }
    }
    return middle + 1 < high ? memchr(middle + 1, '/', (size_t)(high - middle - 1)) : NULL;
}

static bool part_is_there(char *path, char *slash, uh_file_probe_t is_there, void *ctx)
{
    *slash = '\0';
    bool there = is_there(ctx, path);
    *slash = '/';
    return there;
}

/* @param there, absent  ends of parts: what is known */
static char *search_part(char *path, char *there, char *absent, uh_file_probe_t is_there, void *ctx)
{
    for (char *slash; (slash = slash_between(there, absent)) != NULL;) {
        char **side = part_is_there(path, slash, is_there, ctx) ? &there : &absent;
        *side = slash;
    }
    return there;
}

char *uh_file_part(char *path, uh_file_probe_t is_there, void *ctx)
{
    char *end = path + strlen(path);
    char *there = is_there(ctx, path) ? end : search_part(path, path, end, is_there, ctx);
    char *mount = path;
    for (int depth = 0; there == path && depth < MOUNT_DEPTH && (mount = strchr(mount + 1, '/')) != NULL; depth++) {
        there = part_is_there(path, mount, is_there, ctx) ? search_part(path, mount, end, is_there, ctx) : path;
    }
    return there;
}

static bool is_in_storage(void *storage, const char *path)
{
    uhttpd_file_info_t info;
    return ((const uhttpd_storage_t *)storage)->stat(path, &info) == 0;
}

char *uh_file_existing(const uhttpd_storage_t *storage, char *path)
{
    return uh_file_part(path, is_in_storage, (void *)storage);
}

/* Where the longest part that is there really is. */
typedef struct {
    const uhttpd_storage_t *storage;
    char *real;
    int error;
} real_part_t;

static bool has_real_path(void *ctx, const char *path)
{
    real_part_t *part = ctx;
    char *real;
    int err = uh_file_real_path(part->storage, path, &real);
    if (uh_file_is_absent(err)) {
        return false;
    }
    free(part->real);
    part->real = real;
    part->error = err;
    return true;
}

int uh_file_real_part(const uhttpd_storage_t *storage, char *path, char **real)
{
    real_part_t part = {.storage = storage};
    char *end = uh_file_part(path, has_real_path, &part);
    if (end != path) {
        *end = '\0';
    } else {
        while (directory_goes_up(path)) {
        }
        has_real_path(&part, path);
    }
    *real = part.real;
    return part.error;
}

/* "/a/./b//../c" is "/a/c": links have been followed by then. */
static void normalise_path(char *path)
{
    char *end = path;
    for (const char *at = path + 1; *at != '\0'; at += *at == '/') {
        size_t len = strcspn(at, "/");
        if (len == 2 && memcmp(at, "..", 2) == 0) {
            do {
                end -= end > path;
            } while (*end != '/');
        } else if (len > 0 && !(len == 1 && *at == '.')) {
            *end = '/';
            memmove(end + 1, at, len);
            end += len + 1;
        }
        at += len;
    }
    end += end == path; /* the root */
    *end = '\0';
}

/* With slashes in front of both, which is one too many for most. */
static char *join_below(const char *directory, const char *rest)
{
    char *joined = UH_JOIN("/", directory, "/", rest);
    if (joined != NULL) {
        normalise_path(joined);
    }
    return joined;
}

int uh_file_canonical(const uhttpd_storage_t *storage, const char *path, char **canonical)
{
    *canonical = NULL;
    if (*path == '\0') {
        return ENOENT;
    }
    char *directory = strdup(path), *real = NULL;
    if (directory == NULL) {
        return ENOMEM;
    }
    bool has_links = storage->real_path != NULL && directory_goes_up(directory);
    int err = has_links ? uh_file_real_part(storage, directory, &real) : 0;
    if (err == 0) {
        const char *rest = real == NULL || strcmp(directory, ".") == 0 ? path : path + strlen(directory);
        *canonical = join_below(real != NULL ? real : "", rest);
        err = *canonical == NULL ? ENOMEM : 0;
    }
    free(directory);
    free(real);
    return err;
}

/* What is not there yet gets the name that it is given, unless the storage would give it another. */
static int spell_absent(const char *name)
{
    const char *end;
    for (;; name = end + 1) {
        end = name + strcspn(name, "/");
        if (end > name && (end[-1] == '.' || end[-1] == ' ')) {
            return EINVAL;
        }
        if (*end == '\0') {
            return 0;
        }
    }
}

int uh_file_spell(const uhttpd_storage_t *storage, char *path, size_t from)
{
    int err = storage->spell != NULL ? 0 : ENOSYS;
    for (char *end = path + from; err == 0 && end[0] != '\0' && end[1] != '\0';) {
        char *name = end + 1;
        end = name + strcspn(name, "/");
        char after = *end;
        *end = '\0';
        err = storage->spell(path);
        *end = after;
        bool absent = err == ENOENT || err == ENOTDIR;
        if (absent && uh_file_existing(storage, path) <= end) {
            return spell_absent(name);
        }
        err = absent ? 0 : err; /* a file system is mounted below what is no directory of another */
    }
    return err == ENOSYS ? 0 : err;
}

int uh_file_identity(const uhttpd_storage_t *storage, const char *path, char **identity)
{
    int err = uh_file_canonical(storage, path, identity);
    if (err == 0) {
        err = uh_file_spell(storage, *identity, 0);
    }
    if (err == 0 && uhttpd_path_is_temporary(*identity)) {
        err = EACCES;
    }
    if (err != 0) {
        free(*identity);
        *identity = NULL;
    }
    return err;
}

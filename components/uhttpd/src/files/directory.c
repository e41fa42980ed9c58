/* SPDX-License-Identifier: MIT */
#include "files/change.h"
#include "files/storage.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- making ------------------------------------------------------------------------------------------------------- */

/* The directory that a path leads through, and how much room is there. */
typedef struct {
    const uhttpd_storage_t *storage;
    int error;
    uint64_t free_bytes;
} way_t;

static bool leads_somewhere(void *ctx, const char *path)
{
    way_t *way = ctx;
    uhttpd_file_info_t info;
    int err = way->storage->stat(path, &info);
    if (err == ENOENT) {
        return false;
    }
    way->error = err == 0 && !info.is_directory ? ENOTDIR : err;
    return true;
}

static bool tells_space(void *ctx, const char *path)
{
    way_t *way = ctx;
    uint64_t total, free_bytes;
    int err = way->storage->space(path, &total, &free_bytes);
    if (err == 0) {
        way->free_bytes = free_bytes;
    }
    return err != ENOENT;
}

/* Other requests may make the directory first, and remove it again. What is in the way but not there is a link that
 * leads nowhere. */
static int make_one(const uhttpd_storage_t *storage, const char *path, unsigned *made)
{
    way_t way = {.storage = storage};
    for (int tries = 0; tries < 3; tries++) {
        int err = storage->make_directory(path);
        if (err != EEXIST) {
            *made += err == 0;
            return err;
        }
        if (leads_somewhere(&way, path)) {
            return way.error;
        }
    }
    return EEXIST;
}

int uh_file_directory_make(const uhttpd_storage_t *storage, char *path, unsigned *made)
{
    *made = 0;
    if (strlen(path) <= 1) {
        return 0; /* the root; not every storage knows it */
    }
    way_t way = {.storage = storage};
    char *end = uh_file_part(path, leads_somewhere, &way);
    int err = way.error;
    while (err == 0 && *end != '\0') {
        end += 1 + strcspn(end + 1, "/");
        char after = *end;
        *end = '\0';
        err = make_one(storage, path, made);
        *end = after;
    }
    return err;
}

int uh_file_directory_room(const uhttpd_storage_t *storage, const char *path, int64_t length)
{
    way_t way = {.storage = storage, .free_bytes = UINT64_MAX};
    char *part = strdup(path);
    if (part == NULL) {
        return ENOMEM;
    }
    uh_file_part(part, tells_space, &way);
    free(part);
    return length > 0 && (uint64_t)length > way.free_bytes ? ENOSPC : 0;
}

/* It does not matter if the directories further down were never made. */
void uh_file_directory_unmake(const uhttpd_storage_t *storage, uhttpd_claim_t *claim, char *path, unsigned made)
{
    for (char *slash; made > 0 && (slash = strrchr(path, '/')) > path && uh_claim_unmake(claim, slash);) {
        int err = storage->remove_directory(path);
        if (err == ENOTEMPTY) {
            return;
        }
        made -= err == 0;
    }
}

/* --- removing ----------------------------------------------------------------------------------------------------- */

#define NAME_SIZE 256 /* bytes of an entry's name, NUL included: what file systems allow */
#define LONGEST_PATH 4096

/*
 * A file system follows the whole path of whatever is done, so each step would take the longer the deeper it is in the
 * tree. So a directory NEAR levels below the root of the tree moves up to the root, under a temporary name, and so does
 * one NEAR levels below that. They go back if the removal ends early.
 */
#define NEAR 16

typedef struct {
    const uhttpd_storage_t *storage;
    uh_file_directory_ask_t ask;
    void *ctx;
    uh_refusal_t refusal;    /* of what was asked last */
    bool progress;           /* something was removed since the directory at hand was opened */
    const char *root;        /* of the tree */
    unsigned moved;          /* directories that have moved up: those that are NEAR, 2 * NEAR ... levels down */
    size_t len;              /* of the path at hand */
    char path[LONGEST_PATH]; /* as clients know it */
    char real[LONGEST_PATH]; /* where it is */
} removal_t;

static unsigned count_levels(const removal_t *removal)
{
    unsigned levels = 0;
    for (const char *at = removal->path + strlen(removal->root); *at != '\0'; at++) {
        levels += *at == '/';
    }
    return levels;
}

/* What follows the first levels of the path. */
static char *below_levels(removal_t *removal, unsigned levels)
{
    char *at = removal->path + strlen(removal->root);
    for (; levels > 0; levels--) {
        at += 1 + strcspn(at + 1, "/");
    }
    return at;
}

/* In the heap; NULL without memory. */
static char *moved_path(const removal_t *removal, unsigned number)
{
    char name[UH_FILE_TEMPORARY_SIZE];
    snprintf(name, sizeof(name), "%08x%s", number, uh_temporary_file);
    return UH_JOIN(removal->root, "/", name);
}

/* Where the path at hand is: not further down than its name says. */
static const char *real_path_of(removal_t *removal)
{
    if (removal->moved == 0) {
        return removal->path;
    }
    snprintf(removal->real, sizeof(removal->real), "%s/%08x%s%s", removal->root, removal->moved, uh_temporary_file,
             below_levels(removal, removal->moved * NEAR));
    return removal->real;
}

/* The directory at hand moves up, if it is time. Where it cannot, the way to it stays as long as it is. */
static int move_up(removal_t *removal)
{
    if (count_levels(removal) != (removal->moved + 1) * NEAR) {
        return 0;
    }
    char *to = moved_path(removal, removal->moved + 1);
    if (to == NULL) {
        return ENOMEM;
    }
    removal->moved += removal->storage->rename(real_path_of(removal), to) == 0;
    free(to);
    return 0;
}

/* The innermost one first: each goes back into one that is still up. */
static void move_back(removal_t *removal)
{
    while (removal->moved > 0) {
        char *from = moved_path(removal, removal->moved);
        *below_levels(removal, removal->moved * NEAR) = '\0';
        removal->moved--;
        if (from != NULL) {
            removal->storage->rename(from, real_path_of(removal));
        }
        free(from);
    }
}

static int directory_permit(removal_t *removal, bool is_directory)
{
    removal->refusal = removal->ask(removal->ctx, removal->path, is_directory);
    return removal->refusal.status == 0 ? 0 : EACCES;
}

/* Removes the files of the directory at hand. @param[out] deeper  stopped at a directory, which path is now */
static int remove_files(removal_t *removal, void *dir, bool *deeper)
{
    char *name = removal->path + removal->len + 1;
    size_t room = sizeof(removal->path) - removal->len - 1;
    uhttpd_file_info_t info;
    int err;
    removal->path[removal->len] = '/';
    while ((err = removal->storage->read_directory(dir, name, room < NAME_SIZE ? room : NAME_SIZE, &info)) == 0) {
        *deeper = info.is_directory && !info.is_link;
        if (*deeper) {
            return 0;
        }
        err = directory_permit(removal, false);
        if (err == 0) {
            err = removal->storage->remove(real_path_of(removal));
        }
        if (err != 0) {
            return err;
        }
        removal->progress = true;
    }
    return err == ENOENT ? 0 : err;
}

/* @param[out] deeper  path is now a directory within it; else it has gone */
static int remove_or_descend(removal_t *removal, bool *deeper)
{
    void *dir;
    *deeper = removal->progress = false;
    int err = removal->storage->open_directory(real_path_of(removal), &dir);
    if (err != 0) {
        return err;
    }
    err = remove_files(removal, dir, deeper);
    removal->storage->close_directory(dir);
    if (err == 0 && !*deeper) {
        removal->path[removal->len] = '\0';
        err = removal->storage->remove_directory(real_path_of(removal));
    }
    return err;
}

static int go_deeper(removal_t *removal)
{
    removal->len = strlen(removal->path);
    int err = directory_permit(removal, true);
    return err == 0 ? move_up(removal) : err;
}

/* The directory at hand has gone. */
static void go_up(removal_t *removal)
{
    removal->moved -= removal->moved > 0 && count_levels(removal) == removal->moved * NEAR;
    removal->len = (size_t)(strrchr(removal->path, '/') - removal->path);
    removal->path[removal->len] = '\0';
}

/* Down to a directory without directories, which is removed, and up again: nothing is kept but the path at hand. */
static int remove_all(removal_t *removal, size_t root_len)
{
    int err = 0;
    while (err == 0) {
        bool deeper;
        err = remove_or_descend(removal, &deeper);
        if (err == 0 && deeper) {
            err = go_deeper(removal);
        } else if (err == ENOTEMPTY && removal->progress) {
            err = 0; /* not every file system lists correctly while entries are removed */
        } else if (err == 0 && removal->len == root_len) {
            return 0;
        } else if (err == 0) {
            go_up(removal);
        }
    }
    move_back(removal);
    return err;
}

uh_refusal_t uh_file_directory_remove_all(const uhttpd_storage_t *storage, const char *path,
                                          uh_file_directory_ask_t ask, void *ctx)
{
    size_t len = strlen(path);
    removal_t *removal = len < LONGEST_PATH ? calloc(1, sizeof(*removal)) : NULL;
    if (removal == NULL) {
        return uh_refusal_of(len < LONGEST_PATH ? ENOMEM : ENAMETOOLONG);
    }
    removal->storage = storage;
    removal->ask = ask;
    removal->ctx = ctx;
    removal->root = path;
    removal->len = len;
    memcpy(removal->path, path, len + 1);
    int err = remove_all(removal, len);
    uh_refusal_t refusal = removal->refusal;
    free(removal);
    return refusal.status != 0 ? refusal : uh_refusal_of(err);
}

/* --- walking through ---------------------------------------------------------------------------------------------- */

typedef struct uh_file_walk_directory {
    struct uh_file_walk_directory *next;
    char *path;
} directory_t;

static void file_walk_note(uh_file_walk_t *walk, int error)
{
    walk->error = walk->error != 0 ? walk->error : error;
}

/* @param path  taken over; NULL: there is no memory */
static void file_walk_push(uh_file_walk_t *walk, directory_t **link, char *path)
{
    directory_t *directory = path != NULL ? malloc(sizeof(*directory)) : NULL;
    if (directory == NULL) {
        free(path);
        file_walk_note(walk, ENOMEM);
        return;
    }
    *directory = (directory_t) {.next = *link, .path = path};
    *link = directory;
}

void uh_file_walk_add(uh_file_walk_t *walk, const char *path)
{
    file_walk_push(walk, &walk->first, strdup(path));
}

static void leave_directory(uh_file_walk_t *walk)
{
    directory_t *done = walk->first;
    if (walk->dir != NULL) {
        walk->storage->close_directory(walk->dir);
        walk->dir = NULL;
    }
    walk->first = done->next;
    free(done->path);
    free(done);
}

static void look_into_later(uh_file_walk_t *walk)
{
    if (walk->seen >= UH_FILE_WALK_DIRECTORIES) {
        file_walk_note(walk, EFBIG);
        return;
    }
    walk->seen++;
    file_walk_push(walk, &walk->first->next, uh_file_walk_path(walk));
}

static int read_entry(uh_file_walk_t *walk, uhttpd_file_info_t *info)
{
    const char *path = uh_file_walk_directory(walk);
    int err = 0;
    if (walk->dir == NULL) {
        err = walk->storage->open_directory(*path != '\0' ? path : "/", &walk->dir);
        walk->dir = err == 0 ? walk->dir : NULL;
        if (err != 0) {
            file_walk_note(walk, err);
            return err;
        }
    }
    err = walk->storage->read_directory(walk->dir, walk->name, sizeof(walk->name), info);
    if (err != 0 && err != ENOENT) {
        file_walk_note(walk, err);
    }
    return err;
}

bool uh_file_walk_next(uh_file_walk_t *walk, uhttpd_file_info_t *info)
{
    while (walk->first != NULL) {
        if (read_entry(walk, info) == 0) {
            if (info->is_directory && !info->is_link) {
                look_into_later(walk);
            }
            return true;
        }
        leave_directory(walk);
    }
    return false;
}

const char *uh_file_walk_directory(const uh_file_walk_t *walk)
{
    return walk->first->path;
}

char *uh_file_walk_path(const uh_file_walk_t *walk)
{
    return UH_JOIN(uh_file_walk_directory(walk), "/", walk->name);
}

void uh_file_walk_end(uh_file_walk_t *walk)
{
    while (walk->first != NULL) {
        leave_directory(walk);
    }
}

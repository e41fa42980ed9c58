/* SPDX-License-Identifier: MIT */
#include "files/walk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "files/join.h"

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
    return UH_JOIN(UH_PIECE(uh_file_walk_directory(walk)), UH_PIECE("/"), UH_PIECE(walk->name));
}

void uh_file_walk_end(uh_file_walk_t *walk)
{
    while (walk->first != NULL) {
        leave_directory(walk);
    }
}

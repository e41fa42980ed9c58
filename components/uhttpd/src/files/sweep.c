/* SPDX-License-Identifier: MIT */
#include "file_sweep.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "file_claim.h"
#include "file_path.h"
#include "server.h"
#include "uhttpd_priv.h"

#define STEP 32               /* entries that are looked at in one go */
#define MOST_DIRECTORIES 2000 /* that are looked through */
#define NAME_SIZE 256         /* bytes of an entry's name, NUL included */

typedef struct directory {
    struct directory *next;
    char path[];
} directory_t;

typedef struct {
    uhttpd_job_t job;
    const file_tree_t *tree;
    const uhttpd_storage_t *storage;
    directory_t *first; /* the one that is looked through, then those to come */
    void *dir;          /* it; NULL: not open */
    unsigned seen;      /* directories so far */
    char name[NAME_SIZE];
} sweep_t;

static void push(directory_t **link, const char *parent, const char *between, const char *name)
{
    directory_t *directory = malloc(sizeof(*directory) + strlen(parent) + strlen(between) + strlen(name) + 1);
    if (directory == NULL) {
        return;
    }
    strcpy(directory->path, parent);
    strcat(directory->path, between);
    strcat(directory->path, name);
    directory->next = *link;
    *link = directory;
}

static const char *directory_of(const sweep_t *sweep)
{
    const char *path = sweep->first->path;
    return *path != '\0' ? path : "/";
}

static int canonical_path(const sweep_t *sweep, char **canonical)
{
    const char *directory = sweep->first->path;
    char *path = malloc(strlen(directory) + 1 + FILE_TEMPORARY_SIZE);
    if (path == NULL) {
        return ENOMEM;
    }
    strcpy(path, directory);
    strcat(path, "/");
    strcat(path, sweep->name);
    int err = file_tree_canonical(sweep->tree, path, canonical);
    free(path);
    return err;
}

/* Whether the file is there whose temporary name this is. */
static bool has_target(const sweep_t *sweep)
{
    const uhttpd_storage_t *storage = sweep->storage;
    uhttpd_file_info_t info;
    char temporary[FILE_TEMPORARY_SIZE], *name = malloc(NAME_SIZE);
    void *dir;
    bool found = false;
    if (name != NULL && storage->open_directory(directory_of(sweep), &dir) == 0) {
        while (!found && storage->read_directory(dir, name, NAME_SIZE, &info) == 0) {
            file_temporary_name(name, temporary);
            found = strcasecmp(temporary, sweep->name) == 0;
        }
        storage->close_directory(dir);
    }
    free(name);
    return found;
}

/* @param kept  it is the file of that name which was about to replace another: it goes only if there is that other one */
static void remove_stale(const sweep_t *sweep, bool kept)
{
    file_claim_t claim = {0};
    char *path;
    if (canonical_path(sweep, &path) != 0) {
        return;
    }
    char *doomed = strdup(path);
    if (doomed != NULL && kept) {
        file_name_as_kept(doomed);
    }
    if (doomed == NULL || !file_claim_take(&claim, path)) { /* it is being written */
        free(path);
    } else if (!kept || has_target(sweep)) {
        sweep->storage->remove(doomed);
    }
    file_claim_release(&claim);
    free(doomed);
}

/* @return false: the directory has no more entries */
static bool look_at_one(sweep_t *sweep)
{
    uhttpd_file_info_t info;
    if (sweep->storage->read_directory(sweep->dir, sweep->name, sizeof(sweep->name), &info) != 0) {
        return false;
    }
    if (info.is_directory && !info.is_link && sweep->seen < MOST_DIRECTORIES) {
        sweep->seen++;
        push(&sweep->first->next, sweep->first->path, "/", sweep->name);
    } else if (file_is_temporary(sweep->name)) {
        remove_stale(sweep, false);
    } else if (file_kept_as_temporary(sweep->name)) {
        remove_stale(sweep, true);
    }
    return true;
}

static void leave_directory(sweep_t *sweep)
{
    directory_t *done = sweep->first;
    if (sweep->dir != NULL) {
        sweep->storage->close_directory(sweep->dir);
        sweep->dir = NULL;
    }
    sweep->first = done->next;
    free(done);
}

static void step(sweep_t *sweep)
{
    if (sweep->dir == NULL && sweep->storage->open_directory(directory_of(sweep), &sweep->dir) != 0) {
        sweep->dir = NULL;
        leave_directory(sweep);
        return;
    }
    for (int i = 0; i < STEP; i++) {
        if (!look_at_one(sweep)) {
            leave_directory(sweep);
            return;
        }
    }
}

static void run(uhttpd_job_t *job, bool cancelled)
{
    sweep_t *sweep = CONTAINER_OF(job, sweep_t, job);
    bool stopping = cancelled || atomic_load(&sweep->tree->server->stopping);
    if (sweep->first != NULL && !stopping) {
        step(sweep);
    }
    if (sweep->first == NULL || stopping || uhttpd_submit(sweep->tree->server, job) != ESP_OK) {
        while (sweep->first != NULL) {
            leave_directory(sweep);
        }
        free(sweep);
    }
}

void file_sweep(const file_tree_t *tree)
{
    sweep_t *sweep = calloc(1, sizeof(*sweep));
    if (sweep == NULL) {
        return;
    }
    sweep->job.run = run;
    sweep->tree = tree;
    sweep->storage = tree->storage;
    push(&sweep->first, tree->base, "", "");
    if (tree->ext_path != NULL) {
        push(&sweep->first, tree->ext_path, "", "");
    }
    if (uhttpd_submit(tree->server, &sweep->job) != ESP_OK) {
        run(&sweep->job, true);
    }
}

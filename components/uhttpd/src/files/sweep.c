/* SPDX-License-Identifier: MIT */
#include "files/sweep.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "container_of.h"
#include "files/claim.h"
#include "files/hold.h"
#include "files/temporary.h"
#include "files/walk.h"
#include "server.h"
#include "uhttpd_temporary.h"

#define STEP 32 /* entries that are looked at in one go */

typedef struct {
    uhttpd_job_t job;
    const uh_file_tree_t *tree;
    uh_file_walk_t walk;
} sweep_t;

/* Whether the file is there whose temporary name is the one at hand. */
static bool has_target(const uh_file_walk_t *walk)
{
    const uhttpd_storage_t *storage = walk->storage;
    const char *directory = uh_file_walk_directory(walk);
    uhttpd_file_info_t info;
    char temporary[UH_FILE_TEMPORARY_SIZE], *name = malloc(UH_FILE_WALK_NAME);
    void *dir;
    bool found = false;
    if (name != NULL && storage->open_directory(*directory != '\0' ? directory : "/", &dir) == 0) {
        while (!found && storage->read_directory(dir, name, UH_FILE_WALK_NAME, &info) == 0) {
            uh_file_temporary_name(name, temporary);
            found = strcasecmp(temporary, walk->name) == 0;
        }
        storage->close_directory(dir);
    }
    free(name);
    return found;
}

/* What somebody else than uhttpd has written, and writes no more. */
static void remove_foreign(const sweep_t *sweep)
{
    const uh_file_walk_t *walk = &sweep->walk;
    if (!uh_file_hold_stale(walk->name)) {
        return;
    }
    char *path = uh_file_walk_path(walk);
    if (path != NULL) {
        walk->storage->remove(path);
    }
    free(path);
    uhttpd_temporary_release(walk->name);
}

static char *canonical_path(const sweep_t *sweep)
{
    char *path = uh_file_walk_path(&sweep->walk), *canonical = NULL;
    if (path != NULL && uh_file_tree_canonical(sweep->tree, path, &canonical) != 0) {
        canonical = NULL;
    }
    free(path);
    return canonical;
}

/* @param kept  it is the file of that name which was about to replace another: it goes only if there is that other one */
static void remove_stale(const sweep_t *sweep, bool kept)
{
    uh_file_claim_t claim = {0};
    char *path = canonical_path(sweep), *doomed = path != NULL ? strdup(path) : NULL;
    if (doomed != NULL && kept) {
        uh_file_name_as_kept(doomed);
    }
    if (doomed == NULL || !uh_file_claim_take(&claim, path)) { /* it is being written */
        free(path);
    } else if (!kept || has_target(&sweep->walk)) {
        sweep->walk.storage->remove(doomed);
    }
    uh_file_claim_release(&claim);
    free(doomed);
}

/* @return false: everything has been looked at */
static bool sweep_step(sweep_t *sweep)
{
    uh_file_walk_t *walk = &sweep->walk;
    uhttpd_file_info_t info;
    for (int i = 0; i < STEP; i++) {
        if (!uh_file_walk_next(walk, &info)) {
            return false;
        }
        bool is_directory = info.is_directory && !info.is_link;
        if (!is_directory && uh_file_is_foreign_temporary(walk->name)) {
            remove_foreign(sweep);
        } else if (!is_directory && uh_file_is_temporary(walk->name)) {
            remove_stale(sweep, false);
        } else if (!is_directory && uh_file_kept_as_temporary(walk->name)) {
            remove_stale(sweep, true);
        }
    }
    return true;
}

/* What is open is closed by a worker, also when the server is being stopped: storage may belong to a language runtime, and
 * the task that stops the server is none of its threads. */
static void sweep_run(uhttpd_job_t *job, bool cancelled)
{
    sweep_t *sweep = UH_CONTAINER_OF(job, sweep_t, job);
    bool stopping = atomic_load(&sweep->tree->server->stopping);
    bool goes_on = cancelled || (!stopping && sweep_step(sweep));
    if (!goes_on || uhttpd_submit(sweep->tree->server, job) != ESP_OK) {
        uh_file_walk_end(&sweep->walk);
        free(sweep);
    }
}

void uh_file_sweep(const uh_file_tree_t *tree)
{
    sweep_t *sweep = calloc(1, sizeof(*sweep));
    if (sweep == NULL) {
        return;
    }
    sweep->job.run = sweep_run;
    sweep->tree = tree;
    sweep->walk.storage = tree->storage;
    uh_file_walk_add(&sweep->walk, tree->base);
    if (tree->ext_path != NULL) {
        uh_file_walk_add(&sweep->walk, tree->ext_path);
    }
    if (uhttpd_submit(tree->server, &sweep->job) != ESP_OK) {
        sweep_run(&sweep->job, true);
    }
}

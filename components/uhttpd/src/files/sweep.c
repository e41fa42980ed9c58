/* SPDX-License-Identifier: MIT */
#include "files/receive.h"

#include <stdlib.h>

#include "files/storage.h"
#include "files/change.h"
#include "server.h"
#include "io.h"

#define STEP 32 /* entries of one job */

typedef struct {
    uhttpd_job_t job;
    const uh_file_tree_t *tree;
    uh_file_walk_t walk;
} sweep_t;

/* A name that is in use has an owner, who will remove the file. */
static void sweep_temporary(const sweep_t *sweep)
{
    const uhttpd_storage_t *storage = sweep->walk.storage;
    char *path = uh_file_walk_path(&sweep->walk), *canonical = NULL;
    if (path != NULL && uh_file_canonical(storage, path, &canonical) == 0) {
        uh_temporary_t *seized = uh_temporary_seize(canonical);
        if (seized != NULL) {
            uh_file_clear(storage, canonical, NULL);
            uh_temporary_free(seized);
        }
    }
    free(canonical);
    free(path);
}

/* @return false: the whole tree has been searched */
static bool sweep_step(sweep_t *sweep)
{
    uh_file_walk_t *walk = &sweep->walk;
    uhttpd_file_info_t info;
    for (int i = 0; i < STEP; i++) {
        if (!uh_file_walk_next(walk, &info)) {
            return false;
        }
        if (uhttpd_name_is_temporary(walk->name) && (!info.is_directory || info.is_link)) {
            sweep_temporary(sweep);
        }
    }
    return true;
}

/* A worker closes the directory that is open, also when the server stops: the storage may belong to a language runtime,
 * and the task that stops the server is not one of its threads. */
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

/* --- what is kept ------------------------------------------------------------------------------------------------- */

static void sweep_kept(uhttpd_job_t *job, bool cancelled)
{
    if (!cancelled) {
        uh_upload_end_kept();
    }
    free(job);
}

void uhttpd_upload_sweep(uhttpd_handle_t server)
{
    uhttpd_job_t *job = calloc(1, sizeof(*job));
    if (job == NULL) {
        return;
    }
    job->run = sweep_kept;
    if (uhttpd_submit(server, job) != ESP_OK) {
        free(job);
    }
}

/* SPDX-License-Identifier: MIT */
#include "second/kept.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "uhttpd_os.h"
#include "uhttpd_temporary.h"

typedef struct {
    const uhttpd_storage_t *storage;
    char *path; /* NULL: a free place */
    uint64_t until;
} kept_t;

static kept_t s_kept[WR_KEPT_MAX]; /* under the global lock */
static _Atomic uint32_t s_keep_ms;

void wr_kept_set_time(uint32_t keep_ms)
{
    atomic_store(&s_keep_ms, keep_ms);
}

static void second_kept_remove_file(const kept_t *kept)
{
    if (kept->path != NULL) {
        kept->storage->remove(kept->path);
        uhttpd_temporary_release(kept->path);
        free(kept->path);
    }
}

static kept_t *oldest_place(void)
{
    kept_t *oldest = &s_kept[0];
    for (kept_t *place = s_kept; place < s_kept + WR_KEPT_MAX; place++) {
        if (place->path == NULL) {
            return place;
        }
        oldest = place->until < oldest->until ? place : oldest;
    }
    return oldest;
}

void wr_kept_add(const uhttpd_storage_t *storage, const char *temporary)
{
    kept_t kept = {.storage = storage, .path = strdup(temporary), .until = uhttpd_os_now() + atomic_load(&s_keep_ms)};
    if (kept.path == NULL) {
        storage->remove(temporary);
        uhttpd_temporary_release(temporary);
        return;
    }
    uhttpd_os_global_lock();
    kept_t *place = oldest_place();
    kept_t old = *place;
    *place = kept;
    uhttpd_os_global_unlock();
    second_kept_remove_file(&old);
}

void wr_kept_forget(const char *temporary)
{
    char *forgotten = NULL;
    uhttpd_os_global_lock();
    for (kept_t *place = s_kept; place < s_kept + WR_KEPT_MAX; place++) {
        if (place->path != NULL && strcmp(place->path, temporary) == 0) {
            forgotten = place->path;
            place->path = NULL;
        }
    }
    uhttpd_os_global_unlock();
    if (forgotten != NULL) {
        uhttpd_temporary_release(forgotten);
        free(forgotten);
    }
}

void wr_kept_sweep(void)
{
    uint64_t now = uhttpd_os_now();
    for (kept_t *place = s_kept; place < s_kept + WR_KEPT_MAX; place++) {
        uhttpd_os_global_lock();
        kept_t old = *place;
        bool over = old.path != NULL && now >= old.until;
        if (over) {
            place->path = NULL;
        }
        uhttpd_os_global_unlock();
        if (over) {
            second_kept_remove_file(&old);
        }
    }
}

static void second_kept_sweep(uhttpd_job_t *job, bool cancelled)
{
    if (!cancelled) {
        wr_kept_sweep();
    }
    free(job);
}

void wr_kept_sweep_later(uhttpd_handle_t server)
{
    uhttpd_job_t *job = calloc(1, sizeof *job);
    if (job == NULL) {
        return;
    }
    job->run = second_kept_sweep;
    if (uhttpd_submit(server, job) != ESP_OK) {
        free(job);
    }
}

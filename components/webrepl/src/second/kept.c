/* SPDX-License-Identifier: MIT */
#include "second_kept.h"

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

static void remove_file(const kept_t *kept)
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
    kept_t kept = {.storage = storage, .path = strdup(temporary), .until = uhttpd_os_now() + WR_KEPT_MS};
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
    remove_file(&old);
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
            remove_file(&old);
        }
    }
}

/* SPDX-License-Identifier: MIT */
#include "files/kept.h"

#include <stdlib.h>
#include <string.h>

#include "uhttpd_os.h"

#define KEPT_MAX 4 /* files; the oldest goes */

typedef struct {
    const uhttpd_storage_t *storage;
    char *path; /* NULL: a free place */
    uh_temporary_t *temporary;
    uint64_t until;
} kept_t;

static kept_t s_kept[KEPT_MAX]; /* under the global lock */

static void remove_kept(kept_t *kept)
{
    if (kept->path != NULL) {
        kept->storage->remove(kept->temporary->path);
        uh_temporary_free(kept->temporary);
        free(kept->path);
    }
}

static kept_t *oldest_place(void)
{
    kept_t *oldest = &s_kept[0];
    for (kept_t *place = s_kept; place < s_kept + KEPT_MAX; place++) {
        if (place->path == NULL) {
            return place;
        }
        oldest = place->until < oldest->until ? place : oldest;
    }
    return oldest;
}

void uh_kept_add(const uhttpd_storage_t *storage, char *path, uh_temporary_t *temporary, uint32_t keep_ms)
{
    kept_t kept = {storage, path, temporary, uhttpd_os_now() + keep_ms};
    uhttpd_os_global_lock();
    kept_t *place = oldest_place();
    kept_t old = *place;
    *place = kept;
    uhttpd_os_global_unlock();
    remove_kept(&old);
}

uh_temporary_t *uh_kept_take(const uhttpd_storage_t *storage, const char *path)
{
    kept_t found = {0};
    uhttpd_os_global_lock();
    for (kept_t *place = s_kept; place < s_kept + KEPT_MAX; place++) {
        if (place->path != NULL && place->storage == storage && strcmp(place->path, path) == 0) {
            found = *place;
            *place = (kept_t) {0};
        }
    }
    uhttpd_os_global_unlock();
    free(found.path);
    return found.temporary;
}

void uh_kept_sweep(void)
{
    uint64_t now = uhttpd_os_now();
    for (kept_t *place = s_kept; place < s_kept + KEPT_MAX; place++) {
        uhttpd_os_global_lock();
        kept_t old = *place;
        bool over = old.path != NULL && now >= old.until;
        if (over) {
            *place = (kept_t) {0};
        }
        uhttpd_os_global_unlock();
        if (over) {
            remove_kept(&old);
        }
    }
}

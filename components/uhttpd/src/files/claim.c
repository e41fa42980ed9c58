/* SPDX-License-Identifier: MIT */
#include "file_claim.h"

#include <stdlib.h>

#include "file_path.h"
#include "uhttpd_os.h"

static file_claim_t *s_claims; /* under the global lock */

static bool is_free(const char *path)
{
    for (const file_claim_t *other = s_claims; other != NULL; other = other->next) {
        if (file_path_is_within(path, other->path) || file_path_is_within(other->path, path)) {
            return false;
        }
    }
    return true;
}

bool file_claim_take(file_claim_t *claim, char *path)
{
    uhttpd_os_global_lock();
    bool free = is_free(path);
    if (free) {
        *claim = (file_claim_t) {.path = path, .next = s_claims};
        s_claims = claim;
    }
    uhttpd_os_global_unlock();
    return free;
}

void file_claim_release(file_claim_t *claim)
{
    if (claim->path == NULL) {
        return;
    }
    uhttpd_os_global_lock();
    file_claim_t **link = &s_claims;
    while (*link != claim) {
        link = &(*link)->next;
    }
    *link = claim->next;
    uhttpd_os_global_unlock();
    free(claim->path);
    claim->path = NULL;
}

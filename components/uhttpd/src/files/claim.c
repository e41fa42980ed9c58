/* SPDX-License-Identifier: MIT */
#include "files/claim.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "uhttpd_os.h"

static uh_file_claim_t *s_claims; /* under the global lock */

/* In any case: where capitals make no difference, both mean the same, and elsewhere it costs nothing but another try. */
static bool claim_is_within(const char *path, const char *directory)
{
    size_t len = strlen(directory);
    return strncasecmp(path, directory, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

static bool is_free(const char *path)
{
    for (const uh_file_claim_t *other = s_claims; other != NULL; other = other->next) {
        if (claim_is_within(path, other->path) || claim_is_within(other->path, path)) {
            return false;
        }
    }
    return true;
}

bool uh_file_claim_take(uh_file_claim_t *claim, char *path)
{
    uhttpd_os_global_lock();
    bool free = is_free(path);
    if (free) {
        *claim = (uh_file_claim_t) {.path = path, .next = s_claims};
        s_claims = claim;
    }
    uhttpd_os_global_unlock();
    return free;
}

void uh_file_claim_release(uh_file_claim_t *claim)
{
    if (claim->path == NULL) {
        return;
    }
    uhttpd_os_global_lock();
    uh_file_claim_t **link = &s_claims;
    while (*link != claim) {
        link = &(*link)->next;
    }
    *link = claim->next;
    uhttpd_os_global_unlock();
    free(claim->path);
    claim->path = NULL;
}

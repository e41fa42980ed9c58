/* SPDX-License-Identifier: MIT */
#include "files/change.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "files/storage.h"
#include "uhttpd_os.h"

static uhttpd_claim_t *s_claims; /* under the global lock */

/* FAT does not tell capitals apart, nor do we know which letters beyond ASCII it takes for one. Where names differ, a
 * claim that is refused for nothing costs another attempt. */
static int fold_character(char c)
{
    return c >= 'A' && c <= 'Z' ? c | 0x20 : c & 0x80 ? 0x80 : c;
}

bool uh_claim_covers(const char *directory, const char *path)
{
    while (*directory != '\0' && fold_character(*directory) == fold_character(*path)) {
        directory++;
        path++;
    }
    return *directory == '\0' && (*path == '/' || *path == '\0');
}

/* The kinds beside which a claim of each kind can be taken, wherever they are. */
static bool claims_go_along(uh_claim_kind_t kind, uh_claim_kind_t with)
{
    static const uint8_t along[] = {
        [UH_CLAIM_READ] = 1 << UH_CLAIM_READ | 1 << UH_CLAIM_UPLOAD | 1 << UH_CLAIM_MAKE | 1 << UH_CLAIM_UNMAKE,
        [UH_CLAIM_UPLOAD] = 1 << UH_CLAIM_UNMAKE,
        [UH_CLAIM_MAKE] = 1 << UH_CLAIM_READ | 1 << UH_CLAIM_MAKE,
        [UH_CLAIM_UNMAKE] = 1 << UH_CLAIM_READ | 1 << UH_CLAIM_UPLOAD | 1 << UH_CLAIM_UNMAKE | 1 << UH_CLAIM_CHANGE,
        [UH_CLAIM_CHANGE] = 1 << UH_CLAIM_UNMAKE,
    };
    return along[kind] & 1 << with;
}

static bool claim_is_blocked(const uhttpd_claim_t *by, const char *path, uh_claim_kind_t kind)
{
    if (claims_go_along(kind, by->kind)) {
        return false;
    }
    bool within = uh_claim_covers(by->path, path), around = uh_claim_covers(path, by->path);
    return (within && (around || by->kind != UH_CLAIM_MAKE)) || (around && kind != UH_CLAIM_MAKE);
}

/* Under the global lock. */
static bool claim_is_free(const uhttpd_claim_t *claim, const char *path, uh_claim_kind_t kind)
{
    for (const uhttpd_claim_t *other = s_claims; other != NULL; other = other->next) {
        if (other != claim && claim_is_blocked(other, path, kind)) {
            return false;
        }
    }
    return true;
}

bool uh_claim_take(uhttpd_claim_t *claim, const char *path, uh_claim_kind_t kind)
{
    uhttpd_os_global_lock();
    bool taken = claim_is_free(NULL, path, kind);
    if (taken) {
        *claim = (uhttpd_claim_t) {.path = path, .kind = kind, .next = s_claims};
        s_claims = claim;
    }
    uhttpd_os_global_unlock();
    return taken;
}

bool uh_claim_change(uhttpd_claim_t *claim)
{
    uhttpd_os_global_lock();
    bool changes = claim_is_free(claim, claim->path, UH_CLAIM_CHANGE);
    claim->kind = changes ? UH_CLAIM_CHANGE : claim->kind;
    uhttpd_os_global_unlock();
    return changes;
}

bool uh_claim_unmake(uhttpd_claim_t *claim, char *slash)
{
    uhttpd_os_global_lock();
    bool stays = (size_t)(slash - claim->path) <= claim->stays;
    *slash = '\0';
    bool unmakes = !stays && claim_is_free(claim, claim->path, UH_CLAIM_UNMAKE);
    if (unmakes) {
        claim->kind = UH_CLAIM_UNMAKE;
    } else {
        *slash = '/';
    }
    uhttpd_os_global_unlock();
    return unmakes;
}

/* Whoever was told that a directory is there must find it there. */
static void let_directory_stay(const char *directory)
{
    size_t len = strlen(directory);
    for (uhttpd_claim_t *other = s_claims; other != NULL; other = other->next) {
        if (other->stays < len && uh_claim_covers(directory, other->path)) {
            other->stays = len;
        }
    }
}

void uh_claim_unlink(uhttpd_claim_t *claim)
{
    uhttpd_claim_t **link = &s_claims;
    if (claim->path == NULL) {
        return;
    }
    while (*link != claim) {
        link = &(*link)->next;
    }
    *link = claim->next;
    if (claim->kind == UH_CLAIM_MAKE) {
        let_directory_stay(claim->path);
    }
    claim->path = NULL;
}

void uh_claim_release(uhttpd_claim_t *claim)
{
    uhttpd_os_global_lock();
    uh_claim_unlink(claim);
    uhttpd_os_global_unlock();
}

/* --- for others --------------------------------------------------------------------------------------------------- */

int uh_claim_make(const uhttpd_storage_t *storage, const char *path, uh_claim_kind_t kind, uhttpd_claim_t **claim)
{
    char *canonical;
    *claim = NULL;
    int err = uh_file_identity(storage, path, &canonical);
    if (err != 0) {
        return err;
    }
    uhttpd_claim_t *made = malloc(sizeof(*made));
    err = made == NULL ? ENOMEM : uh_claim_take(made, canonical, kind) ? 0 : EBUSY;
    if (err != 0) {
        free(canonical);
        free(made);
        return err;
    }
    *claim = made;
    return 0;
}

int uhttpd_claim_read(const uhttpd_storage_t *storage, const char *path, const uhttpd_file_info_t *info,
                      uhttpd_claim_t **claim)
{
    *claim = NULL;
    return info->traits & UHTTPD_STORAGE_KEEPS_OPEN ? 0 : uh_claim_make(storage, path, UH_CLAIM_READ, claim);
}

void uhttpd_claim_release(uhttpd_claim_t *claim)
{
    if (claim != NULL) {
        char *path = (char *)claim->path;
        uh_claim_release(claim);
        free(path);
        free(claim);
    }
}

/* SPDX-License-Identifier: MIT */
/* What others than uhttpd_receive() do to files that are claimed. */
#include <errno.h>
#include <stdlib.h>

#include "files/change.h"
#include "files/storage.h"

int uhttpd_claim_change(const uhttpd_storage_t *storage, const char *path, uhttpd_claim_t **claim)
{
    int err = uh_claim_make(storage, path, UH_CLAIM_CHANGE, claim);
    if (err == 0) {
        uh_upload_end_kept_below((*claim)->path);
    }
    return err;
}

int uhttpd_claimed_make_directory(const uhttpd_storage_t *storage, const char *path)
{
    uhttpd_claim_t *claim;
    int err = uh_claim_make(storage, path, UH_CLAIM_MAKE, &claim);
    if (err == 0) {
        err = storage->make_directory(claim->path);
        uhttpd_claim_release(claim);
    }
    return err;
}

/* Of two paths that are one, or one in the other, one claim is enough; the storage says what it thinks of them. */
static int rename_claimed(const uhttpd_storage_t *storage, const char *from, const char *to, const char *target)
{
    uhttpd_claim_t claim;
    if (uh_claim_covers(from, target) || uh_claim_covers(target, from)) {
        return storage->rename(from, to);
    }
    if (!uh_claim_take(&claim, target, UH_CLAIM_CHANGE)) {
        return EBUSY;
    }
    int err = uh_file_move(storage, from, target);
    uh_claim_release(&claim);
    return err;
}

int uhttpd_claimed_rename(const uhttpd_storage_t *storage, const char *from, const char *to)
{
    uhttpd_claim_t *claim;
    char *target;
    int err = uh_file_identity(storage, to, &target);
    if (err != 0) {
        return err;
    }
    err = uhttpd_claim_change(storage, from, &claim);
    if (err == 0) {
        err = rename_claimed(storage, claim->path, to, target);
        uhttpd_claim_release(claim);
    }
    free(target);
    return err;
}

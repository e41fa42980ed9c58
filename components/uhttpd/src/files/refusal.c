/* SPDX-License-Identifier: MIT */
#include "files/refusal.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

/* FatFs returns ETIMEDOUT when another task has kept the storage locked for 10 s. */
uh_refusal_t uh_refusal_of(int error)
{
    static const struct {
        uint8_t error;
        uint16_t status;
        const char *reason;
    } known[] = {
        {0, 0, NULL},
        {EACCES, 403, NULL},
        {EBUSY, 409, "somebody else is changing it"},
        {EDQUOT, 507, NULL},
        {EEXIST, 409, "something is there already"},
        {EFBIG, 413, "longer than files may be here"},
        {EILSEQ, 400, "what came has another digest"},
        {EINVAL, 400, "the storage takes no such name"},
        {EISDIR, 409, "a directory is there"},
        {ELOOP, 404, NULL},
        {EMFILE, 503, NULL},
        {ENAMETOOLONG, 414, "the name is too long"},
        {ENFILE, 503, NULL},
        {ENOENT, 404, NULL},
        {ENOMEM, 503, "out of memory"},
        {ENOSPC, 507, "no space left"},
        {ENOTDIR, 409, "a file is where a directory was expected"},
        {ENOTEMPTY, 409, "the directory is not empty"},
        {EOVERFLOW, 413, "longer than files may be here"},
        {EPERM, 403, NULL},
        {EROFS, 403, "the storage is read-only"},
        {ETIMEDOUT, 503, NULL},
        {EXDEV, 409, "it would be on another storage"},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (known[i].error == error) {
            return (uh_refusal_t) {known[i].status, known[i].reason};
        }
    }
    return (uh_refusal_t) {500, NULL};
}

/* A place that clients may not know of, and one where nothing is, are answered alike. */
const char *uh_refusal_reason(uh_refusal_t refusal)
{
    if (refusal.reason != NULL) {
        return refusal.reason;
    }
    switch (refusal.status) {
    case 403:
        return "this is not allowed";
    case 404:
        return "nothing is there";
    case 406:
        return "only a compressed form is there";
    case 412:
        return "it is not in the state that the request asks for";
    case 416:
        return "the file is not that long";
    default:
        return NULL;
    }
}

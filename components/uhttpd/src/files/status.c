/* SPDX-License-Identifier: MIT */
#include "files/status.h"

#include <errno.h>
#include <stddef.h>

/* FatFs returns ETIMEDOUT when another task has kept the storage locked for 10 s. */
int uh_file_status(int error)
{
    static const struct {
        int error;
        int status;
    } known[] = {
        {EINVAL, 400}, {EACCES, 403},    {EPERM, 403},        {EROFS, 403},     {ENOENT, 404}, {ELOOP, 404},
        {EISDIR, 409}, {ENOTDIR, 409},   {EEXIST, 409},       {ENOTEMPTY, 409}, {EXDEV, 409},  {EBUSY, 409},
        {EFBIG, 413},  {EOVERFLOW, 413}, {ENAMETOOLONG, 414}, {EMFILE, 503},    {ENFILE, 503}, {ENOMEM, 503},
        {ENOSPC, 507}, {EDQUOT, 507},    {ETIMEDOUT, 503},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (known[i].error == error) {
            return known[i].status;
        }
    }
    return 500;
}

/* SPDX-License-Identifier: MIT */
#include "errcode.h"

#include <errno.h>

uint16_t wr_errcode(int err)
{
    /* Up to 34 all C libraries agree. These are the others that file systems return. */
    switch (err) {
    case ENAMETOOLONG:
        return WR_CODE_ENAMETOOLONG;
    case ENOSYS:
        return WR_CODE_ENOSYS;
    case ENOTEMPTY:
        return 39;
    case EBADMSG:
        return WR_CODE_EBADMSG;
    case ELOOP:
        return 40;
    case EOVERFLOW:
        return 75;
    case EOPNOTSUPP:
        return WR_CODE_EOPNOTSUPP;
    case ETIMEDOUT:
        return 110;
    case ECANCELED:
        return WR_CODE_ECANCELED;
    default:
        break;
    }
    if (err == ENOTSUP) { /* the same number as EOPNOTSUPP in some libraries, so no case of its own */
        return WR_CODE_EOPNOTSUPP;
    }
    return err >= 0 && err <= UINT16_MAX ? (uint16_t)err : EIO;
}

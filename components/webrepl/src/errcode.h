/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

/**
 * @file
 * Codes of file operations in replies: the numbers of Linux, whatever C library the firmware has, so that clients can
 * name them.
 */
enum {
    WR_CODE_OK = 0,
    WR_CODE_EPERM = 1,
    WR_CODE_EAGAIN = 11,
    WR_CODE_ENOMEM = 12,
    WR_CODE_EACCES = 13,
    WR_CODE_EBUSY = 16,
    WR_CODE_EINVAL = 22,
    WR_CODE_ENAMETOOLONG = 36,
    WR_CODE_ENOSYS = 38,
    WR_CODE_EBADMSG = 74,
    WR_CODE_EOPNOTSUPP = 95,
    WR_CODE_ETIMEDOUT = 110,
    WR_CODE_ECANCELED = 125,
};

/** @brief The code for an errno of this C library; 0 for 0. Codes are positive and fit 16 bits. */
uint16_t wr_errcode(int err);

/* SPDX-License-Identifier: MIT */
#pragma once

#include <sys/socket.h>

/**
 * @file
 * Writing several pieces at once: `src/port/send_lwip.c` on chips, `src/port/send_posix.c` where a process must not be
 * ended by a signal when the peer has gone.
 */

/** @brief As sendmsg(); never waits, never raises a signal. */
ssize_t send_parts_now(int fd, const struct msghdr *message);

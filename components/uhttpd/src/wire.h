/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>
#include <sys/socket.h>
#include <stddef.h>

/**
 * @file
 * Writing to a socket, where targets differ: `src/port/wire_lwip.c` on chips, `src/port/wire_posix.c` where a signal
 * must not end the process when the peer has gone.
 */

/** @brief As sendmsg(); never waits, never raises a signal. */
ssize_t uh_send_parts_now(int fd, const struct msghdr *message);

/** @brief Ends the connection when the peer acknowledges nothing for about this many ms. On a chip lwIP's own number of
 *         retransmissions (TCP_MAXRTX, minutes) decides instead. */
void uh_send_give_up_after(int fd, uint32_t ms);

/**
 * @file
 * Both ends of a connection as text, without port. @return the length; 0 (and "") when the connection is gone.
 */
#define UH_ADDRESS_SIZE 46 /* bytes of an IPv6 address as text, NUL included */

size_t uh_remote_address(int fd, char *text, size_t size);
size_t uh_local_address(int fd, char *text, size_t size);

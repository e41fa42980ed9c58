/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>
#include <sys/socket.h>

/**
 * @file
 * What differs between the sockets of targets: `wire_lwip.c` on chips, `wire_posix.c` elsewhere.
 */

/** @brief As sendmsg(); never waits, never raises a signal. */
ssize_t uh_wire_port_send(int fd, const struct msghdr *message);

/** @brief Sets what this target can do for a new connection beyond the engine's own options. */
void uh_wire_port_tune(int fd);

/** @brief As uh_wire_break(). */
void uh_wire_port_break(int fd);

/** @brief As uh_wire_give_up_after(). */
void uh_wire_port_give_up_after(int fd, uint32_t ms);

/* SPDX-License-Identifier: MIT */
/* The engine's control socket, with the mailbox that it has on lwIP: CONFIG_LWIP_UDP_RECVMBOX_SIZE datagrams wait in it,
 * and one more is lost without a word. A desktop's socket would hold hundreds. */
#pragma once

#include <sys/socket.h>
#include <sys/types.h>

/** bind(2), which empties the mailbox of the port. */
int hs_mailbox_bind(int fd, const struct sockaddr *address, socklen_t size);

/** sendto(2): a datagram that finds the mailbox full is lost, and the sender is told that it was sent. */
ssize_t hs_mailbox_send(int fd, const void *data, size_t len, int flags, const struct sockaddr *to, socklen_t size);

/** recv(2) */
ssize_t hs_mailbox_recv(int fd, void *data, size_t size, int flags);

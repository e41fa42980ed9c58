/* SPDX-License-Identifier: MIT */
#include "ctrl_mailbox.h"

#include <netinet/in.h>
#include <stdatomic.h>

#include "sdkconfig.h"

static atomic_int s_waiting[1 << 16]; /* datagrams, by port */

static atomic_int *mailbox_of(const struct sockaddr *address)
{
    return &s_waiting[((const struct sockaddr_in *)address)->sin_port];
}

int hs_mailbox_bind(int fd, const struct sockaddr *address, socklen_t size)
{
    int failed = bind(fd, address, size);
    if (!failed) {
        atomic_store(mailbox_of(address), 0);
    }
    return failed;
}

ssize_t hs_mailbox_send(int fd, const void *data, size_t len, int flags, const struct sockaddr *to, socklen_t size)
{
    atomic_int *waiting = mailbox_of(to);
    if (atomic_fetch_add(waiting, 1) >= CONFIG_LWIP_UDP_RECVMBOX_SIZE) {
        atomic_fetch_sub(waiting, 1);
        return (ssize_t)len;
    }
    return sendto(fd, data, len, flags, to, size);
}

ssize_t hs_mailbox_recv(int fd, void *data, size_t size, int flags)
{
    struct sockaddr_in address;
    socklen_t len = sizeof(address);
    ssize_t got = recv(fd, data, size, flags);
    if (got > 0 && getsockname(fd, (struct sockaddr *)&address, &len) == 0) {
        atomic_fetch_sub(mailbox_of((struct sockaddr *)&address), 1);
    }
    return got;
}

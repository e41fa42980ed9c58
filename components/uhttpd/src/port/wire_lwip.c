/* SPDX-License-Identifier: MIT */
#include "port/wire_port.h"

/* There are no signals, and lwIP's sendmsg(), unlike its send(), refuses MSG_NOSIGNAL with EOPNOTSUPP. */
ssize_t uh_wire_port_send(int fd, const struct msghdr *message)
{
    return sendmsg(fd, message, MSG_DONTWAIT);
}

void uh_wire_port_tune(int fd)
{
    (void)fd;
}

void uh_wire_port_give_up_after(int fd, uint32_t ms)
{
    (void)fd, (void)ms;
}

/* SPDX-License-Identifier: MIT */
#include "wire.h"

/* There are no signals, and lwIP's sendmsg(), unlike its send(), refuses MSG_NOSIGNAL with EOPNOTSUPP. */
ssize_t uh_send_parts_now(int fd, const struct msghdr *message)
{
    return sendmsg(fd, message, MSG_DONTWAIT);
}

void uh_send_give_up_after(int fd, uint32_t ms)
{
    (void)fd, (void)ms;
}

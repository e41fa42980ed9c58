/* SPDX-License-Identifier: MIT */
#include "wire.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

ssize_t uh_send_parts_now(int fd, const struct msghdr *message)
{
    return sendmsg(fd, message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void uh_send_give_up_after(int fd, uint32_t ms)
{
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof(ms));
}

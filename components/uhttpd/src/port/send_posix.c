/* SPDX-License-Identifier: MIT */
#include "send.h"

ssize_t send_parts_now(int fd, const struct msghdr *message)
{
    return sendmsg(fd, message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

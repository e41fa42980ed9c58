/* SPDX-License-Identifier: MIT */
#include "port/port.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#define ACKNOWLEDGE_MS 30000 /* what a peer has not acknowledged by then it never will: lwIP has a number of retries */

/* The kernel would queue megabytes, and tell of room again only when a third of them is gone: a client that reads slowly
 * all the time would look like one that takes nothing. */
#define MOST_UNSENT (64 * 1024) /* bytes */

/* A process must not be ended by a signal when the peer has gone. */
ssize_t uh_wire_port_send(int fd, const struct msghdr *message)
{
    return sendmsg(fd, message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void uh_wire_port_tune(int fd)
{
    int unsent = MOST_UNSENT;
    setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof(unsent));
    uh_wire_port_give_up_after(fd, ACKNOWLEDGE_MS);
}

void uh_wire_port_give_up_after(int fd, uint32_t ms)
{
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof(ms));
}

void uh_wire_port_break(int fd)
{
    struct linger reset = {.l_onoff = 1};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
    shutdown(fd, SHUT_RD);
}

void uh_wire_port_closed(uint16_t port)
{
    (void)port; /* the kernel bounds what it remembers */
}

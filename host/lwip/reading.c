/* SPDX-License-Identifier: MIT */
/*
 * lwIP has one reader for a socket: a second task that receives at the same time, even with MSG_PEEK, loses bytes or
 * uses freed ones. That seldom shows, so here it ends the program. A test can have each call take longer.
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hl_orders.h"

static pthread_t _Atomic s_readers[MEMP_NUM_NETCONN];
static atomic_uint s_takes; /* microseconds */

void hl_slow_reading(unsigned us)
{
    atomic_store(&s_takes, us);
}

static pthread_t _Atomic *reader_of(int fd)
{
    return &s_readers[fd - LWIP_SOCKET_OFFSET];
}

static void reading_begin(int fd)
{
    pthread_t nobody = 0;
    if (!atomic_compare_exchange_strong(reader_of(fd), &nobody, pthread_self())) {
        fprintf(stderr, "two tasks read from socket %d at the same time\n", fd);
        abort();
    }
    if (atomic_load(&s_takes)) {
        usleep(atomic_load(&s_takes));
    }
}

static void reading_end(int fd)
{
    int why = errno;
    atomic_store(reader_of(fd), 0);
    errno = why;
}

ssize_t hl_recvfrom(int fd, void *buf, size_t size, int flags, struct sockaddr *from, socklen_t *len)
{
    if (fd < LWIP_SOCKET_OFFSET) {
        return lwip_recvfrom(fd, buf, size, flags, from, len);
    }
    reading_begin(fd);
    ssize_t got = lwip_recvfrom(fd, buf, size, flags, from, len);
    reading_end(fd);
    return got;
}

/* SPDX-License-Identifier: MIT */
/* lwIP's sockets with POSIX names, as in ESP-IDF. close(), read(), write(), select() and poll() work on them too:
 * descriptors.c. */
#pragma once

#include <sys/uio.h> /* <fcntl.h> has struct iovec, too, and lwIP defines it unless this says that it is there */
#define iovec iovec

#include "lwip/sockets.h"

#define SOMAXCONN 0xff
#define SOCK_CLOEXEC 0x100
#define SOCK_NONBLOCK 0x200

int hl_socket(int domain, int type, int protocol);
int hl_bind(int fd, const struct sockaddr *address, socklen_t len);
int hl_listen(int fd, int backlog);
/** @brief As recvfrom(). Two tasks that read from one socket end the program (reading.c). */
ssize_t hl_recvfrom(int fd, void *buf, size_t size, int flags, struct sockaddr *from, socklen_t *len);
int hl_accept4(int fd, struct sockaddr *address, socklen_t *len, int flags);

static inline int socket(int domain, int type, int protocol)
{
    return hl_socket(domain, type, protocol);
}

static inline int bind(int fd, const struct sockaddr *address, socklen_t len)
{
    return hl_bind(fd, address, len);
}

static inline int listen(int fd, int backlog)
{
    return hl_listen(fd, backlog);
}

static inline int accept4(int fd, struct sockaddr *address, socklen_t *len, int flags)
{
    return hl_accept4(fd, address, len, flags);
}

static inline int accept(int fd, struct sockaddr *address, socklen_t *len)
{
    return hl_accept4(fd, address, len, 0);
}

static inline int connect(int fd, const struct sockaddr *address, socklen_t len)
{
    return lwip_connect(fd, address, len);
}

static inline int shutdown(int fd, int how)
{
    return lwip_shutdown(fd, how);
}

static inline int getpeername(int fd, struct sockaddr *address, socklen_t *len)
{
    return lwip_getpeername(fd, address, len);
}

static inline int getsockname(int fd, struct sockaddr *address, socklen_t *len)
{
    return lwip_getsockname(fd, address, len);
}

static inline int setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
    return lwip_setsockopt(fd, level, name, value, len);
}

static inline int getsockopt(int fd, int level, int name, void *value, socklen_t *len)
{
    return lwip_getsockopt(fd, level, name, value, len);
}

static inline ssize_t recv(int fd, void *buf, size_t size, int flags)
{
    return hl_recvfrom(fd, buf, size, flags, NULL, NULL);
}

static inline ssize_t recvfrom(int fd, void *buf, size_t size, int flags, struct sockaddr *from, socklen_t *len)
{
    return hl_recvfrom(fd, buf, size, flags, from, len);
}

static inline ssize_t send(int fd, const void *buf, size_t size, int flags)
{
    return lwip_send(fd, buf, size, flags);
}

static inline ssize_t sendto(int fd, const void *buf, size_t size, int flags, const struct sockaddr *to, socklen_t len)
{
    return lwip_sendto(fd, buf, size, flags, to, len);
}

static inline ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    return lwip_sendmsg(fd, message, flags);
}

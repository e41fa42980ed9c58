/* SPDX-License-Identifier: MIT */
/* The computer's sockets. */
#include "hl.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 128

/* A chip has no such buffer on the way to a client, so it is as small as the system allows. */
#define SEND_BUFFER 4096

int hl_computer_bind(uint16_t *port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(*port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(address);
    int on = 1, size = SEND_BUFFER;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return -1;
    }
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
    if (bind(fd, (struct sockaddr *)&address, len) || getsockname(fd, (struct sockaddr *)&address, &len)) {
        close(fd);
        return -1;
    }
    *port = ntohs(address.sin_port);
    return fd;
}

bool hl_computer_listen(int fd)
{
    return listen(fd, BACKLOG) == 0;
}

int hl_computer_accept(int fd)
{
    int on = 1;
    int accepted = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (accepted >= 0) {
        setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    }
    return accepted;
}

ssize_t hl_computer_read(int fd, void *buf, size_t size)
{
    return recv(fd, buf, size, MSG_DONTWAIT);
}

ssize_t hl_computer_peek(int fd, void *buf, size_t size)
{
    return recv(fd, buf, size, MSG_DONTWAIT | MSG_PEEK);
}

ssize_t hl_computer_write(int fd, const void *buf, size_t size)
{
    return send(fd, buf, size, MSG_DONTWAIT | MSG_NOSIGNAL);
}

void hl_computer_finish(int fd)
{
    shutdown(fd, SHUT_WR);
}

void hl_computer_reset(int fd)
{
    struct linger reset = {.l_onoff = 1};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
    close(fd);
}

bool hl_computer_is_broken(int fd)
{
    int err = 0;
    socklen_t len = sizeof(err);
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len) || err;
}

/* Where another thread polls it, closing alone would leave it there until that thread looks again. */
void hl_computer_unlisten(int fd)
{
    shutdown(fd, SHUT_RDWR);
    close(fd);
}

void hl_computer_close(int fd)
{
    close(fd);
}

bool hl_computer_open_pipe(int fds[2])
{
    return pipe2(fds, O_CLOEXEC | O_NONBLOCK) == 0;
}

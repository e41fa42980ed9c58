/* SPDX-License-Identifier: MIT */
#include "wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "port/port.h"
#include "uhttpd_os.h"

void uh_wire_tune(const uh_wire_t *wire)
{
    /* Responses leave in one write each: waiting for more of them to fill a segment would only delay them. */
    int on = 1;
    setsockopt(wire->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    uh_wire_port_tune(wire->fd);
}

/* --- moving bytes ------------------------------------------------------------------------------------------------- */

/* Of all errors these three alone pass by themselves. */
static ssize_t wire_failure(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? UH_WIRE_LATER : UH_WIRE_BROKEN;
}

static ssize_t wire_receive(const uh_wire_t *wire, void *buf, size_t size, int flags)
{
    ssize_t got = recv(wire->fd, buf, size, MSG_DONTWAIT | flags);
    return got > 0 ? got : got == 0 ? UH_WIRE_ENDED : wire_failure();
}

ssize_t uh_wire_read(const uh_wire_t *wire, void *buf, size_t size)
{
    return wire_receive(wire, buf, size, 0);
}

ssize_t uh_wire_peek(const uh_wire_t *wire, void *buf, size_t size)
{
    return wire_receive(wire, buf, size, MSG_PEEK);
}

ssize_t uh_wire_write(const uh_wire_t *wire, const struct iovec *parts, int count)
{
    struct msghdr message = {.msg_iov = (struct iovec *)parts, .msg_iovlen = count};
    ssize_t sent = uh_wire_port_send(wire->fd, &message);
    return sent >= 0 ? sent : wire_failure();
}

/* --- waiting ------------------------------------------------------------------------------------------------------ */

bool uh_wire_wait(const uh_wire_t *wire, unsigned events, uint32_t timeout_ms)
{
    uhttpd_os_pollfd_t fd = {.fd = wire->fd, .events = (uint8_t)events};
    return uhttpd_os_poll(NULL, &fd, 1, timeout_ms);
}

bool uh_wire_is_readable(const uh_wire_t *wire)
{
    return uh_wire_wait(wire, UHTTPD_OS_READ, 0);
}

/* --- the end ------------------------------------------------------------------------------------------------------ */

void uh_wire_finish(const uh_wire_t *wire)
{
    shutdown(wire->fd, SHUT_WR);
}

void uh_wire_shut(const uh_wire_t *wire)
{
    shutdown(wire->fd, SHUT_RDWR);
}

void uh_wire_break(const uh_wire_t *wire)
{
    uh_wire_port_break(wire->fd);
}

void uh_wire_give_up_after(const uh_wire_t *wire, uint32_t ms)
{
    uh_wire_port_give_up_after(wire->fd, ms);
}

/* --- addresses ---------------------------------------------------------------------------------------------------- */

/* An IPv4 client of a dual-stack listener shows up as ::ffff:a.b.c.d; people know it as a.b.c.d. */
static const char *wire_address_text(const struct sockaddr_storage *address, char *text, size_t size)
{
    if (address->ss_family == AF_INET) {
        return inet_ntop(AF_INET, &((const struct sockaddr_in *)address)->sin_addr, text, (socklen_t)size);
    }
    const uint8_t *bytes = (const uint8_t *)&((const struct sockaddr_in6 *)address)->sin6_addr;
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (memcmp(bytes, mapped, sizeof(mapped)) == 0) {
        return inet_ntop(AF_INET, bytes + sizeof(mapped), text, (socklen_t)size);
    }
    return inet_ntop(AF_INET6, bytes, text, (socklen_t)size);
}

static size_t wire_describe(int failed, const struct sockaddr_storage *address, char *text, size_t size)
{
    if (failed || !wire_address_text(address, text, size)) {
        text[0] = '\0';
    }
    return strlen(text);
}

size_t uh_wire_remote(const uh_wire_t *wire, char *text, size_t size)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof(address);
    return wire_describe(getpeername(wire->fd, (struct sockaddr *)&address, &len), &address, text, size);
}

size_t uh_wire_local(const uh_wire_t *wire, char *text, size_t size)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof(address);
    return wire_describe(getsockname(wire->fd, (struct sockaddr *)&address, &len), &address, text, size);
}

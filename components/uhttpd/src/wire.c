/* SPDX-License-Identifier: MIT */
#include "wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

/* An IPv4 client of a dual-stack listener shows up as ::ffff:a.b.c.d; people know it as a.b.c.d. */
static const char *to_text(const struct sockaddr_storage *address, char *text, size_t size)
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

static size_t address_describe(int failed, const struct sockaddr_storage *address, char *text, size_t size)
{
    if (failed || !to_text(address, text, size)) {
        text[0] = '\0';
    }
    return strlen(text);
}

size_t uh_remote_address(int fd, char *text, size_t size)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof(address);
    return address_describe(getpeername(fd, (struct sockaddr *)&address, &len), &address, text, size);
}

size_t uh_local_address(int fd, char *text, size_t size)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof(address);
    return address_describe(getsockname(fd, (struct sockaddr *)&address, &len), &address, text, size);
}

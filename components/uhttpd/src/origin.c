/* SPDX-License-Identifier: MIT */
#include "origin.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "authority.h"

typedef struct {
    const char *host;
    size_t host_len;
    unsigned long port;
} place_t;

static bool read_place(const char *authority, unsigned long default_port, place_t *place)
{
    size_t len = strlen(authority);
    *place = (place_t) {.host = authority, .host_len = uh_authority_host_len(authority, len), .port = default_port};
    if (place->host_len == 0) {
        return false;
    }
    if (len > place->host_len + 1) {
        place->port = strtoul(authority + place->host_len + 1, NULL, 10);
    }
    return true;
}

static bool same_place(const place_t *a, const place_t *b)
{
    return a->port == b->port && a->host_len == b->host_len && strncasecmp(a->host, b->host, a->host_len) == 0;
}

bool uh_origin_matches_host(const char *origin, const char *host)
{
    static const struct {
        const char *prefix;
        unsigned long port;
    } schemes[] = {{"http://", 80}, {"https://", 443}};

    if (origin == NULL) {
        return true;
    }
    for (size_t i = 0; host != NULL && i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        size_t len = strlen(schemes[i].prefix);
        place_t from, to;
        if (strncasecmp(origin, schemes[i].prefix, len) == 0) {
            return read_place(origin + len, schemes[i].port, &from) && read_place(host, schemes[i].port, &to) &&
                   same_place(&from, &to);
        }
    }
    return false;
}

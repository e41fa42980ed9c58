/* SPDX-License-Identifier: MIT */
#include "http/host.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http/text.h"

/* --- authority ---------------------------------------------------------------------------------------------------- */

static bool authority_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_port(const char *text, size_t len)
{
    uint32_t number = 0;
    for (size_t i = 0; i < len; i++) {
        if (!authority_is_digit(text[i])) {
            return false;
        }
        number = number * 10 + (uint32_t)(text[i] - '0');
        if (number > UINT16_MAX) {
            return false;
        }
    }
    return true;
}

/* The brackets and the characters allowed between them. Nobody here needs to know whether it is an address. */
static size_t ipv6_len(const char *text, size_t len)
{
    size_t at = 1;
    while (at < len && (uh_hex_digit(text[at]) >= 0 || text[at] == ':' || text[at] == '.')) {
        at++;
    }
    return at > 2 && at < len && text[at] == ']' ? at + 1 : 0;
}

/* One character of a registered name or an IPv4 address, or one percent escape. */
static size_t name_char_len(const char *text, size_t len)
{
    char c = text[0];
    if (c == '%') {
        return len > 2 && uh_hex_digit(text[1]) >= 0 && uh_hex_digit(text[2]) >= 0 ? 3 : 0;
    }
    return uh_url_char(c);
}

static size_t name_len(const char *text, size_t len)
{
    size_t at = 0;
    size_t step;
    while (at < len && (step = name_char_len(text + at, len - at)) > 0) {
        at += step;
    }
    return at;
}

size_t uh_authority_host_len(const char *text, size_t len)
{
    size_t host = len > 0 && text[0] == '[' ? ipv6_len(text, len) : name_len(text, len);
    bool whole = host == len || (text[host] == ':' && is_port(text + host + 1, len - host - 1));
    return whole ? host : 0;
}

bool uh_authority_is(const char *authority, const char *wanted)
{
    size_t len = strlen(authority);
    size_t wanted_len = strlen(wanted);
    size_t host = uh_authority_host_len(authority, len);
    size_t wanted_host = uh_authority_host_len(wanted, wanted_len);
    if (host == 0 || host != wanted_host || strncasecmp(authority, wanted, host) != 0) {
        return false;
    }
    return wanted_host == wanted_len || strcmp(authority + host, wanted + host) == 0;
}

static bool name_ends_with(const char *name, size_t len, const char *end)
{
    size_t end_len = strlen(end);
    return len > end_len && strncasecmp(name + len - end_len, end, end_len) == 0;
}

static bool authority_is_address(const char *host, size_t len)
{
    return host[0] == '[' || strspn(host, "0123456789.") >= len;
}

bool uh_authority_is_near(const char *authority)
{
    size_t len = uh_authority_host_len(authority, strlen(authority));
    return len > 0 && (!memchr(authority, '.', len) || authority_is_address(authority, len) ||
                       name_ends_with(authority, len, ".local"));
}

/* --- origin ------------------------------------------------------------------------------------------------------- */

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

/* --- destination -------------------------------------------------------------------------------------------------- */

/* @return what follows "http://" or "https://"; NULL: it is something else */
static const char *skip_scheme(const char *value)
{
    static const char http[] = "http";
    if (strncasecmp(value, http, sizeof(http) - 1) != 0) {
        return NULL;
    }
    value += sizeof(http) - 1;
    value += *value == 's' || *value == 'S';
    return strncmp(value, "://", 3) == 0 ? value + 3 : NULL;
}

static bool is_host(const char *authority, size_t len, const char *host)
{
    return host != NULL && strlen(host) == len && strncasecmp(authority, host, len) == 0;
}

int uh_destination_path(const char *value, const char *host, const char **path, size_t *len)
{
    int status = 0;
    const char *authority = skip_scheme(value);
    if (authority != NULL) {
        size_t authority_len = strcspn(authority, "/?#");
        if (uh_authority_host_len(authority, authority_len) == 0) {
            return 400;
        }
        status = is_host(authority, authority_len, host) ? 0 : 502;
        value = authority + authority_len;
    }
    *path = value;
    *len = strlen(value);
    bool absolute = value[0] == '/' && (authority != NULL || value[1] != '/');
    return absolute && strpbrk(value, "?#") == NULL ? status : 400;
}

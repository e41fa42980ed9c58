/* SPDX-License-Identifier: MIT */
#include "authority.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "token.h"

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

/* The brackets and what may stand between them; whether it is an address matters to nobody here. */
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
    bool alphanumeric = authority_is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    return alphanumeric || (c != '\0' && strchr("-._~!$&'()*+,;=", c) != NULL);
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

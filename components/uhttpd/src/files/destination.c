/* SPDX-License-Identifier: MIT */
#include "destination.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "authority.h"

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

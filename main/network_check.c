/* SPDX-License-Identifier: MIT */
#include "network_check.h"

#include <ctype.h>
#include <string.h>

#include "network.h"

static bool is_hex(const char *text)
{
    while (isxdigit((unsigned char)*text)) {
        text++;
    }
    return !*text;
}

bool network_name_is_valid(const char *name)
{
    size_t len = strlen(name);
    return len >= 1 && len <= NETWORK_NAME_MAX;
}

bool network_password_is_valid(const char *password)
{
    size_t len = strlen(password);
    return len == 0 || (len >= 8 && len < NETWORK_PASSWORD_MAX) || (len == NETWORK_PASSWORD_MAX && is_hex(password));
}

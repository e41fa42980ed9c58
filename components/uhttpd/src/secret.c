/* SPDX-License-Identifier: MIT */
#include "secret.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

bool uh_secret_equals(const char *given, const char *secret)
{
    size_t given_len = strlen(given);
    size_t secret_len = strlen(secret);
    volatile unsigned char difference = given_len != secret_len;
    for (size_t i = 0; i < given_len; i++) {
        /* The NUL at the secret's end stands for what it does not have. */
        unsigned char expected = (unsigned char)secret[i < secret_len ? i : secret_len];
        difference = (unsigned char)(difference | ((unsigned char)given[i] ^ expected));
    }
    return difference == 0;
}

bool uh_secret_is_authorization(const char *given, const char *wanted)
{
    size_t scheme = strcspn(wanted, " ");
    return strcspn(given, " ") == scheme && strncasecmp(given, wanted, scheme) == 0 &&
           uh_secret_equals(given + scheme, wanted + scheme);
}

/* SPDX-License-Identifier: MIT */
#include "login.h"

#include <string.h>

/* A longer line, and a longer secret, are wrong: 32-bit sums must not wrap. */
#define MAX_LEN ((uint32_t)1 << 30)

void wr_login_init(wr_login_t *login, const char *secret)
{
    size_t len = strlen(secret);
    *login = (wr_login_t) {
        .secret = (const uint8_t *)secret,
        .secret_len = len < MAX_LEN ? (uint32_t)len : 0,
        .wrong = len >= MAX_LEN,
    };
}

/* All ones when a < b, both at most MAX_LEN; no branch that a clock could see. */
static uint32_t login_less(uint32_t a, uint32_t b)
{
    return 0 - ((a - b) >> 31);
}

static void login_compare(wr_login_t *login, uint8_t byte)
{
    uint32_t within = login_less(login->len, login->secret_len);
    uint8_t expected = login->secret[login->len & within];
    login->wrong |= (uint8_t)((byte ^ expected) | ~within);
    login->len += login->len < MAX_LEN;
}

size_t wr_login_input(wr_login_t *login, const uint8_t *data, size_t len, uint8_t *end)
{
    *end = 0;
    for (size_t i = 0; i < len; i++) {
        if (data[i] == '\r' || data[i] == '\n') {
            *end = data[i];
            return i + 1;
        }
        login_compare(login, data[i]);
    }
    return len;
}

bool wr_login_right(const wr_login_t *login)
{
    return (login->wrong | (login->len ^ login->secret_len)) == 0;
}

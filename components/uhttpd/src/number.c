/* SPDX-License-Identifier: MIT */
#include "number.h"

#include <string.h>

size_t uh_decimal_write(uint64_t number, char text[UH_DECIMAL_SIZE])
{
    char digits[UH_DECIMAL_SIZE];
    size_t at = sizeof(digits);
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    size_t len = sizeof(digits) - at;
    memcpy(text, digits + at, len);
    text[len] = '\0';
    return len;
}

bool uh_decimal_read(const char **text, uint64_t *number)
{
    const char *at = *text;
    *number = 0;
    for (; *at >= '0' && *at <= '9'; at++) {
        unsigned digit = (unsigned)(*at - '0');
        *number = *number > (UINT64_MAX - digit) / 10 ? UINT64_MAX : *number * 10 + digit;
    }
    bool found = at != *text;
    *text = at;
    return found;
}

void uh_hex_write(uint64_t number, int digits, char *text)
{
    while (digits > 0) {
        text[--digits] = "0123456789abcdef"[number & 0xf];
        number >>= 4;
    }
}

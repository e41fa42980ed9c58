/* SPDX-License-Identifier: MIT */
#include "digest.h"

#include <stdbool.h>
#include <string.h>

#include <mbedtls/base64.h>

#define NAME "sha-256"
#define DIGITS 43 /* of base64, before its "=" */

static const char s_base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char s_key[] = "abcdefghijklmnopqrstuvwxyz0123456789_-.*";

/* `key=:base64:`. @return what follows; NULL: malformed */
static const char *read_member(const char *at, size_t *key_len, const char **digits, size_t *digits_len)
{
    *key_len = strspn(at, s_key);
    bool is_key = (*at >= 'a' && *at <= 'z') || *at == '*';
    at += *key_len;
    if (!is_key || strncmp(at, "=:", 2) != 0) {
        return NULL;
    }
    *digits = at + 2;
    *digits_len = strspn(*digits, s_base64);
    at = *digits + *digits_len;
    at += strspn(at, "=");
    return *at == ':' ? at + 1 : NULL;
}

static bool digest_decode(const char *digits, size_t len, uint8_t digest[UH_DIGEST_SIZE])
{
    size_t written;
    return len == DIGITS && strncmp(digits + len, "=:", 2) == 0 &&
           mbedtls_base64_decode(digest, UH_DIGEST_SIZE, &written, (const unsigned char *)digits, DIGITS + 1) == 0 &&
           written == UH_DIGEST_SIZE;
}

uh_digest_t uh_digest_parse(const char *value, uint8_t digest[UH_DIGEST_SIZE])
{
    uh_digest_t result = UH_DIGEST_NONE;
    for (const char *at = value;;) {
        size_t key_len, digits_len;
        const char *key = at, *digits;
        at = read_member(at, &key_len, &digits, &digits_len);
        if (at == NULL) {
            return UH_DIGEST_MALFORMED;
        }
        if (key_len == strlen(NAME) && strncmp(key, NAME, key_len) == 0) {
            if (!digest_decode(digits, digits_len, digest)) {
                return UH_DIGEST_MALFORMED;
            }
            result = UH_DIGEST_GIVEN; /* of two the last one counts */
        }
        at += strspn(at, " \t");
        if (*at == '\0') {
            return result;
        }
        if (*at++ != ',') {
            return UH_DIGEST_MALFORMED;
        }
        at += strspn(at, " \t");
    }
}

void uh_digest_format(const uint8_t digest[UH_DIGEST_SIZE], char field[UH_DIGEST_FIELD_SIZE])
{
    size_t written;
    memcpy(field, NAME "=:", sizeof(NAME "=:"));
    char *at = field + strlen(field);
    mbedtls_base64_encode((unsigned char *)at, DIGITS + 2, &written, digest, UH_DIGEST_SIZE);
    memcpy(at + DIGITS + 1, ":", 2);
}

/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file
 * Digests (FIPS 180-4) by what the build has: PSA Crypto where Mbed TLS is 4, the functions of `mbedtls/md.h` where it is
 * older. Any task; nothing blocks. Functions that return bool return false without memory, or if Mbed TLS was built
 * without the digest.
 */
#define UHTTPD_SHA256_SIZE 32 /*!< bytes */
#define UHTTPD_SHA1_SIZE 20

/** A SHA-256 under way. It belongs to who began it. */
typedef struct uhttpd_sha256 uhttpd_sha256_t;

/** @return in the heap, to be freed with uhttpd_sha256_free(); NULL: as above */
uhttpd_sha256_t *uhttpd_sha256_begin(void);

bool uhttpd_sha256_add(uhttpd_sha256_t *sha, const void *data, size_t len);

/** @brief Ends it. Afterwards it can only be freed, or be made a copy of another. */
bool uhttpd_sha256_end(uhttpd_sha256_t *sha, uint8_t digest[UHTTPD_SHA256_SIZE]);

/** @brief Makes @p sha the same as @p other, which may go on without it. */
bool uhttpd_sha256_copy(uhttpd_sha256_t *sha, const uhttpd_sha256_t *other);

/** @param sha  may be NULL */
void uhttpd_sha256_free(uhttpd_sha256_t *sha);

/** @brief SHA-1, for the handshake of WebSockets, which proves nothing. */
bool uhttpd_sha1(const void *data, size_t len, uint8_t digest[UHTTPD_SHA1_SIZE]);

#ifdef __cplusplus
}
#endif

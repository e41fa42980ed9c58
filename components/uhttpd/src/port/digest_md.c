/* SPDX-License-Identifier: MIT */
/* Mbed TLS 2.28 and 3. */
#include <mbedtls/md.h>
#include <stdlib.h>

#include "uhttpd_digest.h"

struct uhttpd_sha256 {
    mbedtls_md_context_t md;
};

uhttpd_sha256_t *uhttpd_sha256_begin(void)
{
    uhttpd_sha256_t *sha = calloc(1, sizeof(*sha));
    if (!sha) {
        return NULL;
    }
    mbedtls_md_init(&sha->md);
    const mbedtls_md_info_t *info = mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
    if (!info || mbedtls_md_setup(&sha->md, info, 0) != 0 || mbedtls_md_starts(&sha->md) != 0) {
        uhttpd_sha256_free(sha);
        return NULL;
    }
    return sha;
}

bool uhttpd_sha256_add(uhttpd_sha256_t *sha, const void *data, size_t len)
{
    return mbedtls_md_update(&sha->md, data, len) == 0;
}

bool uhttpd_sha256_end(uhttpd_sha256_t *sha, uint8_t digest[UHTTPD_SHA256_SIZE])
{
    return mbedtls_md_finish(&sha->md, digest) == 0;
}

bool uhttpd_sha256_copy(uhttpd_sha256_t *sha, const uhttpd_sha256_t *other)
{
    return mbedtls_md_clone(&sha->md, &other->md) == 0;
}

void uhttpd_sha256_free(uhttpd_sha256_t *sha)
{
    if (sha) {
        mbedtls_md_free(&sha->md);
        free(sha);
    }
}

bool uhttpd_sha1(const void *data, size_t len, uint8_t digest[UHTTPD_SHA1_SIZE])
{
    const mbedtls_md_info_t *info = mbedtls_md_info_from_type(MBEDTLS_MD_SHA1);
    return info && mbedtls_md(info, data, len, digest) == 0;
}

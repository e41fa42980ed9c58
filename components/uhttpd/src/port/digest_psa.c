/* SPDX-License-Identifier: MIT */
/* Mbed TLS 4 (ESP-IDF 6), by PSA Crypto. */
#include <psa/crypto.h>
#include <stdlib.h>

#include "uhttpd_digest.h"

struct uhttpd_sha256 {
    psa_hash_operation_t operation;
};

uhttpd_sha256_t *uhttpd_sha256_begin(void)
{
    uhttpd_sha256_t *sha = calloc(1, sizeof(*sha));
    if (!sha) {
        return NULL;
    }
    sha->operation = psa_hash_operation_init();
    if (psa_crypto_init() != PSA_SUCCESS || psa_hash_setup(&sha->operation, PSA_ALG_SHA_256) != PSA_SUCCESS) {
        uhttpd_sha256_free(sha);
        return NULL;
    }
    return sha;
}

bool uhttpd_sha256_add(uhttpd_sha256_t *sha, const void *data, size_t len)
{
    return psa_hash_update(&sha->operation, data, len) == PSA_SUCCESS;
}

bool uhttpd_sha256_end(uhttpd_sha256_t *sha, uint8_t digest[UHTTPD_SHA256_SIZE])
{
    size_t len;
    return psa_hash_finish(&sha->operation, digest, UHTTPD_SHA256_SIZE, &len) == PSA_SUCCESS;
}

bool uhttpd_sha256_copy(uhttpd_sha256_t *sha, const uhttpd_sha256_t *other)
{
    psa_hash_abort(&sha->operation); /* PSA clones into an operation that is not under way */
    return psa_hash_clone(&other->operation, &sha->operation) == PSA_SUCCESS;
}

void uhttpd_sha256_free(uhttpd_sha256_t *sha)
{
    if (sha) {
        psa_hash_abort(&sha->operation);
        free(sha);
    }
}

bool uhttpd_sha1(const void *data, size_t len, uint8_t digest[UHTTPD_SHA1_SIZE])
{
    size_t digest_len;
    return psa_crypto_init() == PSA_SUCCESS &&
           psa_hash_compute(PSA_ALG_SHA_1, data, len, digest, UHTTPD_SHA1_SIZE, &digest_len) == PSA_SUCCESS;
}

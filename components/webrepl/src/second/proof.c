/* SPDX-License-Identifier: MIT */
#include "second/proof.h"

#include <string.h>

#include "mbedtls/md.h"

static bool second_proof_begin(mbedtls_md_context_t *md, const uint8_t *key, size_t len)
{
    mbedtls_md_init(md);
    const mbedtls_md_info_t *sha256 = mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
    return sha256 != NULL && mbedtls_md_setup(md, sha256, 1) == 0 && mbedtls_md_hmac_starts(md, key, len) == 0;
}

static bool second_proof_add(mbedtls_md_context_t *md, const void *data, size_t len)
{
    return mbedtls_md_hmac_update(md, data, len) == 0;
}

static bool second_proof_finish(mbedtls_md_context_t *md, uint8_t digest[WR_DIGEST_SIZE])
{
    return mbedtls_md_hmac_finish(md, digest) == 0 && mbedtls_md_hmac_reset(md) == 0;
}

/* PBKDF2 (RFC 8018 section 5.2) of one block. Mbed TLS has it under two names, depending on its version. */
static bool second_proof_derive(mbedtls_md_context_t *md, wr_key_t *key, uint32_t iterations)
{
    static const uint8_t first_block[] = {0, 0, 0, 1};
    uint8_t last[WR_DIGEST_SIZE];
    bool done = second_proof_add(md, key->salt, sizeof key->salt) &&
                second_proof_add(md, first_block, sizeof first_block) && second_proof_finish(md, last);
    if (!done) {
        return false;
    }
    memcpy(key->key, last, sizeof last);
    for (uint32_t i = 1; done && i < iterations; i++) {
        done = second_proof_add(md, last, sizeof last) && second_proof_finish(md, last);
        for (size_t at = 0; at < sizeof last; at++) {
            key->key[at] ^= last[at];
        }
    }
    return done;
}

bool wr_key_derive(wr_key_t *key, const char *password, uint32_t iterations)
{
    mbedtls_md_context_t md;
    bool done = second_proof_begin(&md, (const uint8_t *)password, strlen(password)) &&
                second_proof_derive(&md, key, iterations);
    mbedtls_md_free(&md);
    return done;
}

bool wr_proof(const wr_key_t *key, bool server, const uint8_t server_nonce[WR_NONCE_SIZE],
              const uint8_t client_nonce[WR_NONCE_SIZE], uint8_t proof[WR_DIGEST_SIZE])
{
    const char *side = server ? "webrepl.2 server" : "webrepl.2 client";
    mbedtls_md_context_t md;
    bool done = second_proof_begin(&md, key->key, sizeof key->key) && second_proof_add(&md, side, strlen(side)) &&
                second_proof_add(&md, server_nonce, WR_NONCE_SIZE) &&
                second_proof_add(&md, client_nonce, WR_NONCE_SIZE) && second_proof_finish(&md, proof);
    mbedtls_md_free(&md);
    return done;
}

bool wr_proof_equal(const uint8_t a[WR_DIGEST_SIZE], const uint8_t b[WR_DIGEST_SIZE])
{
    volatile uint8_t different = 0;
    for (size_t i = 0; i < WR_DIGEST_SIZE; i++) {
        different |= a[i] ^ b[i];
    }
    return different == 0;
}

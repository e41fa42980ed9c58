/* SPDX-License-Identifier: MIT */
#include "second/proof.h"

#include <string.h>

#include "uhttpd_digest.h"

#define BLOCK_SIZE 64 /* bytes, of SHA-256 */

/* HMAC (RFC 2104). Mbed TLS has it in public up to version 3 only; PSA's takes a key store and a setup for each message,
 * of which the derivation needs thousands. */
typedef struct {
    uhttpd_sha256_t *inner, *outer; /* that have hashed the padded key */
    uhttpd_sha256_t *message;
} wr_hmac_t;

static uhttpd_sha256_t *hmac_pad(const uint8_t block[BLOCK_SIZE], uint8_t pad)
{
    uint8_t padded[BLOCK_SIZE];
    for (size_t at = 0; at < BLOCK_SIZE; at++) {
        padded[at] = block[at] ^ pad;
    }
    uhttpd_sha256_t *sha = uhttpd_sha256_begin();
    if (sha != NULL && !uhttpd_sha256_add(sha, padded, BLOCK_SIZE)) {
        uhttpd_sha256_free(sha);
        sha = NULL;
    }
    return sha;
}

/* A key that is longer than a block is replaced by its digest. */
static bool hmac_shorten(const void *key, size_t len, uint8_t block[BLOCK_SIZE])
{
    uhttpd_sha256_t *sha = uhttpd_sha256_begin();
    bool done = sha != NULL && uhttpd_sha256_add(sha, key, len) && uhttpd_sha256_end(sha, block);
    uhttpd_sha256_free(sha);
    return done;
}

static void hmac_free(wr_hmac_t *hmac)
{
    uhttpd_sha256_free(hmac->inner);
    uhttpd_sha256_free(hmac->outer);
    uhttpd_sha256_free(hmac->message);
}

/* Call hmac_free() in any case. */
static bool hmac_begin(wr_hmac_t *hmac, const void *key, size_t len)
{
    uint8_t block[BLOCK_SIZE] = {0};
    *hmac = (wr_hmac_t) {0};
    if (len > BLOCK_SIZE) {
        if (!hmac_shorten(key, len, block)) {
            return false;
        }
    } else {
        memcpy(block, key, len);
    }
    hmac->inner = hmac_pad(block, 0x36);
    hmac->outer = hmac_pad(block, 0x5c);
    hmac->message = hmac_pad(block, 0x36);
    return hmac->inner != NULL && hmac->outer != NULL && hmac->message != NULL;
}

static bool hmac_add(wr_hmac_t *hmac, const void *data, size_t len)
{
    return uhttpd_sha256_add(hmac->message, data, len);
}

/* The next message has the same key. */
static bool hmac_end(wr_hmac_t *hmac, uint8_t mac[UHTTPD_SHA256_SIZE])
{
    return uhttpd_sha256_end(hmac->message, mac) && uhttpd_sha256_copy(hmac->message, hmac->outer) &&
           hmac_add(hmac, mac, UHTTPD_SHA256_SIZE) && uhttpd_sha256_end(hmac->message, mac) &&
           uhttpd_sha256_copy(hmac->message, hmac->inner);
}

/* PBKDF2 (RFC 8018 section 5.2) of one block. */
static bool second_proof_derive(wr_hmac_t *hmac, wr_key_t *key, uint32_t iterations)
{
    static const uint8_t first_block[] = {0, 0, 0, 1};
    uint8_t last[UHTTPD_SHA256_SIZE];
    bool done = hmac_add(hmac, key->salt, sizeof key->salt) && hmac_add(hmac, first_block, sizeof first_block) &&
                hmac_end(hmac, last);
    if (!done) {
        return false;
    }
    memcpy(key->key, last, sizeof last);
    for (uint32_t i = 1; done && i < iterations; i++) {
        done = hmac_add(hmac, last, sizeof last) && hmac_end(hmac, last);
        for (size_t at = 0; at < sizeof last; at++) {
            key->key[at] ^= last[at];
        }
    }
    return done;
}

bool wr_key_derive(wr_key_t *key, const char *password, uint32_t iterations)
{
    wr_hmac_t hmac;
    bool done = hmac_begin(&hmac, password, strlen(password)) && second_proof_derive(&hmac, key, iterations);
    hmac_free(&hmac);
    return done;
}

bool wr_proof(const wr_key_t *key, bool server, const uint8_t server_nonce[WR_NONCE_SIZE],
              const uint8_t client_nonce[WR_NONCE_SIZE], uint8_t proof[UHTTPD_SHA256_SIZE])
{
    const char *side = server ? "webrepl.2 server" : "webrepl.2 client";
    wr_hmac_t hmac;
    bool done = hmac_begin(&hmac, key->key, sizeof key->key) && hmac_add(&hmac, side, strlen(side)) &&
                hmac_add(&hmac, server_nonce, WR_NONCE_SIZE) && hmac_add(&hmac, client_nonce, WR_NONCE_SIZE) &&
                hmac_end(&hmac, proof);
    hmac_free(&hmac);
    return done;
}

bool wr_proof_equal(const uint8_t a[UHTTPD_SHA256_SIZE], const uint8_t b[UHTTPD_SHA256_SIZE])
{
    volatile uint8_t different = 0;
    for (size_t i = 0; i < UHTTPD_SHA256_SIZE; i++) {
        different |= a[i] ^ b[i];
    }
    return different == 0;
}

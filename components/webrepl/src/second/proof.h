/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "second/message.h"
#include "uhttpd_digest.h"

/**
 * @file
 * Computations for the login of the second edition (docs/webrepl-protocol.md, section 2.4). Pure, except for
 * uhttpd_digest.h.
 *
 * All return false without memory, or when Mbed TLS was built without SHA-256.
 */
#define WR_ITERATIONS 4096 /* of the derivation, as RFC 7677 asks for: 0.2 s on an ESP32, once for each password */

/** @brief The key that is derived from a password, and its salt. */
typedef struct {
    uint8_t salt[WR_SALT_SIZE];
    uint8_t key[UHTTPD_SHA256_SIZE];
} wr_key_t;

/** @brief Derives key->key with key->salt. The time grows with @p iterations. */
bool wr_key_derive(wr_key_t *key, const char *password, uint32_t iterations);

/** @param server  The server's proof; otherwise the client's. */
bool wr_proof(const wr_key_t *key, bool server, const uint8_t server_nonce[WR_NONCE_SIZE],
              const uint8_t client_nonce[WR_NONCE_SIZE], uint8_t proof[UHTTPD_SHA256_SIZE]);

/** @brief Compares in a time that does not depend on the contents. */
bool wr_proof_equal(const uint8_t a[UHTTPD_SHA256_SIZE], const uint8_t b[UHTTPD_SHA256_SIZE]);

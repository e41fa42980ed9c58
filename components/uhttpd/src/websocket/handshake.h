/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/**
 * @file
 * The opening handshake (RFC 6455 section 4.2), pure.
 */
typedef struct {
    const char *connection; /* header values as sent, NULL when absent */
    const char *upgrade;
    const char *version;
    const char *key;
    const char *protocols;
} uh_ws_request_t;

typedef enum {
    UH_WS_HANDSHAKE_OK,
    UH_WS_HANDSHAKE_PLAIN,       /* asks for no WebSocket at all */
    UH_WS_HANDSHAKE_BAD,         /* 400 */
    UH_WS_HANDSHAKE_BAD_VERSION, /* 426 with Sec-WebSocket-Version: 13 */
} uh_ws_handshake_t;

#define UH_WS_MAX_KEY 128    /* bytes; a proper key has 24 */
#define UH_WS_ACCEPT_SIZE 29 /* base64 of a SHA-1 digest, and NUL */

/**
 * @brief Judges an upgrade request, but not its method, HTTP version and Origin.
 * @param tolerant  a missing version and a key of any form, up to UH_WS_MAX_KEY bytes, are accepted
 */
uh_ws_handshake_t uh_ws_handshake_check(const uh_ws_request_t *request, bool tolerant);

/**
 * @brief Sec-WebSocket-Accept for a key.
 * @return true; false, and an empty string, when the key is longer than UH_WS_MAX_KEY or Mbed TLS is built without SHA-1.
 */
bool uh_ws_handshake_accept(const char *key, char accept[UH_WS_ACCEPT_SIZE]);

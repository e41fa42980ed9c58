/* SPDX-License-Identifier: MIT */
#include "websocket/handshake.h"

#include <string.h>
#include <mbedtls/base64.h>

#include "http/text.h"
#include "uhttpd_digest.h"

#define GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11" /* RFC 6455 section 1.3 */
#define KEY_DIGITS 22                               /* base64 of 16 bytes, without its "==" */

static bool is_nonce(const char *key)
{
    return uh_base64_len(key) == KEY_DIGITS && strcmp(key + KEY_DIGITS, "==") == 0;
}

static bool is_key(const char *key, bool tolerant)
{
    if (key == NULL || key[0] == '\0' || strlen(key) > UH_WS_MAX_KEY) {
        return false;
    }
    return tolerant || is_nonce(key);
}

uh_ws_handshake_t uh_ws_handshake_check(const uh_ws_request_t *request, bool tolerant)
{
    if (request->upgrade == NULL || !uh_token_in_list(request->upgrade, "websocket", true)) {
        return UH_WS_HANDSHAKE_PLAIN;
    }
    if (request->connection == NULL || !uh_token_in_list(request->connection, "upgrade", true)) {
        return UH_WS_HANDSHAKE_BAD;
    }
    if (request->version != NULL && strcmp(request->version, "13") != 0) {
        return UH_WS_HANDSHAKE_BAD_VERSION;
    }
    if (request->version == NULL && !tolerant) {
        return UH_WS_HANDSHAKE_BAD;
    }
    return is_key(request->key, tolerant) ? UH_WS_HANDSHAKE_OK : UH_WS_HANDSHAKE_BAD;
}

bool uh_ws_handshake_accept(const char *key, char accept[UH_WS_ACCEPT_SIZE])
{
    unsigned char text[UH_WS_MAX_KEY + sizeof(GUID)];
    uint8_t digest[UHTTPD_SHA1_SIZE];
    size_t key_len = strlen(key);
    size_t written;
    accept[0] = '\0';
    if (key_len > UH_WS_MAX_KEY) {
        return false;
    }
    memcpy(text, key, key_len);
    memcpy(text + key_len, GUID, sizeof(GUID));
    return uhttpd_sha1(text, key_len + strlen(GUID), digest) &&
           mbedtls_base64_encode((unsigned char *)accept, UH_WS_ACCEPT_SIZE, &written, digest, sizeof(digest)) == 0;
}

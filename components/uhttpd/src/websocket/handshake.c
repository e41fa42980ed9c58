/* SPDX-License-Identifier: MIT */
#include "ws_handshake.h"

#include <string.h>

#include <mbedtls/base64.h>
#include <mbedtls/md.h>

#include "token.h"

#define GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11" /* RFC 6455 section 1.3 */
#define DIGEST_SIZE 20                              /* of SHA-1 */
#define KEY_DIGITS 22                               /* base64 of 16 bytes, without its "==" */

static bool is_nonce(const char *key)
{
    static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    return strspn(key, base64) == KEY_DIGITS && strcmp(key + KEY_DIGITS, "==") == 0;
}

static bool is_key(const char *key, bool tolerant)
{
    if (key == NULL || key[0] == '\0' || strlen(key) > WS_MAX_KEY) {
        return false;
    }
    return tolerant || is_nonce(key);
}

ws_handshake_t ws_handshake_check(const ws_request_t *request, bool tolerant)
{
    if (request->upgrade == NULL || !token_in_list(request->upgrade, "websocket", true)) {
        return WS_HANDSHAKE_PLAIN;
    }
    if (request->connection == NULL || !token_in_list(request->connection, "upgrade", true)) {
        return WS_HANDSHAKE_BAD;
    }
    if (request->version != NULL && strcmp(request->version, "13") != 0) {
        return WS_HANDSHAKE_BAD_VERSION;
    }
    if (request->version == NULL && !tolerant) {
        return WS_HANDSHAKE_BAD;
    }
    return is_key(request->key, tolerant) ? WS_HANDSHAKE_OK : WS_HANDSHAKE_BAD;
}

bool ws_handshake_accept(const char *key, char accept[WS_ACCEPT_SIZE])
{
    unsigned char text[WS_MAX_KEY + sizeof(GUID)];
    unsigned char digest[DIGEST_SIZE];
    size_t key_len = strlen(key);
    size_t written;
    accept[0] = '\0';
    if (key_len > WS_MAX_KEY) {
        return false;
    }
    memcpy(text, key, key_len);
    memcpy(text + key_len, GUID, sizeof(GUID));
    return mbedtls_md(mbedtls_md_info_from_type(MBEDTLS_MD_SHA1), text, key_len + strlen(GUID), digest) == 0 &&
           mbedtls_base64_encode((unsigned char *)accept, WS_ACCEPT_SIZE, &written, digest, sizeof(digest)) == 0;
}

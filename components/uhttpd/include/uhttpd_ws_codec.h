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
 * WebSocket frames (RFC 6455 section 5), sans-I/O: bytes in, events out. No allocation, no ESP header.
 *
 * Routes need none of this. It is for programs that use WebSocket over a connection of their own. There are no locks:
 * one task at a time may use a decoder.
 */
enum {
    UHTTPD_WS_OP_CONTINUATION = 0x0,
    UHTTPD_WS_OP_TEXT = 0x1,
    UHTTPD_WS_OP_BINARY = 0x2,
    UHTTPD_WS_OP_CLOSE = 0x8,
    UHTTPD_WS_OP_PING = 0x9,
    UHTTPD_WS_OP_PONG = 0xa,
};

#define UHTTPD_WS_MAX_CONTROL 125 /* RFC 6455 section 5.5 */
#define UHTTPD_WS_MAX_HEADER 10   /* of a frame that a server sends: 2 + 8, never masked */

typedef enum {
    UHTTPD_WS_EVENT_NONE, /* more bytes are needed */
    UHTTPD_WS_EVENT_DATA, /* a piece of a text or binary message */
    UHTTPD_WS_EVENT_PING, /* payload must be sent back as a pong */
    UHTTPD_WS_EVENT_PONG,
    UHTTPD_WS_EVENT_CLOSE, /* code, and payload as the reason */
    UHTTPD_WS_EVENT_ERROR, /* code to close with; the decoder stays in this state */
} uhttpd_ws_event_kind_t;

typedef struct {
    uhttpd_ws_event_kind_t kind;
    uint8_t type;           /* DATA: UHTTPD_WS_OP_TEXT or UHTTPD_WS_OP_BINARY, also for continuations */
    bool final;             /* DATA: this piece ends the message */
    const uint8_t *payload; /* unmasked; within the caller's buffer (DATA) or the decoder (control frames) */
    size_t len;
    uint16_t code; /* CLOSE: the peer's code, or 1005 without one; ERROR: 1002, 1007 or 1009 */
} uhttpd_ws_event_t;

typedef struct {
    /* set once, by uhttpd_ws_decoder_init() */
    bool tolerant;
    uint32_t max_message;
    /* the rest is the decoder's own */
    uint8_t state;
    uint8_t header[14];
    uint8_t header_have, header_need;
    uint8_t opcode, message_type;
    bool fin, masked, in_message;
    uint8_t mask[4];
    uint8_t mask_at;
    uint64_t left;    /* payload bytes still to come in this frame */
    uint64_t message; /* bytes of the message so far */
    uint32_t utf8;    /* state of the incremental check */
    uint8_t control[UHTTPD_WS_MAX_CONTROL];
    uint8_t control_have;
    uint16_t error;
} uhttpd_ws_decoder_t;

/**
 * @brief Begins a connection.
 *
 * @param tolerant     unmasked frames and text (close reasons too) of any bytes are accepted, lengths need not be
 *                     minimal; all else is as strict
 * @param max_message  0: any length
 */
void uhttpd_ws_decoder_init(uhttpd_ws_decoder_t *decoder, bool tolerant, uint32_t max_message);

/**
 * @brief Decodes up to one event from @p data, unmasking it in place.
 *
 * Call again with the rest until the event is UHTTPD_WS_EVENT_NONE with everything consumed. A DATA event never spans more
 * than what @p data holds; an empty final frame gives a DATA event of length 0. What follows a CLOSE or an ERROR is
 * consumed and ignored.
 *
 * @return bytes consumed, at most @p len.
 */
size_t uhttpd_ws_decode(uhttpd_ws_decoder_t *decoder, uint8_t *data, size_t len, uhttpd_ws_event_t *event);

/** @brief Writes the header of a frame that a server sends. @return its length, 2, 4 or 10. */
size_t uhttpd_ws_encode_header(uint8_t out[UHTTPD_WS_MAX_HEADER], uint8_t opcode, bool final, uint64_t len);

/** @brief True for codes that may stand in a close frame (RFC 6455 section 7.4). */
bool uhttpd_ws_close_code_valid(uint16_t code);

#ifdef __cplusplus
}
#endif

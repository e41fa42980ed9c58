/* SPDX-License-Identifier: MIT */
#include "uhttpd_ws_codec.h"

#include <string.h>

#include "http/text.h"

enum {
    HEADER,
    PAYLOAD,
    CLOSED, /* everything after a close frame is ignored (RFC 6455 section 5.5.1) */
    FAILED,
};

enum {
    FIN = 0x80,
    RESERVED = 0x70,
    OPCODE = 0x0f,
    MASKED = 0x80,
    LENGTH = 0x7f,
    LENGTH_16 = 126, /* two bytes of length follow */
    LENGTH_64 = 127, /* eight bytes follow */
};

enum {
    PROTOCOL_ERROR = 1002,
    NO_STATUS = 1005,
    INVALID_DATA = 1007,
    TOO_BIG = 1009,
};

void uhttpd_ws_decoder_init(uhttpd_ws_decoder_t *decoder, bool tolerant, uint32_t max_message)
{
    *decoder = (uhttpd_ws_decoder_t) {
        .tolerant = tolerant, .max_message = max_message, .state = HEADER, .header_need = 2, .utf8 = UH_UTF8_WHOLE};
}

bool uhttpd_ws_close_code_valid(uint16_t code)
{
    if (code >= 3000) {
        return code <= 4999;
    }
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
}

static bool is_control(const uhttpd_ws_decoder_t *decoder)
{
    return decoder->opcode >= UHTTPD_WS_OP_CLOSE;
}

/* The functions below that judge something return 0 or the close code. */

static uint16_t judge_opcode(uhttpd_ws_decoder_t *decoder)
{
    uint8_t byte = decoder->header[0];
    decoder->fin = byte & FIN;
    decoder->opcode = byte & OPCODE;
    if (byte & RESERVED) {
        return PROTOCOL_ERROR;
    }
    switch (decoder->opcode) {
    case UHTTPD_WS_OP_CONTINUATION:
        return decoder->in_message ? 0 : PROTOCOL_ERROR;
    case UHTTPD_WS_OP_TEXT:
    case UHTTPD_WS_OP_BINARY:
        return decoder->in_message ? PROTOCOL_ERROR : 0;
    case UHTTPD_WS_OP_CLOSE:
    case UHTTPD_WS_OP_PING:
    case UHTTPD_WS_OP_PONG:
        return decoder->fin ? 0 : PROTOCOL_ERROR;
    default:
        return PROTOCOL_ERROR;
    }
}

static uint16_t judge_length_field(uhttpd_ws_decoder_t *decoder)
{
    uint8_t length = decoder->header[1] & LENGTH;
    decoder->masked = decoder->header[1] & MASKED;
    if (!decoder->masked && !decoder->tolerant) {
        return PROTOCOL_ERROR;
    }
    if (is_control(decoder) && length > UHTTPD_WS_MAX_CONTROL) {
        return PROTOCOL_ERROR;
    }
    if (decoder->opcode == UHTTPD_WS_OP_CLOSE && length == 1) {
        return PROTOCOL_ERROR;
    }
    decoder->header_need = (uint8_t)(2 + (decoder->masked ? 4 : 0));
    if (length == LENGTH_16) {
        decoder->header_need += 2;
    } else if (length == LENGTH_64) {
        decoder->header_need += 8;
    }
    return 0;
}

static uint64_t big_endian(const uint8_t *bytes, size_t len)
{
    uint64_t value = 0;
    for (size_t i = 0; i < len; i++) {
        value = value << 8 | bytes[i];
    }
    return value;
}

static uint16_t judge_length(uhttpd_ws_decoder_t *decoder)
{
    uint8_t length = decoder->header[1] & LENGTH;
    uint64_t shortest = 0;
    decoder->left = length;
    if (length == LENGTH_16) {
        decoder->left = big_endian(decoder->header + 2, 2);
        shortest = LENGTH_16;
    } else if (length == LENGTH_64) {
        decoder->left = big_endian(decoder->header + 2, 8);
        shortest = UINT16_MAX + 1;
    }
    if (decoder->left > INT64_MAX || (decoder->left < shortest && !decoder->tolerant)) {
        return PROTOCOL_ERROR;
    }
    if (is_control(decoder) || decoder->max_message == 0) {
        return 0;
    }
    uint64_t before = decoder->opcode == UHTTPD_WS_OP_CONTINUATION ? decoder->message : 0;
    return decoder->left > decoder->max_message - before ? TOO_BIG : 0;
}

static void begin_payload(uhttpd_ws_decoder_t *decoder)
{
    decoder->state = PAYLOAD;
    decoder->mask_at = 0;
    decoder->control_have = 0;
    if (decoder->masked) {
        memcpy(decoder->mask, decoder->header + decoder->header_need - sizeof(decoder->mask), sizeof(decoder->mask));
    }
    if (decoder->opcode == UHTTPD_WS_OP_TEXT || decoder->opcode == UHTTPD_WS_OP_BINARY) {
        decoder->message_type = decoder->opcode;
        decoder->message = 0;
    }
}

/* Every byte of a header is judged as it arrives, so that the decoder does not wait for the rest of nonsense. */
static uint16_t take_header_byte(uhttpd_ws_decoder_t *decoder, uint8_t byte)
{
    uint16_t error = 0;
    decoder->header[decoder->header_have++] = byte;
    if (decoder->header_have == 1) {
        error = judge_opcode(decoder);
    } else if (decoder->header_have == 2) {
        error = judge_length_field(decoder);
    }
    if (error == 0 && decoder->header_have == decoder->header_need) {
        error = judge_length(decoder);
        begin_payload(decoder);
    }
    return error;
}

static void ws_codec_unmask(uhttpd_ws_decoder_t *decoder, uint8_t *data, size_t len)
{
    if (!decoder->masked) {
        return;
    }
    for (size_t i = 0; i < len; i++) {
        data[i] ^= decoder->mask[decoder->mask_at++ & 3];
    }
}

static void end_frame(uhttpd_ws_decoder_t *decoder)
{
    decoder->state = HEADER;
    decoder->header_have = 0;
    decoder->header_need = 2;
    if (!is_control(decoder)) {
        decoder->in_message = !decoder->fin;
    }
}

static uint16_t ws_codec_take_data(uhttpd_ws_decoder_t *decoder, const uint8_t *data, size_t len,
                                   uhttpd_ws_event_t *event)
{
    bool frame_ends = decoder->left == 0;
    bool final = frame_ends && decoder->fin;
    decoder->message += len;
    if (decoder->message_type == UHTTPD_WS_OP_TEXT && !decoder->tolerant) {
        bool valid = uh_utf8_check_piece(&decoder->utf8, data, len);
        if (!valid || (final && decoder->utf8 != UH_UTF8_WHOLE)) {
            return INVALID_DATA;
        }
    }
    if (len > 0 || final) {
        *event = (uhttpd_ws_event_t) {
            .kind = UHTTPD_WS_EVENT_DATA,
            .type = decoder->message_type,
            .final = final,
            .payload = data,
            .len = len,
        };
    }
    if (frame_ends) {
        end_frame(decoder);
    }
    return 0;
}

static uint16_t read_close(uhttpd_ws_decoder_t *decoder, uhttpd_ws_event_t *event)
{
    decoder->state = CLOSED;
    event->kind = UHTTPD_WS_EVENT_CLOSE;
    event->code = NO_STATUS;
    if (event->len == 0) {
        return 0;
    }
    event->code = (uint16_t)big_endian(event->payload, 2);
    event->payload += 2;
    event->len -= 2;
    if (!uhttpd_ws_close_code_valid(event->code)) {
        return PROTOCOL_ERROR;
    }
    uint32_t utf8 = UH_UTF8_WHOLE;
    bool valid = uh_utf8_check_piece(&utf8, event->payload, event->len) && utf8 == UH_UTF8_WHOLE;
    return valid || decoder->tolerant ? 0 : INVALID_DATA;
}

static uint16_t take_control(uhttpd_ws_decoder_t *decoder, const uint8_t *data, size_t len, uhttpd_ws_event_t *event)
{
    memcpy(decoder->control + decoder->control_have, data, len);
    decoder->control_have = (uint8_t)(decoder->control_have + len);
    if (decoder->left > 0) {
        return 0;
    }
    end_frame(decoder);
    event->payload = decoder->control;
    event->len = decoder->control_have;
    if (decoder->opcode == UHTTPD_WS_OP_CLOSE) {
        return read_close(decoder, event);
    }
    event->kind = decoder->opcode == UHTTPD_WS_OP_PING ? UHTTPD_WS_EVENT_PING : UHTTPD_WS_EVENT_PONG;
    return 0;
}

static uint16_t take_payload(uhttpd_ws_decoder_t *decoder, uint8_t *data, size_t len, uhttpd_ws_event_t *event)
{
    ws_codec_unmask(decoder, data, len);
    decoder->left -= len;
    return is_control(decoder) ? take_control(decoder, data, len, event)
                               : ws_codec_take_data(decoder, data, len, event);
}

static void ws_codec_fail(uhttpd_ws_decoder_t *decoder, uint16_t code, uhttpd_ws_event_t *event)
{
    decoder->state = FAILED;
    decoder->error = code;
    *event = (uhttpd_ws_event_t) {.kind = UHTTPD_WS_EVENT_ERROR, .code = code};
}

size_t uhttpd_ws_decode(uhttpd_ws_decoder_t *decoder, uint8_t *data, size_t len, uhttpd_ws_event_t *event)
{
    size_t used = 0;
    *event = (uhttpd_ws_event_t) {.kind = UHTTPD_WS_EVENT_NONE};
    while (event->kind == UHTTPD_WS_EVENT_NONE) {
        uint16_t error = 0;
        if (decoder->state == FAILED) {
            ws_codec_fail(decoder, decoder->error, event);
            return len;
        }
        if (decoder->state == CLOSED) {
            return len;
        }
        if (decoder->state == HEADER) {
            if (used == len) {
                break;
            }
            error = take_header_byte(decoder, data[used++]);
        } else {
            size_t piece = len - used < decoder->left ? len - used : (size_t)decoder->left;
            if (piece == 0 && decoder->left > 0) {
                break;
            }
            error = take_payload(decoder, data + used, piece, event);
            used += piece;
        }
        if (error != 0) {
            ws_codec_fail(decoder, error, event);
        }
    }
    return used;
}

size_t uhttpd_ws_encode_header(uint8_t out[UHTTPD_WS_MAX_HEADER], uint8_t opcode, bool final, uint64_t len)
{
    size_t length_bytes = 0;
    out[0] = (uint8_t)((final ? FIN : 0) | opcode);
    if (len < LENGTH_16) {
        out[1] = (uint8_t)len;
    } else if (len <= UINT16_MAX) {
        out[1] = LENGTH_16;
        length_bytes = 2;
    } else {
        out[1] = LENGTH_64;
        length_bytes = 8;
    }
    for (size_t i = 0; i < length_bytes; i++) {
        out[2 + i] = (uint8_t)(len >> 8 * (length_bytes - 1 - i));
    }
    return 2 + length_bytes;
}

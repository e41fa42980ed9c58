/* SPDX-License-Identifier: MIT */
/* A stream of frames gives the same messages in pieces as at once. */
#include "uhttpd_ws_codec.h"

#include "fuzz.h"

enum { OPTIONS = 3 }; /* first bytes of the input */

typedef struct {
    uhttpd_ws_decoder_t decoder;
    uint8_t *text; /* all payloads of whole messages and control frames, in order, and what they are */
    size_t len, message_len;
    uint8_t *message;
    uint16_t error;
} reader_t;

static void reader_init(reader_t *reader, const uint8_t *options, size_t size)
{
    *reader = (reader_t) {.text = malloc(size * 3 + 64), .message = malloc(size + 1)};
    CHECK(reader->text != NULL && reader->message != NULL);
    uhttpd_ws_decoder_init(&reader->decoder, options[0] & 1, options[1]);
}

static void reader_free(reader_t *reader)
{
    free(reader->text);
    free(reader->message);
}

static void note(reader_t *reader, const uhttpd_ws_event_t *event, const uint8_t *payload, size_t len)
{
    uint8_t kind[] = {(uint8_t)event->kind, event->type, (uint8_t)event->code, (uint8_t)(event->code >> 8)};
    memcpy(reader->text + reader->len, kind, sizeof(kind));
    reader->len += sizeof(kind);
    if (len > 0) {
        memcpy(reader->text + reader->len, payload, len);
    }
    reader->len += len;
}

static void take(reader_t *reader, const uhttpd_ws_event_t *event)
{
    if (event->kind != UHTTPD_WS_EVENT_DATA) {
        CHECK(event->len <= UHTTPD_WS_MAX_CONTROL);
        note(reader, event, event->payload, event->len);
        return;
    }
    CHECK(event->len > 0 || event->final);
    if (event->len > 0) {
        memcpy(reader->message + reader->message_len, event->payload, event->len);
    }
    reader->message_len += event->len;
    CHECK(reader->decoder.max_message == 0 || reader->message_len <= reader->decoder.max_message);
    if (event->final) {
        note(reader, event, reader->message, reader->message_len);
        reader->message_len = 0;
    }
}

static void feed(reader_t *reader, const uint8_t *data, size_t len)
{
    uint8_t *piece = copy(data, len);
    uhttpd_ws_event_t event;
    for (size_t at = 0; reader->error == 0;) {
        size_t used = uhttpd_ws_decode(&reader->decoder, piece + at, len - at, &event);
        CHECK(used <= len - at);
        at += used;
        if (event.kind == UHTTPD_WS_EVENT_NONE) {
            CHECK(at == len);
            break;
        }
        take(reader, &event);
        reader->error = event.kind == UHTTPD_WS_EVENT_ERROR ? event.code : 0;
    }
    free(piece);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < OPTIONS) {
        return 0;
    }
    const uint8_t *frames = data + OPTIONS;
    size_t len = size - OPTIONS;
    size_t step = data[2] + 1u;
    reader_t whole, pieces;
    reader_init(&whole, data, len);
    reader_init(&pieces, data, len);

    feed(&whole, frames, len);
    for (size_t at = 0; at < len; at += step) {
        feed(&pieces, frames + at, step < len - at ? step : len - at);
    }
    CHECK(whole.error == pieces.error && whole.len == pieces.len);
    CHECK(memcmp(whole.text, pieces.text, whole.len) == 0);
    reader_free(&whole);
    reader_free(&pieces);
    return 0;
}

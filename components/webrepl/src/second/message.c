/* SPDX-License-Identifier: MIT */
#include "second/message.h"

#include <string.h>

#include "bytes.h"

enum { CLOSE_PROTOCOL_ERROR = 1002, CLOSE_TOO_BIG = 1009 };

static size_t second_message_min(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool is_data(const wr_reader_t *reader)
{
    return reader->have >= WR_MESSAGE_HEADER && reader->front[0] == WR_DATA;
}

/* @return bytes taken: only the header of DATA, which says which stream it belongs to. */
static size_t take_front(wr_reader_t *reader, const uint8_t *data, size_t len)
{
    size_t taken = 0;
    if (reader->have < WR_MESSAGE_HEADER) {
        taken = second_message_min(len, WR_MESSAGE_HEADER - reader->have);
        memcpy(reader->front + reader->have, data, taken);
        reader->have += taken;
    }
    if (taken < len && reader->have >= WR_MESSAGE_HEADER && !is_data(reader)) {
        size_t fits = second_message_min(len - taken, sizeof reader->front - reader->have);
        memcpy(reader->front + reader->have, data + taken, fits);
        reader->have += fits;
        taken = len;
    }
    return taken;
}

static wr_piece_t second_message_judge(const wr_reader_t *reader, const uint8_t *rest, size_t len)
{
    if (reader->total > WR_MESSAGE_MAX) {
        return (wr_piece_t) {.kind = WR_PIECE_ERROR, .close = CLOSE_TOO_BIG};
    }
    if (reader->whole && reader->total < WR_MESSAGE_HEADER) {
        return (wr_piece_t) {.kind = WR_PIECE_ERROR, .close = CLOSE_PROTOCOL_ERROR};
    }
    if (is_data(reader)) {
        return (wr_piece_t) {.kind = len > 0 ? WR_PIECE_DATA : WR_PIECE_NONE,
                             .id = wr_get16(reader->front + 2),
                             .data = rest,
                             .len = len};
    }
    return (wr_piece_t) {.kind = reader->whole ? WR_PIECE_MESSAGE : WR_PIECE_NONE};
}

void wr_reader_input(wr_reader_t *reader, const uint8_t *data, size_t len, bool final, wr_piece_t *piece)
{
    if (reader->whole) {
        reader->have = reader->total = 0;
    }
    size_t taken = take_front(reader, data, len);
    reader->total = second_message_min(reader->total + len, WR_MESSAGE_MAX + 1);
    reader->whole = final;
    *piece = second_message_judge(reader, data + taken, len - taken);
}

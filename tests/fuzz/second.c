/* SPDX-License-Identifier: MIT */
/* A message of the second edition that arrives in pieces is read as one that arrives at once, and nothing beyond its
 * end is read. */
#include "second/request.h"

#include "fuzz.h"

typedef struct {
    wr_reader_t reader;
    uint8_t data[4096]; /* of streams */
    size_t len;
    uint16_t close;
    bool whole;
} result_t;

static void take(result_t *result, const wr_piece_t *piece)
{
    if (piece->kind == WR_PIECE_DATA) {
        CHECK(piece->len > 0 && result->len + piece->len <= sizeof(result->data));
        memcpy(result->data + result->len, piece->data, piece->len);
        result->len += piece->len;
    }
    result->close = piece->kind == WR_PIECE_ERROR ? piece->close : 0;
    result->whole = piece->kind == WR_PIECE_MESSAGE;
}

static void feed(result_t *result, const uint8_t *data, size_t size, size_t step)
{
    size_t at = 0;
    do {
        size_t len = step < size - at ? step : size - at;
        uint8_t *piece = copy(data + at, len);
        wr_piece_t found;
        at += len;
        wr_reader_input(&result->reader, piece, len, at == size, &found);
        take(result, &found);
        free(piece);
    } while (at < size && result->close == 0);
}

static void read_request(const result_t *result)
{
    uint8_t *front = copy(result->reader.front, result->reader.have);
    wr_request_t request;
    uint16_t code = wr_request_read(&request, front, result->reader.have);
    if (code == 0 && request.path_len > 0) {
        CHECK(request.path >= front && request.path + request.path_len <= front + result->reader.have);
        CHECK(memchr(request.path, '\0', request.path_len) == NULL);
    }
    free(front);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1) {
        return 0;
    }
    static result_t whole, pieces;
    memset(&whole, 0, sizeof(whole));
    memset(&pieces, 0, sizeof(pieces));
    feed(&whole, data + 1, size - 1, size);
    feed(&pieces, data + 1, size - 1, data[0] + 1u);
    CHECK(whole.close == pieces.close && whole.whole == pieces.whole && whole.len == pieces.len);
    CHECK(memcmp(whole.data, pieces.data, whole.len) == 0);
    if (whole.whole) {
        CHECK(whole.reader.have == pieces.reader.have);
        CHECK(memcmp(whole.reader.front, pieces.reader.front, whole.reader.have) == 0);
        read_request(&whole);
    }
    return 0;
}

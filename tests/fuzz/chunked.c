/* SPDX-License-Identifier: MIT */
/* A body that arrives in pieces, each as long as may safely be read, decodes as one that arrives at once. */
#include "http/chunked.h"

#include "fuzz.h"

typedef struct {
    int result;
    size_t len, used;
} decoded_t;

static decoded_t decode_whole(uint8_t *buf, size_t size)
{
    uh_chunked_t decoder;
    decoded_t whole = {.len = size};
    uh_chunked_init(&decoder);
    whole.result = uh_chunked_decode(&decoder, buf, &whole.len, &whole.used);
    return whole;
}

/* Leaves the data at the front, as decode_whole() does. */
static decoded_t decode_in_pieces(uint8_t *buf, size_t size)
{
    uh_chunked_t decoder;
    decoded_t total = {0};
    uh_chunked_init(&decoder);
    while (total.result == 0 && total.used < size) {
        size_t safe = uh_chunked_safe_read(&decoder);
        size_t len = safe < size - total.used ? safe : size - total.used;
        size_t used;
        CHECK(safe > 0);
        uint8_t *piece = copy(buf + total.used, len);
        size_t read = len;
        total.result = uh_chunked_decode(&decoder, piece, &len, &used);
        CHECK(len <= used && used <= read);
        CHECK(total.result == -1 || used == read); /* a safe read contains nothing that follows the body */
        memcpy(buf + total.len, piece, len);
        total.len += len;
        total.used += used;
        free(piece);
    }
    return total;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *at_once = copy(data, size);
    uint8_t *by_and_by = copy(data, size);
    decoded_t whole = decode_whole(at_once, size);
    decoded_t pieces = decode_in_pieces(by_and_by, size);
    CHECK(whole.result == pieces.result && whole.len == pieces.len && whole.used == pieces.used);
    CHECK(whole.len == 0 || memcmp(at_once, by_and_by, whole.len) == 0);
    free(at_once);
    free(by_and_by);
    return 0;
}

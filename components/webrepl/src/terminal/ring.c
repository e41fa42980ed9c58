/* SPDX-License-Identifier: MIT */
#include "terminal/ring.h"

#include <string.h>

static size_t repl_ring_min(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t wr_ring_push(wr_ring_t *ring, const uint8_t *data, size_t len)
{
    len = repl_ring_min(len, wr_ring_room(ring));
    size_t start = ring->head & ring->mask;
    size_t first = repl_ring_min(len, ring->mask + 1 - start);
    memcpy(ring->data + start, data, first);
    memcpy(ring->data, data + first, len - first);
    ring->head += (uint32_t)len;
    return len;
}

size_t wr_ring_peek(const wr_ring_t *ring, size_t at, uint8_t *buf, size_t size)
{
    size_t used = wr_ring_used(ring);
    size_t len = at < used ? repl_ring_min(size, used - at) : 0;
    size_t start = (ring->tail + at) & ring->mask;
    size_t first = repl_ring_min(len, ring->mask + 1 - start);
    memcpy(buf, ring->data + start, first);
    memcpy(buf + first, ring->data, len - first);
    return len;
}

size_t wr_ring_pop(wr_ring_t *ring, uint8_t *buf, size_t size)
{
    size_t len = wr_ring_peek(ring, 0, buf, size);
    wr_ring_drop(ring, len);
    return len;
}

/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>
#include <stdint.h>

/**
 * @file
 * A ring of bytes, pure. Its user locks.
 *
 * Positions keep growing and wrap as 32-bit numbers. A copy of the struct is a snapshot, which is valid until its bytes
 * are dropped.
 */
typedef struct {
    uint8_t *data;
    uint32_t mask; /* size - 1, the size being a power of 2 */
    uint32_t head; /* where the next byte goes */
    uint32_t tail; /* where the oldest byte is */
} wr_ring_t;

static inline void wr_ring_init(wr_ring_t *ring, uint8_t *data, size_t size)
{
    *ring = (wr_ring_t) {.data = data, .mask = (uint32_t)size - 1};
}

static inline size_t wr_ring_used(const wr_ring_t *ring)
{
    return ring->head - ring->tail;
}

static inline size_t wr_ring_room(const wr_ring_t *ring)
{
    return ring->mask + 1 - wr_ring_used(ring);
}

/** @brief The byte @p at places behind the oldest. */
static inline uint8_t wr_ring_at(const wr_ring_t *ring, size_t at)
{
    return ring->data[(ring->tail + at) & ring->mask];
}

static inline void wr_ring_drop(wr_ring_t *ring, size_t len)
{
    ring->tail += (uint32_t)len;
}

/** @return bytes that fitted. */
size_t wr_ring_push(wr_ring_t *ring, const uint8_t *data, size_t len);

/** @return bytes taken off. */
size_t wr_ring_pop(wr_ring_t *ring, uint8_t *buf, size_t size);

/** @brief Copies without taking off. @return bytes copied, fewer than @p size only at the end. */
size_t wr_ring_peek(const wr_ring_t *ring, size_t at, uint8_t *buf, size_t size);

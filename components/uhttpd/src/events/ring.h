/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * @file
 * A buffer that keeps the latest events, whole ones only. Pure.
 *
 * Places in it are counted from the first byte that was ever appended, and never repeat.
 */
typedef struct {
    char *bytes;
    size_t size;
    uint64_t first, end; /* of what is kept */
} uh_event_ring_t;

/** @brief Appends an event as uh_event_format() writes it, at most @c size bytes; as many old ones as needed go. */
void uh_event_ring_append(uh_event_ring_t *ring, const char *event, size_t len);

/** @brief What lies at @p at, @c first to @c end, in one piece. @return its length, 0 at the end */
size_t uh_event_ring_peek(const uh_event_ring_t *ring, uint64_t at, const char **bytes);

/** @brief Finds the place behind the latest event with this id. @return false: none is kept */
bool uh_event_ring_find(const uh_event_ring_t *ring, const char *id, uint64_t *behind);

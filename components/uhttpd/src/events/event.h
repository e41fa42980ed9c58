/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/text.h"

/**
 * @file
 * Events as text, and the buffer that keeps the latest of them. Pure.
 */

/* --- as text ------------------------------------------------------------------------------------------------------ */

/*
 * Events as text (WHATWG HTML, section 9.2.5). Pure.
 *
 * An event ends with its only empty line, so that a buffer of them can be cut at "\n\n".
 */

/** @brief True when @p text can be a field's value: no CR, no LF. NULL can. */
bool uh_event_field_is_valid(const char *text);

/**
 * @brief Adds an event to a text.
 *
 * @param data   lines ended by CR, LF or CRLF become a field each.
 * @param event  NULL: none.
 * @param id     NULL: none.
 * @param retry  0: none.
 */
void uh_event_format(uh_text_t *text, const char *data, size_t len, const char *event, const char *id, uint32_t retry);

/* --- a buffer of them --------------------------------------------------------------------------------------------- */

/*
 * A buffer that keeps the latest events, always whole ones. Pure.
 *
 * Places in it are counted from the first byte that was ever appended, and never repeat.
 */

typedef struct {
    char *bytes;
    size_t size;
    uint64_t first, end; /* of what is kept */
    size_t offset;       /* where the first byte of that lies */
} uh_event_ring_t;

/** @brief Appends an event as uh_event_format() writes it, at most @c size bytes. As many old events as necessary are
 *        dropped. */
void uh_event_ring_append(uh_event_ring_t *ring, const char *event, size_t len);

/** @brief The bytes at @p at, which is from @c first to @c end, in one piece. @return their length, 0 at the end */
size_t uh_event_ring_peek(const uh_event_ring_t *ring, uint64_t at, const char **bytes);

/** @brief Finds the position after the latest event with this id. @return false: no such event is kept */
bool uh_event_ring_find(const uh_event_ring_t *ring, const char *id, uint64_t *behind);

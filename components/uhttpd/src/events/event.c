/* SPDX-License-Identifier: MIT */
#include "events/event.h"

#include <string.h>

/* --- as text ------------------------------------------------------------------------------------------------------ */

static void add_field(uh_text_t *text, const char *name, const char *value, size_t len)
{
    uh_text_add(text, name);
    uh_text_add(text, ": ");
    uh_text_bytes(text, value, len);
    uh_text_add(text, "\n");
}

/* @return the end of the line at @p data; @p next is the beginning of the line after it, or NULL. */
static const char *line_end(const char *data, const char *end, const char **next)
{
    const char *at = data;
    while (at < end && *at != '\r' && *at != '\n') {
        at++;
    }
    if (at == end) {
        *next = NULL;
    } else {
        *next = at + (at[0] == '\r' && at + 1 < end && at[1] == '\n' ? 2 : 1);
    }
    return at;
}

static void add_data(uh_text_t *text, const char *data, size_t len)
{
    const char *end = data + len;
    do {
        const char *next;
        const char *stop = line_end(data, end, &next);
        add_field(text, "data", data, (size_t)(stop - data));
        data = next;
    } while (data);
}

bool uh_event_field_is_valid(const char *text)
{
    return !text || !strpbrk(text, "\r\n");
}

void uh_event_format(uh_text_t *text, const char *data, size_t len, const char *event, const char *id, uint32_t retry)
{
    if (event) {
        add_field(text, "event", event, strlen(event));
    }
    if (id) {
        add_field(text, "id", id, strlen(id));
    }
    if (retry) {
        uh_text_add(text, "retry: ");
        uh_text_decimal(text, retry, 1);
        uh_text_add(text, "\n");
    }
    add_data(text, data, len);
    uh_text_add(text, "\n");
}

/* --- a buffer of them --------------------------------------------------------------------------------------------- */

#define ID_FIELD "id: "

/* From first to end. (A search comes here for every byte, and a chip divides 64 bits in software.) */
static size_t ring_offset(const uh_event_ring_t *ring, uint64_t at)
{
    size_t offset = ring->offset + (size_t)(at - ring->first);
    return offset < ring->size ? offset : offset - ring->size;
}

static char byte_at(const uh_event_ring_t *ring, uint64_t at)
{
    return ring->bytes[ring_offset(ring, at)];
}

/* Events end with their only empty line. */
static uint64_t end_of_event(const uh_event_ring_t *ring, uint64_t at)
{
    while (byte_at(ring, at) != '\n' || byte_at(ring, at + 1) != '\n') {
        at++;
    }
    return at + 2;
}

void uh_event_ring_append(uh_event_ring_t *ring, const char *event, size_t len)
{
    while (ring->end + len - ring->first > ring->size) {
        uint64_t next = end_of_event(ring, ring->first);
        ring->offset = ring_offset(ring, next);
        ring->first = next;
    }
    for (size_t i = 0; i < len; i++) {
        ring->bytes[ring_offset(ring, ring->end + i)] = event[i];
    }
    ring->end += len;
}

size_t uh_event_ring_peek(const uh_event_ring_t *ring, uint64_t at, const char **bytes)
{
    size_t offset = ring_offset(ring, at);
    uint64_t left = ring->end - at;
    *bytes = ring->bytes + offset;
    return left < ring->size - offset ? (size_t)left : ring->size - offset;
}

/* @return where the text ends, or 0 when there is another one at @p at. */
static uint64_t event_ring_match(const uh_event_ring_t *ring, uint64_t at, uint64_t end, const char *text)
{
    for (; *text; text++, at++) {
        if (at == end || byte_at(ring, at) != *text) {
            return 0;
        }
    }
    return at;
}

static bool event_ring_has_id(const uh_event_ring_t *ring, uint64_t at, uint64_t end, const char *id)
{
    bool line_begins = true;
    for (; at < end; at++) {
        uint64_t value = line_begins ? event_ring_match(ring, at, end, ID_FIELD) : 0;
        uint64_t stop = value ? event_ring_match(ring, value, end, id) : 0;
        if (stop && byte_at(ring, stop) == '\n') {
            return true;
        }
        line_begins = byte_at(ring, at) == '\n';
    }
    return false;
}

bool uh_event_ring_find(const uh_event_ring_t *ring, const char *id, uint64_t *behind)
{
    bool found = false;
    for (uint64_t at = ring->first; at < ring->end;) {
        uint64_t end = end_of_event(ring, at);
        if (event_ring_has_id(ring, at, end, id)) {
            *behind = end;
            found = true;
        }
        at = end;
    }
    return found;
}

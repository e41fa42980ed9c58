/* SPDX-License-Identifier: MIT */
#include "terminal/framing.h"

#include <string.h>

#include "terminal/utf8.h"

#define END_OF_TRANSMISSION 4 /* a raw REPL's mark, before its prompt too */

static const uint8_t s_prompt[] = {'>', '>', '>', ' '};
static const uint8_t s_line_end[] = {'\r', '\n'};
static const uint8_t s_ok[] = {'O', 'K'};
static const uint8_t s_replacement[] = {0xef, 0xbf, 0xbd}; /* U+FFFD */

static bool starts_with(const wr_ring_t *pending, size_t at, const uint8_t *text, size_t len)
{
    uint8_t there[sizeof s_prompt];
    return wr_ring_peek(pending, at, there, len) == len && memcmp(there, text, len) == 0;
}

static bool is_prompt(const wr_ring_t *pending, size_t at)
{
    return starts_with(pending, at, s_prompt, sizeof s_prompt);
}

/*
 * At the end of the output, it is not known yet whether a prompt follows. A program may sleep between its last line and
 * the prompt.
 */
static bool is_lone_line_end(const wr_ring_t *pending, size_t at)
{
    size_t behind = at + sizeof s_line_end;
    return starts_with(pending, at, s_line_end, sizeof s_line_end) &&
           (behind == wr_ring_used(pending) || is_prompt(pending, behind));
}

static bool starts_line(const wr_framing_t *framing)
{
    return framing->last == '\n' || framing->last == 0;
}

static void note_sent(wr_framing_t *framing, uint8_t byte)
{
    framing->raw_prompt = byte == '>' && (starts_line(framing) || framing->last == END_OF_TRANSMISSION);
    framing->last = byte;
}

/* A frame of its own that stands at @p at: its length, or 0. */
static size_t lone_frame(const wr_framing_t *framing, const wr_ring_t *pending, size_t at)
{
    if (starts_line(framing) && is_prompt(pending, at)) {
        return sizeof s_prompt;
    }
    if (framing->raw_prompt && starts_with(pending, at, s_ok, sizeof s_ok)) {
        return sizeof s_ok;
    }
    return is_lone_line_end(pending, at) ? sizeof s_line_end : 0;
}

/* One character, or its replacement. @return its length in the frame; 0: wait for the rest of it. */
static size_t next_char(const wr_ring_t *pending, size_t at, bool force, uint8_t out[4], size_t *used)
{
    size_t len = wr_ring_peek(pending, at, out, 4);
    wr_utf8_t kind = wr_utf8_first(out, len, used);
    if (kind == WR_UTF8_CHAR) {
        return *used;
    }
    if (kind == WR_UTF8_INCOMPLETE && !force) {
        return 0;
    }
    memcpy(out, s_replacement, sizeof s_replacement);
    return sizeof s_replacement;
}

size_t wr_framing_next(wr_framing_t *framing, const wr_ring_t *pending, bool force, uint8_t *frame, size_t size,
                       size_t *used)
{
    size_t total = wr_ring_used(pending), len = 0;
    *used = 0;
    while (*used < total) {
        size_t lone = lone_frame(framing, pending, *used);
        if (lone != 0 && len != 0) {
            break;
        }
        if (lone != 0) {
            *used = wr_ring_peek(pending, 0, frame, lone);
            note_sent(framing, frame[lone - 1]);
            return lone;
        }
        uint8_t text[4];
        size_t taken, n = next_char(pending, *used, force, text, &taken);
        if (n == 0 || len + n > size) {
            break;
        }
        memcpy(frame + len, text, n);
        len += n;
        *used += taken;
        note_sent(framing, text[n - 1]);
    }
    return len;
}

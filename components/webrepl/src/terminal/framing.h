/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "terminal/ring.h"

/**
 * @file
 * How terminal output is cut into text frames, pure.
 *
 * A frame is valid UTF-8: no character is split, and invalid bytes become U+FFFD. Three frames stand alone, because
 * deployed clients compare whole frames: the prompt `>>> ` at the start of a line; a line end before a prompt, or where
 * one may follow, at the end of the output; and `OK`, which answers a script directly after the raw REPL's prompt `>`.
 */
#define WR_FRAME_MAX 1400 /* fits an Ethernet segment with all headers */

typedef struct {
    uint8_t last;    /* byte that was sent; 0: none */
    bool raw_prompt; /* it was a raw REPL's prompt */
} wr_framing_t;

/**
 * @brief Makes the next frame.
 *
 * @param[in]  pending  What there is to send.
 * @param[in] force  Do not wait any longer for the rest of a character at the very end.
 * @param[out] frame    At least 4 bytes.
 * @param[out] used     Bytes of @p pending that the frame stands for.
 * @return length of the frame; 0: only the beginning of a character is there.
 */
size_t wr_framing_next(wr_framing_t *framing, const wr_ring_t *pending, bool force, uint8_t *frame, size_t size,
                       size_t *used);

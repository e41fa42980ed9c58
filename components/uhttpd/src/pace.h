/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * @file
 * Whether a client is fast enough, pure. Only the time that was spent waiting for it counts, because a slow disk is not
 * its fault. Time is cut into windows, so that a fast start does not pay for a long trickle.
 */
typedef struct {
    uint32_t waited; /* ms in this window */
    uint64_t moved;  /* bytes in this window */
    uint32_t second; /* ms in the second of waiting that has begun */
    uint64_t lately; /* bytes in it */
    bool known;      /* a second of waiting is over: ... */
    uint64_t rate;   /* ... bytes per second in the last one */
} uh_pace_t;

/** @brief Counts bytes that came or went. */
void uh_pace_moved(uh_pace_t *pace, size_t bytes);

/** @brief True when a client has been silent for @p grace ms, out of @p ms, or has moved fewer than @p rate bytes in the
 *         last second that it was waited for. What it did before that does not count. */
bool uh_pace_lags(const uh_pace_t *pace, uint64_t ms, uint32_t grace, uint32_t rate);

/**
 * @brief Counts a wait that is over. @return false: in a window that has ended, fewer than @p min_rate bytes per second
 *        have moved.
 *
 * @param min_rate  bytes per second; 0: any pace will do
 * @param window    ms, not 0
 */
bool uh_pace_waited(uh_pace_t *pace, uint64_t ms, uint32_t min_rate, uint32_t window);

/* SPDX-License-Identifier: MIT */
#include "pace.h"

void pace_moved(pace_t *pace, size_t bytes)
{
    pace->moved += bytes;
}

bool pace_waited(pace_t *pace, uint64_t ms, uint32_t min_rate, uint32_t window)
{
    uint64_t waited = pace->waited + ms;
    if (waited < window) {
        pace->waited = (uint32_t)waited;
        return true;
    }
    bool fast = pace->moved * 1000 / waited >= min_rate;
    *pace = (pace_t) {0};
    return fast;
}

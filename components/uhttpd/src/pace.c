/* SPDX-License-Identifier: MIT */
#include "pace.h"

void uh_pace_moved(uh_pace_t *pace, size_t bytes)
{
    pace->moved += bytes;
}

bool uh_pace_lags(const uh_pace_t *pace, uint64_t ms, uint32_t grace, uint32_t rate)
{
    uint64_t waited = pace->waited + ms;
    return waited >= grace && pace->moved * 1000 / waited < rate;
}

bool uh_pace_waited(uh_pace_t *pace, uint64_t ms, uint32_t min_rate, uint32_t window)
{
    uint64_t waited = pace->waited + ms;
    if (waited < window) {
        pace->waited = (uint32_t)waited;
        return true;
    }
    bool fast = pace->moved * 1000 / waited >= min_rate;
    *pace = (uh_pace_t) {0};
    return fast;
}

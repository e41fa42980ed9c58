/* SPDX-License-Identifier: MIT */
#include "pace.h"

#define SECOND_MS 1000

void uh_pace_moved(uh_pace_t *pace, size_t bytes)
{
    pace->moved += bytes;
    pace->lately += bytes;
}

bool uh_pace_lags(const uh_pace_t *pace, uint64_t ms, uint32_t grace, uint32_t rate)
{
    return ms >= grace || (pace->known && pace->rate < rate);
}

static void pace_count_second(uh_pace_t *pace, uint64_t ms)
{
    uint64_t second = pace->second + ms;
    bool over = second >= SECOND_MS;
    pace->known = pace->known || over;
    pace->rate = over ? pace->lately * 1000 / second : pace->rate;
    pace->lately = over ? 0 : pace->lately;
    pace->second = over ? 0 : (uint32_t)second;
}

bool uh_pace_waited(uh_pace_t *pace, uint64_t ms, uint32_t min_rate, uint32_t window)
{
    uint64_t waited = pace->waited + ms;
    pace_count_second(pace, ms);
    if (waited < window) {
        pace->waited = (uint32_t)waited;
        return true;
    }
    bool fast = pace->moved * 1000 / waited >= min_rate;
    pace->waited = 0;
    pace->moved = 0;
    return fast;
}

/* SPDX-License-Identifier: MIT */
/* What tests ask of the lane and make it do. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/** @brief From now on select() fails as it does without memory, or does so no more. */
void hl_starve_select(bool on);

/** @brief How often select() was called. */
unsigned hl_waits(void);

/** @brief From now on each call that receives takes that many microseconds more. */
void hl_slow_reading(unsigned us);

/** @brief How many connections that came to @p port wait in lwIP for late packets (TIME_WAIT). */
unsigned hl_waiting(uint16_t port);

/** @brief How many sockets of lwIP are open. */
unsigned hl_sockets(void);

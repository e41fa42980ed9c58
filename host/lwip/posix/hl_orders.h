/* SPDX-License-Identifier: MIT */
/* What tests ask of the lane and make it do. */
#pragma once

#include <stdbool.h>

/** @brief From now on select() fails as it does without memory, or does so no more. */
void hl_starve_select(bool on);

/** @brief How often select() was called. */
unsigned hl_waits(void);

/** @brief How many sockets of lwIP are open. */
unsigned hl_sockets(void);

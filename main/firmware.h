/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

/**
 * @file
 * The firmware as a whole (main.c).
 */

/** @brief Seconds since its start. Any task. */
uint32_t firmware_uptime_s(void);

/** @brief Stops the server properly and restarts the firmware. Any task; returns before that happens. */
void firmware_restart(void);

/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "webrepl.h"

/**
 * @file
 * A program that owns the terminal: it has a prompt `>>> ` and echoes what is typed, as MicroPython does. Its commands:
 *
 *     print TEXT    writes TEXT and a line end
 *     slow TEXT     the same, and then sleeps for 200 ms before the prompt
 *     bytes HEX     writes those bytes, one by one
 *     fill N        writes N characters of several bytes each
 *     sink N        reads N bytes, raw, and writes a sum of them
 *     keys N        reads N keys, Ctrl-C included, and writes each in hex
 *     busy          does nothing until it is interrupted
 */

/** @brief What the program wants to know. */
extern const webrepl_terminal_events_t program_events;

/** @brief Starts it in a task of its own, and waits for its first prompt. */
void program_start(void);

/** @brief Makes it stop reading, or go on. */
void program_hold(bool hold);

/** @brief Interrupts seen so far. */
unsigned program_interrupts(void);

/** @brief How often it was asked to start again. */
unsigned program_resets(bool hard);

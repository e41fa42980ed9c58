/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/** @file What a MicroPython port wants of the uhttpd module. For Python threads that hold the GIL. */

/**
 * @brief Ends all servers and their workers, before the interpreter's memory goes: at the end of the program and at a
 *        soft reset. Waits, without the GIL. Calling it again does nothing.
 *
 * @return false: a callback goes on although it was interrupted again and again for 5 s, and so does its server.
 */
bool glue_deinit(void);

/** @brief True while at least one server runs. Any task. */
bool glue_serving(void);

/**
 * @brief Has all servers begin to stop, and waits for nothing: the chip is about to start again. WebSockets close with
 *        1012 whether Python goes on or not. Any task, with the GIL or without.
 */
void glue_say_good_bye(void);

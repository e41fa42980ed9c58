/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/** @file The functions of the uhttpd module for MicroPython ports. For Python threads that hold the GIL. */

/**
 * @brief Ends all servers and their workers, before the interpreter's memory goes: at the end of the program and at a
 *        soft reset. Waits, without the GIL. Calling it again does nothing.
 *
 * @return false: a callback still runs although it was interrupted again and again for 5 s, and so does its server.
 */
bool glue_deinit(void);

/** @brief After glue_deinit(): all other threads were killed, wherever they were and whatever they had taken. */
void glue_forget_threads(void);

/** @brief True while at least one server runs. Any task. */
bool glue_serving(void);

/**
 * @brief Makes all servers begin to stop, and does not wait: the chip is about to restart. WebSockets close with 1012
 *        whether or not Python runs. Any task, with the GIL or without.
 */
void glue_say_good_bye(void);

/** @name What a port provides
 *  @{ */
/** The calling thread, for glue_port_wake(). */
uintptr_t glue_port_thread(void);

/** Ends the system call that a thread waits in, so that it looks for exceptions. Any task, without the GIL. */
void glue_port_wake(uintptr_t thread);

/** The same for the main thread, which then looks for scheduled functions. */
void glue_port_wake_main(void);

/** A descriptor that is readable from glue_port_loop_signal(true) to (false), so that an event loop that polls it wakes;
 * -1: polls look at objects by themselves, all the time. */
int glue_port_loop_fd(void);
void glue_port_loop_signal(bool readable);
/** @} */

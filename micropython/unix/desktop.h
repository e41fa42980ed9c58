/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/**
 * @file
 * The internal interface of the desktop variant.
 *
 * The unix port is used unchanged: functions that the desktop needs differently are replaced at link time
 * (`-Wl,--wrap`, listed in mpconfigvariant.mk). Unless said otherwise functions are for Python threads that hold the
 * GIL.
 */

/** @name process.c: begin and end
 *  @{ */
/** @brief Ends the program as main() would: exit handlers, servers, threads, interpreter. */
void desktop_exit(int status) __attribute__((noreturn));

/** @brief Soft reset: stops everything and starts the same program again, with the same arguments, in this process. */
void desktop_restart(void) __attribute__((noreturn));
/** @} */

/** @name interrupt.c: signals, and waking the main thread
 *  @{ */
void desktop_interrupt_init(void);

/**
 * @brief Raises KeyboardInterrupt in the main thread, whatever it waits for, if @p byte interrupts the program that runs.
 *        Any thread.
 * @return false when it does not, or none runs.
 */
bool desktop_interrupt(uint8_t byte);

/** @brief True while a Python program runs, as opposed to a prompt waiting for one. Any thread. */
bool desktop_program_runs(void);

/** @brief Ctrl-C interrupts the program that runs, even if it has switched that off. Any thread. */
void desktop_switch_interrupts_on(void);

/** @brief No program runs from here on. */
void desktop_program_has_ended(void);

/** @brief Takes back a KeyboardInterrupt that is on its way to the calling thread. @return false: there is none. */
bool desktop_take_interrupt(void);

/** @brief Keeps the signals that end the program waiting, or lets them come. */
void desktop_hold_signals(bool hold);

/** @brief True once SIGTERM or SIGHUP has come, or SIGINT while no Python program ran. */
bool desktop_terminating(void);
/** @} */

/** @name console_local.c: the terminal or pipe that the program was started from
 *  @{ */
void desktop_local_init(void);

/** @brief write(), except that it skips a reader that stalls while a network client is connected. Without the GIL. */
ssize_t desktop_local_write(int fd, const char *str, size_t len);
/** @} */

/** @name console_in.c: one stream of input out of two, the terminal's and the network's
 *  @{ */
typedef enum {
    DESKTOP_FROM_TERMINAL,
    DESKTOP_FROM_NETWORK,
} desktop_source_t;

void desktop_input_init(void);

/** @brief Makes a thread that waits for input look at scheduled callbacks. Any thread. */
void desktop_wake_input(void);

/** @brief Makes desktop_input_fd() watch another descriptor too, or no longer. */
void desktop_input_watch(int fd, bool watched);

/** @brief There may be input from the network, or a session has begun or ended. Any thread. */
void desktop_network_changed(void);

/**
 * @brief Waits for input and takes what is there.
 *
 * @param[out] source  Where they came from.
 * @return bytes; 0: end of input, from the terminal while nobody is connected; -1: interrupted, an exception is pending.
 */
ssize_t desktop_read(void *buf, size_t size, desktop_source_t *source);

/** @brief A descriptor that is readable while there is input, for poll(). */
int desktop_input_fd(void);

/** @brief Where the last byte that the REPL or input() took came from. */
desktop_source_t desktop_last_source(void);
/** @} */

/** @name console_dupterm.c: the stream that a program has given to os.dupterm()
 *  @{ */
bool desktop_dupterm_attached(void);

/** @brief Takes a byte of input, if there is one. */
bool desktop_dupterm_read(uint8_t *byte);

/** @brief True when it may have more, which its descriptor does not show. */
bool desktop_dupterm_has_more(void);

/** @brief A descriptor that is readable when there may be input; -1: the stream has none, so poll it. */
int desktop_dupterm_fd(void);

void desktop_dupterm_write(const char *str, size_t len);
/** @} */

/** @brief Writes to a standard stream and to the network; console_out.c. @return bytes, or -1 with errno. */
ssize_t desktop_write(int fd, const char *str, size_t len, bool cooked);

/** @brief True while the main thread reads a line or block at the REPL's prompt, and no program runs; repl.c. */
bool desktop_at_prompt(void);

/** @brief True between the first prompt and the end of the program; repl.c. */
bool desktop_repl_runs(void);

/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "console_runner.h"

/**
 * @file
 * A line that is being typed: characters, backspace, Ctrl-U (from the beginning), Ctrl-C (give it up). Other keys of a
 * terminal are ignored. Echoes by terminal_write(), so it belongs to the console's task.
 */
typedef struct {
    char text[CONSOLE_LINE_SIZE]; /* ends with NUL when the line is done */
    size_t len;
    char last;    /* the character before, for "\r\n" */
    bool escaped; /* within the escape sequence of a key */
} console_line_t;

typedef enum {
    CONSOLE_LINE_OPEN,
    CONSOLE_LINE_DONE,
    CONSOLE_LINE_DISCARDED,
} console_line_state_t;

console_line_state_t console_line_feed(console_line_t *line, char c);

/** @brief Begins a new line. */
void console_line_clear(console_line_t *line);

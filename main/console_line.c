/* SPDX-License-Identifier: MIT */
#include "console_line.h"

#include "console.h"

enum {
    CTRL_C = 3,
    BELL = 7,
    BACKSPACE = 8,
    CTRL_U = 21,
    ESCAPE = 27,
    DELETE = 127,
};

void console_line_clear(console_line_t *line)
{
    line->len = 0;
    line->escaped = false;
}

static bool continues_character(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80; /* UTF-8 */
}

static void erase_character(console_line_t *line)
{
    while (line->len && continues_character(line->text[line->len - 1])) {
        line->len--;
    }
    if (line->len) {
        line->len--;
        terminal_write("\b \b", 3);
    }
}

static void erase_line(console_line_t *line)
{
    while (line->len) {
        erase_character(line);
    }
}

static void console_line_insert(console_line_t *line, char c)
{
    if (line->len + 1 == sizeof(line->text)) {
        c = BELL;
    } else {
        line->text[line->len++] = c;
    }
    terminal_write(&c, 1);
}

/* "ESC [ … letter" and "ESC O letter": the letter ends it. */
static void skip_escaped(console_line_t *line, char c)
{
    bool introducer = line->last == ESCAPE && (c == '[' || c == 'O');
    line->escaped = introducer || (c >= ' ' && c < '@');
}

static console_line_state_t console_line_feed_char(console_line_t *line, char c)
{
    if (line->escaped && c >= ' ') {
        skip_escaped(line, c);
        return CONSOLE_LINE_OPEN;
    }
    line->escaped = c == ESCAPE;
    switch (c) {
    case '\n':
        if (line->last == '\r') {
            return CONSOLE_LINE_OPEN;
        }
        /* fall through */
    case '\r':
        line->text[line->len] = '\0';
        terminal_write("\n", 1);
        return CONSOLE_LINE_DONE;
    case CTRL_C:
        terminal_write("^C\n", 3);
        return CONSOLE_LINE_DISCARDED;
    case CTRL_U:
        erase_line(line);
        return CONSOLE_LINE_OPEN;
    case BACKSPACE:
    case DELETE:
        erase_character(line);
        return CONSOLE_LINE_OPEN;
    default:
        if ((unsigned char)c >= ' ') {
            console_line_insert(line, c);
        }
        return CONSOLE_LINE_OPEN;
    }
}

console_line_state_t console_line_feed(console_line_t *line, char c)
{
    console_line_state_t state = console_line_feed_char(line, c);
    line->last = c;
    return state;
}

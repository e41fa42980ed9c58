/* SPDX-License-Identifier: MIT */
#include "events/format.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    char *at;
    size_t size, len;
} text_t;

static void event_format_add(text_t *text, const char *data, size_t len)
{
    if (len && text->len + len <= text->size) {
        memcpy(text->at + text->len, data, len);
    }
    text->len += len;
}

static void add_field(text_t *text, const char *name, const char *value, size_t len)
{
    event_format_add(text, name, strlen(name));
    event_format_add(text, ": ", 2);
    event_format_add(text, value, len);
    event_format_add(text, "\n", 1);
}

/* @return where the line at @p data ends; @p next is where the one after it begins, or NULL. */
static const char *line_end(const char *data, const char *end, const char **next)
{
    const char *at = data;
    while (at < end && *at != '\r' && *at != '\n') {
        at++;
    }
    if (at == end) {
        *next = NULL;
    } else {
        *next = at + (at[0] == '\r' && at + 1 < end && at[1] == '\n' ? 2 : 1);
    }
    return at;
}

static void add_data(text_t *text, const char *data, size_t len)
{
    const char *end = data + len;
    do {
        const char *next;
        const char *stop = line_end(data, end, &next);
        add_field(text, "data", data, (size_t)(stop - data));
        data = next;
    } while (data);
}

bool uh_event_field_is_valid(const char *text)
{
    return !text || !strpbrk(text, "\r\n");
}

size_t uh_event_format(char *out, size_t size, const char *data, size_t len, const char *event, const char *id,
                       uint32_t retry)
{
    text_t text = {.at = out, .size = size};
    if (event) {
        add_field(&text, "event", event, strlen(event));
    }
    if (id) {
        add_field(&text, "id", id, strlen(id));
    }
    if (retry) {
        char number[12];
        int digits = snprintf(number, sizeof(number), "%lu", (unsigned long)retry);
        add_field(&text, "retry", number, (size_t)digits);
    }
    add_data(&text, data, len);
    event_format_add(&text, "\n", 1);
    return text.len;
}

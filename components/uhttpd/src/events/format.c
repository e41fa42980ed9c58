/* SPDX-License-Identifier: MIT */
#include "events/format.h"

#include <string.h>

static void add_field(uh_text_t *text, const char *name, const char *value, size_t len)
{
    uh_text_add(text, name);
    uh_text_add(text, ": ");
    uh_text_bytes(text, value, len);
    uh_text_add(text, "\n");
}

/* @return the end of the line at @p data; @p next is the beginning of the line after it, or NULL. */
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

static void add_data(uh_text_t *text, const char *data, size_t len)
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

void uh_event_format(uh_text_t *text, const char *data, size_t len, const char *event, const char *id, uint32_t retry)
{
    if (event) {
        add_field(text, "event", event, strlen(event));
    }
    if (id) {
        add_field(text, "id", id, strlen(id));
    }
    if (retry) {
        uh_text_add(text, "retry: ");
        uh_text_decimal(text, retry, 1);
        uh_text_add(text, "\n");
    }
    add_data(text, data, len);
    uh_text_add(text, "\n");
}

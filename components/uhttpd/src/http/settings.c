/* SPDX-License-Identifier: MIT */
#include "uhttpd_settings.h"

#include <string.h>
#include <strings.h>

/* What follows a part of an origin: the first character that cannot be in it. */
static const char *skip_visible(const char *text, const char *except)
{
    while (*text > ' ' && *text < 0x7f && !strchr(except, *text)) {
        text++;
    }
    return text;
}

/* Origins are compared letter by letter. */
bool uhttpd_is_origin(const char *text)
{
    const char *place = skip_visible(text, ":/?#@*");
    if (place == text || strncmp(place, "://", 3) != 0) {
        return strcasecmp(text, "null") == 0;
    }
    place += 3;
    bool has_place = *place != '\0' || strcasecmp(text, "file://") == 0;
    return has_place && *skip_visible(place, "/?#@*") == '\0';
}

bool uhttpd_is_basic_auth(const char *text)
{
    return strncasecmp(text, "Basic ", 6) == 0 && !strchr(text, ':');
}

/* SPDX-License-Identifier: MIT */
#include "uhttpd_settings.h"

#include <string.h>
#include <strings.h>

#include "http/text.h"

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

const char *uhttpd_header_fault(const char *name, const char *value)
{
    static const char *const own[] = {"Connection", "Content-Length",    "Content-Type",
                                      "Date",       "Transfer-Encoding", "Upgrade"};
    if (!uh_token_valid(name) || !value || !uh_field_valid(value)) {
        return "is malformed";
    }
    if (strcasecmp(name, "Access-Control-Allow-Origin") == 0) {
        return "is what the settings for pages of other origins are for";
    }
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        if (strcasecmp(name, own[i]) == 0) {
            return "is the server's own";
        }
    }
    return NULL;
}

/* SPDX-License-Identifier: MIT */
#include "accept_encoding.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#define NOT_NAMED (-1)
#define WHOLE 1000 /* thousandths: a weight has three digits */

static const char *accept_encoding_skip_blank(const char *text)
{
    return text + strspn(text, " \t");
}

/* "0", "1", "0.5", "1.000". @return thousandths; what is malformed counts as nothing */
static int accept_encoding_weight(const char *text)
{
    if (text[0] != '0' && text[0] != '1') {
        return 0;
    }
    int thousandths = text[0] == '1' ? WHOLE : 0;
    if (text[1] == '.') {
        for (int i = 0, unit = 100; i < 3 && text[2 + i] >= '0' && text[2 + i] <= '9'; i++, unit /= 10) {
            thousandths += (text[2 + i] - '0') * unit;
        }
    }
    return thousandths <= WHOLE ? thousandths : 0;
}

/* The weight that follows a coding; 1 without one. */
static int weight_after(const char *coding)
{
    const char *at = accept_encoding_skip_blank(coding);
    if (*at != ';') {
        return WHOLE;
    }
    at = accept_encoding_skip_blank(at + 1);
    return strncasecmp(at, "q=", 2) == 0 ? accept_encoding_weight(at + 2) : 0;
}

static bool accept_encoding_is(const char *coding, size_t len, const char *name)
{
    return len == strlen(name) && strncasecmp(coding, name, len) == 0;
}

uh_gzip_wish_t uh_accept_encoding_gzip(const char *header)
{
    static const char between[] = ", \t";
    int gzip = NOT_NAMED, identity = NOT_NAMED, any = NOT_NAMED;
    if (header == NULL) {
        return UH_GZIP_ALLOWED;
    }
    for (header += strspn(header, between); *header != '\0'; header += strspn(header, between)) {
        size_t len = strcspn(header, ",; \t");
        int found = weight_after(header + len);
        if (accept_encoding_is(header, len, "gzip") || accept_encoding_is(header, len, "x-gzip")) {
            gzip = found;
        } else if (accept_encoding_is(header, len, "identity")) {
            identity = found;
        } else if (accept_encoding_is(header, len, "*")) {
            any = found;
        }
        header += strcspn(header, ",");
    }
    gzip = gzip != NOT_NAMED ? gzip : any;
    return gzip <= 0 ? UH_GZIP_REFUSED : gzip >= identity ? UH_GZIP_PREFERRED : UH_GZIP_ALLOWED;
}

/* SPDX-License-Identifier: MIT */
#include "range.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "number.h"

#define OPEN UINT64_MAX

/* "5-9", "5-", or "-5"; a suffix has no first. @return false: malformed */
static bool read_spec(const char **text, bool *suffix, uint64_t *first, uint64_t *last)
{
    *suffix = !uh_decimal_read(text, first);
    if (*(*text)++ != '-') {
        return false;
    }
    if (!uh_decimal_read(text, last)) {
        *last = OPEN;
        return !*suffix;
    }
    return *suffix || *first <= *last;
}

static const char *range_skip_blank(const char *text)
{
    return text + strspn(text, ", \t"); /* RFC 9110 section 5.6.1: empty elements count as none */
}

static uh_range_kind_t range_cut(bool suffix, uint64_t first, uint64_t last, uint64_t size, uh_range_t *range)
{
    if (suffix && last > 0) {
        range->length = last < size ? last : size;
        range->first = size - range->length;
        return size > 0 ? UH_RANGE_PART : UH_RANGE_WHOLE; /* there is no way to say "the last bytes of none" */
    }
    if (suffix || first >= size) {
        return UH_RANGE_UNSATISFIABLE;
    }
    range->first = first;
    range->length = (last < size ? last : size - 1) - first + 1;
    return UH_RANGE_PART;
}

uh_range_kind_t uh_range_read(const char *header, uint64_t size, uh_range_t *range)
{
    static const char unit[] = "bytes=";
    *range = (uh_range_t) {.first = 0, .length = size};
    if (header == NULL || strncasecmp(header, unit, strlen(unit)) != 0) {
        return UH_RANGE_WHOLE;
    }
    const char *at = range_skip_blank(header + strlen(unit));
    bool suffix;
    uint64_t first, last;
    if (!read_spec(&at, &suffix, &first, &last) || *range_skip_blank(at) != '\0') {
        return UH_RANGE_WHOLE;
    }
    return range_cut(suffix, first, last, size, range);
}

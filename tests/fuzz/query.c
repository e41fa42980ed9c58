/* SPDX-License-Identifier: MIT */
/* Items lie within the query, in order; decoding in place and elsewhere, and comparing, agree. */
#include "uhttpd_query.h"

#include "fuzz.h"

static void check_text(const char *text, size_t len)
{
    char *in_place = copy(text, len);
    char *out = copy(text, len);
    size_t decoded = uhttpd_query_decode(text, len, out);
    CHECK(decoded <= len);
    CHECK(uhttpd_query_decode(in_place, len, in_place) == decoded);
    CHECK(decoded == 0 || memcmp(in_place, out, decoded) == 0);
    CHECK(uhttpd_query_equals(text, len, out, decoded));
    CHECK(decoded == 0 || !uhttpd_query_equals(text, len, out, decoded - 1));
    free(in_place);
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *buf = copy(data, size);
    const char *rest = buf;
    const char *last = buf;
    size_t len = size;
    uhttpd_query_item_t item;
    while (uhttpd_query_next(&rest, &len, &item)) {
        CHECK(item.key >= last && item.key + item.key_len <= rest);
        CHECK(item.value == NULL || (item.value > item.key && item.value + item.value_len <= rest));
        CHECK(rest + len == buf + size);
        check_text(item.key, item.key_len);
        if (item.value != NULL) {
            check_text(item.value, item.value_len);
        }
        last = rest;
    }
    CHECK(len == 0);
    free(buf);
    return 0;
}

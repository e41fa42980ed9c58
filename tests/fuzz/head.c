/* SPDX-License-Identifier: MIT */
/* A head that arrives in two pieces is read as one that arrives at once, and all parts lie within it. */
#include "http/head.h"

#include "fuzz.h"

static void check_span(const char *buf, size_t len, size_t at, size_t size)
{
    CHECK(at + size <= len);
    CHECK(memchr(buf + at, '\0', size) == NULL);
}

static void check_headers(const char *buf, size_t len, const uh_http_head_t *head)
{
    const char *name, *value;
    uh_head_place_t last = {0};
    for (size_t n = 0; uh_head_at(buf, head, &last, n, &name, &value); n++) {
        check_span(buf, len, (size_t)(name - buf), strlen(name));
        check_span(buf, len, (size_t)(value - buf), strlen(value));
        CHECK(uh_head_get(buf, head, name) <= value);
    }
    CHECK(head->minor == 0 || uh_head_get(buf, head, "host") != NULL);
    CHECK(!head->chunked || head->content_length == UH_HEAD_NO_LENGTH);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > UINT16_MAX) {
        return 0;
    }
    size_t cut = data[0] % size;
    size_t len = size - 1;
    char *buf = copy(data + 1, len);

    size_t scanned = 0, scanned_in_two = 0;
    size_t end = uh_head_find_end(buf, len, &scanned);
    size_t early = uh_head_find_end(buf, cut, &scanned_in_two);
    CHECK(scanned <= len && scanned_in_two <= cut);
    CHECK((early != 0 ? early : uh_head_find_end(buf, len, &scanned_in_two)) == end);

    uh_http_head_t head;
    size_t head_len = end != 0 ? end : len;
    int status = uh_head_parse(buf, head_len, &head);
    CHECK(status == 0 || status == 400 || status == 417 || status == 501 || status == 505);
    if (status == 0) {
        CHECK(end != 0);
        check_span(buf, head_len, head.target, head.target_len);
        check_span(buf, head_len, head.path, head.path_len);
        check_span(buf, head_len, head.query, head.query_len);
        CHECK(buf[head.target + head.target_len] == '\0');
        check_headers(buf, head_len, &head);
    }
    free(buf);
    return 0;
}

/* SPDX-License-Identifier: MIT */
/* Five headers with NUL between them. A date that was read is written as it was, or in another of its three forms. */
#include "http/validators.h"

#include "fuzz.h"

static void check_date(const char *text)
{
    int64_t time, again;
    char written[UH_HTTP_DATE_SIZE];
    if (text != NULL && uh_http_date_read(text, &time)) {
        CHECK(uh_http_date_write(time, written));
        CHECK(uh_http_date_read(written, &again) && again == time);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uh_validators_t states[] = {
        {.exists = true, .etag = "\"a\"", .modified = 784111777},
        {.exists = true},
        {.exists = false},
    };
    char *text = malloc(size + 1);
    CHECK(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    const char *headers[5] = {NULL};
    size_t at = 0;
    for (int i = 0; i < 5 && at < size; i++) {
        headers[i] = text[at] != '\0' ? text + at : NULL;
        at += strlen(text + at) + 1;
        check_date(headers[i]);
    }
    uh_conditions_t conditions = {headers[0], headers[1], headers[2], headers[3], headers[4]};
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        int status = uh_conditions_judge(&conditions, &states[i], true);
        CHECK(status == 0 || status == 304 || status == 412);
        CHECK(states[i].exists || status != 304);
        int writing = uh_conditions_judge(&conditions, &states[i], false);
        CHECK(writing == 0 || writing == 412);
        CHECK(uh_conditions_allow_range(&conditions, &states[i]) || conditions.if_range != NULL);
    }
    free(text);
    return 0;
}

/* SPDX-License-Identifier: MIT */
/* A name is text without control characters, and fits where the value did. */
#include "http/fields.h"

#include "fuzz.h"
#include "http/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *value = malloc(size + 1);
    memcpy(value, data, size);
    value[size] = '\0';
    size_t len = strlen(value);
    value = realloc(value, len + 1);
    char *name = malloc(len + 1);
    CHECK(uh_disposition_is(value, "attachment") == uh_disposition_is(value, "ATTACHMENT"));
    if (uh_disposition_parse(value, name) == UH_DISPOSITION_NAMED) {
        uint32_t state = UH_UTF8_WHOLE;
        size_t name_len = strlen(name);
        CHECK(name_len > 0 && name_len < len);
        CHECK(uh_utf8_check_piece(&state, (const uint8_t *)name, name_len) && state == UH_UTF8_WHOLE);
        for (size_t i = 0; i < name_len; i++) {
            CHECK((unsigned char)name[i] >= ' ' && name[i] != 0x7f);
        }
    }
    free(name);
    free(value);
    return 0;
}

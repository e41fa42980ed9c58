/* SPDX-License-Identifier: MIT */
/* A name is text without control characters, and fits where the value did. */
#include "disposition.h"

#include "fuzz.h"
#include "utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *value = malloc(size + 1);
    memcpy(value, data, size);
    value[size] = '\0';
    size_t len = strlen(value);
    value = realloc(value, len + 1);
    char *name = malloc(len + 1);
    CHECK(disposition_is(value, "attachment") == disposition_is(value, "ATTACHMENT"));
    if (disposition_parse(value, name) == DISPOSITION_NAMED) {
        uint32_t state = UTF8_WHOLE;
        size_t name_len = strlen(name);
        CHECK(name_len > 0 && name_len < len);
        CHECK(utf8_check_piece(&state, (const uint8_t *)name, name_len) && state == UTF8_WHOLE);
        for (size_t i = 0; i < name_len; i++) {
            CHECK((unsigned char)name[i] >= ' ' && name[i] != 0x7f);
        }
    }
    free(name);
    free(value);
    return 0;
}

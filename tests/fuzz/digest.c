/* SPDX-License-Identifier: MIT */
/* What is read can be written, and is read again. */
#include "digest.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *value = malloc(size + 1);
    memcpy(value, data, size);
    value[size] = '\0';
    uint8_t *digest = calloc(1, DIGEST_SIZE), *again = calloc(1, DIGEST_SIZE);
    char *field = malloc(DIGEST_FIELD_SIZE);
    if (digest_parse(value, digest) == DIGEST_GIVEN) {
        digest_format(digest, field);
        CHECK(strlen(field) == DIGEST_FIELD_SIZE - 1);
        CHECK(digest_parse(field, again) == DIGEST_GIVEN && memcmp(digest, again, DIGEST_SIZE) == 0);
    }
    free(field);
    free(again);
    free(digest);
    free(value);
    return 0;
}

/* SPDX-License-Identifier: MIT */
/* A digest that was read can be written, and is then read again. */
#include "http/fields.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *value = malloc(size + 1);
    memcpy(value, data, size);
    value[size] = '\0';
    uint8_t *digest = calloc(1, UHTTPD_SHA256_SIZE), *again = calloc(1, UHTTPD_SHA256_SIZE);
    char *field = malloc(UH_DIGEST_FIELD_SIZE);
    if (uh_digest_parse(value, digest) == UH_DIGEST_GIVEN) {
        uh_digest_format(digest, field);
        CHECK(strlen(field) == UH_DIGEST_FIELD_SIZE - 1);
        CHECK(uh_digest_parse(field, again) == UH_DIGEST_GIVEN && memcmp(digest, again, UHTTPD_SHA256_SIZE) == 0);
    }
    free(field);
    free(again);
    free(digest);
    free(value);
    return 0;
}

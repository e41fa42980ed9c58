/* SPDX-License-Identifier: MIT */
/* JSON stays within its bounds, and neither blanks around it nor an array around it change whether it is some. */
#include "uhttpd_json.h"

#include "fuzz.h"

#define BOUND "the body must be JSON: it is nested more than 64 deep"

static const char *fault_with(const char *before, const uint8_t *data, size_t size, const char *behind)
{
    size_t front = strlen(before), back = strlen(behind);
    char *whole = malloc(front + size + back + 1);
    CHECK(whole != NULL);
    memcpy(whole, before, front);
    memcpy(whole + front, size > 0 ? (const void *)data : "", size);
    memcpy(whole + front + size, behind, back);
    char *text = copy(whole, front + size + back);
    const char *fault = uhttpd_json_fault(text, front + size + back);
    free(whole);
    free(text);
    return fault;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *fault = fault_with("", data, size, "");
    CHECK(fault_with(" \t\r\n", data, size, "\n ") == NULL || fault != NULL);
    if (fault == NULL) {
        const char *nested = fault_with("[", data, size, "]");
        CHECK(nested == NULL || strcmp(nested, BOUND) == 0);
        CHECK(fault_with("", data, size, "]") != NULL);
        CHECK(fault_with("[1 ", data, size, "]") != NULL);
    }
    return 0;
}

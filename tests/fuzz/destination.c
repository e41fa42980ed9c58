/* SPDX-License-Identifier: MIT */
/* A path begins with a slash and is the end of the value. */
#include "http/host.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *value = malloc(size + 1);
    memcpy(value, data, size);
    value[size] = '\0';
    size_t whole = strlen(value), len;
    value = realloc(value, whole + 1);
    const char *path;
    if (uh_destination_path(value, "board:80", &path, &len) == 0) {
        CHECK(path[0] == '/' && path + len == value + whole);
        CHECK(path == value || len + strlen("http://board:80") <= whole);
        CHECK(strpbrk(path, "?#") == NULL);
    }
    free(value);
    return 0;
}

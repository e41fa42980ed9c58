/* SPDX-License-Identifier: MIT */
/* Gives the files of the command line to a fuzzer, one by one: where there is no libFuzzer. */
#include <stdio.h>

#include "fuzz.h"

static uint8_t s_input[65536];

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");
        CHECK(file != NULL);
        size_t size = fread(s_input, 1, sizeof(s_input), file);
        CHECK(size < sizeof(s_input));
        fclose(file);
        uint8_t *data = copy(s_input, size);
        LLVMFuzzerTestOneInput(data, size);
        free(data);
    }
    return 0;
}

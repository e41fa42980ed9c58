/* SPDX-License-Identifier: MIT */

/* What ESP-IDF's start-up code does on a chip, and the command line. */
#include <stdio.h>
#include <stdlib.h>

void app_main(void);

int main(int argc, char **argv)
{
    if (argc > 2 || (argc == 2 && argv[1][0] == '-')) {
        fprintf(stderr, "usage: firmware [FOLDER]\n\nServes the files in FOLDER, or in ./data.\n"
                        "FIRMWARE_PORT, FIRMWARE_PASSWORD and FIRMWARE_PUBLIC of the environment say how.\n");
        return 2;
    }
    if (argc == 2 && setenv("FIRMWARE_DATA", argv[1], 1) != 0) {
        perror("firmware");
        return 1;
    }
    app_main();
}

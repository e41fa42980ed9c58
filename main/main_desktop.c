/* SPDX-License-Identifier: MIT */

/* What ESP-IDF's start-up code does on a chip. */
void app_main(void);

int main(void)
{
    app_main();
}

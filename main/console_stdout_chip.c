/* SPDX-License-Identifier: MIT */
#include "console_stdout.h"

#include <stdio.h>

#include "console.h"

static int write_out(void *cookie, const char *text, int len)
{
    (void)cookie;
    terminal_write(text, (size_t)len);
    return len;
}

void console_stdout_redirect(void)
{
    FILE *out = funopen(NULL, NULL, write_out, NULL, NULL);
    if (out) {
        setvbuf(out, NULL, _IOLBF, 128);
        stdout = out;
    }
}

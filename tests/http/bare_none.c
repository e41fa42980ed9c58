/* SPDX-License-Identifier: MIT */
#include <stdio.h>

#include "app.h"

/* The imitation has just what uhttpd calls. */
void bare_order(const char *port)
{
    (void)port;
    printf("none\n");
}

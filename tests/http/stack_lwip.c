/* SPDX-License-Identifier: MIT */
#include <hl_orders.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"

void stack_order(const char *order)
{
    if (strncmp(order, "starve ", 7) == 0) {
        hl_starve_select(atoi(order + 7));
    }
    printf("%u\n", strcmp(order, "sockets") == 0 ? hl_sockets() : hl_waits());
}

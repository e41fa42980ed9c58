/* SPDX-License-Identifier: MIT */
#include <hl_orders.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "app.h"

/* @return how many sockets a firmware could open of its own */
static unsigned count_spare(void)
{
    int fds[64];
    unsigned count = 0;
    while (count < sizeof(fds) / sizeof(fds[0]) && (fds[count] = socket(AF_INET, SOCK_DGRAM, 0)) >= 0) {
        count++;
    }
    for (unsigned i = 0; i < count; i++) {
        close(fds[i]);
    }
    return count;
}

void stack_order(const char *order)
{
    if (strncmp(order, "starve ", 7) == 0) {
        hl_starve_select(atoi(order + 7));
    }
    if (strncmp(order, "slow ", 5) == 0) {
        hl_slow_reading((unsigned)atoi(order + 5));
    }
    bool spare = strcmp(order, "spare") == 0, sockets = strcmp(order, "sockets") == 0;
    bool waiting = strcmp(order, "waiting") == 0;
    printf("%u\n", spare     ? count_spare()
                   : sockets ? hl_sockets()
                   : waiting ? hl_waiting(uhttpd_port(app_server()))
                             : hl_waits());
}

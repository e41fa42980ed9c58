/* SPDX-License-Identifier: MIT */
#include "network.h"

#include <signal.h>

esp_err_t network_start(void)
{
    signal(SIGPIPE, SIG_IGN); /* writing to a client that has gone is an error, not the end of the process */
    return ESP_OK;
}

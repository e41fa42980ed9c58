/* SPDX-License-Identifier: MIT */
#include "network.h"

#include <signal.h>

#include "esp_event.h"

esp_err_t network_start(void)
{
    signal(SIGPIPE, SIG_IGN); /* writing to a client that has gone is an error, not the end of the process */
    return esp_event_loop_create_default(); /* esp_http_server posts to it */
}

/* SPDX-License-Identifier: MIT */

/* Espressif's emulator has an Ethernet controller that MicroPython's network module does not know. */
#include "emulator.h"

#include <stdbool.h>

#include "esp_err.h"
#include "esp_netif.h"
#include "network_interfaces.h"

void emulator_start_ethernet(void)
{
    static bool started;
    if (!started) {
        started = true;
        ESP_ERROR_CHECK(esp_netif_init());
        ESP_ERROR_CHECK(ethernet_start());
    }
}

/* SPDX-License-Identifier: MIT */
#pragma once

#include "esp_eth.h"

/** @brief Makes an installed driver an interface of the TCP/IP stack, and starts it. */
esp_err_t ethernet_attach(esp_eth_handle_t driver);

/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd.h"

/**
 * @brief Adds `/api/messages`: a WebSocket that passes each message on to everyone who is connected. Text and binary
 *        messages of up to 1024 bytes; nothing is kept.
 * @return as uhttpd_ws_group_route()
 */
esp_err_t messages_serve(uhttpd_handle_t server);

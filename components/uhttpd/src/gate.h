/* SPDX-License-Identifier: MIT */
#pragma once

#include "esp_http_server.h"

/**
 * @file
 * The gate: heads, whole or not at all.
 */

int uh_gate_recv(httpd_handle_t engine, int fd, char *buf, size_t len, int flags);
esp_err_t uh_gate_knock(httpd_req_t *r);

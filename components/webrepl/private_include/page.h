/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd.h"

/** @brief Answers a GET with the terminal page, which the build has embedded. Worker. */
esp_err_t wr_page_get(uhttpd_req_t *req, void *ctx);

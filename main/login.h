/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd.h"

/**
 * @brief uhttpd_config_t::auth of the firmware: files take the password of the console, with any user name (Basic
 *        authentication, RFC 7617); so does their page, which would be useless without it. Everything else is open.
 *        With settings_files_are_public() reading needs no password. Without a configured password, none is asked for.
 */
esp_err_t login_judge(uhttpd_req_t *req, void *ctx);

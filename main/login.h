/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd.h"

/**
 * @brief uhttpd_config_t::auth of the firmware: files take the password of the console, with any user name (Basic
 *        authentication, RFC 7617); so does their page, which would be of no use without. Everything else is for
 *        everybody. With settings_files_are_public() reading takes no password; without a password nobody is asked.
 *
 * After a wrong password none is judged for half a second, whoever asks: 429.
 */
esp_err_t login_judge(uhttpd_req_t *req, void *ctx);

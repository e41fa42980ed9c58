/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd.h"

#define FILES_URL "/data"       /* of the files themselves */
#define FILES_PAGE_URL "/files" /* of the page for them */

/**
 * @brief Serves the user's files (storage.h) at `/data/`, folders as JSON, and a page for them at `/files`. Clients
 *        that know the password may also upload, rename and remove. Without a configured password none may.
 * @return as uhttpd_route()
 */
esp_err_t files_serve(uhttpd_handle_t server);

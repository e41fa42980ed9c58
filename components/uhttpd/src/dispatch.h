/* SPDX-License-Identifier: MIT */
#pragma once

#include "session.h"

/**
 * @file
 * From a whole head to an answer.
 */

/** @brief Answers the request whose head has come. @return what the engine's handler returns: ESP_OK, or ESP_FAIL to close. */
esp_err_t uh_dispatch_head(uh_session_t *session);

/** @brief Answers a head that was not understood, or has not come whole. @return as uh_dispatch_head() */
esp_err_t uh_dispatch_refusal(uh_session_t *session, int status);

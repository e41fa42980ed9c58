/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file
 * What texts in uhttpd_config_t may be, pure. uhttpd_start() checks them; a program can do so before, to say in its own
 * words what is wrong.
 */

/** @brief True for what browsers send as Origin: scheme://host or scheme://host:port without a path, or "null". */
bool uhttpd_is_origin(const char *text);

/** @brief True for what clients send as Authorization: "Basic " and the base64 of user:password. */
bool uhttpd_is_basic_auth(const char *text);

#ifdef __cplusplus
}
#endif

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

/**
 * @brief What is wrong with a header of every response (uhttpd_config_t::headers), in words that follow its name, such as
 *        "is malformed"; NULL: nothing.
 *
 * Not among them are headers that belong to the server or to one response alone (Connection, Content-Length,
 * Content-Type, Date, Transfer-Encoding, Upgrade), and Access-Control-Allow-Origin, for which there are
 * uhttpd_config_t::cors and cors_origins.
 */
const char *uhttpd_header_fault(const char *name, const char *value);

#ifdef __cplusplus
}
#endif

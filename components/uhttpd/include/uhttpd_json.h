/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file
 * JSON (RFC 8259) that clients send, pure. uhttpd_cjson.h has functions for handlers.
 */
#define UHTTPD_JSON_DEPTH 64   /* how deep arrays and objects may be nested: parsers call themselves for each */
#define UHTTPD_JSON_NUMBER 256 /* characters of a number: long ones take parsers long */

/**
 * @brief Checks a text more strictly than parsers do: it must be one whole value, in UTF-8, within the bounds above.
 * @return what is wrong, in a constant sentence for the client; NULL: nothing
 */
const char *uhttpd_json_fault(const char *text, size_t len);

#ifdef __cplusplus
}
#endif

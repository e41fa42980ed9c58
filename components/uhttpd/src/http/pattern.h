/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/text.h"
#include "uhttpd.h"

/**
 * @file
 * Paths of requests in their normal form, and the patterns of routes, which are compared with them. Pure.
 *
 * In the normal form (RFC 3986 section 6.2.2) only characters that need a percent escape have one, in upper case. So two
 * ways to write a path are the same bytes, whoever looks at them: a route, a file's name, or a program that guards a URL.
 */

/**
 * @brief Brings a path into its normal form, in place. A path with a percent sign that begins no escape stays as it is.
 * @return its length, which never grows
 */
size_t uh_path_normalize(char *path, size_t len);

/** @brief Adds the URL of a route, in which uhttpd_url_fault() finds nothing, in the normal form, but for its parameters. */
void uh_pattern_add(uh_text_t *text, const char *url);

/** A pattern that uh_pattern_add() has made. */
typedef struct {
    const char *text;
    size_t len;    /* without the '*' at its end */
    bool wildcard; /* there is one */
} uh_pattern_t;

/**
 * @brief Compares, as uhttpd_req_param() says.
 *
 * @param[in]  n      which parameter is wanted; as many as there are, or more: none
 * @param[out] param  that parameter; may be NULL
 * @return whether the pattern stands for the path
 */
bool uh_pattern_match(const uh_pattern_t *pattern, const char *path, size_t len, size_t n, uhttpd_param_t *param);

/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/**
 * @file
 * Comparing with a secret, pure.
 */

/** @brief True when both are equal. How long it takes tells nothing of the secret but, at most, its length. */
bool uh_secret_equals(const char *given, const char *secret);

/**
 * @brief Compares the value of an Authorization header with the one that is wanted. The scheme, up to the first space, is
 *        compared in any case (RFC 9110 section 11.1), the rest by uh_secret_equals().
 */
bool uh_secret_is_authorization(const char *given, const char *wanted);

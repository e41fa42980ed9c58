/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/**
 * @file
 * Parameters of a field value, `type; name=value; name="value"` (RFC 9110 section 5.6.6), pure.
 */
typedef struct {
    const char *name; /* not terminated, nor is value */
    size_t name_len;
    const char *value; /* what stands between quotes, escapes and all, if they were there */
    size_t value_len;
    bool quoted;
} uh_parameter_t;

/** @return length of the token that a value begins with, such as its type; 0: there is none. */
size_t uh_parameters_type(const char *value);

/**
 * @brief Takes the next parameter.
 *
 * @param[in,out] at  where the last one ended; at first behind the type.
 * @return 1; 0: there is no other; -1: malformed
 */
int uh_parameters_next(const char **at, uh_parameter_t *parameter);

/** @brief True for a parameter of that name, in any case. */
bool uh_parameter_is(const uh_parameter_t *parameter, const char *name);

/**
 * @brief The value without escapes, and NUL behind it.
 * @param out  at least value_len + 1 bytes.
 * @return its length
 */
size_t uh_parameter_value(const uh_parameter_t *parameter, char *out);

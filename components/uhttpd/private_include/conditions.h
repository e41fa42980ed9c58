/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/**
 * @file
 * Conditional requests (RFC 9110 section 13), pure.
 */

/** Headers of a request; NULL: it has none. */
typedef struct {
    const char *if_match;
    const char *if_none_match;
    const char *if_modified_since;
    const char *if_unmodified_since;
    const char *if_range;
} uh_conditions_t;

/** What tells one state of a file from another. */
typedef struct {
    bool exists;
    const char *etag; /* a strong one; NULL: not known */
    int64_t modified; /* seconds since 1970; 0: not known */
} uh_validators_t;

/**
 * @brief Judges in the order of RFC 9110 section 13.2.2.
 *
 * @param reads  GET or HEAD
 * @return 0: go on; 304; 412
 */
int uh_conditions_judge(const uh_conditions_t *conditions, const uh_validators_t *validators, bool reads);

/** @brief True when Range is to be heeded: If-Range is not there, or names just this state (section 13.1.5). */
bool uh_conditions_allow_range(const uh_conditions_t *conditions, const uh_validators_t *validators);

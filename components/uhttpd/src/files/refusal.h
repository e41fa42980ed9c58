/* SPDX-License-Identifier: MIT */
#pragma once

/**
 * @file
 * What a client is told when it does not get what it asks for, pure.
 *
 * All functions about a client's request return this. It is made from an errno in one place, and sent in one place
 * (uh_refuse()).
 */
typedef struct {
    int status;         /* 0: nothing is refused */
    const char *reason; /* a few words; NULL: those that uh_refusal_reason() has for the status */
} uh_refusal_t;

#define UH_NOT_REFUSED ((uh_refusal_t) {0, NULL})

/** @brief The refusal for an errno of a storage: 500 for one that is not known here; none for 0. */
uh_refusal_t uh_refusal_of(int error);

/** @brief What is said of it: its reason, or that of all refusals with its status. NULL: the status says enough. */
const char *uh_refusal_reason(uh_refusal_t refusal);

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
    const char *reason; /* a few words; NULL: the status says enough */
} uh_refusal_t;

#define UH_NOT_REFUSED ((uh_refusal_t) {0, NULL})

/** @brief The refusal for an errno of a storage: 500 for one that is not known here; none for 0. */
uh_refusal_t uh_refusal_of(int error);

/** @brief As uh_refusal_of(), without the reason: for what is said of a path before anything is known of the client. */
uh_refusal_t uh_refusal_silent(int error);

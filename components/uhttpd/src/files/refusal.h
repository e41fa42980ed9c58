/* SPDX-License-Identifier: MIT */
#pragma once

/**
 * @file
 * What a client is told when the storage refuses something, pure.
 */
typedef struct {
    int status;
    const char *reason; /* a few words; NULL: the status says enough */
} uh_refusal_t;

/** @brief The refusal for an errno of a storage; 500 for one that is not known here. */
uh_refusal_t uh_refusal_of(int error);

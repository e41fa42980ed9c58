/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/**
 * @file
 * Who changes what: no two requests, of whatever server, change the same file or directory, or one and what lies in it,
 * at the same time.
 */
typedef struct uh_file_claim {
    char *path; /* in the heap; of a file its temporary name, since that is where two would meet */
    struct uh_file_claim *next;
} uh_file_claim_t;

/**
 * @brief Takes the claim, or has not taken it: somebody else's stands in its way. Does not block.
 *
 * @param path  a canonical path: the same for whoever means the same. Owned by the claim, if it is taken.
 */
bool uh_file_claim_take(uh_file_claim_t *claim, char *path);

/** @brief Gives it up and frees the path. Nothing happens if it was not taken. */
void uh_file_claim_release(uh_file_claim_t *claim);

/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd_upload.h"

/**
 * @file
 * The one registry of who is at which file (uhttpd_upload.h), by canonical paths (files/identity.h). Any task; nothing
 * blocks.
 */
typedef enum {
    UH_CLAIM_READ,   /* goes along with others that read, and with an upload */
    UH_CLAIM_UPLOAD, /* goes along with others that begin to read */
    UH_CLAIM_CHANGE, /* goes along with nothing */
} uh_claim_kind_t;

struct uhttpd_claim {
    const char *path; /* whoever has the claim keeps it; NULL: it is not taken */
    uh_claim_kind_t kind;
    struct uhttpd_claim *next;
};

/** @brief True for the directory itself and everything below it, and for names that FAT takes for the same. */
bool uh_claim_covers(const char *directory, const char *path);

/** @brief Takes a claim, or has not taken it: somebody else's stands in its way. */
bool uh_claim_take(uhttpd_claim_t *claim, const char *path, uh_claim_kind_t kind);

/** @brief Has an upload change its file, as long as nobody reads it. @return false: somebody does */
bool uh_claim_change(uhttpd_claim_t *claim);

/** @brief Gives it up. Nothing happens if it was not taken. */
void uh_claim_release(uhttpd_claim_t *claim);

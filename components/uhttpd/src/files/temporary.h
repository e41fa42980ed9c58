/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/**
 * @file
 * What files are called while they are being changed: names short enough for file systems that know eight characters and
 * three. They are neither served nor listed, and nobody can ask for them.
 *
 * A name has a number of its own in its directory as long as it is in use. Which one depends on the path, so that what a
 * power cut has left of a file is in the way of its next upload, and goes.
 */
#define UH_FILE_TEMPORARY_SIZE 13 /* bytes, NUL included */

/* Extensions. */
extern const char uh_temporary_file[]; /* a file that is not whole yet, or not in its place */
extern const char uh_temporary_note[]; /* where such a file belongs (files/replace.h) */

/** A name in use. */
typedef struct uh_temporary {
    struct uh_temporary *next;
    char path[]; /* with uh_temporary_file; the number goes for all extensions */
} uh_temporary_t;

/** @brief Takes a name for a file, in its directory. @param path  canonical. NULL without memory. Any task. */
uh_temporary_t *uh_temporary_create(const char *path);

/**
 * @brief Takes the name that a temporary path ends in, if nobody uses it, to clear it away. NULL: somebody does. Any task.
 * @param path  canonical
 */
uh_temporary_t *uh_temporary_seize(const char *path);

/** @brief Gives it up: when nothing has a name with it any more, or what has is for the next start. Any task. */
void uh_temporary_free(uh_temporary_t *temporary);

/** @brief A copy of a path that ends in a temporary name, with another extension; in the heap, NULL without memory. */
char *uh_temporary_with(const char *path, const char *extension);

/** @brief True for every temporary name, in any spelling, and for those of earlier versions. */
bool uh_file_is_temporary(const char *name);

/** @brief True for such a name with that extension. */
bool uh_temporary_is(const char *name, const char *extension);

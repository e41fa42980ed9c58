/* SPDX-License-Identifier: MIT */
/*
 * Memory that is used up, for the libraries under test: memory.cmake has them ask here. What the test's own program
 * allocates is always there.
 */
#pragma once

#include <stddef.h>

/* The functions that the libraries call in place of the standard ones. */
void *scarce_malloc(size_t size);
void *scarce_calloc(size_t count, size_t size);
void *scarce_realloc(void *old, size_t size);
char *scarce_strdup(const char *text);
char *scarce_strndup(const char *text, size_t size);

/*
 * What a test orders, in words:
 *     nth N           the N-th allocation from now on fails
 *     share N SEED    about one in N fails, always the same ones for a seed
 *     large SIZE      those of SIZE bytes or more fail
 *     enough          none fails
 * Writes an answer, how many there were since the last order and how many of these failed: "12 1".
 */
void scarce_order(const char *words, char *answer, size_t size);

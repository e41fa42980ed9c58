/* SPDX-License-Identifier: MIT */
#include "scarce.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t s_lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    unsigned nth, share;
    size_t large;
    uint32_t random;
    unsigned calls, failed;
} s_scarce;

static uint32_t next_random(void)
{
    s_scarce.random = s_scarce.random * 1664525u + 1013904223u; /* Numerical Recipes, chapter 7.1 */
    return s_scarce.random >> 8;
}

static bool there_is_none(size_t size)
{
    pthread_mutex_lock(&s_lock);
    bool none = ++s_scarce.calls == s_scarce.nth || (s_scarce.large && size >= s_scarce.large) ||
                (s_scarce.share && next_random() % s_scarce.share == 0);
    s_scarce.failed += none;
    pthread_mutex_unlock(&s_lock);
    return none;
}

void *scarce_malloc(size_t size)
{
    return there_is_none(size) ? NULL : malloc(size);
}

void *scarce_calloc(size_t count, size_t size)
{
    return there_is_none(count * size) ? NULL : calloc(count, size);
}

void *scarce_realloc(void *old, size_t size)
{
    return there_is_none(size) ? NULL : realloc(old, size);
}

char *scarce_strdup(const char *text)
{
    return there_is_none(strlen(text) + 1) ? NULL : strdup(text);
}

char *scarce_strndup(const char *text, size_t size)
{
    return there_is_none(size + 1) ? NULL : strndup(text, size);
}

void scarce_order(const char *words, char *answer, size_t size)
{
    unsigned number = 0, seed = 0;
    pthread_mutex_lock(&s_lock);
    snprintf(answer, size, "%u %u", s_scarce.calls, s_scarce.failed);
    memset(&s_scarce, 0, sizeof(s_scarce));
    if (sscanf(words, "nth %u", &number) == 1) {
        s_scarce.nth = number;
    } else if (sscanf(words, "share %u %u", &number, &seed) == 2) {
        s_scarce.share = number;
        s_scarce.random = seed;
    } else if (sscanf(words, "large %u", &number) == 1) {
        s_scarce.large = number;
    } else if (strcmp(words, "enough") != 0) {
        snprintf(answer, size, "what is %s?", words);
    }
    pthread_mutex_unlock(&s_lock);
}

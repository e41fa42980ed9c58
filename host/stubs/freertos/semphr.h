/* SPDX-License-Identifier: MIT */
/* Counting semaphores. A mutex is one that somebody has taken, or nobody. */
#pragma once

#include <pthread.h>

#include "freertos/FreeRTOS.h"

typedef struct hs_semaphore {
    pthread_mutex_t lock;
    pthread_cond_t given;
    UBaseType_t count, most;
    bool is_ours; /* its memory is to be freed */
} StaticSemaphore_t;

typedef struct hs_semaphore *SemaphoreHandle_t;

SemaphoreHandle_t xSemaphoreCreateCounting(UBaseType_t most, UBaseType_t first);
SemaphoreHandle_t xSemaphoreCreateCountingStatic(UBaseType_t most, UBaseType_t first, StaticSemaphore_t *memory);
void vSemaphoreDelete(SemaphoreHandle_t semaphore);

/** @return pdTRUE; pdFALSE if there was nothing to take in that time */
BaseType_t xSemaphoreTake(SemaphoreHandle_t semaphore, TickType_t ticks);

/** @return pdTRUE; pdFALSE, and nothing happens, if the count is at its maximum */
BaseType_t xSemaphoreGive(SemaphoreHandle_t semaphore);

static inline SemaphoreHandle_t xSemaphoreCreateBinary(void)
{
    return xSemaphoreCreateCounting(1, 0);
}

static inline SemaphoreHandle_t xSemaphoreCreateMutexStatic(StaticSemaphore_t *memory)
{
    return xSemaphoreCreateCountingStatic(1, 1, memory);
}

/* SPDX-License-Identifier: MIT */
/* Counting semaphores. They can be waited for not at all, or for ever. */
#pragma once

#include "freertos/FreeRTOS.h"

typedef struct hs_semaphore *SemaphoreHandle_t;

SemaphoreHandle_t xSemaphoreCreateCounting(UBaseType_t most, UBaseType_t first);
void vSemaphoreDelete(SemaphoreHandle_t semaphore);

/** @return pdTRUE; pdFALSE where `ticks` is 0 and there is nothing to take */
BaseType_t xSemaphoreTake(SemaphoreHandle_t semaphore, TickType_t ticks);

/** @return pdTRUE; pdFALSE, and nothing happens, where the count is at its most */
BaseType_t xSemaphoreGive(SemaphoreHandle_t semaphore);

/* SPDX-License-Identifier: MIT */
/* Counting semaphores. A wait is for ever, or there is none. */
#pragma once

#include "freertos/FreeRTOS.h"

typedef struct hs_semaphore *SemaphoreHandle_t;

SemaphoreHandle_t xSemaphoreCreateCounting(UBaseType_t most, UBaseType_t first);
void vSemaphoreDelete(SemaphoreHandle_t semaphore);

/** @return pdTRUE; pdFALSE if `ticks` is 0 and there is nothing to take */
BaseType_t xSemaphoreTake(SemaphoreHandle_t semaphore, TickType_t ticks);

/** @return pdTRUE; pdFALSE, and nothing happens, if the count is at its maximum */
BaseType_t xSemaphoreGive(SemaphoreHandle_t semaphore);

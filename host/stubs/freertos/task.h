/* SPDX-License-Identifier: MIT */
/* Tasks are threads that take no signals: those are for the application's threads. Priorities, cores and stack sizes
 * have no meaning. */
#pragma once

#include <pthread.h>

#include "freertos/FreeRTOS.h"

typedef pthread_t TaskHandle_t;

BaseType_t xTaskCreatePinnedToCoreWithCaps(void (*run)(void *arg), const char *name, uint32_t stack, void *arg,
                                           UBaseType_t priority, TaskHandle_t *task, BaseType_t core, UBaseType_t caps);

BaseType_t xTaskCreatePinnedToCore(void (*run)(void *arg), const char *name, uint32_t stack, void *arg,
                                   UBaseType_t priority, TaskHandle_t *task, BaseType_t core);

/** Ends the calling task, the only one that `task` may be. */
void vTaskDeleteWithCaps(TaskHandle_t task);

/** The same. `task` is NULL. */
void vTaskDelete(const void *task);

TaskHandle_t xTaskGetCurrentTaskHandle(void);
void vTaskDelay(TickType_t ticks);

/* SPDX-License-Identifier: MIT */
/* The part of FreeRTOS that ESP-IDF's esp_http_server and src/port/freertos.c of uhttpd use, on POSIX. A tick is a
 * millisecond. */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_heap_caps.h"

typedef int BaseType_t;
typedef unsigned UBaseType_t;
typedef uint32_t TickType_t;

#define pdFALSE 0
#define pdTRUE 1
#define pdPASS pdTRUE

#define portMAX_DELAY UINT32_MAX
#define portTICK_PERIOD_MS 1
#define configTICK_RATE_HZ 1000
#define pdMS_TO_TICKS(ms) (ms)

#define tskIDLE_PRIORITY 0
#define tskNO_AFFINITY 0x7FFFFFFF
#define portNUM_PROCESSORS 2

/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * @file
 * The platform of the firmware: `system_chip.c`, `system_linux.c` (ESP-IDF's linux target), `system_desktop.c`.
 */
typedef struct {
    uint32_t free;    /*!< bytes */
    uint32_t lowest;  /*!< the least that was ever free, bytes */
    uint32_t largest; /*!< the longest block, bytes */
} system_heap_t;

typedef struct {
    char name[16];
    uint8_t priority;
    uint32_t stack_free; /*!< bytes of its stack that were never used */
} system_task_t;

/** @brief The chip, such as "esp32c3", or "linux", or "desktop". */
const char *system_target(void);

/** @return false where there is no such thing as the heap. */
bool system_heap(system_heap_t *heap);

/** @brief FreeRTOS' tasks, @p max of them at most; more are left out. @return how many; 0 where there is no FreeRTOS. */
size_t system_tasks(system_task_t *tasks, size_t max);

/** @brief Restarts the firmware. Does not return. Servers must have been stopped before. */
void system_restart(void) __attribute__((noreturn));

/* SPDX-License-Identifier: MIT */
#include "system.h"

#include <stdlib.h>
#include <string.h>

#include "esp_heap_caps.h"
#include "esp_system.h"
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"
#include "sdkconfig.h"

const char *system_target(void)
{
    return CONFIG_IDF_TARGET;
}

bool system_heap(system_heap_t *heap)
{
    *heap = (system_heap_t) {
        .free = esp_get_free_heap_size(),
        .lowest = esp_get_minimum_free_heap_size(),
        .largest = heap_caps_get_largest_free_block(MALLOC_CAP_DEFAULT),
    };
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const system_task_t *)a)->name, ((const system_task_t *)b)->name);
}

size_t system_tasks(system_task_t *tasks, size_t max)
{
    UBaseType_t room = uxTaskGetNumberOfTasks() + 4; /* some may be started meanwhile */
    TaskStatus_t *all = calloc(room, sizeof(*all));
    size_t count = all ? uxTaskGetSystemState(all, room, NULL) : 0;
    count = count < max ? count : max;
    for (size_t i = 0; i < count; i++) {
        strlcpy(tasks[i].name, all[i].pcTaskName, sizeof(tasks[i].name));
        tasks[i].priority = (uint8_t)all[i].uxCurrentPriority;
        tasks[i].stack_free = all[i].usStackHighWaterMark * sizeof(StackType_t);
    }
    free(all);
    qsort(tasks, count, sizeof(*tasks), by_name);
    return count;
}

void system_restart(void)
{
    esp_restart();
}

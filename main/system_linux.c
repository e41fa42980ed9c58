/* SPDX-License-Identifier: MIT */

/* Heap and stacks are the process's here, and say nothing about a chip. */
#include "system.h"

#include "esp_system.h"

const char *system_target(void)
{
    return "linux";
}

bool system_heap(system_heap_t *heap)
{
    (void)heap;
    return false;
}

size_t system_tasks(system_task_t *tasks, size_t max)
{
    (void)tasks, (void)max;
    return 0;
}

void system_restart(void)
{
    esp_restart();
}

/* SPDX-License-Identifier: MIT */

/* Heap and stacks are a process's on a desktop and on ESP-IDF's linux target, and say nothing about a chip. */
#include "system.h"

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

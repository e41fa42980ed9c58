/* SPDX-License-Identifier: MIT */

/* On a desktop and on ESP-IDF's linux target, heap and stacks belong to a process and say nothing about a chip. */
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

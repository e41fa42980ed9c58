/* SPDX-License-Identifier: MIT */
#include "system.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char *system_target(void)
{
    return "desktop";
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
    char *const arguments[] = {"firmware", NULL};
    execv("/proc/self/exe", arguments);
    perror("firmware: cannot start again");
    exit(1);
}

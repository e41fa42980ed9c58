/* SPDX-License-Identifier: MIT */
#include "commands.h"

#include <inttypes.h>

#include "console.h"
#include "firmware.h"
#include "system.h"

#define MAX_TASKS 32

static int commands_help(int argc, char **argv)
{
    (void)argc, (void)argv;
    for (size_t i = 0; i < g_command_count; i++) {
        const command_t *command = &g_commands[i];
        terminal_printf("%-6s %-8s %s\n", command->name, command->arguments ? command->arguments : "", command->help);
    }
    return 0;
}

static int commands_info(int argc, char **argv)
{
    (void)argc, (void)argv;
    terminal_printf("version %s on %s, up %" PRIu32 " s\n", FIRMWARE_VERSION, system_target(), firmware_uptime_s());
    return 0;
}

static int commands_heap(int argc, char **argv)
{
    (void)argc, (void)argv;
    system_heap_t heap;
    if (!system_heap(&heap)) {
        terminal_printf("heap: not known on this target\n");
        return 1;
    }
    terminal_printf("free %" PRIu32 ", lowest %" PRIu32 ", largest block %" PRIu32 "\n", heap.free, heap.lowest,
                    heap.largest);
    return 0;
}

static int commands_tasks(int argc, char **argv)
{
    (void)argc, (void)argv;
    system_task_t tasks[MAX_TASKS];
    size_t count = system_tasks(tasks, MAX_TASKS);
    if (!count) {
        terminal_printf("tasks: not known on this target\n");
        return 1;
    }
    terminal_printf("%-16s priority  stack never used\n", "task");
    for (size_t i = 0; i < count; i++) {
        terminal_printf("%-16s %8u  %10" PRIu32 "\n", tasks[i].name, tasks[i].priority, tasks[i].stack_free);
    }
    return 0;
}

static int commands_reset(int argc, char **argv)
{
    (void)argc, (void)argv;
    firmware_restart();
    return 0;
}

const command_t g_commands[] = {
    {"help", NULL, "this list", commands_help},
    {"info", NULL, "version, target and time since the start", commands_info},
    {"heap", NULL, "memory in bytes", commands_heap},
    {"tasks", NULL, "tasks, and how much of their stacks was never used", commands_tasks},
    {"ls", "[FOLDER]", "files and their sizes", command_ls},
    {"cat", "FILE", "what is in a file", command_cat},
    {"rm", "FILE...", "removes files and empty folders", command_rm},
    {"reset", NULL, "starts the firmware again", commands_reset},
};
const size_t g_command_count = sizeof(g_commands) / sizeof(g_commands[0]);

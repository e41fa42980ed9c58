/* SPDX-License-Identifier: MIT */
#include "program.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "uhttpd_os.h"

#define INTERRUPT 3
#define PATIENCE_MS 20000

static uhttpd_os_sem_t s_notified, s_prompted;
static atomic_bool s_interrupted, s_hold, s_takes_interrupts = true;
static atomic_uint s_interrupts, s_resets[2];

static bool intercept(uint8_t byte, void *ctx)
{
    (void)ctx;
    if (byte != INTERRUPT || !atomic_load(&s_takes_interrupts)) {
        return false;
    }
    atomic_fetch_add(&s_interrupts, 1);
    atomic_store(&s_interrupted, true);
    uhttpd_os_sem_give(s_notified);
    return true;
}

static void notify(bool connected, void *ctx)
{
    (void)connected, (void)ctx;
    uhttpd_os_sem_give(s_notified);
}

static void soft_reset(void *ctx)
{
    (void)ctx;
    atomic_fetch_add(&s_resets[0], 1);
}

static void hard_reset(void *ctx)
{
    (void)ctx;
    atomic_fetch_add(&s_resets[1], 1);
}

const webrepl_terminal_events_t program_events = {
    .intercept = intercept, .notify = notify, .soft_reset = soft_reset, .hard_reset = hard_reset};

unsigned program_resets(bool hard)
{
    return atomic_load(&s_resets[hard]);
}

void program_hold(bool hold)
{
    atomic_store(&s_hold, hold);
    uhttpd_os_sem_give(s_notified);
}

unsigned program_interrupts(void)
{
    return atomic_load(&s_interrupts);
}

static void write_bytes(const void *data, size_t len)
{
    webrepl_write(data, len, PATIENCE_MS);
}

static void write_text(const char *text)
{
    write_bytes(text, strlen(text));
}

/* @return false: interrupted */
static bool read_byte(uint8_t *byte)
{
    for (;;) {
        if (atomic_exchange(&s_interrupted, false)) {
            return false;
        }
        if (!atomic_load(&s_hold) && webrepl_read(byte, 1) == 1) {
            return true;
        }
        uhttpd_os_sem_take(s_notified, UHTTPD_OS_FOREVER);
    }
}

static void do_bytes(const char *hex)
{
    unsigned byte;
    for (; sscanf(hex, "%2x", &byte) == 1; hex += 2) {
        uint8_t one = (uint8_t)byte;
        write_bytes(&one, 1);
    }
}

static void do_fill(unsigned long count)
{
    static const char piece[] = "Gr\xc3\xbc\xc3\x9f"
                                "e \xe2\x82\xac \xf0\x9f\x90\x8d\r\n";
    for (unsigned long i = 0; i < count; i++) {
        write_text(piece);
    }
}

/* Takes Ctrl-C as a key, as editors do. Writes what it reads in hex. */
static void do_keys(unsigned long count)
{
    uint8_t byte;
    atomic_store(&s_takes_interrupts, false);
    for (; count > 0 && read_byte(&byte); count--) {
        char text[4];
        snprintf(text, sizeof text, "%02x", byte);
        write_text(text);
    }
    atomic_store(&s_takes_interrupts, true);
    write_text("\r\n");
}

static void do_sink(unsigned long count)
{
    uint32_t hash = 2166136261U; /* FNV-1a */
    uint8_t byte;
    for (; count > 0 && read_byte(&byte); count--) {
        hash = (hash ^ byte) * 16777619U;
    }
    char text[32];
    snprintf(text, sizeof text, "%08x\r\n", (unsigned)hash);
    write_text(text);
}

static void do_busy(void)
{
    while (!atomic_load(&s_interrupted)) {
    }
}

static void execute(const char *line)
{
    const char *space = strchr(line, ' '), *argument = space != NULL ? space + 1 : "";
    if (strncmp(line, "print ", 6) == 0 || strncmp(line, "slow ", 5) == 0) {
        write_text(argument);
        write_text("\r\n");
        if (line[0] == 's') {
            uhttpd_os_sleep(200);
        }
    } else if (strncmp(line, "bytes ", 6) == 0) {
        do_bytes(argument);
    } else if (strncmp(line, "fill ", 5) == 0) {
        do_fill(strtoul(argument, NULL, 10));
    } else if (strncmp(line, "sink ", 5) == 0) {
        do_sink(strtoul(argument, NULL, 10));
    } else if (strncmp(line, "keys ", 5) == 0) {
        do_keys(strtoul(argument, NULL, 10));
    } else if (strcmp(line, "busy") == 0) {
        do_busy();
    } else if (line[0] != '\0') {
        write_text("unknown\r\n");
    }
}

/* @return false: interrupted */
static bool read_line(char *line, size_t size)
{
    size_t len = 0;
    uint8_t byte;
    while (read_byte(&byte)) {
        if (byte == '\r') {
            line[len] = '\0';
            write_text("\r\n");
            return true;
        }
        if (byte == INTERRUPT) {
            write_text("it ought to have been swallowed");
        }
        if (byte >= ' ' && len + 1 < size) {
            line[len++] = (char)byte;
            write_bytes(&byte, 1);
        }
    }
    return false;
}

static void run(void *arg)
{
    (void)arg;
    for (;;) {
        char line[256];
        write_text(">>> ");
        uhttpd_os_sem_give(s_prompted);
        if (!read_line(line, sizeof line)) {
            write_text("\r\n");
            continue;
        }
        execute(line);
        if (atomic_exchange(&s_interrupted, false)) {
            write_text("\r\nKeyboardInterrupt\r\n");
        }
    }
}

void program_start(void)
{
    static uhttpd_os_task_t task;
    s_notified = uhttpd_os_sem_create();
    s_prompted = uhttpd_os_sem_create();
    if (s_notified == NULL || s_prompted == NULL ||
        uhttpd_os_task_start("program", run, NULL, &(uhttpd_os_task_config_t) {.stack = 65536}, &task) != ESP_OK) {
        abort();
    }
    uhttpd_os_sem_take(s_prompted, UHTTPD_OS_FOREVER); /* the first prompt is before any client */
}

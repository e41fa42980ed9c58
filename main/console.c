/* SPDX-License-Identifier: MIT */
#include "console.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api.h"
#include "console_line.h"
#include "console_runner.h"
#include "esp_check.h"
#include "esp_log.h"
#include "firmware.h"
#include "settings.h"
#include "storage.h"
#include "uhttpd_os.h"
#include "webrepl.h"

static const char *TAG = "console";

#define PROMPT ">>> " /* webrepl greets with it */
#define PATIENCE_MS 5000
#define CTRL_C 3

/* Ctrl-C keeps its place in the input, so that it ends the line it was typed in. A Ctrl-C that has arrived but was not
 * read yet interrupts a command. */
static atomic_uint s_interrupts_seen;
static unsigned s_interrupts_read;
static atomic_bool s_new_client;

static bool console_intercept(uint8_t byte, void *ctx)
{
    (void)ctx;
    if (byte == CTRL_C) {
        atomic_fetch_add(&s_interrupts_seen, 1);
    }
    return false;
}

static void console_notify(bool connected, void *ctx)
{
    (void)ctx;
    static bool s_connected; /* input that has arrived is notified of, too */
    if (connected && !s_connected) {
        atomic_store(&s_new_client, true);
    }
    s_connected = connected;
}

static void console_hard_reset(void *ctx)
{
    (void)ctx;
    firmware_restart();
}

bool terminal_interrupted(void)
{
    return atomic_load(&s_interrupts_seen) != s_interrupts_read;
}

static void console_write_bytes(const char *text, size_t len)
{
    if (len) {
        webrepl_write(text, len, PATIENCE_MS);
    }
}

void terminal_write(const char *text, size_t len)
{
    const char *line_end;
    while ((line_end = memchr(text, '\n', len))) {
        size_t line = (size_t)(line_end - text);
        console_write_bytes(text, line);
        console_write_bytes("\r\n", 2);
        text += line + 1;
        len -= line + 1;
    }
    console_write_bytes(text, len);
}

/* Long names of files do not fit on the stack. Without memory they are cut. */
void terminal_printf(const char *format, ...)
{
    char on_stack[160], *text = on_stack;
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    size_t len = (size_t)vsnprintf(on_stack, sizeof(on_stack), format, args);
    char *on_heap = len < sizeof(on_stack) ? NULL : malloc(len + 1);
    if (on_heap) {
        text = on_heap;
        vsnprintf(on_heap, len + 1, format, again);
    }
    terminal_write(text, strlen(text));
    va_end(again);
    va_end(args);
    free(on_heap);
}

static char read_char(void)
{
    char c;
    while (webrepl_read(&c, 1) == 0) {
        webrepl_wait(UHTTPD_OS_FOREVER);
    }
    if (c == CTRL_C) {
        s_interrupts_read++;
    }
    return c;
}

static void run_line(char *line)
{
    esp_err_t err = console_runner_run(line);
    if (err == ESP_ERR_NOT_FOUND) {
        terminal_printf("no such command; try help\n");
    } else if (err == ESP_ERR_NO_MEM) {
        terminal_printf("no memory\n");
    }
}

static void run_console(void *arg)
{
    (void)arg;
    static console_line_t line;
    console_runner_enter_task();
    for (;;) {
        char c = read_char();
        if (atomic_exchange(&s_new_client, false)) { /* discards what another client has begun to type */
            console_line_clear(&line);
        }
        switch (console_line_feed(&line, c)) {
        case CONSOLE_LINE_DONE:
            run_line(line.text);
            /* fall through */
        case CONSOLE_LINE_DISCARDED:
            console_line_clear(&line);
            console_write_bytes(PROMPT, strlen(PROMPT));
            break;
        default:
            break;
        }
    }
}

static esp_err_t console_start_task(void)
{
    ESP_RETURN_ON_ERROR(console_runner_init(), TAG, "no memory");
    const uhttpd_os_task_config_t task = {
        .stack = settings_console_stack(), .priority = CONFIG_UHTTPD_TASK_PRIORITY, .core = UHTTPD_OS_ANY_CORE};
    return uhttpd_os_task_spawn("console", run_console, NULL, &task);
}

esp_err_t console_serve(uhttpd_handle_t server)
{
    const char *password = settings_console_password();
    if (!password) {
        ESP_LOGW(TAG, "no password is configured, so there is no console");
        return ESP_OK;
    }
    webrepl_config_t config = WEBREPL_DEFAULT_CONFIG();
    config.terminal = (webrepl_terminal_events_t) {
        .intercept = console_intercept, .notify = console_notify, .hard_reset = console_hard_reset};
    config.files = storage_files();
    ESP_RETURN_ON_ERROR(webrepl_init(&config), TAG, "no terminal");
    ESP_RETURN_ON_ERROR(console_start_task(), TAG, "no task");
    ESP_RETURN_ON_ERROR(webrepl_serve(server, "/ws", password), TAG, "no route");
    return webrepl_serve_beside(server, "/", password, api_get_page);
}

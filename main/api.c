/* SPDX-License-Identifier: MIT */
#include "api.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "esp_check.h"
#include "firmware.h"
#include "network.h"
#include "settings.h"
#include "setup.h"
#include "storage.h"
#include "system.h"
#include "uhttpd_events.h"

static const char *TAG = "api";

#define MAX_TASKS 32
#define FIRST_SIZE 1024 /* bytes; a longer answer takes another try */

extern const char index_html_start[] __asm__("_binary_index_html_start");
extern const char index_html_end[] __asm__("_binary_index_html_end");

typedef struct {
    char *text;
    size_t size;
    size_t len; /* as it would be with enough room */
} json_t;

static void __attribute__((format(printf, 2, 3))) api_append(json_t *json, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    size_t at = json->len < json->size ? json->len : json->size;
    int len = vsnprintf(json->text + at, json->size - at, format, args);
    va_end(args);
    json->len += len > 0 ? (size_t)len : 0;
}

/* For names that programmers chose. Characters that would need an escape are left out. */
static void append_name(json_t *json, const char *name)
{
    api_append(json, "\"");
    for (; *name; name++) {
        api_append(json, "%c", *name < ' ' || *name == '"' || *name == '\\' || *name > '~' ? '?' : *name);
    }
    api_append(json, "\"");
}

static void append_heap(json_t *json)
{
    system_heap_t heap;
    if (!system_heap(&heap)) {
        api_append(json, "null");
        return;
    }
    api_append(json, "{\"free\":%" PRIu32 ",\"lowest\":%" PRIu32 ",\"largest\":%" PRIu32 "}", heap.free, heap.lowest,
               heap.largest);
}

/* Unknown is null, because a disk that is being filled stays locked for longer than this waits. */
static void append_files(json_t *json)
{
    api_append(json, "{\"writable\":%s", settings_console_password() ? "true" : "false");
    uint64_t size, left;
    if (storage_capacity(&size, &left) == 0) {
        api_append(json, ",\"size_kb\":%" PRIu32 ",\"free_kb\":%" PRIu32 "}", (uint32_t)(size / 1024),
                   (uint32_t)(left / 1024));
    } else {
        api_append(json, ",\"size_kb\":null,\"free_kb\":null}");
    }
}

static void append_tasks(json_t *json)
{
    system_task_t tasks[MAX_TASKS];
    size_t count = system_tasks(tasks, MAX_TASKS);
    api_append(json, "[");
    for (size_t i = 0; i < count; i++) {
        api_append(json, "%s{\"name\":", i ? "," : "");
        append_name(json, tasks[i].name);
        api_append(json, ",\"priority\":%u,\"stack_free\":%" PRIu32 "}", tasks[i].priority, tasks[i].stack_free);
    }
    api_append(json, "]");
}

static void append_info(json_t *json)
{
    api_append(json, "{\"version\":\"%s\",\"target\":\"%s\",\"uptime_s\":%" PRIu32 ",\"heap\":", FIRMWARE_VERSION,
               system_target(), firmware_uptime_s());
    append_heap(json);
    api_append(json, ",\"files\":");
    append_files(json);
    api_append(json, ",\"tasks\":");
    append_tasks(json);
    api_append(json, "}");
}

/* @return false: no memory; otherwise json.text is to be freed */
static bool write_info(json_t *json)
{
    for (size_t size = FIRST_SIZE;; size = 2 * json->len) {
        *json = (json_t) {.text = malloc(size), .size = size};
        if (!json->text) {
            return false;
        }
        append_info(json);
        if (json->len < size) {
            return true;
        }
        free(json->text);
    }
}

static esp_err_t get_info(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    json_t json;
    ESP_RETURN_ON_FALSE(write_info(&json), ESP_ERR_NO_MEM, TAG, "no memory");
    static const uhttpd_header_t fresh = {"Cache-Control", "no-store"};
    const uhttpd_response_t response = {.mime = "application/json", .headers = &fresh, .header_count = 1};
    esp_err_t err = uhttpd_write(req, json.text, json.len, &response);
    free(json.text);
    return err;
}

void api_tell(uhttpd_handle_t server)
{
    json_t json;
    if (write_info(&json)) {
        uhttpd_dispatch(server, &(uhttpd_event_t) {.data = json.text, .len = json.len}, NULL);
        free(json.text);
    }
}

esp_err_t api_get_page(uhttpd_req_t *req, void *ctx)
{
    if (network_needs_setup()) {
        return setup_redirect(req, ctx);
    }
    const uhttpd_response_t response = {.mime = "text/html; charset=utf-8"};
    return uhttpd_write(req, index_html_start, (size_t)(index_html_end - index_html_start), &response);
}

esp_err_t api_serve(uhttpd_handle_t server)
{
    const uhttpd_route_t page = {.url = "/", .methods = UHTTPD_GET, .handler = api_get_page};
    const uhttpd_route_t info = {.url = "/api/info", .methods = UHTTPD_GET, .handler = get_info};
    ESP_RETURN_ON_ERROR(uhttpd_route(server, &page), TAG, "no route");
    ESP_RETURN_ON_ERROR(uhttpd_route(server, &info), TAG, "no route");
    uhttpd_events_config_t events = UHTTPD_EVENTS_DEFAULT_CONFIG();
    events.url = "/api/events";
    return uhttpd_events_route(server, &events);
}

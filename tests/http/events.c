/* SPDX-License-Identifier: MIT */
/* Server-Sent Events at /events, dispatched by commands, by threads and by a handler. */
#include "uhttpd_events.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"

#define THREADS 4

uhttpd_events_config_t g_events = UHTTPD_EVENTS_DEFAULT_CONFIG();

static uhttpd_handle_t s_server;

/* Tests about other things have no route for it. */
bool g_has_events;

static esp_err_t dispatch_text(const char *text)
{
    return uhttpd_dispatch(s_server, &(uhttpd_event_t) {.data = text, .len = strlen(text)}, NULL);
}

/* "ID NAME RETRY HEX", "-" for none. Answers how many listen, or what is wrong. */
void events_dispatch(const char *arguments)
{
    char id[64], name[64];
    static char hex[65536], data[sizeof(hex) / 2];
    unsigned retry;
    hex[0] = '\0';
    if (sscanf(arguments, "%63s %63s %u %65535s", id, name, &retry, hex) < 3) {
        printf("usage\n");
        return;
    }
    size_t len = strlen(hex) / 2;
    for (size_t i = 0; i < len; i++) {
        sscanf(hex + 2 * i, "%2hhx", (unsigned char *)&data[i]);
    }
    for (char *at = name; *at; at++) {
        *at = *at == '~' ? '\n' : *at;
    }
    const uhttpd_event_t event = {
        .data = data,
        .len = len,
        .retry = retry,
        .id = strcmp(id, "-") ? id : NULL,
        .event = strcmp(name, "-") ? name : NULL,
    };
    unsigned listeners;
    esp_err_t err = uhttpd_dispatch(s_server, &event, &listeners);
    if (err == ESP_OK) {
        printf("%u\n", listeners);
    } else {
        printf("%s\n", error_name(err));
    }
}

static void *flood(void *count)
{
    char text[24];
    for (size_t i = 0; i < (size_t)count; i++) {
        snprintf(text, sizeof(text), "%zu", i);
        dispatch_text(text);
    }
    return NULL;
}

void events_flood(const char *count)
{
    flood((void *)strtoul(count, NULL, 10));
    printf("ok\n");
}

void events_storm(const char *count)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, flood, (void *)strtoul(count, NULL, 10));
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    printf("ok\n");
}

static esp_err_t tell(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    dispatch_text("told by a handler");
    return uhttpd_write(req, "told", 4, NULL);
}

esp_err_t events_add(uhttpd_handle_t server)
{
    s_server = server;
    if (!g_has_events) {
        return ESP_OK;
    }
    g_events.url = "/events";
    const uhttpd_route_t route = {.url = "/tell", .methods = UHTTPD_GET, .handler = tell};
    esp_err_t err = uhttpd_route(server, &route);
    return err == ESP_OK ? uhttpd_events_route(server, &g_events) : err;
}

void events_again(const char *url)
{
    uhttpd_events_config_t config = g_events;
    config.url = url;
    printf("%s\n", error_name(uhttpd_events_route(s_server, &config)));
}

/* SPDX-License-Identifier: MIT */
/* Responses from sources, and bodies into sinks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "uhttpd_stream.h"

static esp_err_t note(esp_err_t err)
{
    atomic_store(&g_counts.last_error, err);
    return err;
}

static esp_err_t write_text(uhttpd_req_t *req, const char *status, const char *text)
{
    return uhttpd_write(req, text, strlen(text), &(uhttpd_response_t) {.status = status, .mime = "text/plain"});
}

/* --- a source: size bytes of the pattern -------------------------------------------------------------------------- */

typedef struct {
    size_t at, size;
    size_t step;    /* most bytes at a time */
    size_t fail_at; /* the error comes after that many bytes */
    esp_err_t error;
    bool holds; /* waits for the command "release" before it reads */
} source_t;

static esp_err_t source_read(void *ctx, void *buf, size_t size, size_t *got)
{
    source_t *source = ctx;
    atomic_fetch_add(&g_counts.reads, 1);
    if (source->holds) {
        sem_wait(&g_release);
        source->holds = false;
    }
    if (source->at >= source->fail_at) {
        return source->error;
    }
    size_t left = source->size - source->at;
    size_t len = left < size ? left : size;
    len = len < source->step ? len : source->step;
    for (size_t i = 0; i < len; i++) {
        ((char *)buf)[i] = pattern_at(source->at + i);
    }
    source->at += len;
    *got = len;
    return ESP_OK;
}

static void source_close(void *ctx, esp_err_t result)
{
    free(ctx);
    atomic_store(&g_counts.close_result, result);
    atomic_fetch_add(&g_counts.closes, 1);
}

/* /from?size=...: its length is size, or &length=..., or none with &endless=1 */
static esp_err_t from(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    source_t *source = malloc(sizeof(*source));
    *source = (source_t) {.size = query_number(req, "size", 1000),
                          .step = query_number(req, "step", SIZE_MAX),
                          .fail_at = query_number(req, "fail_at", SIZE_MAX),
                          .error = (esp_err_t)query_number(req, "error", ESP_ERR_NOT_FINISHED),
                          .holds = query_number(req, "holds", 0)};
    int64_t length = query_number(req, "endless", 0) ? -1 : (int64_t)query_number(req, "length", source->size);
    char status[64];
    uhttpd_response_t response = {.mime = "text/plain"};
    response.status = query_text(req, "status", status, sizeof(status)) ? status : NULL;
    esp_err_t result = (esp_err_t)query_number(req, "result", ESP_OK);
    esp_err_t err = uhttpd_write_from(req, length, &(uhttpd_source_t) {source_read, source_close, source}, &response);
    if (err != ESP_OK) {
        free(source);
        return write_text(req, "503 Service Unavailable", error_name(note(err)));
    }
    note(uhttpd_write(req, "twice", 5, NULL)); /* is refused, and does no harm */
    return result;
}

/* --- a sink: counts and compares, or keeps and sends back --------------------------------------------------------- */

typedef struct {
    char *data;
    size_t at;
    size_t fail_at;
    bool wrong;
    bool mute;   /* does not answer */
    bool echoes; /* answers with the body, as a stream */
} sink_t;

static esp_err_t sink_write(void *ctx, const void *data, size_t len)
{
    sink_t *sink = ctx;
    if (sink->at >= sink->fail_at) {
        return ESP_ERR_NO_MEM;
    }
    for (size_t i = 0; i < len; i++) {
        sink->wrong = sink->wrong || ((const char *)data)[i] != pattern_at(sink->at + i);
    }
    if (sink->echoes) {
        sink->data = realloc(sink->data, sink->at + len);
        memcpy(sink->data + sink->at, data, len);
    }
    sink->at += len;
    atomic_fetch_add(&g_counts.taken, (int)len);
    return ESP_OK;
}

static void sink_free(sink_t *sink)
{
    free(sink->data);
    free(sink);
}

static esp_err_t echo_read(void *ctx, void *buf, size_t size, size_t *got)
{
    sink_t *sink = ctx;
    *got = size < sink->at ? size : sink->at;
    if (*got) {
        memcpy(buf, sink->data, *got);
        memmove(sink->data, sink->data + *got, sink->at - *got);
    }
    sink->at -= *got;
    return ESP_OK;
}

static void echo_close(void *ctx, esp_err_t result)
{
    sink_free(ctx);
    atomic_store(&g_counts.close_result, result);
    atomic_fetch_add(&g_counts.closes, 1);
}

static esp_err_t answer(uhttpd_req_t *req, sink_t *sink, esp_err_t result)
{
    if (result == ESP_ERR_NO_MEM) {
        return write_text(req, "507 Insufficient Storage", "full");
    }
    if (result != ESP_OK || sink->mute) {
        return result;
    }
    char text[64];
    snprintf(text, sizeof(text), "%zu %s", sink->at, sink->wrong ? "wrong" : "right");
    return write_text(req, NULL, text);
}

static esp_err_t sink_done(uhttpd_req_t *req, void *ctx, esp_err_t result)
{
    sink_t *sink = ctx;
    atomic_store(&g_counts.done_result, result);
    atomic_fetch_add(&g_counts.dones, 1);
    if (result == ESP_OK && sink->echoes) {
        return uhttpd_write_from(req, (int64_t)sink->at, &(uhttpd_source_t) {echo_read, echo_close, sink}, NULL);
    }
    esp_err_t err = answer(req, sink, result);
    sink_free(sink);
    return err;
}

static esp_err_t to(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    sink_t *sink = calloc(1, sizeof(*sink));
    sink->fail_at = query_number(req, "fail_at", SIZE_MAX);
    sink->mute = query_number(req, "mute", 0);
    sink->echoes = query_number(req, "echo", 0);
    size_t first = query_number(req, "first", 0); /* read by the handler itself */
    char byte;
    size_t got = 1;
    for (; first && got; first--) {
        uhttpd_req_read(req, &byte, 1, &got);
        sink_write(sink, &byte, got);
    }
    esp_err_t result = (esp_err_t)query_number(req, "result", ESP_OK);
    esp_err_t err = uhttpd_read_to(req, &(uhttpd_sink_t) {sink_write, sink_done, sink});
    if (err != ESP_OK) {
        sink_free(sink);
        return write_text(req, "503 Service Unavailable", error_name(note(err)));
    }
    note(uhttpd_write(req, "early", 5, NULL)); /* is refused, and does no harm */
    return result;
}

/* --- the table ---------------------------------------------------------------------------------------------------- */

esp_err_t streams_add(uhttpd_handle_t server)
{
    static const uhttpd_route_t routes[] = {
        {.url = "/from", .methods = UHTTPD_GET | UHTTPD_POST, .handler = from},
        {.url = "/inline-from", .methods = UHTTPD_GET, .handler = from, .inline_handler = true},
        {.url = "/to", .methods = UHTTPD_POST | UHTTPD_PUT, .handler = to},
        {.url = "/inline-to", .methods = UHTTPD_POST, .handler = to, .inline_handler = true},
    };
    esp_err_t err = ESP_OK;
    for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]) && err == ESP_OK; i++) {
        err = uhttpd_route(server, &routes[i]);
    }
    return err;
}

/* SPDX-License-Identifier: MIT */
/* Handlers that read forms and JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "uhttpd_form.h"

#define MOST 1000 /* bytes of a form, or of JSON */

/* Text that grows, one line for each field or part. */
typedef struct {
    char text[4096];
    size_t len;
} lines_t;

static void add_line(lines_t *lines, const uhttpd_part_t *part)
{
    lines->len += (size_t)snprintf(lines->text + lines->len, sizeof(lines->text) - lines->len, "%s|%s|%s|", part->name,
                                   part->filename ? part->filename : "-", part->mime ? part->mime : "-");
}

static void add_bytes(lines_t *lines, const char *data, size_t len)
{
    size_t room = sizeof(lines->text) - lines->len;
    len = len < room ? len : room;
    memcpy(lines->text + lines->len, data, len);
    lines->len += len;
}

static esp_err_t write_lines(uhttpd_req_t *req, const lines_t *lines)
{
    return uhttpd_write(req, lines->text, lines->len, &(uhttpd_response_t) {.mime = "text/plain"});
}

static esp_err_t tell_fields(uhttpd_req_t *req, const uhttpd_form_t *form)
{
    lines_t *lines = calloc(1, sizeof(*lines));
    if (!lines) {
        return ESP_ERR_NO_MEM;
    }
    uhttpd_part_t part;
    const char *value;
    size_t len;
    for (size_t i = 0; uhttpd_form_at(form, i, &part, &value, &len); i++) {
        add_line(lines, &part);
        add_bytes(lines, value, len);
        add_bytes(lines, "\n", 1);
    }
    const char *second = uhttpd_form_value(form, "a", 1);
    add_bytes(lines, second ? second : "none", strlen(second ? second : "none"));
    esp_err_t err = write_lines(req, lines);
    free(lines);
    return err;
}

static esp_err_t read_whole(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    uhttpd_form_t *form;
    esp_err_t err = uhttpd_read_form(req, MOST, &form);
    err = err == ESP_OK ? tell_fields(req, form) : err;
    uhttpd_form_free(form);
    return err;
}

static esp_err_t line_begin(void *ctx, const uhttpd_part_t *part)
{
    add_line(ctx, part);
    return ESP_OK;
}

static esp_err_t line_write(void *ctx, const void *data, size_t len)
{
    add_bytes(ctx, data, len < 10 ? len : 10);
    atomic_fetch_add(&g_counts.taken, (int)len);
    return memchr(data, '!', len) ? ESP_ERR_NOT_ALLOWED : ESP_OK;
}

static esp_err_t line_end(void *ctx)
{
    add_bytes(ctx, "\n", 1);
    return ESP_OK;
}

static esp_err_t lines_done(uhttpd_req_t *req, void *ctx, esp_err_t result)
{
    lines_t *lines = ctx;
    atomic_fetch_add(&g_counts.dones, 1);
    atomic_store(&g_counts.done_result, result);
    esp_err_t err = result == ESP_OK ? write_lines(req, lines) : result;
    free(lines);
    return err;
}

static esp_err_t read_parts_to(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    lines_t *lines = calloc(1, sizeof(*lines));
    if (!lines) {
        return ESP_ERR_NO_MEM;
    }
    esp_err_t err =
        uhttpd_read_parts_to(req, &(uhttpd_parts_sink_t) {line_begin, line_write, line_end, lines_done, lines});
    if (err != ESP_OK) {
        free(lines);
    }
    return err;
}

static esp_err_t read_json(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    char *text;
    size_t len;
    esp_err_t err = uhttpd_req_read_json(req, MOST, &text, &len);
    err = err == ESP_OK ? uhttpd_write(req, text, len, &(uhttpd_response_t) {.mime = "application/json"}) : err;
    free(text);
    return err;
}

esp_err_t forms_add(uhttpd_handle_t server)
{
    static const uhttpd_route_t routes[] = {
        {.url = "/form", .methods = UHTTPD_POST, .handler = read_whole},
        {.url = "/parts", .methods = UHTTPD_POST, .handler = read_parts_to},
        {.url = "/inline-parts", .methods = UHTTPD_POST, .handler = read_parts_to, .inline_handler = true},
        {.url = "/json", .methods = UHTTPD_POST, .handler = read_json},
    };
    esp_err_t err = ESP_OK;
    for (size_t i = 0; err == ESP_OK && i < sizeof(routes) / sizeof(routes[0]); i++) {
        err = uhttpd_route(server, &routes[i]);
    }
    return err;
}

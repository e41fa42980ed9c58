/* SPDX-License-Identifier: MIT */
/* Handlers that behave well, and handlers that misbehave. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "uhttpd_query.h"

#define MAX_BODY (8u * 1024 * 1024)

/* --- what the query says ------------------------------------------------------------------------------------------ */

size_t query_text(const uhttpd_req_t *req, const char *key, char *out, size_t size)
{
    size_t len;
    const char *query = uhttpd_req_query(req, &len);
    uhttpd_query_item_t item;
    out[0] = '\0';
    while (query && uhttpd_query_next(&query, &len, &item)) {
        if (uhttpd_query_equals(item.key, item.key_len, key, strlen(key)) && item.value && item.value_len < size) {
            size_t decoded = uhttpd_query_decode(item.value, item.value_len, out);
            out[decoded] = '\0';
            return decoded;
        }
    }
    return 0;
}

size_t query_number(const uhttpd_req_t *req, const char *key, size_t otherwise)
{
    char text[24];
    return query_text(req, key, text, sizeof(text)) ? strtoul(text, NULL, 10) : otherwise;
}

static esp_err_t write_text(uhttpd_req_t *req, const char *text)
{
    return uhttpd_write(req, text, strlen(text), &(uhttpd_response_t) {.mime = "text/plain"});
}

static esp_err_t note(esp_err_t err)
{
    atomic_store(&g_counts.last_error, err);
    return err;
}

char pattern_at(size_t at)
{
    return (char)('a' + (at + at / 251) % 26);
}

static char *make_pattern(size_t size)
{
    char *data = malloc(size + 1);
    for (size_t i = 0; i < size; i++) {
        data[i] = pattern_at(i);
    }
    return data;
}

/* --- good handlers ------------------------------------------------------------------------------------------------ */

static esp_err_t say(uhttpd_req_t *req, void *text)
{
    return write_text(req, text);
}

static const char *param_text(const uhttpd_req_t *req, const char *name, char *value, size_t size)
{
    esp_err_t err = uhttpd_req_param(req, name, value, size);
    return err == ESP_OK ? value : err == ESP_ERR_NOT_FOUND ? "not found" : "too long";
}

static esp_err_t tell_params(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    char n[20], rest[40], text[80];
    snprintf(text, sizeof(text), "n is %s, rest is %s", param_text(req, "n", n, sizeof(n)),
             param_text(req, "rest", rest, sizeof(rest)));
    return write_text(req, text);
}

static esp_err_t big(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    size_t size = query_number(req, "size", 1000);
    char *data = make_pattern(size);
    note(uhttpd_write(req, data, size, NULL));
    free(data);
    return ESP_OK;
}

static esp_err_t stream(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    size_t size = query_number(req, "size", 10);
    size_t pieces = query_number(req, "pieces", 3);
    char *data = make_pattern(size);
    esp_err_t err = ESP_OK;
    for (size_t i = 0; i < pieces && err == ESP_OK; i++) {
        err = uhttpd_send_chunk(req, data, size, NULL);
    }
    free(data);
    return note(err == ESP_OK ? uhttpd_send_chunk(req, NULL, 0, NULL) : err);
}

static esp_err_t read_all(uhttpd_req_t *req, char *data, size_t size, size_t step, size_t *len)
{
    *len = 0;
    for (;;) {
        size_t got, room = size - *len;
        esp_err_t err = uhttpd_req_read(req, data + *len, room < step ? room : step, &got);
        if (err != ESP_OK || !got) {
            return err;
        }
        *len += got;
    }
}

static esp_err_t echo(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    size_t len, step = query_number(req, "step", 4096);
    char *data = malloc(MAX_BODY);
    esp_err_t err = note(read_all(req, data, MAX_BODY, step, &len));
    if (err == ESP_OK) {
        err = uhttpd_write(req, data, len, NULL);
    }
    free(data);
    return err;
}

/* Everything that a handler can learn about a request, a line each. */
static esp_err_t describe(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    char text[8192], remote[46];
    size_t path_len, query_len, at = 0;
    const char *path = uhttpd_req_path(req, &path_len), *query = uhttpd_req_query(req, &query_len);
    uhttpd_req_remote(req, remote, sizeof(remote));
    at +=
        (size_t)snprintf(text, sizeof(text), "method %d\nuri %s\npath %.*s\nquery %.*s\nlength %lld\nremote %s\n",
                         (int)uhttpd_req_method(req), uhttpd_req_uri(req), (int)path_len, path,
                         query ? (int)query_len : 4, query ? query : "none", (long long)uhttpd_req_length(req), remote);
    const char *name, *value;
    for (size_t n = 0; uhttpd_req_header_at(req, n, &name, &value) && at < sizeof(text) - 1; n++) {
        at += (size_t)snprintf(text + at, sizeof(text) - at, "header %s=%s\n", name, value);
    }
    return uhttpd_write(req, text, at < sizeof(text) ? at : sizeof(text) - 1, NULL);
}

/* Works until the test releases it. */
esp_err_t routes_hold(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    atomic_fetch_add(&g_counts.holding, 1);
    sem_wait(&g_release);
    atomic_fetch_sub(&g_counts.holding, 1);
    note(write_text(req, "held"));
    atomic_fetch_add(&g_counts.handled, 1);
    return ESP_OK;
}

static void forget(void *visits)
{
    atomic_fetch_add(&g_counts.freed, 1);
    free(visits);
}

/* How many requests of the connection came here, and where it ends. */
static esp_err_t count_visits(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    char text[80], local[46];
    int *visits = uhttpd_req_kept(req);
    if (!visits || query_number(req, "anew", 0)) {
        visits = calloc(1, sizeof(*visits));
    }
    uhttpd_req_keep(req, visits, forget);
    uhttpd_req_local(req, local, sizeof(local));
    snprintf(text, sizeof(text), "%d at %s", ++*visits, local);
    return write_text(req, text);
}

static esp_err_t answer_unread(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    return write_text(req, "not interested");
}

static esp_err_t answer_and_close(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    uhttpd_header_t header = {"Connection", "close"};
    return uhttpd_write(req, "bye", 3, &(uhttpd_response_t) {.headers = &header, .header_count = 1});
}

static esp_err_t answer_raw(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    static const char text[] = "HTTP/1.1 299 Own Words\r\nContent-Length: 3\r\n\r\nraw";
    return uhttpd_send(req, text, sizeof(text) - 1);
}

/* /status?line=... with a body that some of them must not have */
static esp_err_t answer_status(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    char line[128];
    query_text(req, "line", line, sizeof(line));
    esp_err_t err = note(uhttpd_write(req, "body", 4, &(uhttpd_response_t) {.status = line}));
    return err == ESP_OK ? ESP_OK : write_text(req, error_name(err));
}

/* /header?name=...&value=... */
static esp_err_t answer_header(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    char name[64], value[512], mime[64];
    query_text(req, "name", name, sizeof(name));
    query_text(req, "value", value, sizeof(value));
    uhttpd_header_t headers[] = {{"X-Left-Out", NULL}, {"Content-Type", NULL}, {name, value}};
    uhttpd_response_t response = {.headers = headers, .header_count = name[0] ? 3 : 2};
    response.mime = query_text(req, "mime", mime, sizeof(mime)) ? mime : NULL;
    esp_err_t err = note(uhttpd_write(req, "with", 4, &response));
    return err == ESP_OK ? ESP_OK : write_text(req, error_name(err));
}

static esp_err_t stop_later(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    esp_err_t err = app_stop_later();
    return err == ESP_OK ? write_text(req, "stopping") : err;
}

/* /cookie?name=... */
static esp_err_t tell_cookie(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    char name[64];
    size_t len;
    query_text(req, "name", name, sizeof(name));
    const char *value = uhttpd_req_cookie(req, name, &len);
    return value ? uhttpd_write(req, value, len, NULL) : write_text(req, "none");
}

static esp_err_t tell_method(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    char text[64];
    snprintf(text, sizeof(text), "%d %s", (int)uhttpd_req_method(req), uhttpd_req_method_name(req));
    return write_text(req, text);
}

esp_err_t routes_auth(uhttpd_req_t *req, void *key)
{
    size_t len;
    const char *path = uhttpd_req_path(req, &len);
    const char *given = uhttpd_req_header(req, "X-Key");
    if (len == strlen("/login") && memcmp(path, "/login", len) == 0) {
        uhttpd_header_t where = {"Location", "/elsewhere"};
        return uhttpd_write(req, "", 0, &(uhttpd_response_t) {"303 See Other", NULL, &where, 1, false});
    }
    if (given && strncmp(given, "slow", strlen("slow")) == 0) {
        atomic_fetch_add(&g_counts.holding, 1);
        sem_wait(&g_release);
        atomic_fetch_sub(&g_counts.holding, 1);
        return strcmp(given, "slow") == 0 ? ESP_OK : ESP_FAIL;
    }
    return given && strcmp(given, key) == 0 ? ESP_OK : ESP_FAIL;
}

/* --- error pages -------------------------------------------------------------------------------------------------- */

/* What is wrong, in a page of its own; the query says how it goes wrong itself. */
static esp_err_t explain(uhttpd_req_t *req, void *name)
{
    char text[160], how[16];
    const char *reason;
    int status = uhttpd_req_error(req, &reason);
    query_text(req, "page", how, sizeof(how));
    snprintf(text, sizeof(text), "%s: %d, %s, %s", (const char *)name, status, reason ? reason : "no reason",
             uhttpd_req_uri(req));
    if (strcmp(how, "silent") == 0) {
        return ESP_OK;
    }
    if (strcmp(how, "again") == 0) {
        return uhttpd_write_error(req, status, "again", NULL, 0);
    }
    if (strcmp(how, "fail") == 0) {
        return ESP_FAIL;
    }
    if (strcmp(how, "hold") == 0) {
        return routes_hold(req, NULL);
    }
    if (strcmp(how, "stream") == 0) {
        return stream(req, NULL);
    }
    static const uhttpd_header_t quiet = {"WWW-Authenticate", NULL};
    static const uhttpd_header_t where = {"Location", "/login"};
    uhttpd_response_t response = {.headers = strcmp(how, "quiet") == 0 ? &quiet : &where, .header_count = how[0] != 0};
    response.status = strcmp(how, "login") == 0 ? "303 See Other" : NULL;
    return uhttpd_write(req, text, strlen(text), &response);
}

static esp_err_t write_error(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    static const uhttpd_header_t later = {"Retry-After", "7"};
    return note(uhttpd_write_error(req, (int)query_number(req, "status", 409), "not now", &later, 1));
}

void routes_page(const char *arguments)
{
    char kind[16] = "";
    int status = 0;
    sscanf(arguments, "%d %15s", &status, kind);
    uhttpd_error_page_t page = {.status = status};
    if (strcmp(kind, "text") != 0) {
        page.handler = explain;
        page.ctx = status ? "one" : "any";
    }
    if (strcmp(kind, "handler") != 0) {
        page.text = "<h1>Sorry</h1>";
        page.mime = strcmp(kind, "neither") == 0 ? "a\rb" : "text/x-page";
    }
    printf("%s\n", error_name(uhttpd_error_page(app_server(), &page)));
}

/* --- bad handlers ------------------------------------------------------------------------------------------------- */

static esp_err_t answer_nothing(uhttpd_req_t *req, void *ctx)
{
    (void)req;
    (void)ctx;
    return ESP_OK;
}

static esp_err_t fail(uhttpd_req_t *req, void *ctx)
{
    (void)req;
    (void)ctx;
    return ESP_FAIL;
}

static esp_err_t answer_twice(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    write_text(req, "first");
    note(write_text(req, "second"));
    return ESP_OK;
}

static esp_err_t answer_then_fail(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    write_text(req, "done");
    return ESP_FAIL;
}

static esp_err_t abandon_chunks(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    return uhttpd_send_chunk(req, "half", 4, NULL);
}

/* Reads on after every error. */
static esp_err_t read_stubbornly(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    char data[64];
    size_t got = 0;
    esp_err_t err = ESP_FAIL;
    for (int attempt = 0; attempt < 3 || err == ESP_OK; attempt++) {
        err = uhttpd_req_read(req, data, sizeof(data), &got);
        if (err == ESP_OK && !got) {
            note(ESP_OK);
            return write_text(req, "whole");
        }
    }
    note(err);
    return write_text(req, "cut off");
}

static esp_err_t read_inline(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    char byte;
    size_t got;
    note(uhttpd_req_read(req, &byte, 1, &got));
    return write_text(req, error_name(g_counts.last_error));
}

/* --- the table ---------------------------------------------------------------------------------------------------- */

#define CHANGES (UHTTPD_POST | UHTTPD_PUT | UHTTPD_PATCH | UHTTPD_DELETE)

static const uhttpd_route_t s_routes[] = {
    {.url = "/hello", .methods = UHTTPD_GET, .handler = say, .ctx = "Hello World"},
    {.url = "/inline", .methods = UHTTPD_GET, .handler = say, .ctx = "inline", .inline_handler = true},
    {.url = "/param/<int:n>/<path:rest>", .methods = UHTTPD_GET, .handler = tell_params},
    {.url = "/unparam", .methods = UHTTPD_GET, .handler = tell_params},
    {.url = "/big", .methods = UHTTPD_GET, .handler = big},
    {.url = "/inline-big", .methods = UHTTPD_GET, .handler = big, .inline_handler = true},
    {.url = "/stream", .methods = UHTTPD_GET, .handler = stream},
    {.url = "/inline-stream", .methods = UHTTPD_GET, .handler = stream, .inline_handler = true},
    {.url = "/echo", .methods = CHANGES, .handler = echo},
    {.url = "/describe", .methods = UHTTPD_GET | UHTTPD_POST, .handler = describe},
    {.url = "/hold", .methods = UHTTPD_GET, .handler = routes_hold},
    {.url = "/inline-hold", .methods = UHTTPD_GET, .handler = routes_hold, .inline_handler = true},
    {.url = "/unread", .methods = UHTTPD_POST, .handler = answer_unread},
    {.url = "/close", .methods = UHTTPD_GET, .handler = answer_and_close},
    {.url = "/raw", .methods = UHTTPD_GET, .handler = answer_raw},
    {.url = "/status", .methods = UHTTPD_GET, .handler = answer_status},
    {.url = "/header", .methods = UHTTPD_GET, .handler = answer_header},
    {.url = "/stop-later", .methods = UHTTPD_POST, .handler = stop_later},
    {.url = "/nothing", .methods = UHTTPD_GET, .handler = answer_nothing},
    {.url = "/inline-nothing", .methods = UHTTPD_GET, .handler = answer_nothing, .inline_handler = true},
    {.url = "/fail", .methods = UHTTPD_GET, .handler = fail},
    {.url = "/twice", .methods = UHTTPD_GET, .handler = answer_twice},
    {.url = "/then-fail", .methods = UHTTPD_GET, .handler = answer_then_fail},
    {.url = "/half-chunks", .methods = UHTTPD_GET, .handler = abandon_chunks},
    {.url = "/stubborn", .methods = UHTTPD_POST, .handler = read_stubbornly},
    {.url = "/inline-read", .methods = UHTTPD_POST, .handler = read_inline, .inline_handler = true},
    {.url = "/cookie", .methods = UHTTPD_GET, .handler = tell_cookie},
    {.url = "/own-auth", .methods = UHTTPD_GET, .handler = say, .ctx = "open", .own_auth = true},
    {.url = "/error", .methods = UHTTPD_GET, .handler = write_error},
    {.url = "/visits", .methods = UHTTPD_GET, .handler = count_visits},
    {.url = "/any/first", .methods = UHTTPD_GET, .handler = say, .ctx = "exact, added first"},
    {.url = "/any/*", .methods = UHTTPD_GET, .handler = say, .ctx = "wildcard"},
    {.url = "/any/late", .methods = UHTTPD_GET | UHTTPD_DELETE, .handler = say, .ctx = "exact, added last"},
};

esp_err_t routes_add(uhttpd_handle_t server)
{
    for (size_t i = 0; i < sizeof(s_routes) / sizeof(s_routes[0]); i++) {
        esp_err_t err = uhttpd_route(server, &s_routes[i]);
        if (err != ESP_OK) {
            return err;
        }
    }
    static const uhttpd_route_t every[] = {
        {.url = "/every", .methods = UHTTPD_PUT, .handler = say, .ctx = "put"},
        {.url = "/every", .methods = UHTTPD_ANY, .handler = tell_method},
    };
    esp_err_t err = g_takes_any ? uhttpd_route(server, &every[0]) : ESP_OK;
    return err == ESP_OK && g_takes_any ? uhttpd_route(server, &every[1]) : err;
}

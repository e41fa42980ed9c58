/* SPDX-License-Identifier: MIT */
/* Requests that are answered later. The command "held" tells how many there are, "answer" resumes the oldest. */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "uhttpd_hold.h"

#define MOST 64

static pthread_mutex_t s_lock = PTHREAD_MUTEX_INITIALIZER;
static uhttpd_req_t *s_held[MOST];
static atomic_size_t s_count;
static atomic_uint s_overs;
static _Atomic esp_err_t s_why;

static esp_err_t held_wait(uhttpd_req_t *req, void *ctx);

static void held_note(uhttpd_req_t *req)
{
    pthread_mutex_lock(&s_lock);
    s_held[s_count++] = req;
    pthread_mutex_unlock(&s_lock);
}

/* @param req  NULL: the oldest */
static uhttpd_req_t *held_take(const uhttpd_req_t *req)
{
    pthread_mutex_lock(&s_lock);
    size_t at = 0;
    while (at < s_count && req && s_held[at] != req) {
        at++;
    }
    uhttpd_req_t *taken = at < s_count ? s_held[at] : NULL;
    if (taken) {
        memmove(&s_held[at], &s_held[at + 1], (--s_count - at) * sizeof(s_held[0]));
    }
    pthread_mutex_unlock(&s_lock);
    return taken;
}

static esp_err_t held_write(uhttpd_req_t *req, const char *status, const char *text)
{
    return uhttpd_write(req, text, strlen(text), &(uhttpd_response_t) {.status = status, .mime = "text/plain"});
}

static esp_err_t held_answer(uhttpd_req_t *req, void *ctx)
{
    const char *name = uhttpd_req_header(req, "X-Name");
    char text[128];
    snprintf(text, sizeof(text), "%s %s", (const char *)ctx, name ? name : "nobody");
    esp_err_t err = held_write(req, NULL, text);
    atomic_store(&g_counts.last_error, err);
    return err;
}

/* Reads the body first, as a worker may. */
static esp_err_t held_echo(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    char body[256];
    size_t len = 0, got = 1;
    while (got && uhttpd_req_read(req, body + len, sizeof(body) - len, &got) == ESP_OK) {
        len += got;
    }
    return uhttpd_write(req, body, len, NULL);
}

static esp_err_t held_too_late(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    atomic_store(&g_counts.last_error, held_write(req, "503 Service Unavailable", "nobody came"));
    return ESP_OK;
}

static void held_over(uhttpd_req_t *req, void *ctx, esp_err_t why)
{
    (void)ctx;
    s_why = why;
    s_overs++;
    if (held_take(req)) {
        uhttpd_resume(req, held_too_late, NULL);
    }
}

/* /held?timeout=..., with &at_once=1 resumed before it returns, with &again=1 held twice, with &echo=1 its body comes back */
static esp_err_t held_wait(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    uhttpd_hold_t hold = {.over = held_over, .timeout = (uint32_t)query_number(req, "timeout", 0)};
    esp_err_t err = uhttpd_hold(req, &hold);
    if (err != ESP_OK) {
        return held_write(req, "503 Service Unavailable", error_name(err));
    }
    if (query_number(req, "at_once", 0)) {
        uhttpd_resume(req, held_answer, "at once");
    } else {
        held_note(req);
    }
    return ESP_OK;
}

void held_state(const char *unused)
{
    (void)unused;
    printf("{\"held\": %zu, \"overs\": %u, \"why\": \"%s\"}\n", (size_t)s_count, (unsigned)s_overs, error_name(s_why));
}

/* "answer", "answer again" (holds once more), "answer echo" */
void held_resume(const char *how)
{
    uhttpd_req_t *req = held_take(NULL);
    if (req) {
        bool again = strcmp(how, "again") == 0, echo = strcmp(how, "echo") == 0;
        uhttpd_resume(req, again ? held_wait : echo ? held_echo : held_answer, "hello");
    }
    printf("%s\n", req ? "ok" : "nobody");
}

esp_err_t held_add(uhttpd_handle_t server)
{
    esp_err_t err = uhttpd_route(
        server, &(uhttpd_route_t) {.url = "/held", .methods = UHTTPD_GET | UHTTPD_POST, .handler = held_wait});
    return err != ESP_OK ? err
                         : uhttpd_route(server, &(uhttpd_route_t) {.url = "/inline-held",
                                                                   .methods = UHTTPD_GET | UHTTPD_POST,
                                                                   .handler = held_wait,
                                                                   .inline_handler = true});
}

/* SPDX-License-Identifier: MIT */
/* A server with something at hand for each promise of esp_http_server.h; the tests drive it over HTTP and stdin. */
#pragma once

#include <stdatomic.h>

#include "esp_http_server.h"

/* What happened so far; the command "counts" prints it. */
typedef struct {
    atomic_int opened, closed;
    atomic_int ctx_made, ctx_freed;
    atomic_int transport_made, transport_freed;
    atomic_int global_freed;
    atomic_int work_done;
} counts_t;

extern counts_t g_counts;
extern httpd_handle_t g_server;

/* A context that counts its making and its end. */
void *make_ctx(int value);
void free_ctx(void *ctx);
int ctx_value(const void *ctx);

/* Copies a key of the request's query into `val`; false if there is none. */
bool query_value(httpd_req_t *r, const char *key, char *val, size_t size);
int query_int(httpd_req_t *r, const char *key, int otherwise);

void register_handlers(httpd_handle_t server); /* handlers.c */

void register_detached(httpd_handle_t server); /* detached.c: requests that leave their handler */
void start_workers(void);
void stop_workers(void);
int complete_held(const char *how);

/* gate.c: a receive override that hands out a request of its own, as a component on top of the server may do. */
esp_err_t gate_open(httpd_handle_t server, int fd);
void register_gate(httpd_handle_t server);

typedef void (*job_fn_t)(httpd_req_t *r);
void post_job(job_fn_t run, httpd_req_t *r); /* detached.c: has a worker call run(r) */

void storm(int rounds); /* storm.c */

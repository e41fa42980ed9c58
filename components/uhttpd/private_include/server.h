/* SPDX-License-Identifier: MIT */
#pragma once

#include "executor.h"
#include "session.h"

struct uhttpd_server {
    uhttpd_config_t config;
    httpd_handle_t engine;
    executor_t executor;
    router_t router;
    uhttpd_os_mutex_t lock; /* guards router's writers, sessions, last_used */
    session_t *sessions;
    atomic_bool stopping;
    atomic_uint detached; /* sessions that are out of the engine's hands */
    session_t *guests;    /* oldest first; I/O task only, as is conns */
    uhttpd_conn_t *conns;
    io_source_t idle_sweep;     /* a source without a socket: a timer */
    void (*stopped)(void *ctx); /* for uhttpd_stop_later() */
    void *stopped_ctx;
};

/** @brief As uhttpd_route(), for the server's own kinds of route. */
esp_err_t server_add_route(uhttpd_handle_t server, const uhttpd_route_t *route, const route_options_t *options);

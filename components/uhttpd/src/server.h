/* SPDX-License-Identifier: MIT */
#pragma once

#include "crowd.h"
#include "executor.h"
#include "mailbox.h"
#include "session.h"
#include "uhttpd.h"
#include "uhttpd_files.h"

/**
 * @file
 * A server, and its configuration.
 */

struct uhttpd_server {
    uhttpd_config_t config;
    httpd_handle_t engine;
    httpd_recv_func_t recv; /* what the engine reads from a socket instead of its bytes (gate.c) */
    uh_executor_t executor;
    uh_mailbox_t mailbox;
    uh_router_t router;
    struct uh_events *_Atomic events;          /* NULL: none are served */
    struct uh_error_page *_Atomic error_pages; /* the last one added comes first */
    uhttpd_os_mutex_t lock;                    /* guards router, sessions, last_used, file_acl */
    uhttpd_file_acl_t file_acl;                /* NULL: everything is allowed */
    void *file_acl_ctx;
    uh_session_t *sessions;
    atomic_bool stopping;
    atomic_uint open;       /* sessions there are */
    atomic_uint detached;   /* sessions that are detached from the engine */
    atomic_uint taken;      /* by uhttpd_conn_take() */
    atomic_uint crowded_at; /* when the last socket was taken, in ms */
    atomic_size_t unsent;   /* bytes of responses that wait in copies */
    atomic_size_t early;    /* bytes for bodies that came before a worker was taken */
    atomic_uint returned;   /* how often a detached session has returned */
    uh_session_t *guests;   /* half heads and humble ones, oldest first; I/O task only, as are streams and conns */
    uh_session_t *streams;  /* streams that wait, the longest wait first */
    uhttpd_conn_t *conns;
    unsigned returned_before; /* for uh_guest_make_room(), as is stuck_since */
    uint64_t stuck_since;
    uint64_t refused_at; /* when a request that waited for a worker had to make room last; I/O task only */
    uh_crowd_t crowd;    /* under lock */
    void (*start_spare)(struct uhttpd_server *server); /* has another worker started, if there may be one. I/O task */
    uint64_t spare_due;         /* when the queue of jobs is looked at; 0: it was empty. I/O task only */
    uint64_t watch_due;         /* uhttpd_config_t::watch is called then; I/O task only */
    uh_io_source_t keeper;      /* a source without a socket: a timer (waiting.c) */
    void (*stopped)(void *ctx); /* for uhttpd_stop_later() */
    void *stopped_ctx;
};

/** @brief True when no socket is left, so that new connections wait in the backlog. */
static inline bool uh_server_is_crowded(const struct uhttpd_server *server)
{
    return atomic_load(&server->open) >= server->config.max_sockets;
}

/** @brief True when no socket is left, and none of them is idle. */
static inline bool uh_server_is_full(const struct uhttpd_server *server)
{
    return atomic_load(&server->detached) >= server->config.max_sockets;
}

/** @brief As uhttpd_route(), for the server's own kinds of route. */
esp_err_t uh_server_add_route(uhttpd_handle_t server, const uhttpd_route_t *route, const uh_route_options_t *options);

/* --- settings.c --------------------------------------------------------------------------------------------------- */

/* The server's own configuration: checked, with copies of what its pointers point to. */

/**
 * @brief Copies and checks. Call uh_settings_free() in any case.
 * @return ESP_OK, ESP_ERR_INVALID_ARG (its log says why), ESP_ERR_NO_MEM
 */
esp_err_t uh_settings_copy(uhttpd_config_t *copy, const uhttpd_config_t *config);
void uh_settings_free(uhttpd_config_t *copy);

/* SPDX-License-Identifier: MIT */
/* What the parts of http_app share with each other. */
#pragma once

#include <semaphore.h>
#include <stdatomic.h>

#include "uhttpd.h"
#include "uhttpd_events.h"
#include "uhttpd_files.h"
#include "uhttpd_ws.h"
#include "uhttpd_ws_group.h"

/** What happened so far; the command "state" tells. */
typedef struct {
    atomic_int holding;        /* handlers of /hold that wait for the command "release" */
    atomic_int handled;        /* handlers of /hold that have gone on */
    atomic_int last_error;     /* what the last call under test returned */
    atomic_int opened, closed; /* WebSockets and taken connections */
    atomic_int close_code;
    atomic_int turns; /* calls of a WebSocket's `ready` */
    atomic_int data_calls;
    atomic_int jobs_run, jobs_cancelled;
    atomic_int stopped_later;
    atomic_int reads;                /* calls of a source's `read` */
    atomic_int closes, close_result; /* of sources */
    atomic_int dones, done_result;   /* of sinks */
    atomic_int taken;                /* bytes that sinks were given */
    atomic_int freed;                /* contexts of routes and connections */
} counts_t;

extern counts_t g_counts;
extern sem_t g_release; /* what /hold waits for */
extern uhttpd_ws_config_t g_ws_limits;
extern bool g_takes_any; /* whether /every is there, with its route for any method */

const char *error_name(esp_err_t err);

/** @brief The value of a key in the query. @return its length; 0 without one */
size_t query_text(const uhttpd_req_t *req, const char *key, char *out, size_t size);
size_t query_number(const uhttpd_req_t *req, const char *key, size_t otherwise);

/** @brief The byte at a place of a pattern that shows whether a byte was lost, doubled or moved. */
char pattern_at(size_t at);

/** @brief Stops the server in the background, for a handler. */
esp_err_t app_stop_later(void);

/** @brief uhttpd_config_t::auth: /login answers itself, everything else needs `X-Key: ` and what @p key says. */
esp_err_t routes_auth(uhttpd_req_t *req, void *key);

/** @brief The handler of /hold. */
esp_err_t routes_hold(uhttpd_req_t *req, void *ctx);

/** @brief Command: a page for a status: "text", "handler", or both. */
void routes_page(const char *arguments);

esp_err_t routes_add(uhttpd_handle_t server);
esp_err_t streams_add(uhttpd_handle_t server);
esp_err_t forms_add(uhttpd_handle_t server);
esp_err_t websockets_add(uhttpd_handle_t server);
esp_err_t events_add(uhttpd_handle_t server);
esp_err_t groups_add(uhttpd_handle_t server);

/** @name Requests that are answered later (held.c)
 *  @{ */
esp_err_t held_add(uhttpd_handle_t server);
void held_state(const char *unused);
void held_resume(const char *how);
/** @} */

/** @name Commands about events (events.c)
 *  @{ */
extern uhttpd_events_config_t g_events;
extern bool g_has_events;
void events_dispatch(const char *arguments);
void events_flood(const char *count);
void events_storm(const char *count);
void events_again(const char *url);
/** @} */

/** @brief The server, or NULL while there is none. */
uhttpd_handle_t app_server(void);

/** @brief Command for a server of ESP-IDF's own (bare_idf.c; bare_none.c where there is no such engine). */
void bare_order(const char *port);

/** @name Storage that fails, waits and counts (storage.c)
 *  @{ */
extern const uhttpd_storage_t g_storage;
void storage_fail(const char *arguments);
void storage_slow(const char *count);
void storage_chip(const char *on);
void storage_budget(const char *bytes);
void storage_gap(const char *unused);
void storage_state(const char *unused);
/** @} */

/** @name Files (files.c): there are some when g_serve.base is set
 *  @{ */
extern uhttpd_serve_config_t g_serve;
extern bool g_has_acl;
esp_err_t files_add(uhttpd_handle_t server);
void files_acl(const char *arguments);
void files_asked(const char *unused);
void files_serve(const char *arguments);
/** @} */

/** @name Commands about files in memory (embedded.c)
 *  @{ */
void embedded_serve(const char *prefix);
void embedded_page(const char *arguments);
void embedded_wrong(const char *unused);
/** @} */

/** @name Receivers of files (receive.c)
 *  @{ */
extern const char *g_receive_root; /* NULL: there are none */
esp_err_t receive_add(uhttpd_handle_t server);
void receive_again(const char *unused);
/** @} */

/** @name Commands about groups of WebSockets (groups.c)
 *  @{ */
extern uint32_t g_group_queue;
extern uint8_t g_group_clients;
extern uint32_t g_group_timeout; /* of what is sent, ms */
void groups_say(const char *text);
void groups_flood(const char *arguments);
void groups_wrong(const char *unused);
void groups_state(const char *unused);
void groups_count(const char *unused);
/** @} */

/** @brief Command about lwIP, where the program has it: "waits", "sockets", "spare", "starve 1", "starve 0" (stack_*.c). */
void stack_order(const char *order);

/** @brief Makes the WebSockets of /stall take what they have refused so far. */
void websockets_resume(void);

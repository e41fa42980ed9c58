/* SPDX-License-Identifier: MIT */
#include "server.h"

#include <stdlib.h>

#include "errors.h"
#include "stream.h"
#include "io.h"
#include "esp_log.h"
#include "dispatch.h"
#include "port/engine.h"
#include "waiting.h"

static const char *TAG = "uhttpd";

#define STOP_STEP_MS 20
#define STOP_GRACE_STEPS \
    50 /* running handlers may still answer meanwhile, and what is queued leaves before close frames */

/* --- start -------------------------------------------------------------------------------------------------------- */

/* The server frees itself, later; without a function the engine would call free(). */
static void keep_context(void *server)
{
    (void)server;
}

static esp_err_t start_engine(struct uhttpd_server *server)
{
    httpd_config_t config = HTTPD_DEFAULT_CONFIG();
    config.server_port = server->config.port;
    config.max_open_sockets = server->config.max_sockets;
    config.max_uri_handlers = 1;
    config.max_resp_headers = 1;
    config.backlog_conn = server->config.max_sockets;
    config.stack_size = server->config.http_stack;
    config.task_priority = server->config.task_priority;
    uh_engine_place(&config, server->config.task_core, server->config.psram_stacks);
    config.lru_purge_enable = false; /* the keeper makes room instead */
    config.keep_alive_enable = true; /* a peer that has vanished is noticed within half a minute */
    config.keep_alive_idle = 15;
    config.keep_alive_interval = 5;
    config.keep_alive_count = 3;
    config.global_user_ctx = server;
    config.global_user_ctx_free_fn = keep_context;
    config.open_fn = uh_session_open;
    config.close_fn = uh_session_close;
    esp_err_t err = uh_engine_start(&server->engine, &config, server->config.bind);
    server->config.port = config.server_port;
    return err;
}

static void server_work(void *arg)
{
    uh_executor_work(&((struct uhttpd_server *)arg)->executor);
}

void uhttpd_worker_run(uhttpd_handle_t server)
{
    uh_executor_work(&server->executor);
}

bool uhttpd_spare_begin(uhttpd_handle_t server)
{
    return uh_executor_spare_begin(&server->executor, server->config.spare_workers);
}

void uhttpd_spare_fail(uhttpd_handle_t server)
{
    uh_executor_spare_fail(&server->executor);
}

static uhttpd_os_task_config_t task_of(const uhttpd_config_t *config, size_t stack)
{
    return (uhttpd_os_task_config_t) {
        .stack = stack, .priority = config->task_priority, .core = config->task_core, .psram = config->psram_stacks};
}

static void server_start_spare(struct uhttpd_server *server)
{
    const uhttpd_config_t *config = &server->config;
    uhttpd_os_task_config_t task = task_of(config, config->worker_stack);
    if (config->start_spare) {
        config->start_spare(server, config->start_workers_ctx);
    } else if (!config->start_workers && uhttpd_spare_begin(server) &&
               uhttpd_os_task_spawn("uhttpd spare", server_work, server, &task) != ESP_OK) {
        uhttpd_spare_fail(server);
    }
}

static esp_err_t server_start_workers(struct uhttpd_server *server)
{
    const uhttpd_config_t *config = &server->config;
    if (!config->start_workers) {
        uhttpd_os_task_config_t task = task_of(config, config->worker_stack);
        return uh_executor_start_tasks(&server->executor, config->workers, &task, server_work, server);
    }
    esp_err_t err = config->start_workers(server, config->workers, config->start_workers_ctx);
    server->executor.workers = err == ESP_OK ? config->workers : 0;
    return err;
}

static void start_keeper(void *arg)
{
    struct uhttpd_server *server = arg;
    uh_keeper_start(server);
    server->start_spare = server_start_spare;
    server->executor.watcher = server->config.spare_workers ? &server->keeper : NULL;
}

static void stop_keeper(void *server)
{
    uh_keeper_stop(server);
}

static const httpd_uri_t s_catch_all = {.uri = "/", .method = HTTP_GET, .handler = uh_gate_knock};

static void free_server(struct uhttpd_server *server)
{
    uh_mailbox_deinit(&server->mailbox);
    uh_router_deinit(&server->router);
    uh_error_pages_free(server->error_pages);
    if (server->lock) {
        uhttpd_os_mutex_destroy(server->lock);
    }
    uh_settings_free(&server->config);
    free(server);
}

static size_t sources_of(const struct uhttpd_server *server)
{
    return server->config.max_sockets + 1u; /* and the keeper */
}

static esp_err_t start_parts(struct uhttpd_server *server)
{
    const uhttpd_config_t *config = &server->config;
    const char *failed = "no memory for the executor";
    esp_err_t err = uh_executor_init(&server->executor);
    if (err != ESP_OK) {
        goto failed;
    }
    failed = "no memory for the I/O task";
    uhttpd_os_task_config_t io = task_of(config, config->io_stack);
    err = uh_io_acquire(sources_of(server), &io);
    if (err != ESP_OK) {
        goto deinit_executor;
    }
    failed = "workers could not start";
    err = server_start_workers(server);
    if (err != ESP_OK) {
        goto stop_workers;
    }
    failed = "the program has not prepared it";
    err = config->prepare ? config->prepare(server, config->prepare_ctx) : ESP_OK;
    if (err != ESP_OK) {
        goto stop_workers;
    }
    uh_io_call_and_wait(start_keeper, server); /* before the first connection, because that may wake it */
    /* A connection may come before the handler is in place: uh_session_open() waits for this lock. */
    uhttpd_os_lock(server->lock);
    err = start_engine(server);
    if (err == ESP_OK) {
        err = httpd_register_uri_handler(server->engine, &s_catch_all);
    }
    uhttpd_os_unlock(server->lock);
    if (err == ESP_OK) {
        return ESP_OK;
    }
    failed = "no server";
    if (server->engine) {
        httpd_stop(server->engine);
    }
    uh_io_call_and_wait(stop_keeper, server);
stop_workers:
    atomic_store(&server->stopping, true); /* jobs that were prepared end with their next step */
    uh_executor_stop(&server->executor);
    uh_executor_join(&server->executor);
    uh_io_release(sources_of(server));
deinit_executor:
    uh_executor_deinit(&server->executor);
failed:
    ESP_LOGE(TAG, "%s on port %u", failed, config->port);
    return err;
}

esp_err_t uhttpd_start(const uhttpd_config_t *config, uhttpd_handle_t *handle)
{
    *handle = NULL;
    struct uhttpd_server *server = calloc(1, sizeof(*server));
    if (!server) {
        return ESP_ERR_NO_MEM;
    }
    server->recv = uh_gate_recv;
    uh_router_init(&server->router, config->routes);
    esp_err_t err = uh_settings_copy(&server->config, config);
    if (err == ESP_OK) {
        server->lock = uhttpd_os_mutex_create();
        err = server->lock ? ESP_OK : ESP_ERR_NO_MEM;
    }
    if (err == ESP_OK) {
        err = uh_mailbox_init(&server->mailbox);
    }
    if (err == ESP_OK) {
        err = start_parts(server);
    }
    if (err != ESP_OK) {
        free_server(server);
        return err;
    }
    *handle = server;
    return ESP_OK;
}

/* --- stop --------------------------------------------------------------------------------------------------------- */

/* When this has run, everything in the I/O task sees that the server is stopping. */
static void pass_io_task(void *unused)
{
    (void)unused;
}

static void ask_to_end_in_io(void *arg)
{
    struct uhttpd_server *server = arg;
    uh_guest_end_all(server);
    uh_conn_stop_all(server); /* they become guests, and may read the last bytes until the next round */
}

static void end_in_io(void *arg)
{
    struct uhttpd_server *server = arg;
    uh_guest_end_all(server);
    uh_conn_end_all(server);
}

static void shut_sockets(struct uhttpd_server *server)
{
    uhttpd_os_lock(server->lock);
    for (uh_session_t *session = server->sessions; session; session = session->next) {
        uh_wire_shut(&session->wire);
    }
    uhttpd_os_unlock(server->lock);
}

/* Every detached session must be back before httpd_stop(), because the engine frees all of them, whoever owns them. */
static void recall_sessions(struct uhttpd_server *server)
{
    for (int step = 0;; step++) {
        uh_io_call_and_wait(step < STOP_GRACE_STEPS ? ask_to_end_in_io : end_in_io, server);
        if (!atomic_load(&server->detached)) {
            return;
        }
        uh_mailbox_check(server);
        if (step >= STOP_GRACE_STEPS) {
            shut_sockets(server);
        }
        uhttpd_os_sleep(STOP_STEP_MS);
    }
}

void uhttpd_stop(uhttpd_handle_t server)
{
    atomic_store(&server->stopping, true);
    uh_mailbox_pass(server); /* from here on every handler in the HTTP task sees it */
    uh_io_call_and_wait(pass_io_task, NULL);
    uh_executor_cancel(&server->executor);
    /* Workers continue, because the owner of a stream or connection that ends now may have files to close. */
    recall_sessions(server);
    uh_executor_stop(&server->executor);
    uh_executor_join(&server->executor);
    uh_io_call_and_wait(stop_keeper, server);
    uh_mailbox_pass(server); /* the message of httpd_stop() needs room */
    httpd_stop(server->engine);
    uh_io_release(sources_of(server));
    uh_executor_deinit(&server->executor);
    free_server(server);
}

static void stop_now(void *arg)
{
    struct uhttpd_server *server = arg;
    void (*stopped)(void *ctx) = server->stopped;
    void *ctx = server->stopped_ctx;
    uhttpd_stop(server);
    if (stopped) {
        stopped(ctx);
    }
}

esp_err_t uhttpd_stop_later(uhttpd_handle_t server, void (*done)(void *ctx), void *ctx)
{
    server->stopped = done;
    server->stopped_ctx = ctx;
    atomic_store(&server->stopping, true);
    uhttpd_os_task_config_t task = task_of(&server->config, server->config.io_stack);
    return uhttpd_os_task_spawn("uhttpd stop", stop_now, server, &task);
}

/* --- the rest ----------------------------------------------------------------------------------------------------- */

uint16_t uhttpd_port(uhttpd_handle_t server)
{
    return server->config.port;
}

esp_err_t uhttpd_submit(uhttpd_handle_t server, uhttpd_job_t *job)
{
    return uh_executor_submit(&server->executor, job);
}

esp_err_t uh_server_add_route(uhttpd_handle_t server, const uhttpd_route_t *route, const uh_route_options_t *options)
{
    uhttpd_os_lock(server->lock);
    esp_err_t err = uh_router_add(&server->router, route, options);
    uhttpd_os_unlock(server->lock);
    return err;
}

esp_err_t uhttpd_route(uhttpd_handle_t server, const uhttpd_route_t *route)
{
    return uh_server_add_route(server, route, &(uh_route_options_t) {0});
}

esp_err_t uhttpd_unroute(uhttpd_handle_t server, const char *url, uint32_t methods)
{
    uh_route_t *removed = NULL;
    uhttpd_os_lock(server->lock);
    esp_err_t err = uh_router_remove(&server->router, url, methods, &removed);
    uhttpd_os_unlock(server->lock);
    while (removed) {
        uh_route_t *next = removed->next;
        uh_route_release(removed);
        removed = next;
    }
    return err;
}

void uhttpd_add_slots(uhttpd_handle_t server, unsigned slots)
{
    uhttpd_os_lock(server->lock);
    uh_router_grow(&server->router, slots);
    uhttpd_os_unlock(server->lock);
}

unsigned uhttpd_free_slots(uhttpd_handle_t server)
{
    uhttpd_os_lock(server->lock);
    unsigned slots = server->router.free_slots;
    uhttpd_os_unlock(server->lock);
    return slots;
}

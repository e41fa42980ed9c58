/* SPDX-License-Identifier: MIT */
/* Life of an instance: memory and thread. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "esp_log.h"
#include "hs_engine.h"

#define OWN_SOCKETS 3 /* sockets that an instance on a chip needs itself: listening, control, messages */

static void free_instance(hs_server_t *server)
{
    if (server->listen_fd >= 0) {
        close(server->listen_fd);
    }
    if (server->wake_fd >= 0) {
        close(server->wake_fd);
    }
    for (size_t i = 0; i < sizeof(server->ctrl_fds) / sizeof(server->ctrl_fds[0]); i++) {
        if (server->ctrl_fds[i] >= 0) {
            close(server->ctrl_fds[i]);
        }
    }
    free(server->sessions);
    free(server->polled);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

static hs_server_t *new_instance(const httpd_config_t *config)
{
    hs_server_t *server = calloc(1, sizeof(*server));
    if (!server) {
        return NULL;
    }
    server->config = *config;
    server->listen_fd = server->ctrl_fds[0] = server->ctrl_fds[1] = -1;
    pthread_mutex_init(&server->lock, NULL);
    server->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    server->sessions = calloc(config->max_open_sockets, sizeof(*server->sessions));
    server->polled = calloc(HS_POLL_SESSIONS + config->max_open_sockets, sizeof(*server->polled));
    if (server->wake_fd < 0 || !server->sessions || !server->polled) {
        free_instance(server);
        return NULL;
    }
    for (unsigned i = 0; i < config->max_open_sockets; i++) {
        server->sessions[i].fd = -1;
    }
    return server;
}

/* Signals are the application's: the server task takes none, so that Ctrl-C reaches the main thread. */
static bool start_thread(hs_server_t *server)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int err = pthread_create(&server->thread, NULL, hs_task, server);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return err == 0;
}

esp_err_t hs_start(httpd_handle_t *handle, const httpd_config_t *config, const char *address)
{
    *handle = NULL;
    if (config->max_open_sockets + OWN_SOCKETS > CONFIG_LWIP_MAX_SOCKETS) {
        ESP_LOGE(HS_TAG, "max_open_sockets is %u, at most %d", config->max_open_sockets,
                 CONFIG_LWIP_MAX_SOCKETS - OWN_SOCKETS);
        return ESP_ERR_INVALID_ARG;
    }
    hs_server_t *server = new_instance(config);
    if (!server) {
        return ESP_ERR_HTTPD_ALLOC_MEM;
    }
    esp_err_t err = hs_listen(server, address);
    if (err == ESP_OK && !start_thread(server)) {
        err = ESP_ERR_HTTPD_TASK;
    }
    if (err != ESP_OK) {
        int why = errno;
        free_instance(server);
        errno = why;
        return err;
    }
    *handle = server;
    return ESP_OK;
}

esp_err_t httpd_stop(httpd_handle_t handle)
{
    hs_server_t *server = handle;
    if (!server) {
        return ESP_ERR_INVALID_ARG;
    }
    pthread_mutex_lock(&server->lock);
    server->stopping = true;
    hs_wake(server);
    pthread_mutex_unlock(&server->lock);
    pthread_join(server->thread, NULL);
    hs_free_ctx(server->config.global_user_ctx, server->config.global_user_ctx_free_fn);
    free_instance(server);
    return ESP_OK;
}

void *httpd_get_global_user_ctx(httpd_handle_t handle)
{
    return ((hs_server_t *)handle)->config.global_user_ctx;
}

/* SPDX-License-Identifier: MIT */
/* How other threads reach the server task: a bounded queue of work, and a pipe that ends its wait. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "esp_log.h"
#include "httpd_priv.h"

esp_err_t hd_wake_init(hd_server_t *server)
{
    int ends[2];
    if (pipe(ends) < 0) {
        return ESP_FAIL;
    }
    for (int i = 0; i < 2; i++) {
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
        fcntl(ends[i], F_SETFL, O_NONBLOCK);
    }
    server->wake_rd = ends[0];
    server->wake_wr = ends[1];
    return ESP_OK;
}

void hd_wake_free(hd_server_t *server)
{
    close(server->wake_rd);
    close(server->wake_wr);
}

/*
 * Has the server task look at its queue and its sessions. Call with the lock held, so that the instance cannot go
 * away underneath. The pipe is written to only if the task sleeps, and by one thread for each sleep: the task raises
 * `sleeping` before it looks at `signalled` a last time, we set `signalled` before we look at `sleeping`.
 */
void hd_wake(hd_server_t *server)
{
    atomic_store(&server->signalled, true);
    if (atomic_exchange(&server->sleeping, false)) {
        while (write(server->wake_wr, "", 1) < 0 && errno == EINTR) {
        }
    }
}

esp_err_t hd_work_push(hd_server_t *server, hd_work_t item)
{
    esp_err_t err = ESP_FAIL;
    pthread_mutex_lock(&server->lock);
    if (!server->work_closed && server->work_count < CONFIG_LWIP_UDP_RECVMBOX_SIZE) {
        server->work[(server->work_first + server->work_count++) % CONFIG_LWIP_UDP_RECVMBOX_SIZE] = item;
        hd_wake(server);
        err = ESP_OK;
    }
    pthread_mutex_unlock(&server->lock);
    if (err != ESP_OK) {
        ESP_LOGW(HD_TAG, "work not queued: the queue is full, or the server stopped");
    }
    return err;
}

static bool work_pop(hd_server_t *server, hd_work_t *item)
{
    pthread_mutex_lock(&server->lock);
    bool any = server->work_count > 0;
    if (any) {
        *item = server->work[server->work_first];
        server->work_first = (server->work_first + 1) % CONFIG_LWIP_UDP_RECVMBOX_SIZE;
        server->work_count--;
    }
    pthread_mutex_unlock(&server->lock);
    return any;
}

static void close_if_same(hd_server_t *server, hd_session_t *session, uint32_t generation)
{
    pthread_mutex_lock(&server->lock);
    bool same = session->fd >= 0 && session->generation == generation;
    pthread_mutex_unlock(&server->lock);
    if (same) {
        hd_session_end(server, session);
    }
}

/* One queue's length and no more: work that queues itself again must not keep the clients waiting. */
void hd_work_run(hd_server_t *server)
{
    hd_work_t item;
    for (int i = 0; i < CONFIG_LWIP_UDP_RECVMBOX_SIZE && work_pop(server, &item); i++) {
        if (item.fn) {
            item.fn(item.arg);
        } else {
            close_if_same(server, item.session, item.generation);
        }
    }
    pthread_mutex_lock(&server->lock);
    if (server->work_count) {
        atomic_store(&server->signalled, true);
    }
    pthread_mutex_unlock(&server->lock);
}

esp_err_t httpd_queue_work(httpd_handle_t handle, httpd_work_fn_t work, void *arg)
{
    if (!handle || !work) {
        return ESP_ERR_INVALID_ARG;
    }
    return hd_work_push(handle, (hd_work_t) {.fn = work, .arg = arg});
}

esp_err_t httpd_sess_trigger_close(httpd_handle_t handle, int sockfd)
{
    hd_server_t *server = handle;
    if (!server) {
        return ESP_ERR_INVALID_ARG;
    }
    hd_work_t item = {.fn = NULL};
    pthread_mutex_lock(&server->lock);
    item.session = hd_session_find_locked(server, sockfd);
    if (item.session) {
        item.generation = item.session->generation;
    }
    pthread_mutex_unlock(&server->lock);
    return item.session ? hd_work_push(server, item) : ESP_ERR_NOT_FOUND;
}

/* SPDX-License-Identifier: MIT */
/* How other threads reach the server task: a bounded queue of work, and an eventfd that ends its wait. */
#include <errno.h>
#include <unistd.h>

#include "esp_log.h"
#include "hs_engine.h"

void hs_wake(hs_server_t *server)
{
    uint64_t one = 1;
    while (write(server->wake_fd, &one, sizeof(one)) < 0 && errno == EINTR) {
    }
}

esp_err_t httpd_queue_work(httpd_handle_t handle, httpd_work_fn_t work, void *arg)
{
    hs_server_t *server = handle;
    if (!server || !work) {
        return ESP_ERR_INVALID_ARG;
    }
    pthread_mutex_lock(&server->lock);
    bool fits = server->work_count < HS_WORK_MAX && !server->stopping;
    if (fits) {
        unsigned place = (server->work_first + server->work_count++) % HS_WORK_MAX;
        server->work[place] = (hs_work_t) {.run = work, .arg = arg};
        hs_wake(server);
    }
    pthread_mutex_unlock(&server->lock);
    if (!fits) {
        ESP_LOGW(HS_TAG, "work not queued: the queue is full, or the server stops");
    }
    return fits ? ESP_OK : ESP_FAIL;
}

static bool take_work(hs_server_t *server, hs_work_t *work, bool *stopping)
{
    pthread_mutex_lock(&server->lock);
    bool any = server->work_count > 0;
    if (any) {
        *work = server->work[server->work_first];
        server->work_first = (server->work_first + 1) % HS_WORK_MAX;
        server->work_count--;
    }
    *stopping = server->stopping;
    pthread_mutex_unlock(&server->lock);
    return any;
}

/* @return false if the instance should end: it was stopped, and no work is left. */
bool hs_work_run(hs_server_t *server)
{
    hs_work_t work;
    bool stopping;
    while (take_work(server, &work, &stopping)) {
        work.run(work.arg);
    }
    return !stopping;
}

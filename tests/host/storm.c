/* SPDX-License-Identifier: MIT */
/* Threads that call, all at once, whatever any thread may call while clients come and go. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "server_app.h"

#define THREADS 3

static void count(void *arg)
{
    (void)arg;
    atomic_fetch_add(&g_counts.work_done, 1);
}

static esp_err_t never_called(httpd_req_t *r)
{
    return httpd_resp_sendstr(r, "storm");
}

/* Nothing that a client would see: an empty send, and a look at its input. */
static void bother(int fd, int round)
{
    char byte;
    httpd_socket_send(g_server, fd, "", 0, 0);
    httpd_socket_recv(g_server, fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    httpd_sess_update_lru_counter(g_server, fd);
    httpd_sess_get_ctx(g_server, fd);
    httpd_sess_get_transport_ctx(g_server, fd);
    if (round % 50 == 0) {
        httpd_sess_trigger_close(g_server, fd);
    }
}

static void *rage(void *arg)
{
    int rounds = *(int *)arg;
    static const httpd_uri_t uri = {.uri = "/storm", .method = HTTP_GET, .handler = never_called};
    for (int round = 1; round <= rounds; round++) {
        int fds[64];
        size_t n = 64;
        httpd_get_client_list(g_server, &n, fds);
        for (size_t i = 0; i < n; i++) {
            bother(fds[i], round);
        }
        httpd_queue_work(g_server, count, NULL);
        httpd_register_uri_handler(g_server, &uri);
        httpd_unregister_uri(g_server, uri.uri);
    }
    return NULL;
}

void storm(int rounds)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, rage, &rounds);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
}

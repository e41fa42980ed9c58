/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the server share.
 *
 * Who may touch what: the server task owns everything except what is marked "lock". It does not touch a session whose
 * request is detached until `detached` is false again. No function of the application is called with the lock held.
 */
#pragma once

#include <poll.h>
#include <pthread.h>

#include "esp_http_server.h"

#define HS_TAG "httpd"

#define HS_URI_MAX 63
#define HS_WORK_MAX CONFIG_LWIP_UDP_RECVMBOX_SIZE

/* Places in the array that poll(2) is given. */
#define HS_POLL_WAKE 0
#define HS_POLL_LISTEN 1
#define HS_POLL_SESSIONS 2

typedef struct hs_server hs_server_t;

typedef struct {
    httpd_req_t request; /* of the handler, and of the owner where it is detached; aux points back here */
    int fd;              /* -1: free slot */
    bool detached;       /* lock */
    bool parked;         /* lock: had input while detached, so it is not polled until it is back */
    httpd_recv_func_t recv_fn;
    void *ctx;
    httpd_free_ctx_fn_t free_ctx;
} hs_session_t;

typedef struct {
    httpd_work_fn_t run;
    void *arg;
} hs_work_t;

struct hs_server {
    httpd_config_t config;
    pthread_t thread;
    int listen_fd;
    int wake_fd;     /* eventfd that ends the server task's wait */
    int ctrl_fds[2]; /* -1; on lwIP two sockets, which a chip's instance has for its messages */
    bool accept_fails;
    hs_session_t *sessions; /* max_open_sockets slots */
    unsigned open_count;
    struct pollfd *polled; /* wake_fd, listen_fd, then one for each slot */

    pthread_mutex_t lock;
    char request_line[sizeof("GET  HTTP/1.1\r\n") + HS_URI_MAX]; /* lock: of the requests that the handler takes */
    esp_err_t (*handler)(httpd_req_t *r);                        /* lock */
    hs_work_t work[HS_WORK_MAX];                                 /* lock */
    unsigned work_first, work_count;                             /* lock */
    bool stopping;                                               /* lock: no more work is accepted */
};

/* start.c. `address` is for hs_listen(). */
esp_err_t hs_start(httpd_handle_t *handle, const httpd_config_t *config, const char *address);

/* listen_host.c or listen_chip.c */
esp_err_t hs_listen(hs_server_t *server, const char *address);

/* task.c */
void *hs_task(void *server);

/* session.c */
void hs_session_open(hs_server_t *server, int fd);
void hs_session_close(hs_server_t *server, hs_session_t *session);
void hs_free_ctx(void *ctx, httpd_free_ctx_fn_t free_fn);

/* request.c */
esp_err_t hs_request_serve(hs_server_t *server, hs_session_t *session);

/* work.c */
void hs_wake(hs_server_t *server);
bool hs_work_run(hs_server_t *server);

/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the server share. Functions of one part that another calls begin with hd_.
 *
 * Who may touch what:
 *  - A session belongs to the server task, until a handler detaches its request; then its input buffer and its request
 *    copy belong to the owner, and `detached` going back to false, under the lock, hands them back.
 *  - `lock` guards what other threads may look at: the identity of sessions, their contexts, the work queue.
 *    No function of the application is ever called with it held.
 *  - The server task alone changes a session's fd, so it may read it without the lock.
 */
#pragma once

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "esp_http_server.h"

#define HD_TAG "httpd"

/* Bytes read from a client at a time; what a request's head leaves of them is the start of its body, or of the next
 * request. */
#define HD_INPUT_SIZE 2048

/* Places in the array that poll(2) is given. */
#define HD_PFD_WAKE 0
#define HD_PFD_LISTEN 1
#define HD_PFD_SESSIONS 2

typedef struct hd_server hd_server_t;
typedef struct hd_session hd_session_t;
typedef struct hd_request hd_request_t;

typedef struct {
    const char *field;
    const char *value;
} hd_resp_hdr_t;

/* A request: the handler's own, of which each server has one, or the detached copy, of which each session has one. */
struct hd_request {
    httpd_req_t pub; /* pub.aux points back here while the request is valid */
    hd_server_t *server;
    hd_session_t *session;

    struct http_parser_url url;
    size_t body_left; /* bytes of the body not read yet */
    bool keep_alive;
    bool http_1_0;
    bool continue_expected; /* the client waits for "100 Continue" before it sends the body */
    bool detached;          /* a copy was made; its owner answers */

    char *headers; /* "name\0value\0" for each; max_req_hdr_len bytes */
    size_t headers_len;

    const char *status;
    const char *type;
    hd_resp_hdr_t *resp_hdrs; /* max_resp_headers of them */
    unsigned resp_hdr_count;
    bool chunks_begun;
};

struct hd_session {
    int fd;              /* -1: free slot. Written under lock */
    uint32_t generation; /* tells this session from later ones in the slot. Under lock */
    bool closing;        /* under lock: other threads no longer find it */
    bool close_asked;    /* under lock: close it as soon as it is attached */
    bool parked;         /* under lock: not polled, since it had input while detached */
    unsigned users;      /* under lock: other threads within its send or receive function */
    atomic_bool detached;
    _Atomic uint64_t lru;

    _Atomic(httpd_send_func_t) send_fn;
    _Atomic(httpd_recv_func_t) recv_fn;
    _Atomic(httpd_pending_func_t) pending_fn;

    void *ctx; /* these under lock */
    httpd_free_ctx_fn_t free_ctx;
    bool ignore_ctx_changes;
    void *transport_ctx;
    httpd_free_ctx_fn_t free_transport_ctx;

    size_t body_to_skip; /* bytes of the last request's body that nobody read */
    size_t input_off;    /* unread input: input[input_off .. input_off + input_len) */
    size_t input_len;
    char input[HD_INPUT_SIZE];

    hd_request_t *copy; /* for detached requests; kept from one to the next */
};

typedef struct {
    httpd_work_fn_t fn; /* NULL: close `session` if it still is of this generation */
    void *arg;
    hd_session_t *session;
    uint32_t generation;
} hd_work_t;

typedef struct {
    httpd_uri_t def;
    char *uri; /* what def.uri points to */
} hd_uri_entry_t;

struct hd_server {
    httpd_config_t config;
    uint16_t port;
    pthread_t thread;

    int listen_fd;               /* -1 once stopping */
    uint64_t accept_paused_till; /* hd_now_ms(); 0: not paused */
    int wake_rd, wake_wr;
    struct pollfd *pfds; /* wake pipe, listening socket, then one for each session slot */

    hd_session_t *sessions; /* max_open_sockets slots */
    unsigned used_slots;    /* no slot from this one on is in use */
    unsigned open_count;
    hd_session_t *current; /* session of `request`, server task only */
    hd_request_t request;
    _Atomic uint64_t lru_clock;

    atomic_bool sleeping;  /* the server task is about to wait in poll(), or does */
    atomic_bool signalled; /* there is work, or a session to look at */

    pthread_mutex_t lock;
    pthread_cond_t unused;                         /* a session's `users` fell to 0 */
    bool stopping;                                 /* under lock */
    bool accept_blocked;                           /* under lock: a newcomer waits for a session to be attached again */
    bool work_closed;                              /* under lock: the server task takes no more */
    hd_work_t work[CONFIG_LWIP_UDP_RECVMBOX_SIZE]; /* under lock */
    unsigned work_first, work_count;               /* under lock */

    pthread_mutex_t uri_lock;
    hd_uri_entry_t *uris; /* under uri_lock: max_uri_handlers, the first uri_count in order of registration */
    unsigned uri_count;

    _Atomic(httpd_err_handler_func_t) err_handlers[HTTPD_ERR_CODE_MAX];
};

static inline uint64_t hd_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static inline hd_request_t *hd_request_of(httpd_req_t *r)
{
    return r->handle ? (hd_request_t *)r->aux : NULL;
}

/* httpd_loop.c */
void *hd_server_main(void *server);
bool hd_on_server_task(const hd_server_t *server);

/* httpd_wake.c */
esp_err_t hd_wake_init(hd_server_t *server);
void hd_wake_free(hd_server_t *server);
void hd_wake(hd_server_t *server);
void hd_work_run(hd_server_t *server);
esp_err_t hd_work_push(hd_server_t *server, hd_work_t item);

/* httpd_session.c */
hd_session_t *hd_session_open(hd_server_t *server, int fd);
void hd_session_delete(hd_server_t *server, hd_session_t *session);
void hd_session_end(hd_server_t *server, hd_session_t *session);
hd_session_t *hd_session_lru(hd_server_t *server);
void hd_session_touch(hd_server_t *server, hd_session_t *session);
hd_session_t *hd_session_find_locked(hd_server_t *server, int fd);
void hd_free_ctx(void *ctx, httpd_free_ctx_fn_t free_fn);

/* httpd_socket.c */
int hd_default_send(httpd_handle_t hd, int fd, const char *buf, size_t len, int flags);
int hd_default_recv(httpd_handle_t hd, int fd, char *buf, size_t len, int flags);
int hd_session_recv(hd_server_t *server, hd_session_t *session, char *buf, size_t len);
int hd_session_fill(hd_server_t *server, hd_session_t *session);
size_t hd_session_take(hd_session_t *session, char *buf, size_t len);
void hd_session_drain(hd_session_t *session);

/* httpd_request.c */
esp_err_t hd_request_storage(hd_request_t *request, const httpd_config_t *config);
void hd_request_free_storage(hd_request_t *request);
esp_err_t hd_request_serve(hd_server_t *server, hd_session_t *session);
bool hd_request_is_last(const hd_request_t *request);

/* httpd_parse.c */
typedef enum {
    HD_HEAD_READY,  /* the request is complete up to its body */
    HD_HEAD_NONE,   /* nothing there but blank lines */
    HD_HEAD_CLOSED, /* the client has gone, or will be sent away without an answer */
    HD_HEAD_ERROR   /* `error` is to be answered, and the connection to be closed */
} hd_head_result_t;

hd_head_result_t hd_head_read(hd_request_t *request, httpd_err_code_t *error);

/* httpd_uri.c */
esp_err_t hd_uri_dispatch(hd_request_t *request);
void hd_uri_free_all(hd_server_t *server);

/* httpd_error.c */
esp_err_t hd_request_error(hd_request_t *request, httpd_err_code_t error);

/* httpd_headers.c */
const char *hd_header_find(const hd_request_t *request, const char *field);

/* httpd_response.c */
esp_err_t hd_send_all(hd_request_t *request, const char *buf, size_t len);

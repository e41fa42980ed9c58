/* SPDX-License-Identifier: MIT */
/*
 * The part of ESP-IDF v5.5.5's esp_http_server that a component needs if it reads requests itself: connections, the one
 * request that its receive override returns, requests that leave their handler, and work for the server task. Names,
 * types and values are ESP-IDF's. host/README.md lists what behaves differently.
 *
 * One thread, "the server task", belongs to each instance. It accepts connections, calls the handler and the functions
 * of the configuration, and runs queued work, one after the other. Functions are called from the server task unless
 * they say "any thread".
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/types.h>

#include "esp_err.h"
#include "sdkconfig.h"

#ifdef __cplusplus
extern "C" {
#endif

#define ESP_ERR_HTTPD_BASE 0xb000
#define ESP_ERR_HTTPD_HANDLERS_FULL (ESP_ERR_HTTPD_BASE + 1) /**< the instance has its handler */
#define ESP_ERR_HTTPD_ALLOC_MEM (ESP_ERR_HTTPD_BASE + 7)     /**< out of memory */
#define ESP_ERR_HTTPD_TASK (ESP_ERR_HTTPD_BASE + 8)          /**< the server task could not be started */

#define ESP_HTTPD_DEF_CTRL_PORT 32768 /**< of instances on lwIP, unless they are given another one */

/** An instance of the server. */
typedef void *httpd_handle_t;

typedef enum http_method { HTTP_GET = 1 } httpd_method_t;

/* --- instances ---------------------------------------------------------------------------------------------------- */

/** Frees a context. */
typedef void (*httpd_free_ctx_fn_t)(void *ctx);

/**
 * A connection was accepted, and nothing has been read yet. Sets socket options, transport context and receive
 * override. Any result except ESP_OK ends the session: close_fn is called, and the context is freed.
 */
typedef esp_err_t (*httpd_open_func_t)(httpd_handle_t hd, int sockfd);

/** A session ends; its context is still there. Must close(sockfd). Called exactly once for each session. */
typedef void (*httpd_close_func_t)(httpd_handle_t hd, int sockfd);

#ifndef tskNO_AFFINITY
#define tskNO_AFFINITY (-1)
#endif

typedef struct httpd_config {
    unsigned task_priority; /**< no meaning on a desktop */
    size_t stack_size;      /**< no meaning on a desktop: the system's default stack is larger */
    int core_id;            /**< no meaning on a desktop, as has task_caps */
    uint32_t task_caps;

    uint16_t server_port; /**< TCP port; 0: any that is free */
    uint16_t ctrl_port;   /**< UDP port on loopback, on lwIP; no meaning elsewhere */

    uint16_t max_open_sockets; /**< sessions at a time; further connections wait in the kernel */
    uint16_t max_uri_handlers; /**< 1 */
    uint16_t max_resp_headers; /**< no meaning: handlers write to the socket themselves */
    uint16_t backlog_conn;     /**< connections that wait in the kernel to be accepted */
    bool lru_purge_enable;     /**< false: nobody is closed to make room */

    void *global_user_ctx;                       /**< for the application; freed by httpd_stop() */
    httpd_free_ctx_fn_t global_user_ctx_free_fn; /**< frees it; NULL: free() */

    bool keep_alive_enable;  /**< TCP keep-alive probes */
    int keep_alive_idle;     /**< seconds before the first probe */
    int keep_alive_interval; /**< seconds between probes */
    int keep_alive_count;    /**< unanswered probes that end the connection */

    httpd_open_func_t open_fn;   /**< sets each session's receive override */
    httpd_close_func_t close_fn; /**< closes each session's socket */
} httpd_config_t;

/* clang-format off */
#define HTTPD_DEFAULT_CONFIG() {  \
        .task_priority = 5,       \
        .stack_size = 4096,       \
        .server_port = 80,        \
        .ctrl_port = ESP_HTTPD_DEF_CTRL_PORT, \
        .max_open_sockets = 7,    \
        .max_uri_handlers = 8,    \
        .max_resp_headers = 8,    \
        .backlog_conn = 5,        \
    }
/* clang-format on */

/** On lwIP only: elsewhere httpd_host_start() of esp_http_server_host.h takes its place. */
esp_err_t httpd_start(httpd_handle_t *handle, const httpd_config_t *config);

/**
 * Ends an instance: runs the work queued so far, closes every session, and frees contexts. Any thread except the server
 * task. A request that is still detached ends the program, because on a chip its owner would use freed memory.
 * @return ESP_OK; ESP_ERR_INVALID_ARG for NULL
 */
esp_err_t httpd_stop(httpd_handle_t handle);

/** httpd_config_t::global_user_ctx of the instance. Any thread. */
void *httpd_get_global_user_ctx(httpd_handle_t handle);

/* --- requests ----------------------------------------------------------------------------------------------------- */

/** One request. Valid only in its handler or, if it was detached, until it is completed. */
typedef struct httpd_req {
    httpd_handle_t handle;
    void *aux; /**< the server's own */
} httpd_req_t;

typedef struct httpd_uri {
    const char *uri;                      /**< copied; at most 63 characters */
    httpd_method_t method;                /**< HTTP_GET */
    esp_err_t (*handler)(httpd_req_t *r); /**< ESP_OK keeps the connection, anything else closes it */
} httpd_uri_t;

/**
 * Sets the handler. Any thread. A request that the handler does not match closes its connection.
 * @return ESP_OK; ESP_ERR_INVALID_ARG; ESP_ERR_HTTPD_HANDLERS_FULL: there is one
 */
esp_err_t httpd_register_uri_handler(httpd_handle_t handle, const httpd_uri_t *uri_handler);

/** Socket of a request's session. Its handler or owner. */
int httpd_req_to_sockfd(httpd_req_t *r);

/**
 * Detaches the request from its handler, which must then return ESP_OK. The caller owns `*out` and gives it back with
 * httpd_req_async_handler_complete(). Until then the server does not touch the connection.
 * @return ESP_OK; ESP_ERR_INVALID_ARG for NULL
 */
esp_err_t httpd_req_async_handler_begin(httpd_req_t *r, httpd_req_t **out);

/**
 * Gives a detached request back. It is invalid from here on, and the connection's next request may come. To end the
 * connection, call shutdown(2) on the socket before. Any thread; does not wait.
 * @return ESP_OK; ESP_ERR_INVALID_ARG for NULL
 */
esp_err_t httpd_req_async_handler_complete(httpd_req_t *r);

/* --- sessions ----------------------------------------------------------------------------------------------------- */

#define HTTPD_SOCK_ERR_FAIL (-1) /**< the connection is broken */

/**
 * Returns the request to serve now that the socket is readable: a whole one in one call, with at least one header line.
 * Without a header line ESP-IDF's engine would get out of step.
 * @return bytes; 0 or HTTPD_SOCK_ERR_FAIL ends the session
 */
typedef int (*httpd_recv_func_t)(httpd_handle_t hd, int sockfd, char *buf, size_t buf_len, int flags);

/** Sets a session's receive override. @return ESP_OK; ESP_ERR_INVALID_ARG: no such session, or NULL */
esp_err_t httpd_sess_set_recv_override(httpd_handle_t hd, int sockfd, httpd_recv_func_t recv_func);

/** Context of a session; NULL if there is none, or no such session. */
void *httpd_sess_get_transport_ctx(httpd_handle_t handle, int sockfd);

/** Sets it, once. It is freed after close_fn; free_fn NULL: free(). */
void httpd_sess_set_transport_ctx(httpd_handle_t handle, int sockfd, void *ctx, httpd_free_ctx_fn_t free_fn);

/* --- work --------------------------------------------------------------------------------------------------------- */

typedef void (*httpd_work_fn_t)(void *arg);

/**
 * Has the server task call work(arg), in the order of queueing. Any thread; does not wait.
 * @return ESP_OK; ESP_ERR_INVALID_ARG; ESP_FAIL: CONFIG_LWIP_UDP_RECVMBOX_SIZE calls are waiting
 */
esp_err_t httpd_queue_work(httpd_handle_t handle, httpd_work_fn_t work, void *arg);

#ifdef __cplusplus
}
#endif

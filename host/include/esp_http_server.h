/* SPDX-License-Identifier: MIT */
/*
 * The API of ESP-IDF v5.5's esp_http_server on POSIX: same names, types, values and behaviour, so that code written
 * against a chip's server compiles and runs on a desktop unchanged. host/README.md lists where behaviour differs.
 *
 * One thread, "the server task", belongs to each instance. It accepts, parses, calls handlers and runs queued work,
 * one thing after the other: a handler that takes its time keeps every other client of the instance waiting, unless
 * it detaches its request (httpd_req_async_handler_begin()).
 *
 * Said once for all functions below:
 *  - "server task" means: call it from a handler, a queued work function, or the open/close/receive/send/pending
 *    functions of a session. "owner" means the one task that holds a detached request, until it completes it.
 *  - Request and response functions take the handler's request (server task) or a detached one (owner).
 *  - Strings given for responses are not copied: they must live until the response is sent.
 *  - ESP_ERR_INVALID_ARG answers NULL where something is needed, ESP_ERR_HTTPD_INVALID_REQ a request that is over.
 *  - "May wait" is bounded by recv_wait_timeout or send_wait_timeout seconds for each call to the socket.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>

#include <http_parser.h>

#include "esp_err.h"
#include "sdkconfig.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Names that HTTPD_DEFAULT_CONFIG() and httpd_config_t take from FreeRTOS and the heap on a chip. */
#ifndef tskIDLE_PRIORITY
typedef int BaseType_t;
#define tskIDLE_PRIORITY 0
#define tskNO_AFFINITY 0x7FFFFFFF
#endif
#ifndef MALLOC_CAP_INTERNAL
#define MALLOC_CAP_8BIT (1 << 2)
#define MALLOC_CAP_INTERNAL (1 << 11)
#endif

#define ESP_HTTPD_DEF_CTRL_PORT 32768

#define ESP_ERR_HTTPD_BASE 0xb000
#define ESP_ERR_HTTPD_HANDLERS_FULL (ESP_ERR_HTTPD_BASE + 1)  /**< no slot left for a URI handler */
#define ESP_ERR_HTTPD_HANDLER_EXISTS (ESP_ERR_HTTPD_BASE + 2) /**< a registered handler answers that URI and method */
#define ESP_ERR_HTTPD_INVALID_REQ (ESP_ERR_HTTPD_BASE + 3)    /**< the request is over, or never was one */
#define ESP_ERR_HTTPD_RESULT_TRUNC (ESP_ERR_HTTPD_BASE + 4)   /**< the caller's buffer is too small */
#define ESP_ERR_HTTPD_RESP_HDR (ESP_ERR_HTTPD_BASE + 5)       /**< too many, or too large, response headers */
#define ESP_ERR_HTTPD_RESP_SEND (ESP_ERR_HTTPD_BASE + 6)      /**< the socket did not take the response */
#define ESP_ERR_HTTPD_ALLOC_MEM (ESP_ERR_HTTPD_BASE + 7)      /**< out of memory */
#define ESP_ERR_HTTPD_TASK (ESP_ERR_HTTPD_BASE + 8)           /**< the server task could not be started */

/** As a length: take strlen() of the buffer. */
#define HTTPD_RESP_USE_STRLEN -1

/** An instance of the server. */
typedef void *httpd_handle_t;

/** http_parser's method numbers: HTTP_GET, HTTP_POST, ... */
typedef enum http_method httpd_method_t;

/** As httpd_uri_t::method: every method. */
#define HTTP_ANY INT_MAX

/* ---------------------------------------------------------------------------------------------- life cycle ---- */

/** Frees a context; called in the server task, except for what httpd_stop() and the set functions free themselves. */
typedef void (*httpd_free_ctx_fn_t)(void *ctx);

/**
 * A connection was accepted; nothing has been read. The place for socket options, transport context and overrides.
 * Server task. Anything but ESP_OK ends the session (close_fn is called, contexts are freed).
 */
typedef esp_err_t (*httpd_open_func_t)(httpd_handle_t hd, int sockfd);

/**
 * A session ends; contexts are still there. Must close(sockfd) itself. Server task; called exactly once for each
 * session. The descriptor may already be invalid if something else has closed it.
 */
typedef void (*httpd_close_func_t)(httpd_handle_t hd, int sockfd);

/**
 * Does a registered URI match? Called for each request and for each registration.
 * Must not call functions that register or unregister handlers.
 *
 * @param reference_uri  as registered
 * @param uri_to_match   not necessarily terminated after match_upto characters
 * @param match_upto     characters of uri_to_match that count: the path, without query and fragment
 */
typedef bool (*httpd_uri_match_func_t)(const char *reference_uri, const char *uri_to_match, size_t match_upto);

typedef struct httpd_config {
    unsigned task_priority; /**< no meaning on a desktop */
    size_t stack_size;      /**< no meaning on a desktop: the system's default stack is larger */
    BaseType_t core_id;     /**< no meaning on a desktop */
    uint32_t task_caps;     /**< no meaning on a desktop */

    size_t max_req_hdr_len; /**< bytes of a request's header block, blank line included; beyond: 431. 0: the default */
    size_t max_uri_len;     /**< bytes from the request line to the first header's first; beyond: 414. 0: the default */

    uint16_t server_port; /**< TCP port; 0 takes a free one, see httpd_host_port() */
    uint16_t ctrl_port;   /**< no meaning on a desktop: there is no control port */

    uint16_t max_open_sockets;  /**< sessions at a time */
    uint16_t max_uri_handlers;  /**< registered URI handlers */
    uint16_t max_resp_headers;  /**< httpd_resp_set_hdr() calls a response */
    uint16_t backlog_conn;      /**< connections that wait in the kernel to be accepted */
    bool lru_purge_enable;      /**< when full, a newcomer replaces the session that was idle longest */
    uint16_t recv_wait_timeout; /**< seconds a read from a client may wait, and a whole request head may take */
    uint16_t send_wait_timeout; /**< seconds a write to a client may wait */

    void *global_user_ctx;                            /**< for the application; freed by httpd_stop() */
    httpd_free_ctx_fn_t global_user_ctx_free_fn;      /**< frees it; NULL: free() */
    void *global_transport_ctx;                       /**< for the transport, such as TLS; freed by httpd_stop() */
    httpd_free_ctx_fn_t global_transport_ctx_free_fn; /**< frees it; NULL: free() */

    bool enable_so_linger;   /**< set SO_LINGER before a session is closed */
    int linger_timeout;      /**< seconds */
    bool keep_alive_enable;  /**< TCP keep-alive probes */
    int keep_alive_idle;     /**< seconds before the first probe; 0: 5 */
    int keep_alive_interval; /**< seconds between probes; 0: 5 */
    int keep_alive_count;    /**< unanswered probes that end the connection; 0: 3 */

    httpd_open_func_t open_fn;           /**< may be NULL */
    httpd_close_func_t close_fn;         /**< may be NULL: the server closes the socket */
    httpd_uri_match_func_t uri_match_fn; /**< NULL: exact comparison. httpd_uri_match_wildcard is another choice */
} httpd_config_t;

/* clang-format off */
#define HTTPD_DEFAULT_CONFIG() {                                    \
        .task_priority = tskIDLE_PRIORITY + 5,                      \
        .stack_size = 4096,                                         \
        .core_id = tskNO_AFFINITY,                                  \
        .task_caps = (MALLOC_CAP_INTERNAL | MALLOC_CAP_8BIT),       \
        .max_req_hdr_len = CONFIG_HTTPD_MAX_REQ_HDR_LEN,            \
        .max_uri_len = CONFIG_HTTPD_MAX_URI_LEN,                    \
        .server_port = 80,                                          \
        .ctrl_port = ESP_HTTPD_DEF_CTRL_PORT,                       \
        .max_open_sockets = 7,                                      \
        .max_uri_handlers = 8,                                      \
        .max_resp_headers = 8,                                      \
        .backlog_conn = 5,                                          \
        .lru_purge_enable = false,                                  \
        .recv_wait_timeout = 5,                                     \
        .send_wait_timeout = 5,                                     \
        .global_user_ctx = NULL,                                    \
        .global_user_ctx_free_fn = NULL,                            \
        .global_transport_ctx = NULL,                               \
        .global_transport_ctx_free_fn = NULL,                       \
        .enable_so_linger = false,                                  \
        .linger_timeout = 0,                                        \
        .keep_alive_enable = false,                                 \
        .keep_alive_idle = 0,                                       \
        .keep_alive_interval = 0,                                   \
        .keep_alive_count = 0,                                      \
        .open_fn = NULL,                                            \
        .close_fn = NULL,                                           \
        .uri_match_fn = NULL                                        \
    }
/* clang-format on */

/**
 * Starts an instance. Any thread. Listens where the environment variable ESP_HTTPD_BIND says, or on loopback;
 * httpd_host_start() of esp_http_server_host.h takes the address as an argument, and lists the errors of both.
 */
esp_err_t httpd_start(httpd_handle_t *handle, const httpd_config_t *config);

/**
 * Ends an instance: no more connections, work queued so far is run, every session is closed, contexts are freed.
 *
 * Any thread but the server task (ESP_ERR_INVALID_STATE). Detached requests are waited for: their sockets are shut
 * down, so that owners see errors at once, and each owner must still complete its request.
 * The handle is invalid afterwards. ESP_ERR_INVALID_ARG for NULL.
 */
esp_err_t httpd_stop(httpd_handle_t handle);

/** httpd_config_t::global_user_ctx of the instance. Any thread. */
void *httpd_get_global_user_ctx(httpd_handle_t handle);

/** httpd_config_t::global_transport_ctx of the instance. Any thread. */
void *httpd_get_global_transport_ctx(httpd_handle_t handle);

/* -------------------------------------------------------------------------------------------- URI handlers ---- */

/** One request. Valid in its handler only, or until completed where it was detached. */
typedef struct httpd_req {
    httpd_handle_t handle;
    int method;                                   /**< HTTP_GET, ... */
    const char uri[CONFIG_HTTPD_MAX_URI_LEN + 1]; /**< the whole target, query included, not decoded */
    size_t content_len;                           /**< bytes of body announced */
    void *aux;                                    /**< the server's own */
    void *user_ctx;                               /**< httpd_uri_t::user_ctx */

    /**
     * Context of the session, kept from request to request and freed when the session ends. A handler may change
     * it: the former one is then freed when the handler returns.
     */
    void *sess_ctx;
    httpd_free_ctx_fn_t free_ctx; /**< frees sess_ctx; NULL: free() */
    bool ignore_sess_ctx_changes; /**< the handler frees former contexts itself */
} httpd_req_t;

typedef struct httpd_uri {
    const char *uri;       /**< copied at registration */
    httpd_method_t method; /**< or HTTP_ANY */

    /**
     * Answers a request. Server task. ESP_OK keeps the connection, anything else closes it.
     * Body bytes it has not read are thrown away before the connection's next request.
     */
    esp_err_t (*handler)(httpd_req_t *r);
    void *user_ctx; /**< given to the handler; never freed */
} httpd_uri_t;

/**
 * Adds a handler; the first registered one that matches URI and method answers. Any thread, also while running.
 *
 * @return ESP_OK; ESP_ERR_INVALID_ARG; ESP_ERR_HTTPD_HANDLERS_FULL; ESP_ERR_HTTPD_ALLOC_MEM;
 *         ESP_ERR_HTTPD_HANDLER_EXISTS where an earlier handler already matches this URI (through uri_match_fn) and
 *         method
 */
esp_err_t httpd_register_uri_handler(httpd_handle_t handle, const httpd_uri_t *uri_handler);

/** Removes the handler of exactly this string and method. ESP_ERR_NOT_FOUND, ESP_ERR_INVALID_ARG. Any thread. */
esp_err_t httpd_unregister_uri_handler(httpd_handle_t handle, const char *uri, httpd_method_t method);

/** Removes the handlers of exactly this string, whatever the method. ESP_ERR_NOT_FOUND, ESP_ERR_INVALID_ARG. */
esp_err_t httpd_unregister_uri(httpd_handle_t handle, const char *uri);

/**
 * Matcher for httpd_config_t::uri_match_fn. Special at the end of a template only: '*' allows anything to follow, '?'
 * makes the character before it optional, and "?*" (or "*?") does both: "/a/?*" is /a, /a/ and /a/b, not /ab.
 */
bool httpd_uri_match_wildcard(const char *uri_template, const char *uri_to_match, size_t match_upto);

/* -------------------------------------------------------------------------------------------------- errors ---- */

typedef enum {
    HTTPD_500_INTERNAL_SERVER_ERROR = 0,
    HTTPD_501_METHOD_NOT_IMPLEMENTED,
    HTTPD_505_VERSION_NOT_SUPPORTED,
    HTTPD_400_BAD_REQUEST,
    HTTPD_401_UNAUTHORIZED,
    HTTPD_403_FORBIDDEN,
    HTTPD_404_NOT_FOUND,
    HTTPD_405_METHOD_NOT_ALLOWED,
    HTTPD_408_REQ_TIMEOUT,
    HTTPD_411_LENGTH_REQUIRED,
    HTTPD_413_CONTENT_TOO_LARGE,
    HTTPD_414_URI_TOO_LONG,
    HTTPD_431_REQ_HDR_FIELDS_TOO_LARGE,
    HTTPD_ERR_CODE_MAX
} httpd_err_code_t;

/**
 * Replaces the server's answer to an error it found itself (400, 404, 405, 408, 411, 414, 431, 500, 505). Server
 * task. Of the request only handle and socket are sure to be valid.
 *
 * @return for 404 and 405, ESP_OK keeps the connection; for 408, ESP_OK waits once more; for all others the
 *         connection is closed, since nobody knows where the next request would begin
 */
typedef esp_err_t (*httpd_err_handler_func_t)(httpd_req_t *req, httpd_err_code_t error);

/** Sets the function for one error; NULL restores the server's own. ESP_ERR_INVALID_ARG. Any thread. */
esp_err_t httpd_register_err_handler(httpd_handle_t handle, httpd_err_code_t error,
                                     httpd_err_handler_func_t handler_fn);

/* ------------------------------------------------------------------------------------- sockets of sessions ---- */

#define HTTPD_SOCK_ERR_FAIL -1    /**< the connection is of no use any more */
#define HTTPD_SOCK_ERR_INVALID -2 /**< wrong arguments, or no socket of a session */
#define HTTPD_SOCK_ERR_TIMEOUT -3 /**< nothing in time; may be tried again */

/**
 * Sends for a session, in place of send(2). Server task or owner; httpd_socket_send() calls it from any thread.
 * Returns the bytes taken (fewer is allowed; 0 counts as a failure) or HTTPD_SOCK_ERR_*.
 */
typedef int (*httpd_send_func_t)(httpd_handle_t hd, int sockfd, const char *buf, size_t buf_len, int flags);

/**
 * Receives for a session, in place of recv(2). Server task or owner; httpd_socket_recv() calls it from any thread.
 * Returns bytes, 0 at the end of the stream, or HTTPD_SOCK_ERR_*. 0, FAIL and INVALID end the session.
 */
typedef int (*httpd_recv_func_t)(httpd_handle_t hd, int sockfd, char *buf, size_t buf_len, int flags);

/**
 * Is there input that poll(2) cannot see, such as decrypted bytes? Server task; asked before each wait, while the
 * session is not detached, and must not wait. Above 0: the session is served at once.
 */
typedef int (*httpd_pending_func_t)(httpd_handle_t hd, int sockfd);

/* Set a session's functions: from open_fn, a handler or the owner. ESP_ERR_INVALID_ARG: no such session, or NULL
 * (a pending function may be NULL: none). */
esp_err_t httpd_sess_set_recv_override(httpd_handle_t hd, int sockfd, httpd_recv_func_t recv_func);
esp_err_t httpd_sess_set_send_override(httpd_handle_t hd, int sockfd, httpd_send_func_t send_func);
esp_err_t httpd_sess_set_pending_override(httpd_handle_t hd, int sockfd, httpd_pending_func_t pending_func);

/**
 * One raw send on a session's socket through its send function. Any thread; may wait. Sends of two threads are not
 * kept apart.
 * @return bytes, possibly fewer than buf_len, or HTTPD_SOCK_ERR_*; INVALID where sockfd is no open session
 */
int httpd_socket_send(httpd_handle_t hd, int sockfd, const char *buf, size_t buf_len, int flags);

/** One raw receive on a session's socket through its receive function; otherwise as httpd_socket_send(). */
int httpd_socket_recv(httpd_handle_t hd, int sockfd, char *buf, size_t buf_len, int flags);

/* ------------------------------------------------------------------------------------------------- request ---- */

/** Socket of a request's session, -1 for a request that is over. */
int httpd_req_to_sockfd(httpd_req_t *r);

/**
 * Reads body bytes; may wait. A client that asked for it is sent "100 Continue" first.
 *
 * @return bytes, never beyond the announced body and possibly fewer than asked; 0 when the body is complete or the
 *         client has gone; HTTPD_SOCK_ERR_TIMEOUT (may be tried again), _FAIL, _INVALID
 */
int httpd_req_recv(httpd_req_t *r, char *buf, size_t buf_len);

/**
 * Length of a request header's value without terminator, 0 if there is none. Names compare without case, the first of
 * several counts. Headers are gone once a response has begun.
 */
size_t httpd_req_get_hdr_value_len(httpd_req_t *r, const char *field);

/**
 * Copies a request header's value, terminated.
 * @return ESP_OK; ESP_ERR_NOT_FOUND; ESP_ERR_HTTPD_RESULT_TRUNC with as much as fits; ESP_ERR_INVALID_ARG;
 *         ESP_ERR_HTTPD_INVALID_REQ
 */
esp_err_t httpd_req_get_hdr_value_str(httpd_req_t *r, const char *field, char *val, size_t val_size);

/** Length of the query in the request's target, without '?' and terminator; 0 if there is none. */
size_t httpd_req_get_url_query_len(httpd_req_t *r);

/**
 * Copies the query, not decoded, terminated.
 * @return ESP_OK; ESP_ERR_NOT_FOUND; ESP_ERR_HTTPD_RESULT_TRUNC with nothing copied; ESP_ERR_INVALID_ARG;
 *         ESP_ERR_HTTPD_INVALID_REQ
 */
esp_err_t httpd_req_get_url_query_str(httpd_req_t *r, char *buf, size_t buf_len);

/**
 * Copies the value of a key in a query such as "a=1&b=2", not decoded, terminated. Any thread. Keys compare without
 * case, the first of several counts, and nothing is found behind an item without '='.
 * @return ESP_OK; ESP_ERR_NOT_FOUND; ESP_ERR_HTTPD_RESULT_TRUNC with nothing copied; ESP_ERR_INVALID_ARG
 */
esp_err_t httpd_query_key_value(const char *qry, const char *key, char *val, size_t val_size);

/**
 * Copies the value of a cookie of the Cookie header, terminated. Names compare without case.
 * @param[in,out] val_size  in: bytes in val; out: bytes needed, terminator included, on ESP_OK and RESULT_TRUNC
 * @return ESP_OK; ESP_ERR_NOT_FOUND; ESP_ERR_HTTPD_RESULT_TRUNC with nothing copied; ESP_ERR_INVALID_ARG
 */
esp_err_t httpd_req_get_cookie_val(httpd_req_t *req, const char *cookie_name, char *val, size_t *val_size);

/**
 * Detaches the request from its handler: `*out` is a copy that any one task may use and must give back with
 * httpd_req_async_handler_complete(). Until then the server leaves the connection alone and never purges it. The
 * handler should return ESP_OK; with another value the socket is shut down at once and closed upon completion.
 *
 * Server task, in a handler, for the handler's own request. Does not wait.
 * @return ESP_OK; ESP_ERR_INVALID_ARG for NULL or another request; ESP_ERR_INVALID_STATE if it is detached already;
 *         ESP_ERR_NO_MEM
 */
esp_err_t httpd_req_async_handler_begin(httpd_req_t *r, httpd_req_t **out);

/**
 * Gives a detached request back: it is invalid from here on, and the connection's next request may come.
 * Body bytes not read are thrown away. To end the connection instead, shutdown(2) the socket or call
 * httpd_sess_trigger_close() before. Any thread. Does not wait.
 * @return ESP_OK; ESP_ERR_INVALID_ARG for NULL or a request that is not detached
 */
esp_err_t httpd_req_async_handler_complete(httpd_req_t *r);

/* ------------------------------------------------------------------------------------------------ response ---- */

#define HTTPD_200 "200 OK"
#define HTTPD_204 "204 No Content"
#define HTTPD_207 "207 Multi-Status"
#define HTTPD_400 "400 Bad Request"
#define HTTPD_404 "404 Not Found"
#define HTTPD_408 "408 Request Timeout"
#define HTTPD_500 "500 Internal Server Error"

#define HTTPD_TYPE_JSON "application/json"
#define HTTPD_TYPE_TEXT "text/html"
#define HTTPD_TYPE_OCTET "application/octet-stream"

/** Sets the status line's code and text; "200 OK" unless called. CR and LF are refused: ESP_ERR_INVALID_ARG. */
esp_err_t httpd_resp_set_status(httpd_req_t *r, const char *status);

/** Sets Content-Type; "text/html" unless called. CR and LF are refused: ESP_ERR_INVALID_ARG. */
esp_err_t httpd_resp_set_type(httpd_req_t *r, const char *type);

/**
 * Adds a header. CR and LF are refused: ESP_ERR_INVALID_ARG.
 * ESP_ERR_HTTPD_RESP_HDR beyond httpd_config_t::max_resp_headers.
 */
esp_err_t httpd_resp_set_hdr(httpd_req_t *r, const char *field, const char *value);

/**
 * Sends a whole response: head with Content-Length, then the body, in one call to the send function where both are
 * small. May wait. The body is sent for HEAD too, unless buf is NULL: then only its length is told.
 * @return ESP_OK; ESP_ERR_INVALID_ARG; ESP_ERR_HTTPD_INVALID_REQ; ESP_ERR_HTTPD_RESP_HDR where status and type exceed
 *         max_req_hdr_len; ESP_ERR_HTTPD_RESP_SEND
 */
esp_err_t httpd_resp_send(httpd_req_t *r, const char *buf, ssize_t buf_len);

/**
 * Sends a part of a response in chunked encoding, the head before the first one; buf_len 0 ends the response, and must
 * be sent. May wait. A client of HTTP/1.0 gets the bytes unframed and the end of the connection as their end.
 * Errors as httpd_resp_send().
 */
esp_err_t httpd_resp_send_chunk(httpd_req_t *r, const char *buf, ssize_t buf_len);

/**
 * Sends an error response with the code's usual text, or `msg`. May wait. Does not close: return ESP_FAIL for that.
 * Errors as httpd_resp_send().
 */
esp_err_t httpd_resp_send_err(httpd_req_t *req, httpd_err_code_t error, const char *msg);

/** Sends an error response with a status of one's own, such as "418 I'm a teapot". Errors as httpd_resp_send(). */
esp_err_t httpd_resp_send_custom_err(httpd_req_t *req, const char *status, const char *msg);

/**
 * One raw send on the request's socket through its send function, for hand-made responses. May wait.
 * @return bytes, possibly fewer than buf_len, or HTTPD_SOCK_ERR_*
 */
int httpd_send(httpd_req_t *r, const char *buf, size_t buf_len);

static inline esp_err_t httpd_resp_sendstr(httpd_req_t *r, const char *str)
{
    return httpd_resp_send(r, str, str ? HTTPD_RESP_USE_STRLEN : 0);
}

static inline esp_err_t httpd_resp_sendstr_chunk(httpd_req_t *r, const char *str)
{
    return httpd_resp_send_chunk(r, str, str ? HTTPD_RESP_USE_STRLEN : 0);
}

static inline esp_err_t httpd_resp_send_404(httpd_req_t *r)
{
    return httpd_resp_send_err(r, HTTPD_404_NOT_FOUND, NULL);
}

static inline esp_err_t httpd_resp_send_408(httpd_req_t *r)
{
    return httpd_resp_send_err(r, HTTPD_408_REQ_TIMEOUT, NULL);
}

static inline esp_err_t httpd_resp_send_500(httpd_req_t *r)
{
    return httpd_resp_send_err(r, HTTPD_500_INTERNAL_SERVER_ERROR, NULL);
}

/* ------------------------------------------------------------------------------------------------ sessions ---- */

/**
 * Context of a session; NULL if there is none, or no such session. Within a handler of that session it is the
 * request's sess_ctx. Any thread, but only server task and owner can be sure that it is not freed meanwhile.
 */
void *httpd_sess_get_ctx(httpd_handle_t handle, int sockfd);

/** Sets it; a former, different one is freed with its own function. free_fn NULL: free(). */
void httpd_sess_set_ctx(httpd_handle_t handle, int sockfd, void *ctx, httpd_free_ctx_fn_t free_fn);

/** Context for the send, receive and pending functions; otherwise as httpd_sess_get_ctx(). */
void *httpd_sess_get_transport_ctx(httpd_handle_t handle, int sockfd);

/** Sets it; a former, different one is freed with its own function. free_fn NULL: free(). */
void httpd_sess_set_transport_ctx(httpd_handle_t handle, int sockfd, void *ctx, httpd_free_ctx_fn_t free_fn);

/**
 * Has the server task close a session, after the work queued so far. A detached one is shut down then, and closed when
 * its owner completes it. Any thread; does not wait.
 * @return ESP_OK; ESP_ERR_INVALID_ARG; ESP_ERR_NOT_FOUND: no such session; ESP_FAIL: the work queue is full
 */
esp_err_t httpd_sess_trigger_close(httpd_handle_t handle, int sockfd);

/** Makes a session the one used last. ESP_ERR_NOT_FOUND, ESP_ERR_INVALID_ARG. Any thread. */
esp_err_t httpd_sess_update_lru_counter(httpd_handle_t handle, int sockfd);

/**
 * Lists the sockets of open sessions. Any thread.
 * @param[in,out] fds         in: places in client_fds; out: places used
 * @param[out]    client_fds  the sockets
 * @return ESP_OK; ESP_ERR_INVALID_ARG for NULL, no place, or too few places
 */
esp_err_t httpd_get_client_list(httpd_handle_t handle, size_t *fds, int *client_fds);

/* ---------------------------------------------------------------------------------------------- work queue ---- */

typedef void (*httpd_work_fn_t)(void *arg);

/**
 * Has the server task call work(arg), in the order of queueing. Any thread; does not wait.
 * At most CONFIG_LWIP_UDP_RECVMBOX_SIZE calls can be waiting, closes of sessions included.
 * @return ESP_OK; ESP_ERR_INVALID_ARG; ESP_FAIL: the queue is full, or the instance has stopped
 */
esp_err_t httpd_queue_work(httpd_handle_t handle, httpd_work_fn_t work, void *arg);

#ifdef __cplusplus
}
#endif

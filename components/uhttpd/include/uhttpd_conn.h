/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file
 * A connection taken over from HTTP until its end: its bytes belong to the owner, its socket to the I/O task.
 *
 * Callbacks run in the I/O task, one at a time, and must not block. Functions are for the I/O task only, that is, for
 * callbacks, except uhttpd_conn_wake().
 */
typedef struct uhttpd_conn uhttpd_conn_t;

typedef struct {
    /** The readiness that was asked for with uhttpd_conn_want(), the time of uhttpd_conn_deadline(), or a wake-up has
     * come. */
    void (*ready)(uhttpd_conn_t *conn, void *ctx);
    /**
     * The server is being stopped: the owner may tell its peer, and ends the connection when that has been sent. A
     * connection that is still open after a second is ended. May be called more than once. NULL: it is ended at once.
     */
    void (*stopping)(uhttpd_conn_t *conn, void *ctx);
    /**
     * The connection is over: the last call, exactly once. Not called when uhttpd_conn_take() fails. With @p stopping
     * the server is being stopped and the socket still takes a last uhttpd_conn_send().
     */
    void (*closed)(uhttpd_conn_t *conn, void *ctx, bool stopping);
} uhttpd_conn_events_t;

/**
 * @brief Takes over the connection of a request. From a handler (of any kind), which then returns ESP_OK.
 *
 * Nothing may have been answered yet. The owner sends everything, for instance a `101 Switching Protocols`.
 * @c ready is called once at the start, from the I/O task, after the handler has returned.
 *
 * @param[in]  events  Not copied: lives as long as the connection.
 * @param[out] conn    Valid until @c closed returns.
 * @return ESP_OK; ESP_ERR_UHTTPD_BUSY or ESP_ERR_UHTTPD_STOPPING (answer 503 then); ESP_ERR_UHTTPD_ANSWERED;
 *         ESP_ERR_NO_MEM.
 */
esp_err_t uhttpd_conn_take(uhttpd_req_t *req, const uhttpd_conn_events_t *events, void *ctx, uhttpd_conn_t **conn);

/** @brief Reads what is there. @return bytes; 0: nothing now; -1: closed by the peer, or broken. */
int uhttpd_conn_recv(uhttpd_conn_t *conn, void *buf, size_t size);

/** @brief Writes what fits. @return bytes, 0: nothing now; -1: broken. */
int uhttpd_conn_send(uhttpd_conn_t *conn, const void *buf, size_t len);

/** @brief Which readiness calls @c ready: #UHTTPD_OS_READ | #UHTTPD_OS_WRITE. At the start: read. */
void uhttpd_conn_want(uhttpd_conn_t *conn, unsigned events);

/** @brief Calls @c ready when uhttpd_os_now() reaches @p when; 0: never. One deadline a connection. */
void uhttpd_conn_deadline(uhttpd_conn_t *conn, uint64_t when);

/** @brief Calls @c ready soon. Any task; the connection must not be over. */
void uhttpd_conn_wake(uhttpd_conn_t *conn);

/** @brief Ends it: @c closed is called before this returns, and @p conn is gone. */
void uhttpd_conn_close(uhttpd_conn_t *conn);

/** @brief The peer's address, as text. Valid until @c closed returns. */
const char *uhttpd_conn_remote(const uhttpd_conn_t *conn);

/** @brief The server that it is connected to. */
uhttpd_handle_t uhttpd_conn_server(const uhttpd_conn_t *conn);

#ifdef __cplusplus
}
#endif

/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file
 * Responses and request bodies of any length, in constant memory, that occupy no worker while the network is slow.
 *
 * A handler says where a response comes from, or where a body goes to, and returns. The request lives on: the I/O task
 * waits for the socket, workers move a piece at a time. One buffer of uhttpd_config_t::stream_buffer bytes belongs to
 * each stream while it lasts. A client that keeps up gets many pieces at a time before others have their turn.
 *
 * A stream ends by itself when the client leaves, takes nothing for uhttpd_config_t::send_timeout, sends nothing for
 * uhttpd_config_t::body_timeout, or stays below uhttpd_config_t::min_rate. When the server has no socket left for a new
 * connection, the stream that has waited for longest (at least a second) gives way. When the server is stopped, its
 * streams end with ESP_ERR_UHTTPD_STOPPING before uhttpd_stop() returns.
 */

/** @brief Where a response comes from. Its functions run in workers, one at a time. */
typedef struct {
    /**
     * Reads the next bytes. May block on a disk, never on the network.
     *
     * @param[out] got  1 to @p size; 0: this was the end.
     * @return ESP_OK; anything else ends the stream.
     */
    esp_err_t (*read)(void *ctx, void *buf, size_t size, size_t *got);
    /**
     * The stream is over: the last call, exactly once; may be NULL.
     *
     * @param result  ESP_OK: everything was handed to TCP. Otherwise the client has not got everything, and can tell:
     *                ESP_ERR_UHTTPD_GONE (it left, was too slow, or had to make room), ESP_ERR_INVALID_SIZE (the source
     *                ended before the length), ESP_ERR_UHTTPD_STOPPING, what @c read or the handler returned.
     */
    void (*close)(void *ctx, esp_err_t result);
    void *ctx;
} uhttpd_source_t;

/**
 * @brief Answers with what a source delivers. From a handler of any kind, which then returns ESP_OK; does not block.
 *
 * A source that ends before @p length, or with an error, breaks the connection, so that half a response never passes
 * for a whole one. For HEAD and for the statuses 204 and 304 only @c close is called, not @c read.
 *
 * @param length    Bytes to come, sent as Content-Length; more is never asked for. -1: unknown, sent in the chunked
 *                  coding (bare until the end of the connection to a client of HTTP/1.0).
 * @param source    Copied.
 * @param response  NULL: 200, text/html. Not needed any more when this returns.
 * @return ESP_OK; otherwise no function of @p source will ever be called: ESP_ERR_UHTTPD_ANSWERED, ESP_ERR_INVALID_ARG
 *         (as uhttpd_write(), or no @c read), ESP_ERR_NO_MEM, ESP_ERR_UHTTPD_BUSY (inline handlers: no socket can be
 *         spared; answer 503).
 */
esp_err_t uhttpd_write_from(uhttpd_req_t *req, int64_t length, const uhttpd_source_t *source,
                            const uhttpd_response_t *response);

/** @brief Where a request body goes to. Its functions run in workers, one at a time. */
typedef struct {
    /**
     * Takes the next bytes, at least one. May block on a disk, never on the network.
     * @return ESP_OK; anything else ends the stream, and is handed to @c done.
     */
    esp_err_t (*write)(void *ctx, const void *data, size_t len);
    /**
     * The body is over: the last call, exactly once. Answers the request, as a handler does: with uhttpd_write(), with
     * uhttpd_write_from(), or not at all. In that case the client gets the status for @p result.
     *
     * @param req     As it was for the handler.
     * @param result  ESP_OK: the body was whole. ESP_ERR_TIMEOUT, ESP_ERR_UHTTPD_BODY, ESP_ERR_UHTTPD_GONE,
     *                ESP_ERR_UHTTPD_TOO_BIG, ESP_ERR_UHTTPD_STOPPING, or what @c write or the handler returned.
     * @return as #uhttpd_handler_t.
     */
    esp_err_t (*done)(uhttpd_req_t *req, void *ctx, esp_err_t result);
    void *ctx;
} uhttpd_sink_t;

/**
 * @brief Delivers the request body, or what uhttpd_req_read() has left of it, to a sink. From a handler of any kind,
 *        which then returns ESP_OK without having answered; does not block.
 *
 * Chunked bodies are decoded; `Expect: 100-continue` is answered; uhttpd_config_t::max_body is enforced.
 *
 * @param sink  Copied.
 * @return ESP_OK; otherwise no function of @p sink will ever be called: ESP_ERR_UHTTPD_ANSWERED, ESP_ERR_INVALID_ARG
 *         (no @c write or @c done), ESP_ERR_NO_MEM, ESP_ERR_UHTTPD_BUSY (inline handlers: no socket can be spared).
 */
esp_err_t uhttpd_read_to(uhttpd_req_t *req, const uhttpd_sink_t *sink);

#ifdef __cplusplus
}
#endif

/* SPDX-License-Identifier: MIT */
#pragma once

#include "http/text.h"
#include "session.h"

/**
 * @file
 * The bytes of one request and its response: body.c, send.c, response.c.
 */

/* --- body.c ------------------------------------------------------------------------------------------------------- */

/* The body of a request. */

void uh_body_init(uh_session_t *session);

/** @brief True when Content-Length says that uhttpd_config_t::max_body will be exceeded. */
bool uh_body_is_announced_too_long(const uh_session_t *session);

/**
 * @brief Reads without waiting. @return ESP_OK, with 0 bytes if all of them belonged to the coding;
 *        ESP_ERR_NOT_FINISHED: there is nothing to read; anything else is uhttpd_req::body_error from now on.
 */
esp_err_t uh_body_read_now(uh_session_t *session, void *buf, size_t size, size_t *got);

/** @brief The same, passing by what was collected. */
esp_err_t uh_body_receive_now(uh_session_t *session, void *buf, size_t size, size_t *got);

/** @brief True when nothing is left to be read. */
bool uh_body_is_over(const uhttpd_req_t *req);

/** @brief Ends reading. @param status  what the client gets if the handler does not answer. @return @p err */
esp_err_t uh_body_fail(uh_session_t *session, esp_err_t err, int status);

/**
 * @brief The body is not what the handler reads, which then need not answer.
 * @param reason  a constant sentence
 * @return ESP_ERR_UHTTPD_REFUSED
 */
esp_err_t uh_body_refuse(uhttpd_req_t *req, int status, const char *reason);

/** @brief Answers `Expect: 100-continue`, once, without waiting. */
void uh_body_invite_now(uh_session_t *session);

/** @brief Throws away what has arrived of the body, without waiting. @return true at the end of the body. */
bool uh_body_discard(uh_session_t *session);

/* --- collect.c ---------------------------------------------------------------------------------------------------- */

/*
 * Bodies are collected before a worker is taken, as far as uhttpd_config_t::body_buffer goes. Whatever goes wrong with
 * one meanwhile is uhttpd_req::body_error, as if the handler had waited for it.
 */

/** @brief True when the body may be read before the handler has decided about anything. */
bool uh_collect_applies(const uh_session_t *session);

/**
 * @brief Collects what is there, without waiting, and calls @p done when the rest is there, too, or will not come, or
 *        does not fit. Any task.
 * @param done  is called in this task or in the I/O task
 * @return what @p done returns; or ESP_OK when it will be called later
 */
esp_err_t uh_collect_body(uh_session_t *session, esp_err_t (*done)(uh_session_t *session));

/* --- send.c ------------------------------------------------------------------------------------------------------- */

/* Sending for the request that a session works on: what leaves counts for its pace, and a socket that fails breaks it. */

/** @brief Sends what the socket takes. @return as uh_wire_write() */
ssize_t uh_send_now(uh_session_t *session, const void *data, size_t len);

/**
 * @brief Sends all parts, in one write where it fits. A small rest of a whole response is left to the I/O task; for
 *        anything else a worker waits, and it alone may.
 * @param parts  are changed
 * @return ESP_OK, ESP_ERR_UHTTPD_GONE; ESP_ERR_NO_MEM in a task that must not wait
 */
esp_err_t uh_send_parts(uh_session_t *session, struct iovec *parts, int count);

/** @brief As uh_send_parts(), for one of them. */
esp_err_t uh_send_all(uh_session_t *session, const void *data, size_t len);

/** @brief Sends what a response left behind. @return true when all is out or the socket is broken. */
bool uh_send_flush(uh_session_t *session);

/* --- response.c --------------------------------------------------------------------------------------------------- */

/* The response to a request. */

/**
 * @brief Sends a small answer of the server itself, such as "403 Forbidden" or "404 Not Found: a directory is not there".
 * @param reason  a few words after the status; NULL: none
 * @return as uhttpd_write()
 */
esp_err_t uh_respond(uhttpd_req_t *req, int status, const char *reason, const uhttpd_header_t *headers,
                     size_t header_count);

/** @brief Sends 503 to a client that should try again soon. */
esp_err_t uh_respond_busy(uhttpd_req_t *req, const char *reason);

bool uh_response_is_valid(const uhttpd_response_t *response);

/**
 * @brief Decides how the response ends and whether the connection stays open, now that the answer is known.
 * @param length  of the body; #UH_RESPONSE_ENDLESS when it is not known.
 */
void uh_response_settle(uh_session_t *session, const uhttpd_response_t *response, int64_t length);
#define UH_RESPONSE_ENDLESS (-1)

/** @brief Adds the head, with the empty line that ends it. */
void uh_response_head(uh_session_t *session, const uhttpd_response_t *response, int64_t length, uh_text_t *text);

/** @brief Answers HEAD as GET would, where the end of the connection is the end of the response. */
esp_err_t uh_response_endless_head(uhttpd_req_t *req, const uhttpd_response_t *response);

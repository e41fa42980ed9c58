/* SPDX-License-Identifier: MIT */
#pragma once

#include "esp_err.h"
#include "second/request.h"
#include "uhttpd_storage.h"
#include "uhttpd_ws.h"

/**
 * @file
 * File operations of sessions of the second edition: streams and results in the I/O task, steps of file.c in workers of
 * the session's server.
 *
 * A session has a bounded number of operations. Those that cannot be worked on yet wait for others. If an operation is under way when its session ends, a worker gives
 * it up, and it counts until then. If no worker can, because the server ends, a worker of the next session does it.
 */
typedef struct wr_operation wr_operation_t;

/** @brief Before anything else, once. @param max  Operations at a time. Any task. */
esp_err_t wr_operations_init(unsigned max);

/** @brief For operations to come. @param storage  NULL: none. Any task. */
void wr_operations_set_storage(const uhttpd_storage_t *storage);

/** @brief How long what has come of an upload that was cut is kept from now on. Any task. */
void wr_operations_set_keep(uint32_t keep_ms);

/** @brief What wr_operations_init() was given. */
uint16_t wr_operations_max(void);

/** @brief Bytes of a PUT with EARLY that are taken before it is opened. */
uint32_t wr_operations_early(void);

/** @brief True if there is a storage. */
bool wr_operations_has_storage(void);

/** @name Of one session; I/O task
 *  @{ */
/** @return 0, or the code that the operation has ended with: EAGAIN, ENOMEM, EOPNOTSUPP. */
uint16_t wr_operations_begin(wr_operation_t **list, uhttpd_ws_t *ws, const wr_request_t *request);

/** @brief True if an operation of the session has this id. */
bool wr_operations_has(const wr_operation_t *list, uint16_t id);

/** @brief Bytes of a stream have come. @return false: more than there was credit for. */
bool wr_operations_data(wr_operation_t *list, uint16_t id, const uint8_t *data, size_t len);

void wr_operations_credit(wr_operation_t *list, uint16_t id, uint32_t more);

void wr_operations_cancel(wr_operation_t *list, uint16_t id);

/**
 * @brief Continues, as far as there is room to send. @param reserve  Bytes of that room that are for others.
 * @return when to be called again at the latest; 0: when woken.
 */
uint64_t wr_operations_run(wr_operation_t **list, uhttpd_ws_t *ws, size_t reserve);

/** @brief The session has ended. */
void wr_operations_end(wr_operation_t **list);
/** @} */

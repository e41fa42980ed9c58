/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file
 * Requests that are answered later: by a sensor's interrupt, another task, a program's event loop. While a request is
 * held it occupies its socket, and no worker.
 *
 * @code{c}
 * static void pressed(uhttpd_req_t *req, ...) // in any task, when there is something to say
 * {
 *     uhttpd_resume(req, answer, &button);
 * }
 *
 * static esp_err_t wait_for_button(uhttpd_req_t *req, void *ctx) // a route's handler
 * {
 *     ... note req where pressed() finds it ...
 *     return uhttpd_hold(req, &(uhttpd_hold_t) {.timeout = 30000, .over = give_up});
 * }
 * @endcode
 */

/** How a request is held. Copied. */
typedef struct {
    /**
     * Nobody need answer any more, or not with what was waited for. Called once at most, in the I/O task; must not block.
     * The request stays held: it, too, has to be resumed, here or later. NULL: nobody is told.
     *
     * @param why  ESP_ERR_UHTTPD_GONE: the client has closed the connection, and gets no answer;
     *             ESP_ERR_TIMEOUT: @c timeout is over;
     *             ESP_ERR_UHTTPD_BUSY: new clients find no socket, so this one should be answered;
     *             ESP_ERR_UHTTPD_STOPPING: the server is being stopped, which waits for this.
     */
    void (*over)(uhttpd_req_t *req, void *ctx, esp_err_t why);
    void *ctx;        /*!< handed to @c over */
    uint32_t timeout; /*!< ms after which @c over is called; 0: never */
} uhttpd_hold_t;

/**
 * @brief Keeps a request beyond its handler, which returns ESP_OK next without having answered.
 *
 * From now on, not only from its return, uhttpd_resume() must be called once. Until then @p req is valid, and any task
 * may read its head (uhttpd_req_header() and the like), one at a time, and its body if that was collected, but not write. A client that
 * sends more than this request, or a body that has not been collected (uhttpd_config_t::body_buffer), is not noticed
 * when it closes.
 *
 * For handlers of any kind, also those that uhttpd_resume() calls. Does not block.
 *
 * @return ESP_OK; ESP_ERR_UHTTPD_ANSWERED, but not after a piece of a chunked response; ESP_ERR_UHTTPD_STOPPING or ESP_ERR_UHTTPD_BUSY (answer 503);
 *         ESP_ERR_NO_MEM. After an error the request is not held.
 */
esp_err_t uhttpd_hold(uhttpd_req_t *req, const uhttpd_hold_t *hold);

/**
 * @brief Ends the hold: @p handler is called in a worker, exactly once, as if it were the handler of the route. It
 *        answers, or holds again.
 *
 * Any task, also callbacks of the I/O task and interrupts' tasks; does not block. Nobody may touch @p req afterwards but
 * the handler. It runs, too, when the client has gone or the server is being stopped: then what it sends fails.
 */
void uhttpd_resume(uhttpd_req_t *req, uhttpd_handler_t handler, void *ctx);

/** @brief True when all of the body was collected, so that uhttpd_req_read() does not wait, in any task. Does not block. */
bool uhttpd_req_is_collected(const uhttpd_req_t *req);

#ifdef __cplusplus
}
#endif

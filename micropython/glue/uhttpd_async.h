/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd_internal.h"

/**
 * @file
 * Callbacks that wait: their requests are held while an event loop runs them. modules/uhttpd_async.py is the loop's side.
 *
 *     worker: callback returns a coroutine --arrive()--> loop: runs it
 *     worker: sends a piece, or calls a function <--start()-- loop, which goes on with other tasks meanwhile
 *                                                --done()-->
 *     worker: answers <--start()-- loop: the coroutine has returned or raised
 *
 * When the client goes, or time is over, a worker ends the request, and tells the loop to cancel().
 */

/** What a worker is to do with a held request. */
typedef enum {
    GLUE_ASYNC_FINISH, /* (returned, exception): the answer */
    GLUE_ASYNC_PIECE,  /* (returned, piece): a part of the body; `returned` has status and headers */
    GLUE_ASYNC_END,    /* (returned, None): the body is complete */
    GLUE_ASYNC_CALL,   /* (function, arguments): something that may wait */
    GLUE_ASYNC_OVER,   /* nobody waits for the answer of the coroutine */
} glue_async_work_t;

/** @brief A function of modules/uhttpd_async.py, which is imported if need be. */
mp_obj_t glue_async_function(qstr name);

/** @brief A callback was registered. If it may be an async function, the loop gets ready for it. */
void glue_async_expect(mp_obj_t callback);

/** @brief True for what a callback returned, if an event loop has to run it: the program has asyncio, so a generator may
 *         be a coroutine. The two cannot be told apart before it has run. Raises what is wrong with it. */
bool glue_async_takes(mp_obj_t returned);

/**
 * @brief Holds the request, and hands @p coroutine to the loop. What goes wrong is raised, and the request is not held.
 * @param status  of the answer, if what the coroutine returns has none; 0: the usual one
 * @return as the handler of the route
 */
esp_err_t glue_async_hold(py_uhttpd_request_t *request, const glue_link_route_t *route, mp_obj_t coroutine, int status);

/** @brief Hands what a callback of a WebSocket has returned to the loop, which then calls glue_websocket_go_on(). */
void glue_async_hear(mp_obj_t socket, mp_obj_t coroutine, mp_obj_t url);

/** @brief uhttpd_ws_client_go_on() for a WebSocket object (uhttpd_websocket.c). */
mp_obj_t glue_websocket_go_on(mp_obj_t socket);

/** @brief Has the loop look again, because a server is being stopped. Never allocates. */
void glue_async_wake(void);

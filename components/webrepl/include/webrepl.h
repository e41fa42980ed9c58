/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "uhttpd.h"
#include "uhttpd_os.h"
#include "uhttpd_storage.h"
#include "webrepl_defaults.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file
 * WebREPL: the terminal of a firmware, and its files, over one WebSocket. Both editions of docs/webrepl-protocol.md are
 * spoken, the second one to clients that ask for the subprotocol `webrepl.2`.
 *
 * There is one terminal in a firmware, and at most one session that holds it, whichever server it came through. All
 * network work is done by uhttpd's I/O task, file operations by the workers of the server the session came through; the
 * program that owns the terminal only reads and writes it:
 *
 *     client  ⇄  I/O task  ⇄  input and output ring  ⇄  the program's own task: webrepl_read(), webrepl_write()
 */

/**
 * @brief Events for the program that owns the terminal. All members may be NULL.
 *
 * No lock is held during a call; of the functions below, webrepl_write() alone must not be called from one.
 */
typedef struct {
    /**
     * Called for a byte that has arrived, before it is queued. True swallows the byte. This is how an interrupt
     * character is seen at once, even while the program reads nothing. Called once for each byte, also for up to 1024
     * that have been received but find no room in the input ring yet. I/O task; must not block.
     */
    bool (*intercept)(uint8_t byte, void *ctx);
    /** There is something to read, or (with @p connected changed) a session has begun or ended. I/O task; must not
        block. */
    void (*notify)(bool connected, void *ctx);
    /** A client asks to restart the program, or (hard) the whole board. NULL: clients learn that this is not possible.
        When hard_reset is called, sessions have been closed with 1012, but the close frames leave only after it has
        returned. I/O task; must not block. */
    void (*soft_reset)(void *ctx);
    void (*hard_reset)(void *ctx);
    void *ctx;
} webrepl_terminal_events_t;

/** @brief How a firmware offers its terminal. */
typedef struct {
    webrepl_terminal_events_t terminal;
    const uhttpd_storage_t *files; /*!< NULL: no file transfer. Asked by workers, about paths that clients have sent */
    uint8_t version[3];            /*!< what GET_VER answers: major, minor, micro */
    uint16_t input_size;           /*!< ring towards the program, bytes, a power of 2 from 64 */
    uint16_t output_size;          /*!< ring towards the client, bytes, a power of 2 from 256 */
    uint32_t login_timeout;        /*!< a client that gives no password within this many ms is closed */
    uint32_t keep_uploads;         /*!< an interrupted upload is kept for this many ms (the protocol promises 10
                                        minutes), and removed when the next upload or server begins after that */
    uint8_t max_sessions;          /*!< clients of the second edition that are logged in at a time, 1 to 32 */
    uint8_t max_operations;        /*!< file operations of each of them at a time, at least 1, and of all together,
                                        beside one of each that never waits; each takes up to 10 KB */
} webrepl_config_t;

#define WEBREPL_DEFAULT_CONFIG() \
    { \
        .input_size = CONFIG_WEBREPL_INPUT_BYTES, \
        .output_size = CONFIG_WEBREPL_OUTPUT_BYTES, \
        .login_timeout = CONFIG_WEBREPL_LOGIN_TIMEOUT_MS, \
        .keep_uploads = CONFIG_WEBREPL_KEEP_UPLOADS_MS, \
        .max_sessions = CONFIG_WEBREPL_SESSIONS, \
        .max_operations = CONFIG_WEBREPL_OPERATIONS, \
    }

/**
 * @brief Sets up the terminal, once in the life of a firmware.
 *
 * Calling it again replaces events (a call of the old ones may be under way when it returns), files and version (for
 * sessions to come) and times; the rings and numbers of sessions and operations stay. Not from two tasks at
 * a time.
 *
 * @return ESP_OK; ESP_ERR_NO_MEM; ESP_ERR_INVALID_ARG: a size or number is none of those allowed, or a time is 0.
 */
esp_err_t webrepl_init(const webrepl_config_t *config);

/** @name Codes that sessions are closed with, beside those of RFC 6455
 *  1008 ends a session that gave a wrong password, or none in time; 1012 one whose server is being stopped.
 *  @{ */
#define WEBREPL_CLOSE_BUSY \
    (4000) /*!< another client holds the terminal: the reason says which and since when; or too many clients are logging
                                             in, or are logged in */
#define WEBREPL_CLOSE_TAKEN_OVER \
    (4001) /*!< another client has taken the terminal over: on request, or because this one answered no ping */
/** @} */

/**
 * @brief Serves the terminal at @p url: a WebSocket opens a session, a plain GET gets the terminal page. One slot.
 *
 * After a wrong password no other is judged for 0.5 s. Each further wrong one doubles that, up to 8 s, for all clients
 * of all servers. Three clients may be logging in at a time.
 *
 * A session with a password is independent of uhttpd_config_t::basic_auth and auth; the page is not.
 *
 * @param[in] password  Of any length, on one line, not empty; NULL: no password. Copied; it cannot be read from the
 *                      network. The copy stays when the server is stopped, and equal passwords share it.
 * @return as uhttpd_ws_route(), with ESP_ERR_INVALID_ARG also for a password that is empty or has a line end;
 *         ESP_ERR_INVALID_STATE before webrepl_init().
 */
esp_err_t webrepl_serve(uhttpd_handle_t server, const char *url, const char *password);

/**
 * @brief As webrepl_serve(), but a plain GET is answered by a handler of the caller's. Old clients always ask for `/`,
 *        so this puts the terminal there together with a firmware's own page.
 *
 * @param[in] page  As uhttpd_route_t::handler. The context it is called with is of no use to it.
 */
esp_err_t webrepl_serve_beside(uhttpd_handle_t server, const char *url, const char *password, uhttpd_handler_t page);

/**
 * @brief Answers with the terminal page, or with its editor if that is what the page asks for: a #uhttpd_handler_t, for
 *        handlers that do so at times. @p ctx is not used.
 */
esp_err_t webrepl_page(uhttpd_req_t *req, void *ctx);

/**
 * @brief Takes input that has arrived, without blocking. For the program's task.
 *
 * Input outlives its session: the program still reads what a client sent before it left. If this returns 0, the program
 * is taken to wait, and output written so far is sent at once.
 */
size_t webrepl_read(void *buf, size_t size);

/**
 * @brief As webrepl_read(), but no piece is of two sessions, so that what one client has begun to type need not become a
 *        part of what the next one types.
 *
 * @param[out] left  True once when a session has ended and all that it typed was read; this returns 0 then.
 */
size_t webrepl_read_session(void *buf, size_t size, bool *left);

/**
 * @brief Waits until there is something to read, or a session begins or ends, for at most @p timeout_ms
 *        (UHTTPD_OS_FOREVER: for as long as that takes). It may return before. For the program's task, which is taken to
 *        wait for its client, as by webrepl_read().
 * @return whether there is something to read.
 */
bool webrepl_wait(uint32_t timeout_ms);

/** @brief Bytes that webrepl_read() would return. Any task. */
size_t webrepl_available(void);

/**
 * @brief Puts up to 8 bytes before all input that has not been read, to send the program a message as keys. Any task;
 *        does not block.
 * @return false: there is no room for all of them, and none were put.
 */
bool webrepl_overtake(const void *data, size_t len);

/** @brief The window of the client that holds the terminal, in characters; 0 and 0: not known. Any task. */
void webrepl_size(uint16_t *columns, uint16_t *rows);

/**
 * @brief Writes output. Without a session it is thrown away.
 *
 * Waits while the client does not take it, for at most @p timeout_ms altogether. Then, or when the session ends, the
 * rest is thrown away. Any task but the I/O task, also several at a time: up to 64 bytes stay together, and so do
 * characters. With 0 it never waits. No lock is held while it waits.
 *
 * Clients of the second edition get the bytes unchanged. Those of the classic one get text, in which bytes that are not
 * UTF-8 become U+FFFD.
 *
 * @return bytes written or thrown away for lack of a session; fewer than @p len after a time-out.
 */
size_t webrepl_write(const void *buf, size_t len, uint32_t timeout_ms);

/** @brief Sends output written so far at once instead of within 10 ms. Any task; does not wait. */
void webrepl_flush(void);

/** @brief True while a client holds the terminal or watches it, so that output goes somewhere. Any task. */
bool webrepl_connected(void);

/**
 * @brief The client that is logged in. Any task.
 * @param[out] address  As text, cut to @p size bytes with its NUL; 46 are enough.
 * @return false: no client is.
 */
bool webrepl_remote(char *address, size_t size);

/**
 * @brief Closes the session with a WebSocket code (RFC 6455 section 7.4.1; not 0) and reason, after the output written
 *        so far, as much of it as can go out at once. Any task; does not wait. Without a session it does nothing.
 *
 * @param[in] reason  UTF-8, cut to 123 bytes; copied; may be NULL.
 */
void webrepl_disconnect(uint16_t code, const char *reason);

#ifdef __cplusplus
}
#endif

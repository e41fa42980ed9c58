/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "uhttpd.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file
 * WebREPL: the terminal of a firmware, and its files, over one WebSocket.
 *
 * There is one terminal in a firmware, and at most one session that holds it, whichever server it came through. All
 * network work is done by uhttpd's I/O task, file operations by the workers of the server the session came through; the
 * program that owns the terminal only reads and writes it:
 *
 *     client  ⇄  I/O task  ⇄  input and output ring  ⇄  the program's own task: webrepl_read(), webrepl_write()
 */

/** @brief What the program that owns the terminal wants to be told. All members may be NULL. */
typedef struct {
    /**
     * A byte has come, before it is queued. True swallows it: this is how an interrupt character is seen at once, even
     * while the program reads nothing. I/O task; must not block.
     */
    bool (*intercept)(uint8_t byte, void *ctx);
    /** There is something to read, or (with @p connected changed) the session has come or gone. I/O task; must not block. */
    void (*notify)(bool connected, void *ctx);
    void *ctx;
} webrepl_terminal_events_t;

/** @brief Files as a transfer needs them. All run in a worker and may block; all return 0 or a positive errno. */
typedef struct {
    int (*open)(const char *path, bool write, void **file); /*!< write: creates or empties it */
    int (*read)(void *file, void *buf, size_t size, size_t *got); /*!< got 0: the end */
    int (*write)(void *file, const void *buf, size_t len);        /*!< all of it */
    int (*close)(void *file);                                     /*!< flushes; the file is gone in any case */
    int (*rename)(const char *from, const char *to);              /*!< replaces @p to */
    int (*remove)(const char *path);
} webrepl_files_t;

/** @brief POSIX files, or what ESP-IDF's VFS has mounted. */
extern const webrepl_files_t webrepl_posix_files;

/** @brief How a firmware offers its terminal. */
typedef struct {
    webrepl_terminal_events_t terminal;
    const webrepl_files_t *files; /*!< NULL: no file transfer */
    uint8_t version[3];           /*!< what GET_VER answers: major, minor, micro */
    uint16_t input_size;          /*!< ring towards the program, bytes, a power of 2 from 64 */
    uint16_t output_size;         /*!< ring towards the client, bytes, a power of 2 from 256 */
    uint32_t login_timeout;       /*!< a client that gives no password within this many ms is closed */
} webrepl_config_t;

#define WEBREPL_DEFAULT_CONFIG() \
    { \
        .input_size = 512, .output_size = 2048, .login_timeout = 30000, \
    }

/**
 * @brief Sets the terminal up, once in the life of a firmware. Calling it again replaces events and files.
 * @return ESP_OK, ESP_ERR_NO_MEM, ESP_ERR_INVALID_ARG.
 */
esp_err_t webrepl_init(const webrepl_config_t *config);

/**
 * @brief Serves the terminal at @p url: a WebSocket opens a session, a plain GET gets the terminal page. One slot.
 *
 * @param[in] password  Any length; NULL: none is asked for. Copied; not readable from the network in any way.
 * @return as uhttpd_ws_route(); ESP_ERR_INVALID_STATE before webrepl_init().
 */
esp_err_t webrepl_serve(uhttpd_handle_t server, const char *url, const char *password);

/**
 * @brief Takes input that has come, without blocking; the program's task.
 *
 * Returning 0 also says that the program is going to wait: output written so far goes out at once.
 */
size_t webrepl_read(void *buf, size_t size);

/** @brief Bytes that webrepl_read() would return. Any task. */
size_t webrepl_available(void);

/**
 * @brief Writes output. Without a session it is thrown away.
 *
 * Waits while the client does not take it, @p timeout_ms altogether; then, or when the session ends, the rest is thrown
 * away. Never called from the I/O task.
 *
 * @return bytes written or thrown away for lack of a session; fewer than @p len after a time-out.
 */
size_t webrepl_write(const void *buf, size_t len, uint32_t timeout_ms);

/** @brief True while a client is logged in. Any task. */
bool webrepl_connected(void);

/** @brief Closes the session with a WebSocket code (RFC 6455 section 7.4.1) and reason. Any task; does not wait. */
void webrepl_disconnect(uint16_t code, const char *reason);

#ifdef __cplusplus
}
#endif

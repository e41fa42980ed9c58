/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "webrepl.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file
 * The classic protocol over messages that the caller moves: login, terminal and files, without server, task or rings.
 *
 * For firmwares whose program accepts connections by itself. What webrepl_serve() gives beyond this, it gives because it
 * has a task: an interrupt that is seen while the program is busy, transfers beside it, output that is coalesced.
 *
 * One task at a time may call webrepl_stream_ready() and webrepl_stream_input(), and one at a time
 * webrepl_stream_output(); the two may run beside each other.
 */
typedef struct webrepl_stream webrepl_stream_t;

typedef struct {
    /**
     * Sends one message, all of it. Called from within the functions below; may block.
     * @return false: it could not; the session is over.
     */
    bool (*send)(bool binary, const void *data, size_t len, void *ctx);
    void *ctx;
    const char *password;          /*!< as of webrepl_serve(); copied; NULL: nobody gets in */
    const uhttpd_storage_t *files; /*!< asked from within webrepl_stream_input(); NULL: no file transfer */
    uint8_t version[3];            /*!< what GET_VER answers: major, minor, micro */
} webrepl_stream_config_t;

/** @brief Begins a session: asks for the password. @return NULL: there is no memory for it, about 7 KB. */
webrepl_stream_t *webrepl_stream_begin(const webrepl_stream_config_t *config);

/** @brief Frees a session. A transfer that was not over leaves nothing behind. NULL is allowed. */
void webrepl_stream_end(webrepl_stream_t *stream);

/**
 * @brief True when it takes input now. After a wrong password no other is judged for a while, as of webrepl_serve(), in
 *        no session: what waits for that goes on from here.
 */
bool webrepl_stream_ready(webrepl_stream_t *stream);

/**
 * @brief Takes a piece of what the client has sent.
 *
 * @param[in]  binary   Which kind of message it is from. Borders of messages mean nothing.
 * @param[out] program  The bytes that were taken are input of the program; otherwise they were the protocol's.
 * @return bytes taken, from the front; 0: not ready.
 */
size_t webrepl_stream_input(webrepl_stream_t *stream, bool binary, const uint8_t *data, size_t len, bool *program);

/**
 * @brief Sends the program's output, all of it. Before the login it is thrown away. Text goes out in whole characters,
 *        and what is not UTF-8 as U+FFFD.
 */
void webrepl_stream_output(webrepl_stream_t *stream, const void *data, size_t len);

/** @brief True once the client was denied, or send() has failed: the connection is to be closed. */
bool webrepl_stream_is_over(const webrepl_stream_t *stream);

#ifdef __cplusplus
}
#endif

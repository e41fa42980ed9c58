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
 * For firmwares whose program accepts connections itself. webrepl_serve() can do more because it has a task: it sees an
 * interrupt while the program is busy, transfers files beside it, and coalesces output.
 *
 * One task at a time may call webrepl_stream_ready() and webrepl_stream_input(), and another one
 * webrepl_stream_output() at the same time.
 */
typedef struct webrepl_stream webrepl_stream_t;

typedef struct {
    /**
     * Sends one whole message. Called from within the functions below; may block.
     * @return false: it could not; the session is over.
     */
    bool (*send)(bool binary, const void *data, size_t len, void *ctx);
    void *ctx;
    const char *password;          /*!< as for webrepl_serve(); copied; NULL: no client gets in */
    const uhttpd_storage_t *files; /*!< asked from within webrepl_stream_input(); NULL: no file transfer */
    uint8_t version[3];            /*!< what GET_VER answers: major, minor, micro */
} webrepl_stream_config_t;

/** @brief Begins a session: asks for the password. @return NULL: there is no memory for it, about 7 KB. */
webrepl_stream_t *webrepl_stream_begin(const webrepl_stream_config_t *config);

/** @brief Frees a session. A transfer that was not over leaves nothing behind. NULL is allowed. */
void webrepl_stream_end(webrepl_stream_t *stream);

/**
 * @brief True when the session takes input now. After a wrong password no session judges another one for a while, as
 *        for webrepl_serve(). A session that waits for that continues from here.
 */
bool webrepl_stream_ready(webrepl_stream_t *stream);

/**
 * @brief Takes a piece of what the client has sent.
 *
 * @param[in] binary  Which kind of message it is from. The borders of messages have no meaning.
 * @param[out] program  True: the bytes that were taken are input for the program. False: they belonged to the protocol.
 * @return bytes taken, from the front; 0: not ready.
 */
size_t webrepl_stream_input(webrepl_stream_t *stream, bool binary, const uint8_t *data, size_t len, bool *program);

/** @brief True while a transfer is under way, so that webrepl_stream_end() has work to do on files, which may block. */
bool webrepl_stream_transfers(const webrepl_stream_t *stream);

/**
 * @brief Sends all of the program's output. Before the login it is thrown away. Text is sent in whole characters, and
 *        bytes that are not UTF-8 become U+FFFD.
 */
void webrepl_stream_output(webrepl_stream_t *stream, const void *data, size_t len);

/** @brief True once the client was refused, or send() has failed. Then close the connection. */
bool webrepl_stream_is_over(const webrepl_stream_t *stream);

#ifdef __cplusplus
}
#endif

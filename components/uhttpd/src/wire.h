/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h> /* struct iovec, on every target */

/**
 * @file
 * The socket of a connection. Every call on it, and every judgement of the errors of such calls, is here. State that a
 * connection needs besides its socket, such as that of a cipher, would be here too.
 *
 * The owner of the session (session.h) calls these. None of them waits, except uh_wire_wait().
 */
typedef struct {
    int fd;
} uh_wire_t;

/** What reading and writing return instead of a number of bytes. */
enum {
    UH_WIRE_LATER = 0,   /* nothing has come, or there is no room: ask again when the socket is ready */
    UH_WIRE_ENDED = -1,  /* the peer has said that no more comes */
    UH_WIRE_BROKEN = -2, /* anything else: the connection is over. lwIP says so once, and then something else */
};

/** @brief Sets what every connection of this server has, right after it was accepted. */
void uh_wire_tune(const uh_wire_t *wire);

/** @brief Takes bytes. @p size is not 0. @return how many, or UH_WIRE_LATER, UH_WIRE_ENDED, UH_WIRE_BROKEN */
ssize_t uh_wire_read(const uh_wire_t *wire, void *buf, size_t size);

/** @brief As uh_wire_read(), but the bytes stay where they are. lwIP shows one of its buffers at a time. */
ssize_t uh_wire_peek(const uh_wire_t *wire, void *buf, size_t size);

/** @brief Sends what the socket takes of these parts. @return how many bytes, or UH_WIRE_LATER, UH_WIRE_BROKEN */
ssize_t uh_wire_write(const uh_wire_t *wire, const struct iovec *parts, int count);

/** @brief True when there is something to be read: bytes, the peer's last word, or an error. Takes nothing; any task. */
bool uh_wire_is_readable(const uh_wire_t *wire);

/**
 * @brief Waits until the socket is ready. Workers only.
 * @param events  #UHTTPD_OS_READ or #UHTTPD_OS_WRITE
 * @return false: @p timeout_ms are over
 */
bool uh_wire_wait(const uh_wire_t *wire, unsigned events, uint32_t timeout_ms);

/** @brief Says that no more comes from here; what the peer sends can still be read. */
void uh_wire_finish(const uh_wire_t *wire);

/** @brief Ends the connection in good order: whoever waits for its socket sees the end. Any task. */
void uh_wire_shut(const uh_wire_t *wire);

/** @brief Ends it so that the peer sees a reset, once the socket is closed: what it has got must not look whole. */
void uh_wire_break(const uh_wire_t *wire);

/** @brief Ends the connection when the peer acknowledges nothing for about this many ms. On a chip lwIP's own number of
 *         retransmissions (TCP_MAXRTX, minutes) decides instead. */
void uh_wire_give_up_after(const uh_wire_t *wire, uint32_t ms);

/** @name Both ends of the connection as text, without port. @return the length; 0, and "", when it is gone
 *  @{ */
#define UH_ADDRESS_SIZE 46 /* bytes of an IPv6 address as text, NUL included */

size_t uh_wire_remote(const uh_wire_t *wire, char *text, size_t size);
size_t uh_wire_local(const uh_wire_t *wire, char *text, size_t size);
/** @} */

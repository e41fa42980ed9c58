/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the lane share. Only computer.c uses the computer's own sockets, because their headers and lwIP's
 * do not go together.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/** @name The computer's sockets (computer.c). None of these waits, and all set errno if they fail.
 *  @{ */

/** @brief Takes a TCP port of 127.0.0.1. @param[in,out] port  0 becomes one that was free. @return -1: taken */
int hl_computer_bind(uint16_t *port);
bool hl_computer_listen(int fd);
int hl_computer_accept(int fd);
ssize_t hl_computer_read(int fd, void *buf, size_t size);
ssize_t hl_computer_peek(int fd, void *buf, size_t size);
ssize_t hl_computer_write(int fd, const void *buf, size_t size);
void hl_computer_finish(int fd);    /* no more comes from here */
void hl_computer_reset(int fd);     /* closes it, so that the peer sees a reset */
bool hl_computer_is_broken(int fd); /* the peer has reset it */
void hl_computer_unlisten(int fd);  /* closes a listening socket */
void hl_computer_close(int fd);
bool hl_computer_open_pipe(int fds[2]);
/** @} */

/** @name Relay: what arrives at a port of the computer goes to the same port in lwIP (relay.c). Any thread
 *  @{ */
void hl_relay_start(void);

/** @brief From now on the relay carries connections to @p fd to @p port. It closes @p fd. */
void hl_relay_listen(int fd, uint16_t port);

/** @brief Accepts no more connections; existing ones go on. Returns when the port is closed. */
void hl_relay_unlisten(uint16_t port);
/** @} */

/** @brief Forgets that a thread's semaphore was signalled. */
struct hl_sem;
void hl_sem_clear(struct hl_sem **sem);

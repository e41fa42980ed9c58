/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/**
 * @file
 * What differs between targets, beside the engine (port/engine.h). The build chooses the sources.
 */

/* --- files: storage_*.c ------------------------------------------------------------------------------------------- */

/* What #uhttpd_posix_storage needs beyond POSIX (src/port/storage_*.c). */

/** @brief True for a symbolic link. */
bool uh_storage_is_link(const char *path);

/** @brief UHTTPD_STORAGE_... of all files. */
extern const uint8_t uh_storage_traits;

/** @brief As uhttpd_storage_t::spell, real_path, space and copy_mode. */
int uh_storage_spell(char *path);
int uh_storage_real_path(const char *path, char *real, size_t size);
int uh_storage_space(const char *path, uint64_t *total, uint64_t *free);
int uh_storage_copy_mode(const char *from, const char *to);

/* --- waking select(): wake_*.c ------------------------------------------------------------------------------------ */

/*
 * A descriptor for select() that any task can make readable: `src/port/wake_eventfd.c` on chips, where it costs no
 * socket, `src/port/wake_pipe.c` on ESP-IDF's linux target.
 */

typedef struct {
    int read_fd, write_fd;
} uh_wake_t;

bool uh_wake_open(uh_wake_t *wake);
void uh_wake_close(uh_wake_t *wake);
void uh_wake_signal(uh_wake_t *wake);
void uh_wake_clear(uh_wake_t *wake);

static inline int uh_wake_fd(const uh_wake_t *wake)
{
    return wake->read_fd;
}

/* --- sockets: wire_*.c -------------------------------------------------------------------------------------------- */

/* What differs between the sockets of targets: `wire_lwip.c` on chips, `wire_posix.c` elsewhere. */

/** @brief As sendmsg(); never waits, never raises a signal. */
ssize_t uh_wire_port_send(int fd, const struct msghdr *message);

/** @brief Sets what this target can do for a new connection beyond the engine's own options. */
void uh_wire_port_tune(int fd);

/** @brief As uh_wire_break(). */
void uh_wire_port_break(int fd);

/** @brief As uh_wire_give_up_after(). */
void uh_wire_port_give_up_after(int fd, uint32_t ms);

/** @brief Tells that a connection to the server's @p port was closed, so that not too much is remembered of such. */
void uh_wire_port_closed(uint16_t port);

/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>

#include "uhttpd_os.h"

/**
 * @file
 * The I/O task: one for all servers. It owns every socket that nobody handles right now, waits for all of them at once,
 * and calls their owners back. It never blocks elsewhere, and neither may a callback.
 */
typedef struct uh_io_source uh_io_source_t;

struct uh_io_source {
    int fd;
    unsigned want;     /* UHTTPD_OS_READ | UHTTPD_OS_WRITE; I/O task only, as is deadline */
    uint64_t deadline; /* in terms of uhttpd_os_now(); 0: none */
    /**
     * Something has come: readiness (@p events), the deadline (then it is 0 already), or a wake-up. May remove any
     * source, this one included.
     */
    void (*ready)(uh_io_source_t *source, unsigned events);
    atomic_bool woken;
    size_t slot; /* the rest is the I/O task's own */
    uh_io_source_t *next, **link;
};

/** Something to be done in the I/O task. Belongs to the caller and must live until it runs. */
typedef struct uh_io_call {
    void (*run)(struct uh_io_call *call);
    struct uh_io_call *next;
} uh_io_call_t;

/**
 * @brief Starts the task with the first user, and makes room for @p sources more sources.
 * @return ESP_OK or ESP_ERR_NO_MEM
 */
esp_err_t uh_io_acquire(size_t sources, size_t stack, unsigned priority);

/** @brief Gives that room back; ends the task with the last user. Not from the I/O task. */
void uh_io_release(size_t sources);

/** @brief Has the I/O task run @p call soon. Any task; does not block. */
void uh_io_post(uh_io_call_t *call);

/** @brief Has the I/O task call @p fn and waits for it. Never from the I/O task. */
void uh_io_call_and_wait(void (*fn)(void *arg), void *arg);

/** @name For the I/O task only
 *  @{ */
void uh_io_add(uh_io_source_t *source);
void uh_io_remove(uh_io_source_t *source);
/** @} */

/** @brief Has source->ready called soon. Any task, as long as the source is there. */
void uh_io_wake(uh_io_source_t *source);

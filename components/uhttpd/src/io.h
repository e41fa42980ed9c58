/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>
#include <stddef.h>

#include "uhttpd_os.h"

/**
 * @file
 * The I/O task: one for all servers. It owns every socket that nobody is handling right now, waits for all of them at
 * once, and calls their owners back. It blocks nowhere else, and callbacks must not block.
 */
typedef struct uh_io_source uh_io_source_t;

struct uh_io_source {
    int fd;
    unsigned want;     /* UHTTPD_OS_READ | UHTTPD_OS_WRITE; I/O task only, as is deadline */
    uint64_t deadline; /* in terms of uhttpd_os_now(); 0: none */
    /**
     * Called for readiness (@p events), the deadline (which is 0 by then), or a wake-up. May remove any source,
     * including this one.
     */
    void (*ready)(uh_io_source_t *source, unsigned events);
    atomic_bool woken;
    size_t slot; /* the rest is the I/O task's own */
    uh_io_source_t *next, **link;
};

/** Work for the I/O task. It belongs to the caller and must live until it has run. */
typedef struct uh_io_call {
    void (*run)(struct uh_io_call *call);
    struct uh_io_call *next;
} uh_io_call_t;

/**
 * @brief Starts the task with the first user, who says what it gets, and makes room for @p sources more sources.
 * @return ESP_OK or ESP_ERR_NO_MEM
 */
esp_err_t uh_io_acquire(size_t sources, const uhttpd_os_task_config_t *task);

/** @brief Returns that room, and ends the task with the last user. Not from the I/O task. */
void uh_io_release(size_t sources);

/** @brief Makes the I/O task run @p call soon. Any task; does not block. */
void uh_io_post(uh_io_call_t *call);

/** @brief Makes the I/O task call @p fn, and waits for it. Never from the I/O task. */
void uh_io_call_and_wait(void (*fn)(void *arg), void *arg);

/** @name For the I/O task only
 *  @{ */
void uh_io_add(uh_io_source_t *source);
void uh_io_remove(uh_io_source_t *source);
/** @} */

/** @brief Makes the I/O task call source->ready soon. Any task, as long as the source exists. */
void uh_io_wake(uh_io_source_t *source);

/** @brief The struct that @p pointer is the member @p member of. */
#define UH_CONTAINER_OF(pointer, type, member) ((type *)((char *)(pointer) - offsetof(type, member)))

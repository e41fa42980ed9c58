/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_err.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file
 * The operating system as both components see it: task, mutex, semaphore, clock, and waiting for sockets.
 *
 * Two sides implement it, chosen by the build: `src/port/freertos.c` and `src/port/posix.c`. Nothing here may be called
 * from an interrupt. Waiting times are in milliseconds; #UHTTPD_OS_FOREVER waits without limit.
 */
#define UHTTPD_OS_FOREVER UINT32_MAX

typedef struct uhttpd_os_task *uhttpd_os_task_t;
typedef struct uhttpd_os_mutex *uhttpd_os_mutex_t;
typedef struct uhttpd_os_sem *uhttpd_os_sem_t;
typedef struct uhttpd_os_wake *uhttpd_os_wake_t;

/** @brief Which core a task may run on. */
#define UHTTPD_OS_ANY_CORE (-1)

/** @brief What a task gets. POSIX heeds the stack only, which it raises to what the C library needs. */
typedef struct {
    size_t stack;      /*!< bytes */
    unsigned priority; /*!< FreeRTOS priority */
    int core;          /*!< less than uhttpd_os_cores(), or #UHTTPD_OS_ANY_CORE */
    bool psram;        /*!< the stack is in PSRAM: the task must not write to flash */
} uhttpd_os_task_config_t;

/** @brief Cores that a task can be bound to. */
int uhttpd_os_cores(void);

/**
 * @brief Starts a task.
 *
 * @param[in]  name      For debuggers; shorter than 16 characters.
 * @param[in]  fn        Runs in the new task; returning from it ends the task.
 * @param[in]  arg       Handed to @p fn.
 * @param[in]  config    Not needed any more when this returns.
 * @param[out] task      Must be joined exactly once with uhttpd_os_task_join().
 * @return ESP_OK, or ESP_ERR_NO_MEM.
 */
esp_err_t uhttpd_os_task_start(const char *name, void (*fn)(void *arg), void *arg,
                               const uhttpd_os_task_config_t *config, uhttpd_os_task_t *task);

/** @brief Starts a task that nobody joins. Otherwise as uhttpd_os_task_start(). */
esp_err_t uhttpd_os_task_spawn(const char *name, void (*fn)(void *arg), void *arg,
                               const uhttpd_os_task_config_t *config);

/** @brief Waits until the task has returned and frees it. Never from that task itself. */
void uhttpd_os_task_join(uhttpd_os_task_t task);

/** @brief True when the caller is this task. */
bool uhttpd_os_task_is_current(uhttpd_os_task_t task);

/** @brief Lets @p ms milliseconds pass. */
void uhttpd_os_sleep(uint32_t ms);

/** @brief Milliseconds since some fixed moment; never goes back. */
uint64_t uhttpd_os_now(void);

/** @brief Random bits, good enough to distinguish one start of a firmware from another. For keys: uhttpd_random_key(). */
uint32_t uhttpd_os_random(void);

/** @name Mutex: not recursive, held for moments only
 *  @{ */
uhttpd_os_mutex_t uhttpd_os_mutex_create(void); /*!< NULL without memory */
void uhttpd_os_mutex_destroy(uhttpd_os_mutex_t mutex);
void uhttpd_os_lock(uhttpd_os_mutex_t mutex);
void uhttpd_os_unlock(uhttpd_os_mutex_t mutex);
void uhttpd_os_global_lock(void); /*!< one mutex that exists from the start, for things that exist once */
void uhttpd_os_global_unlock(void);
/** @} */

/** @name Counting semaphore, starts at 0
 *  @{ */
uhttpd_os_sem_t uhttpd_os_sem_create(void); /*!< NULL without memory */
void uhttpd_os_sem_destroy(uhttpd_os_sem_t sem);
void uhttpd_os_sem_give(uhttpd_os_sem_t sem);
bool uhttpd_os_sem_take(uhttpd_os_sem_t sem, uint32_t timeout_ms); /*!< false: the time is over */
/** @} */

/** @name Waiting for sockets A poll set is an array of #uhttpd_os_pollfd; uhttpd_os_poll() waits until one of its
 *  sockets is ready, a task calls uhttpd_os_wake(), or the time is over. One task polls with a given wake; any task may
 *  wake it. Wake-ups do not accumulate: any number of them ends one wait.
 *  @{ */
enum {
    UHTTPD_OS_READ = 1 << 0,  /*!< data, end of file or an error can be read */
    UHTTPD_OS_WRITE = 1 << 1, /*!< at least some bytes can be written */
};

typedef struct {
    int fd;          /*!< a socket */
    uint8_t events;  /*!< what to wait for: UHTTPD_OS_READ, UHTTPD_OS_WRITE, or 0 for nothing */
    uint8_t revents; /*!< what is ready; errors and hang-ups show as everything that was waited for */
} uhttpd_os_pollfd_t;

uhttpd_os_wake_t uhttpd_os_wake_create(void); /*!< NULL without memory or descriptors */
void uhttpd_os_wake_destroy(uhttpd_os_wake_t wake);
void uhttpd_os_wake(uhttpd_os_wake_t wake); /*!< cheap when the poller is awake or already woken */

/**
 * @param[in] wake  NULL: no task can end the wait early; @p count must be 1 then.
 * @return true when a socket is ready; revents of every entry are set in any case.
 */
bool uhttpd_os_poll(uhttpd_os_wake_t wake, uhttpd_os_pollfd_t *fds, size_t count, uint32_t timeout_ms);
/** @} */

#ifdef __cplusplus
}
#endif

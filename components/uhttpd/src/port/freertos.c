/* SPDX-License-Identifier: MIT */

/* The OS layer on FreeRTOS: every chip, and ESP-IDF's linux target, where a preempted task that holds a lock of the
 * host would block all others for ever. So only FreeRTOS' own primitives are used. */
#include "uhttpd_os.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/select.h>
#include <time.h>

#include "esp_heap_caps.h"
#include "esp_random.h"
#include "freertos/FreeRTOS.h"
#include "freertos/semphr.h"
#include "freertos/task.h"
#include "port/port.h"

struct uhttpd_os_task {
    TaskHandle_t handle;
    SemaphoreHandle_t ended; /* NULL: nobody joins */
    void (*fn)(void *arg);
    void *arg;
    bool psram; /* its stack is there */
};

struct uhttpd_os_mutex {
    SemaphoreHandle_t handle;
    StaticSemaphore_t memory;
};

struct uhttpd_os_sem {
    SemaphoreHandle_t handle;
    StaticSemaphore_t memory;
};

struct uhttpd_os_wake {
    uh_wake_t wake;
    atomic_bool pending;
};

static TickType_t ticks_of(uint32_t ms)
{
    if (ms == UHTTPD_OS_FOREVER) {
        return portMAX_DELAY;
    }
    uint64_t ticks = ((uint64_t)ms * configTICK_RATE_HZ + 999) / 1000;
    return ticks < portMAX_DELAY ? (TickType_t)ticks : portMAX_DELAY - 1;
}

/* --- tasks -------------------------------------------------------------------------------------------------------- */

/* What was not created by FreeRTOS' own allocation is not freed by it either. */
static void freertos_delete_self(bool psram)
{
    if (psram) {
        vTaskDeleteWithCaps(xTaskGetCurrentTaskHandle());
    } else {
        vTaskDelete(NULL);
    }
}

static void freertos_run_task(void *arg)
{
    struct uhttpd_os_task *task = arg;
    bool psram = task->psram;
    task->fn(task->arg);
    if (task->ended) {
        xSemaphoreGive(task->ended); /* task may be gone from here on */
    } else {
        free(task);
    }
    freertos_delete_self(psram);
}

static struct uhttpd_os_task *freertos_new_task(void (*fn)(void *arg), void *arg, bool psram)
{
    struct uhttpd_os_task *task = calloc(1, sizeof(*task));
    if (task) {
        task->fn = fn;
        task->arg = arg;
        task->psram = psram;
    }
    return task;
}

static bool freertos_create(struct uhttpd_os_task *task, const char *name, const uhttpd_os_task_config_t *config,
                            TaskHandle_t *handle)
{
    BaseType_t core = config->core == UHTTPD_OS_ANY_CORE ? tskNO_AFFINITY : config->core;
    BaseType_t created =
        config->psram
            ? xTaskCreatePinnedToCoreWithCaps(freertos_run_task, name, config->stack, task, config->priority, handle,
                                              core, MALLOC_CAP_SPIRAM)
            : xTaskCreatePinnedToCore(freertos_run_task, name, config->stack, task, config->priority, handle, core);
    return created == pdPASS;
}

int uhttpd_os_cores(void)
{
    return portNUM_PROCESSORS;
}

esp_err_t uhttpd_os_task_start(const char *name, void (*fn)(void *arg), void *arg,
                               const uhttpd_os_task_config_t *config, uhttpd_os_task_t *out)
{
    struct uhttpd_os_task *task = freertos_new_task(fn, arg, config->psram);
    if (!task) {
        return ESP_ERR_NO_MEM;
    }
    task->ended = xSemaphoreCreateBinary();
    if (!task->ended) {
        free(task);
        return ESP_ERR_NO_MEM;
    }
    if (!freertos_create(task, name, config, &task->handle)) {
        vSemaphoreDelete(task->ended);
        free(task);
        return ESP_ERR_NO_MEM;
    }
    *out = task;
    return ESP_OK;
}

esp_err_t uhttpd_os_task_spawn(const char *name, void (*fn)(void *arg), void *arg,
                               const uhttpd_os_task_config_t *config)
{
    struct uhttpd_os_task *task = freertos_new_task(fn, arg, config->psram);
    if (!task || !freertos_create(task, name, config, NULL)) {
        free(task);
        return ESP_ERR_NO_MEM;
    }
    return ESP_OK;
}

void uhttpd_os_task_join(uhttpd_os_task_t task)
{
    xSemaphoreTake(task->ended, portMAX_DELAY);
    vSemaphoreDelete(task->ended);
    free(task);
}

bool uhttpd_os_task_is_current(uhttpd_os_task_t task)
{
    return task->handle == xTaskGetCurrentTaskHandle();
}

void uhttpd_os_sleep(uint32_t ms)
{
    vTaskDelay(ticks_of(ms));
}

uint64_t uhttpd_os_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now); /* does not wrap, unlike the tick count */
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* --- mutex and semaphore ------------------------------------------------------------------------------------------ */

uint32_t uhttpd_os_random(void)
{
    return esp_random();
}

uhttpd_os_mutex_t uhttpd_os_mutex_create(void)
{
    struct uhttpd_os_mutex *mutex = malloc(sizeof(*mutex));
    if (mutex) {
        mutex->handle = xSemaphoreCreateMutexStatic(&mutex->memory);
    }
    return mutex;
}

void uhttpd_os_mutex_destroy(uhttpd_os_mutex_t mutex)
{
    vSemaphoreDelete(mutex->handle);
    free(mutex);
}

void uhttpd_os_lock(uhttpd_os_mutex_t mutex)
{
    xSemaphoreTake(mutex->handle, portMAX_DELAY);
}

void uhttpd_os_unlock(uhttpd_os_mutex_t mutex)
{
    xSemaphoreGive(mutex->handle);
}

static struct uhttpd_os_mutex s_global;

/* Runs before any task, so that two tasks cannot both be the first. */
static void __attribute__((constructor)) create_global_lock(void)
{
    s_global.handle = xSemaphoreCreateMutexStatic(&s_global.memory);
}

void uhttpd_os_global_lock(void)
{
    uhttpd_os_lock(&s_global);
}

void uhttpd_os_global_unlock(void)
{
    uhttpd_os_unlock(&s_global);
}

uhttpd_os_sem_t uhttpd_os_sem_create(void)
{
    struct uhttpd_os_sem *sem = malloc(sizeof(*sem));
    if (sem) {
        sem->handle = xSemaphoreCreateCountingStatic(INT32_MAX, 0, &sem->memory);
    }
    return sem;
}

void uhttpd_os_sem_destroy(uhttpd_os_sem_t sem)
{
    vSemaphoreDelete(sem->handle);
    free(sem);
}

void uhttpd_os_sem_give(uhttpd_os_sem_t sem)
{
    xSemaphoreGive(sem->handle);
}

bool uhttpd_os_sem_take(uhttpd_os_sem_t sem, uint32_t timeout_ms)
{
    return xSemaphoreTake(sem->handle, ticks_of(timeout_ms)) == pdTRUE;
}

/* --- waiting for sockets ------------------------------------------------------------------------------------------ */

uhttpd_os_wake_t uhttpd_os_wake_create(void)
{
    struct uhttpd_os_wake *wake = calloc(1, sizeof(*wake));
    if (wake && !uh_wake_open(&wake->wake)) {
        free(wake);
        return NULL;
    }
    return wake;
}

void uhttpd_os_wake_destroy(uhttpd_os_wake_t wake)
{
    uh_wake_close(&wake->wake);
    free(wake);
}

void uhttpd_os_wake(uhttpd_os_wake_t wake)
{
    if (!atomic_exchange(&wake->pending, true)) {
        uh_wake_signal(&wake->wake);
    }
}

static void freertos_clear_wake(uhttpd_os_wake_t wake)
{
    uh_wake_clear(&wake->wake);
    /* This must follow taking the signal. Otherwise a signal between the two would be taken too, and pending would stay
     * set for ever. */
    atomic_store(&wake->pending, false);
}

typedef struct {
    fd_set read, write;
    int highest;
} sets_t;

static void freertos_add(sets_t *sets, int fd, unsigned events)
{
    if (events & UHTTPD_OS_READ) {
        FD_SET(fd, &sets->read);
    }
    if (events & UHTTPD_OS_WRITE) {
        FD_SET(fd, &sets->write);
    }
    if (events && fd > sets->highest) {
        sets->highest = fd;
    }
}

static void freertos_fill(sets_t *sets, uhttpd_os_wake_t wake, const uhttpd_os_pollfd_t *fds, size_t count)
{
    sets->highest = -1;
    FD_ZERO(&sets->read);
    FD_ZERO(&sets->write);
    for (size_t i = 0; i < count; i++) {
        freertos_add(sets, fds[i].fd, fds[i].events);
    }
    if (wake) {
        freertos_add(sets, uh_wake_fd(&wake->wake), UHTTPD_OS_READ);
    }
}

/* @return how many are ready; -1, with errno: none, and some of the time is left */
static int select_until(sets_t *sets, uint64_t until)
{
    uint64_t now = uhttpd_os_now();
    uint64_t left = until > now ? until - now : 0;
    struct timeval timeout = {.tv_sec = (time_t)(left / 1000), .tv_usec = (suseconds_t)(left % 1000) * 1000};
    int ready = select(sets->highest + 1, &sets->read, &sets->write, NULL, until == UINT64_MAX ? NULL : &timeout);
    return ready < 0 && !left ? 0 : ready;
}

#define NO_MEMORY_PAUSE_MS 10

/* @return whether to wait on for the same sockets. On the linux target every tick interrupts a wait. What else fails, fails
 * again at once, such as for want of memory. Whoever waits for many sockets then looks whether they are all there. */
static bool freertos_waits_on(bool for_many)
{
    if (errno == EINTR) {
        return true;
    }
    uhttpd_os_sleep(NO_MEMORY_PAUSE_MS);
    return !for_many;
}

static bool freertos_collect(const sets_t *sets, uhttpd_os_pollfd_t *fds, size_t count)
{
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        if (fds[i].events & UHTTPD_OS_READ && FD_ISSET(fds[i].fd, &sets->read)) {
            fds[i].revents |= UHTTPD_OS_READ;
        }
        if (fds[i].events & UHTTPD_OS_WRITE && FD_ISSET(fds[i].fd, &sets->write)) {
            fds[i].revents |= UHTTPD_OS_WRITE;
        }
        any = any || fds[i].revents;
    }
    return any;
}

bool uhttpd_os_poll(uhttpd_os_wake_t wake, uhttpd_os_pollfd_t *fds, size_t count, uint32_t timeout_ms)
{
    uint64_t until = timeout_ms == UHTTPD_OS_FOREVER ? UINT64_MAX : uhttpd_os_now() + timeout_ms;
    sets_t sets;
    int ready;
    for (size_t i = 0; i < count; i++) {
        fds[i].revents = 0;
    }
    do {
        freertos_fill(&sets, wake, fds, count);
        ready = select_until(&sets, until);
    } while (ready < 0 && freertos_waits_on(wake != NULL));
    if (ready <= 0) {
        return false;
    }
    if (wake && FD_ISSET(uh_wake_fd(&wake->wake), &sets.read)) {
        freertos_clear_wake(wake);
    }
    return freertos_collect(&sets, fds, count);
}

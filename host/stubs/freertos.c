/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

#include "freertos/semphr.h"
#include "freertos/task.h"

typedef struct {
    void (*run)(void *arg);
    void *arg;
} start_t;

static void *run_stub_task(void *arg)
{
    start_t start = *(start_t *)arg;
    free(arg);
    start.run(start.arg);
    return NULL;
}

BaseType_t xTaskCreatePinnedToCore(void (*run)(void *arg), const char *name, uint32_t stack, void *arg,
                                   UBaseType_t priority, TaskHandle_t *task, BaseType_t core)
{
    (void)priority, (void)core;
    pthread_t thread;
    void *room = malloc(stack); /* the thread has a stack of its own, but it fails as on a chip */
    free(room);
    start_t *start = room ? malloc(sizeof(*start)) : NULL;
    if (!start) {
        return pdFALSE;
    }
    *start = (start_t) {.run = run, .arg = arg};
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* the thread inherits it */
    int failed = pthread_create(&thread, NULL, run_stub_task, start);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed) {
        free(start);
        return pdFALSE;
    }
    if (task) {
        *task = thread;
    }
    pthread_setname_np(thread, name);
    pthread_detach(thread);
    return pdPASS;
}

BaseType_t xTaskCreatePinnedToCoreWithCaps(void (*run)(void *arg), const char *name, uint32_t stack, void *arg,
                                           UBaseType_t priority, TaskHandle_t *task, BaseType_t core, UBaseType_t caps)
{
    (void)caps;
    return xTaskCreatePinnedToCore(run, name, stack, arg, priority, task, core);
}

void vTaskDeleteWithCaps(TaskHandle_t task)
{
    (void)task;
    pthread_exit(NULL);
}

void vTaskDelete(const void *task)
{
    (void)task;
    pthread_exit(NULL);
}

TaskHandle_t xTaskGetCurrentTaskHandle(void)
{
    return pthread_self();
}

void vTaskDelay(TickType_t ticks)
{
    struct timespec left = {.tv_sec = ticks / 1000, .tv_nsec = (long)(ticks % 1000) * 1000000};
    while (nanosleep(&left, &left) && errno == EINTR) {
    }
}

SemaphoreHandle_t xSemaphoreCreateCountingStatic(UBaseType_t most, UBaseType_t first, StaticSemaphore_t *memory)
{
    pthread_condattr_t attributes;
    *memory = (StaticSemaphore_t) {.count = first, .most = most};
    pthread_mutex_init(&memory->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&memory->given, &attributes);
    pthread_condattr_destroy(&attributes);
    return memory;
}

SemaphoreHandle_t xSemaphoreCreateCounting(UBaseType_t most, UBaseType_t first)
{
    StaticSemaphore_t *memory = malloc(sizeof(*memory));
    if (!memory) {
        return NULL;
    }
    xSemaphoreCreateCountingStatic(most, first, memory);
    memory->is_ours = true;
    return memory;
}

void vSemaphoreDelete(SemaphoreHandle_t semaphore)
{
    pthread_cond_destroy(&semaphore->given);
    pthread_mutex_destroy(&semaphore->lock);
    if (semaphore->is_ours) {
        free(semaphore);
    }
}

static struct timespec after_ticks(TickType_t ticks)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long nsec = now.tv_nsec + (long)(ticks % 1000) * 1000000;
    return (struct timespec) {.tv_sec = now.tv_sec + (time_t)(ticks / 1000) + nsec / 1000000000,
                              .tv_nsec = nsec % 1000000000};
}

BaseType_t xSemaphoreTake(SemaphoreHandle_t semaphore, TickType_t ticks)
{
    struct timespec until = after_ticks(ticks == portMAX_DELAY ? 0 : ticks);
    int late = 0;
    pthread_mutex_lock(&semaphore->lock);
    while (!semaphore->count && ticks && late != ETIMEDOUT) {
        late = ticks == portMAX_DELAY ? pthread_cond_wait(&semaphore->given, &semaphore->lock)
                                      : pthread_cond_timedwait(&semaphore->given, &semaphore->lock, &until);
    }
    BaseType_t taken = semaphore->count > 0;
    semaphore->count -= (UBaseType_t)taken;
    pthread_mutex_unlock(&semaphore->lock);
    return taken;
}

BaseType_t xSemaphoreGive(SemaphoreHandle_t semaphore)
{
    pthread_mutex_lock(&semaphore->lock);
    BaseType_t given = semaphore->count < semaphore->most;
    semaphore->count += (UBaseType_t)given;
    pthread_cond_signal(&semaphore->given);
    pthread_mutex_unlock(&semaphore->lock);
    return given;
}

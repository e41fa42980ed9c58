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

BaseType_t xTaskCreatePinnedToCoreWithCaps(void (*run)(void *arg), const char *name, uint32_t stack, void *arg,
                                           UBaseType_t priority, TaskHandle_t *task, BaseType_t core, UBaseType_t caps)
{
    (void)stack, (void)priority, (void)core, (void)caps;
    start_t *start = malloc(sizeof(*start));
    if (!start) {
        return pdFALSE;
    }
    *start = (start_t) {.run = run, .arg = arg};
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* the thread inherits it */
    int failed = pthread_create(task, NULL, run_stub_task, start);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed) {
        free(start);
        return pdFALSE;
    }
    pthread_setname_np(*task, name);
    pthread_detach(*task);
    return pdPASS;
}

void vTaskDeleteWithCaps(TaskHandle_t task)
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

struct hs_semaphore {
    pthread_mutex_t lock;
    pthread_cond_t given;
    UBaseType_t count, most;
};

SemaphoreHandle_t xSemaphoreCreateCounting(UBaseType_t most, UBaseType_t first)
{
    SemaphoreHandle_t semaphore = malloc(sizeof(*semaphore));
    if (semaphore) {
        *semaphore = (struct hs_semaphore) {.count = first, .most = most};
        pthread_mutex_init(&semaphore->lock, NULL);
        pthread_cond_init(&semaphore->given, NULL);
    }
    return semaphore;
}

void vSemaphoreDelete(SemaphoreHandle_t semaphore)
{
    pthread_cond_destroy(&semaphore->given);
    pthread_mutex_destroy(&semaphore->lock);
    free(semaphore);
}

BaseType_t xSemaphoreTake(SemaphoreHandle_t semaphore, TickType_t ticks)
{
    pthread_mutex_lock(&semaphore->lock);
    while (!semaphore->count && ticks) {
        pthread_cond_wait(&semaphore->given, &semaphore->lock);
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

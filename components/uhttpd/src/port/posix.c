/* SPDX-License-Identifier: MIT */

/* The OS layer on POSIX: a desktop. All signals go to the program's own threads, so a collector, a debugger or Ctrl-C
 * never interrupts a server's task. */
#define _GNU_SOURCE
#include "uhttpd_os.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#define MIN_STACK \
    (256 * 1024) /* a chip's stack sizes are too small for a C library that formats numbers and resolves names */

struct uhttpd_os_task {
    pthread_t thread;
    void (*fn)(void *arg);
    void *arg;
    bool nobody_joins;
};

struct uhttpd_os_mutex {
    pthread_mutex_t mutex;
};

struct uhttpd_os_sem {
    sem_t sem;
};

struct uhttpd_os_wake {
    int fd;
    atomic_bool pending;
    struct pollfd *fds; /* the poller's own */
    size_t capacity;
};

static void *posix_run_task(void *arg)
{
    struct uhttpd_os_task *task = arg;
    task->fn(task->arg);
    if (task->nobody_joins) {
        pthread_detach(pthread_self());
        free(task);
    }
    return NULL;
}

static esp_err_t posix_start(struct uhttpd_os_task *task, size_t stack)
{
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, stack < MIN_STACK ? MIN_STACK : stack);
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old); /* the thread inherits it */
    int failed = pthread_create(&task->thread, &attr, posix_run_task, task);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    pthread_attr_destroy(&attr);
    return failed ? ESP_ERR_NO_MEM : ESP_OK;
}

static struct uhttpd_os_task *posix_new_task(void (*fn)(void *arg), void *arg, bool nobody_joins)
{
    struct uhttpd_os_task *task = malloc(sizeof(*task));
    if (task) {
        *task = (struct uhttpd_os_task) {.fn = fn, .arg = arg, .nobody_joins = nobody_joins};
    }
    return task;
}

int uhttpd_os_cores(void)
{
    return INT8_MAX; /* which one does not matter */
}

esp_err_t uhttpd_os_task_start(const char *name, void (*fn)(void *arg), void *arg,
                               const uhttpd_os_task_config_t *config, uhttpd_os_task_t *task)
{
    *task = posix_new_task(fn, arg, false);
    if (!*task || posix_start(*task, config->stack) != ESP_OK) {
        free(*task);
        return ESP_ERR_NO_MEM;
    }
    pthread_setname_np((*task)->thread, name);
    return ESP_OK;
}

esp_err_t uhttpd_os_task_spawn(const char *name, void (*fn)(void *arg), void *arg,
                               const uhttpd_os_task_config_t *config)
{
    (void)name;
    struct uhttpd_os_task *task = posix_new_task(fn, arg, true);
    if (!task || posix_start(task, config->stack) != ESP_OK) {
        free(task);
        return ESP_ERR_NO_MEM;
    }
    return ESP_OK;
}

void uhttpd_os_task_join(uhttpd_os_task_t task)
{
    pthread_join(task->thread, NULL);
    free(task);
}

bool uhttpd_os_task_is_current(uhttpd_os_task_t task)
{
    return pthread_equal(task->thread, pthread_self());
}

static struct timespec timespec_of(uint64_t ms)
{
    return (struct timespec) {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};
}

void uhttpd_os_sleep(uint32_t ms)
{
    struct timespec left = timespec_of(ms);
    while (nanosleep(&left, &left) && errno == EINTR) {
    }
}

uint64_t uhttpd_os_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

uint32_t uhttpd_os_random(void)
{
    uint32_t bits;
    if (getrandom(&bits, sizeof(bits), 0) != sizeof(bits)) {
        bits = (uint32_t)uhttpd_os_now();
    }
    return bits;
}

uhttpd_os_mutex_t uhttpd_os_mutex_create(void)
{
    struct uhttpd_os_mutex *mutex = malloc(sizeof(*mutex));
    if (mutex) {
        pthread_mutex_init(&mutex->mutex, NULL);
    }
    return mutex;
}

void uhttpd_os_mutex_destroy(uhttpd_os_mutex_t mutex)
{
    pthread_mutex_destroy(&mutex->mutex);
    free(mutex);
}

void uhttpd_os_lock(uhttpd_os_mutex_t mutex)
{
    pthread_mutex_lock(&mutex->mutex);
}

void uhttpd_os_unlock(uhttpd_os_mutex_t mutex)
{
    pthread_mutex_unlock(&mutex->mutex);
}

static pthread_mutex_t s_global = PTHREAD_MUTEX_INITIALIZER;

void uhttpd_os_global_lock(void)
{
    pthread_mutex_lock(&s_global);
}

void uhttpd_os_global_unlock(void)
{
    pthread_mutex_unlock(&s_global);
}

uhttpd_os_sem_t uhttpd_os_sem_create(void)
{
    struct uhttpd_os_sem *sem = malloc(sizeof(*sem));
    if (sem) {
        sem_init(&sem->sem, 0, 0);
    }
    return sem;
}

void uhttpd_os_sem_destroy(uhttpd_os_sem_t sem)
{
    sem_destroy(&sem->sem);
    free(sem);
}

void uhttpd_os_sem_give(uhttpd_os_sem_t sem)
{
    sem_post(&sem->sem);
}

bool uhttpd_os_sem_take(uhttpd_os_sem_t sem, uint32_t timeout_ms)
{
    struct timespec until = timespec_of(timeout_ms == UHTTPD_OS_FOREVER ? 0 : uhttpd_os_now() + timeout_ms);
    for (;;) {
        int failed =
            timeout_ms == UHTTPD_OS_FOREVER ? sem_wait(&sem->sem) : sem_clockwait(&sem->sem, CLOCK_MONOTONIC, &until);
        if (!failed) {
            return true;
        }
        if (errno != EINTR) {
            return false;
        }
    }
}

uhttpd_os_wake_t uhttpd_os_wake_create(void)
{
    struct uhttpd_os_wake *wake = calloc(1, sizeof(*wake));
    if (!wake) {
        return NULL;
    }
    wake->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (wake->fd < 0) {
        free(wake);
        return NULL;
    }
    return wake;
}

void uhttpd_os_wake_destroy(uhttpd_os_wake_t wake)
{
    close(wake->fd);
    free(wake->fds);
    free(wake);
}

void uhttpd_os_wake(uhttpd_os_wake_t wake)
{
    if (!atomic_exchange(&wake->pending, true)) {
        uint64_t one = 1;
        while (write(wake->fd, &one, sizeof(one)) < 0 && errno == EINTR) {
        }
    }
}

static void posix_clear_wake(uhttpd_os_wake_t wake)
{
    uint64_t count;
    while (read(wake->fd, &count, sizeof(count)) < 0 && errno == EINTR) {
    }
    /* This must follow the read. Otherwise a wake-up between the two would be read here, and pending would stay set for
     * ever. */
    atomic_store(&wake->pending, false);
}

static bool posix_reserve(uhttpd_os_wake_t wake, size_t count)
{
    if (count > wake->capacity) {
        struct pollfd *fds = realloc(wake->fds, count * sizeof(*fds));
        if (!fds) {
            return false;
        }
        wake->fds = fds;
        wake->capacity = count;
    }
    return true;
}

static int poll_all(struct pollfd *fds, size_t count, uint32_t timeout_ms)
{
    uint64_t until = uhttpd_os_now() + timeout_ms;
    for (;;) {
        uint64_t now = uhttpd_os_now();
        uint64_t left = until > now ? until - now : 0;
        int timeout = timeout_ms == UHTTPD_OS_FOREVER ? -1 : (int)(left < INT32_MAX ? left : INT32_MAX);
        int ready = poll(fds, count, timeout);
        if (ready >= 0 || errno != EINTR) {
            return ready;
        }
    }
}

bool uhttpd_os_poll(uhttpd_os_wake_t wake, uhttpd_os_pollfd_t *fds, size_t count, uint32_t timeout_ms)
{
    struct pollfd single;
    struct pollfd *all = &single;
    size_t first = wake ? 1 : 0; /* entry 0 is the wake's own */
    for (size_t i = 0; i < count; i++) {
        fds[i].revents = 0;
    }
    if (wake) {
        if (!posix_reserve(wake, count + 1)) {
            uhttpd_os_sleep(10); /* the caller will try again, and there may be memory then */
            return false;
        }
        all = wake->fds;
        all[0] = (struct pollfd) {.fd = wake->fd, .events = POLLIN};
    } else if (count != 1) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        short events =
            (short)((fds[i].events & UHTTPD_OS_READ ? POLLIN : 0) | (fds[i].events & UHTTPD_OS_WRITE ? POLLOUT : 0));
        /* poll() skips a negative descriptor. With no events it would still return for a hang-up, again and again. */
        all[first + i] = (struct pollfd) {.fd = events ? fds[i].fd : -1, .events = events};
    }
    if (poll_all(all, first + count, timeout_ms) <= 0) {
        return false;
    }
    if (wake && all[0].revents) {
        posix_clear_wake(wake);
    }
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        short got = all[first + i].revents;
        if (got & (POLLERR | POLLHUP | POLLNVAL)) {
            fds[i].revents = fds[i].events;
        } else {
            fds[i].revents = (uint8_t)((got & POLLIN ? UHTTPD_OS_READ : 0) | (got & POLLOUT ? UHTTPD_OS_WRITE : 0));
        }
        any = any || fds[i].revents;
    }
    return any;
}

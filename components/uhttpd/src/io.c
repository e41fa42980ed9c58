/* SPDX-License-Identifier: MIT */
#include "io.h"

#include <stdlib.h>

#include "esp_log.h"

static const char *TAG = "uhttpd";

/* One task serves every server: a second one would cost a stack and gain nothing, since no callback blocks. */
static struct {
    unsigned users;
    size_t stack; /* of the task */
    uhttpd_os_task_t task;
    uhttpd_os_wake_t wake;
    uhttpd_os_mutex_t lock; /* guards calls and ending */
    uh_io_call_t *calls, **calls_end;
    bool ending;

    /* The following belongs to the I/O task. */
    uh_io_source_t *sources;
    size_t capacity;
    uhttpd_os_pollfd_t *fds;
    uh_io_source_t **slots; /* the source behind each of fds; NULL when it was removed meanwhile */
    size_t count;
} s_io;

static uh_io_call_t *take_calls(bool *ending)
{
    uhttpd_os_lock(s_io.lock);
    uh_io_call_t *calls = s_io.calls;
    s_io.calls = NULL;
    s_io.calls_end = &s_io.calls;
    *ending = s_io.ending;
    uhttpd_os_unlock(s_io.lock);
    return calls;
}

static void run_calls(uh_io_call_t *calls)
{
    while (calls) {
        uh_io_call_t *call = calls;
        calls = call->next; /* the call may be gone once it has run */
        call->run(call);
    }
}

/* Fills the poll set. @return how long the wait may last */
static uint32_t io_collect(void)
{
    uint64_t now = uhttpd_os_now();
    uint64_t wait = UHTTPD_OS_FOREVER;
    s_io.count = 0;
    for (uh_io_source_t *source = s_io.sources; source; source = source->next) {
        source->slot = s_io.count;
        s_io.slots[s_io.count] = source;
        s_io.fds[s_io.count++] = (uhttpd_os_pollfd_t) {.fd = source->fd, .events = (uint8_t)source->want};
        if (atomic_load(&source->woken)) {
            wait = 0;
        }
        if (source->deadline) {
            uint64_t left = source->deadline > now ? source->deadline - now : 0;
            wait = left < wait ? left : wait;
        }
    }
    return (uint32_t)wait;
}

static void io_deliver(void)
{
    uint64_t now = uhttpd_os_now();
    for (size_t i = 0; i < s_io.count; i++) {
        uh_io_source_t *source = s_io.slots[i];
        if (!source) {
            continue;
        }
        bool late = source->deadline && source->deadline <= now;
        bool woken = atomic_exchange(&source->woken, false);
        if (late) {
            source->deadline = 0;
        }
        if (s_io.fds[i].revents || late || woken) {
            source->ready(source, s_io.fds[i].revents);
        }
    }
    s_io.count = 0;
}

static void io_task(void *arg)
{
    (void)arg;
    for (;;) {
        bool ending;
        run_calls(take_calls(&ending));
        if (ending) {
            return;
        }
        uint32_t wait = io_collect();
        uhttpd_os_poll(s_io.wake, s_io.fds, s_io.count, wait);
        io_deliver();
    }
}

void uh_io_post(uh_io_call_t *call)
{
    call->next = NULL;
    uhttpd_os_lock(s_io.lock);
    *s_io.calls_end = call;
    s_io.calls_end = &call->next;
    uhttpd_os_unlock(s_io.lock);
    uhttpd_os_wake(s_io.wake);
}

typedef struct {
    uh_io_call_t call;
    void (*fn)(void *arg);
    void *arg;
    uhttpd_os_sem_t done;
} waited_call_t;

static void run_waited(uh_io_call_t *call)
{
    waited_call_t *waited = UH_CONTAINER_OF(call, waited_call_t, call);
    waited->fn(waited->arg);
    uhttpd_os_sem_give(waited->done);
}

/* The caller cannot continue without this. If there is no memory for a semaphore now, there will be later. */
void uh_io_call_and_wait(void (*fn)(void *arg), void *arg)
{
    waited_call_t waited = {.call.run = run_waited, .fn = fn, .arg = arg};
    while (!(waited.done = uhttpd_os_sem_create())) {
        uhttpd_os_sleep(10);
    }
    uh_io_post(&waited.call);
    uhttpd_os_sem_take(waited.done, UHTTPD_OS_FOREVER);
    uhttpd_os_sem_destroy(waited.done);
}

void uh_io_add(uh_io_source_t *source)
{
    source->slot = SIZE_MAX;
    source->next = s_io.sources;
    source->link = &s_io.sources;
    if (source->next) {
        source->next->link = &source->next;
    }
    s_io.sources = source;
}

void uh_io_remove(uh_io_source_t *source)
{
    *source->link = source->next;
    if (source->next) {
        source->next->link = source->link;
    }
    if (source->slot < s_io.count) {
        s_io.slots[source->slot] = NULL;
    }
}

void uh_io_wake(uh_io_source_t *source)
{
    if (!atomic_exchange(&source->woken, true)) {
        uhttpd_os_wake(s_io.wake);
    }
}

/* Starting, growing and ending are serialised by the OS layer's one global lock. */

static void release_parts(void)
{
    if (s_io.wake) {
        uhttpd_os_wake_destroy(s_io.wake);
    }
    if (s_io.lock) {
        uhttpd_os_mutex_destroy(s_io.lock);
    }
    s_io.wake = NULL;
    s_io.lock = NULL;
}

static esp_err_t io_start_task(const uhttpd_os_task_config_t *task)
{
    s_io.lock = uhttpd_os_mutex_create();
    s_io.wake = uhttpd_os_wake_create();
    s_io.calls_end = &s_io.calls;
    s_io.ending = false;
    s_io.stack = task->stack;
    esp_err_t err = ESP_ERR_NO_MEM;
    if (s_io.lock && s_io.wake) {
        err = uhttpd_os_task_start("uhttpd io", io_task, NULL, task, &s_io.task);
    }
    if (err != ESP_OK) {
        release_parts();
    }
    return err;
}

static void end_task(void)
{
    uhttpd_os_lock(s_io.lock);
    s_io.ending = true;
    uhttpd_os_unlock(s_io.lock);
    uhttpd_os_wake(s_io.wake);
    uhttpd_os_task_join(s_io.task);
    release_parts();
    free(s_io.fds);
    free(s_io.slots);
    s_io.fds = NULL;
    s_io.slots = NULL;
    s_io.capacity = 0;
}

typedef struct {
    size_t capacity;
    uhttpd_os_pollfd_t *fds;
    uh_io_source_t **slots;
} tables_t;

/* Runs in the I/O task between two waits, when nothing points into the tables. */
static void swap_tables(void *arg)
{
    tables_t *tables = arg;
    tables_t old = {.fds = s_io.fds, .slots = s_io.slots};
    s_io.fds = tables->fds;
    s_io.slots = tables->slots;
    s_io.capacity = tables->capacity;
    *tables = old;
}

static esp_err_t grow_tables(size_t more)
{
    tables_t tables = {.capacity = s_io.capacity + more};
    tables.fds = calloc(tables.capacity, sizeof(*tables.fds));
    tables.slots = calloc(tables.capacity, sizeof(*tables.slots));
    esp_err_t err = ESP_ERR_NO_MEM;
    if (tables.fds && tables.slots) {
        uh_io_call_and_wait(swap_tables, &tables);
        err = ESP_OK;
    }
    free(tables.fds);
    free(tables.slots);
    return err;
}

esp_err_t uh_io_acquire(size_t sources, const uhttpd_os_task_config_t *task)
{
    uhttpd_os_global_lock();
    if (s_io.users && task->stack > s_io.stack) {
        ESP_LOGW(TAG, "the I/O task has the io_stack of the first server, %zu bytes, and not %zu", s_io.stack,
                 task->stack);
    }
    esp_err_t err = s_io.users ? ESP_OK : io_start_task(task);
    if (err == ESP_OK) {
        err = grow_tables(sources);
        if (err == ESP_OK) {
            s_io.users++;
        } else if (!s_io.users) {
            end_task();
        }
    }
    uhttpd_os_global_unlock();
    return err;
}

void uh_io_release(size_t sources)
{
    uhttpd_os_global_lock();
    if (--s_io.users == 0) {
        end_task();
    } else {
        s_io.capacity -= sources; /* the additional room in the tables is for the next server */
    }
    uhttpd_os_global_unlock();
}

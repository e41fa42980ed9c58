/* SPDX-License-Identifier: MIT */
#include "lwip/sys.h"

#include <errno.h>
#include <signal.h>
#include <sys/random.h>
#include <time.h>

#include "hl.h"
#include "lwip/err.h"
#include "lwip/mem.h"

/* --- time --------------------------------------------------------------------------------------------------------- */

uint32_t esp_random(void)
{
    uint32_t bits = 0;
    while (getrandom(&bits, sizeof(bits), 0) != sizeof(bits)) {
    }
    return bits;
}

u32_t sys_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (u32_t)((uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000);
}

u32_t sys_jiffies(void)
{
    return sys_now();
}

static struct timespec time_in(u32_t ms)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    long nsec = at.tv_nsec + (long)(ms % 1000) * 1000000;
    return (struct timespec) {.tv_sec = at.tv_sec + (time_t)(ms / 1000) + nsec / 1000000000,
                              .tv_nsec = nsec % 1000000000};
}

/* --- what can be waited for --------------------------------------------------------------------------------------- */

typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
} monitor_t;

static void monitor_init(monitor_t *monitor)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&monitor->changed, &attributes);
    pthread_mutex_init(&monitor->lock, NULL);
    pthread_condattr_destroy(&attributes);
}

static void monitor_deinit(monitor_t *monitor)
{
    pthread_cond_destroy(&monitor->changed);
    pthread_mutex_destroy(&monitor->lock);
}

/* @param until  NULL: for ever. @return false when that time has come */
static bool monitor_wait(monitor_t *monitor, const struct timespec *until)
{
    if (!until) {
        return pthread_cond_wait(&monitor->changed, &monitor->lock) == 0;
    }
    return pthread_cond_timedwait(&monitor->changed, &monitor->lock, until) != ETIMEDOUT;
}

/* --- semaphores, which are binary --------------------------------------------------------------------------------- */

struct hl_sem {
    monitor_t monitor;
    bool given;
};

err_t sys_sem_new(sys_sem_t *sem, u8_t count)
{
    *sem = mem_malloc(sizeof(**sem));
    if (!*sem) {
        return ERR_MEM;
    }
    monitor_init(&(*sem)->monitor);
    (*sem)->given = count > 0;
    return ERR_OK;
}

void sys_sem_free(sys_sem_t *sem)
{
    monitor_deinit(&(*sem)->monitor);
    mem_free(*sem);
}

void sys_sem_signal(sys_sem_t *sem)
{
    pthread_mutex_lock(&(*sem)->monitor.lock);
    (*sem)->given = true;
    pthread_cond_signal(&(*sem)->monitor.changed);
    pthread_mutex_unlock(&(*sem)->monitor.lock);
}

void hl_sem_clear(sys_sem_t *sem)
{
    pthread_mutex_lock(&(*sem)->monitor.lock);
    (*sem)->given = false;
    pthread_mutex_unlock(&(*sem)->monitor.lock);
}

u32_t sys_arch_sem_wait(sys_sem_t *sem, u32_t timeout)
{
    struct timespec until = time_in(timeout);
    pthread_mutex_lock(&(*sem)->monitor.lock);
    while (!(*sem)->given && monitor_wait(&(*sem)->monitor, timeout ? &until : NULL)) {
    }
    bool given = (*sem)->given;
    (*sem)->given = false;
    pthread_mutex_unlock(&(*sem)->monitor.lock);
    return given ? 0 : SYS_ARCH_TIMEOUT;
}

/* --- mutexes ------------------------------------------------------------------------------------------------------ */

err_t sys_mutex_new(sys_mutex_t *mutex)
{
    *mutex = mem_malloc(sizeof(**mutex));
    if (!*mutex) {
        return ERR_MEM;
    }
    pthread_mutex_init(*mutex, NULL);
    return ERR_OK;
}

void sys_mutex_free(sys_mutex_t *mutex)
{
    pthread_mutex_destroy(*mutex);
    mem_free(*mutex);
}

void sys_mutex_lock(sys_mutex_t *mutex)
{
    pthread_mutex_lock(*mutex);
}

void sys_mutex_unlock(sys_mutex_t *mutex)
{
    pthread_mutex_unlock(*mutex);
}

/* lwIP nests calls of functions that protect. */
static pthread_mutex_t s_protected = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

sys_prot_t sys_arch_protect(void)
{
    pthread_mutex_lock(&s_protected);
    return 0;
}

void sys_arch_unprotect(sys_prot_t before)
{
    (void)before;
    pthread_mutex_unlock(&s_protected);
}

/* --- mailboxes ---------------------------------------------------------------------------------------------------- */

struct hl_mbox {
    monitor_t monitor;
    size_t size, first, count;
    void *messages[];
};

err_t sys_mbox_new(sys_mbox_t *mbox, int size)
{
    *mbox = mem_malloc((mem_size_t)(sizeof(**mbox) + (size_t)size * sizeof(void *)));
    if (!*mbox) {
        return ERR_MEM;
    }
    monitor_init(&(*mbox)->monitor);
    (*mbox)->size = (size_t)size;
    (*mbox)->first = (*mbox)->count = 0;
    return ERR_OK;
}

void sys_mbox_free(sys_mbox_t *mbox)
{
    monitor_deinit(&(*mbox)->monitor);
    mem_free(*mbox);
    *mbox = NULL;
}

/* Under lock. */
static bool mbox_put(struct hl_mbox *mbox, void *message)
{
    if (mbox->count == mbox->size) {
        return false;
    }
    mbox->messages[(mbox->first + mbox->count++) % mbox->size] = message;
    pthread_cond_broadcast(&mbox->monitor.changed);
    return true;
}

static bool mbox_take(struct hl_mbox *mbox, void **message)
{
    if (!mbox->count) {
        return false;
    }
    void *taken = mbox->messages[mbox->first];
    if (message) {
        *message = taken;
    }
    mbox->first = (mbox->first + 1) % mbox->size;
    mbox->count--;
    pthread_cond_broadcast(&mbox->monitor.changed);
    return true;
}

void sys_mbox_post(sys_mbox_t *mbox, void *message)
{
    pthread_mutex_lock(&(*mbox)->monitor.lock);
    while (!mbox_put(*mbox, message)) {
        monitor_wait(&(*mbox)->monitor, NULL);
    }
    pthread_mutex_unlock(&(*mbox)->monitor.lock);
}

err_t sys_mbox_trypost(sys_mbox_t *mbox, void *message)
{
    pthread_mutex_lock(&(*mbox)->monitor.lock);
    bool put = mbox_put(*mbox, message);
    pthread_mutex_unlock(&(*mbox)->monitor.lock);
    return put ? ERR_OK : ERR_MEM;
}

err_t sys_mbox_trypost_fromisr(sys_mbox_t *mbox, void *message)
{
    return sys_mbox_trypost(mbox, message);
}

/* The mailbox may be freed as soon as the last message is taken, so its place is remembered before. */
u32_t sys_arch_mbox_fetch(sys_mbox_t *mbox, void **message, u32_t timeout)
{
    struct hl_mbox *box = *mbox;
    struct timespec until = time_in(timeout);
    pthread_mutex_lock(&box->monitor.lock);
    bool taken = mbox_take(box, message);
    while (!taken && monitor_wait(&box->monitor, timeout ? &until : NULL)) {
        taken = mbox_take(box, message);
    }
    pthread_mutex_unlock(&box->monitor.lock);
    if (!taken && message) {
        *message = NULL;
    }
    return taken ? 0 : SYS_ARCH_TIMEOUT;
}

u32_t sys_arch_mbox_tryfetch(sys_mbox_t *mbox, void **message)
{
    pthread_mutex_lock(&(*mbox)->monitor.lock);
    bool taken = mbox_take(*mbox, message);
    pthread_mutex_unlock(&(*mbox)->monitor.lock);
    return taken ? 0 : SYS_MBOX_EMPTY;
}

/* --- threads ------------------------------------------------------------------------------------------------------ */

typedef struct {
    lwip_thread_fn run;
    void *arg;
} thread_start_t;

static void *run_lwip_thread(void *arg)
{
    thread_start_t start = *(thread_start_t *)arg;
    free(arg);
    start.run(start.arg);
    return NULL;
}

/* Signals are the application's. */
sys_thread_t sys_thread_new(const char *name, lwip_thread_fn run, void *arg, int stack, int priority)
{
    (void)stack, (void)priority;
    thread_start_t *start = malloc(sizeof(*start));
    *start = (thread_start_t) {.run = run, .arg = arg};
    pthread_t thread = 0;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&thread, NULL, run_lwip_thread, start);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    LWIP_ASSERT("a thread", !failed);
    pthread_setname_np(thread, name);
    pthread_detach(thread);
    return thread;
}

static pthread_key_t s_sem_key;

static void free_thread_sem(void *data)
{
    sys_sem_t *sem = data;
    sys_sem_free(sem);
    free(sem);
}

sys_sem_t *hl_thread_sem(void)
{
    sys_sem_t *sem = pthread_getspecific(s_sem_key);
    if (!sem) {
        sem = malloc(sizeof(*sem)); /* for a thread's first call; in ESP-IDF an assertion fails */
        LWIP_ASSERT("a semaphore for this thread", sem && sys_sem_new(sem, 0) == ERR_OK);
        pthread_setspecific(s_sem_key, sem);
    }
    return sem;
}

void sys_init(void)
{
    pthread_key_create(&s_sem_key, free_thread_sem);
}

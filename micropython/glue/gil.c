/* SPDX-License-Identifier: MIT */
/*
 * The GIL goes to threads that wait for it, and stays taken for the whole of a collection.
 *
 * The interpreter gives the GIL back every few loops, and takes it again before a thread that waits has woken up. Beside
 * a program that never waits for anything, other threads hardly ran: a callback that slept for 0.2 s, beside a program
 * that collects, had not ended after 15 s. So the thread that is next in the queue holds a second mutex. When it has
 * waited for long enough, all others queue behind it, and among them the thread that gives the GIL back.
 *
 * Finalisers release the GIL around calls that may block, such as closing a file. A thread that ran meanwhile would lose
 * its new objects to the following sweep, and could get hold of objects that are being freed: `open(path).read()` beside
 * busy callbacks ended in a crash.
 *
 * Ports link these in place of their own functions, by -Wl,--wrap.
 */
#include "gil.h"

#include <stdatomic.h>

#include "py/mphal.h"
#include "py/mpstate.h"
#include "py/mpthread.h"

/* Long enough to be worth the change of threads, and short beside what a person notices. */
#define SLICE_US 2000

static mp_thread_mutex_t s_next;      /* held by the thread that is next */
static atomic_uint_least32_t s_since; /* when it began to wait, in us; 0: none waits */

void __real_mp_thread_mutex_init(mp_thread_mutex_t *mutex);
int __real_mp_thread_mutex_lock(mp_thread_mutex_t *mutex, int wait);
void __real_mp_thread_mutex_unlock(mp_thread_mutex_t *mutex);
void __wrap_mp_thread_mutex_init(mp_thread_mutex_t *mutex);
int __wrap_mp_thread_mutex_lock(mp_thread_mutex_t *mutex, int wait);
void __wrap_mp_thread_mutex_unlock(mp_thread_mutex_t *mutex);

static bool is_gil(const mp_thread_mutex_t *mutex)
{
    return mutex == &MP_STATE_VM(gil_mutex);
}

static bool is_gil_while_collecting(const mp_thread_mutex_t *mutex)
{
    return is_gil(mutex) && (MP_STATE_THREAD(gc_lock_depth) & GC_COLLECT_FLAG);
}

void glue_gil_forget_threads(void)
{
    __real_mp_thread_mutex_init(&s_next);
    atomic_store(&s_since, 0);
}

void __wrap_mp_thread_mutex_init(mp_thread_mutex_t *mutex)
{
    __real_mp_thread_mutex_init(mutex);
    if (is_gil(mutex)) {
        glue_gil_forget_threads();
    }
}

static bool somebody_is_due(void)
{
    uint32_t since = atomic_load(&s_since);
    return since != 0 && (uint32_t)mp_hal_ticks_us() - since >= SLICE_US;
}

static int gil_queue(mp_thread_mutex_t *gil)
{
    __real_mp_thread_mutex_lock(&s_next, 1);
    atomic_store(&s_since, (uint32_t)mp_hal_ticks_us() | 1);
    int taken = __real_mp_thread_mutex_lock(gil, 1);
    atomic_store(&s_since, 0);
    __real_mp_thread_mutex_unlock(&s_next);
    return taken;
}

int __wrap_mp_thread_mutex_lock(mp_thread_mutex_t *mutex, int wait)
{
    if (!is_gil(mutex) || !wait) {
        return __real_mp_thread_mutex_lock(mutex, wait);
    }
    if (is_gil_while_collecting(mutex) || (!somebody_is_due() && __real_mp_thread_mutex_lock(mutex, 0) == 1)) {
        return 1;
    }
    return gil_queue(mutex);
}

void __wrap_mp_thread_mutex_unlock(mp_thread_mutex_t *mutex)
{
    if (!is_gil_while_collecting(mutex)) {
        __real_mp_thread_mutex_unlock(mutex);
    }
}

/* SPDX-License-Identifier: MIT */
/*
 * The GIL stays taken for the whole of a collection.
 *
 * Finalisers release it around calls that may block, such as closing a file. A thread that ran meanwhile would lose its
 * new objects to the following sweep, and could get hold of objects that are being freed: `open(path).read()` beside
 * busy callbacks ended in a crash. Ports link these in place of their own functions, by -Wl,--wrap.
 */
#include "py/mpstate.h"
#include "py/mpthread.h"

int __real_mp_thread_mutex_lock(mp_thread_mutex_t *mutex, int wait);
void __real_mp_thread_mutex_unlock(mp_thread_mutex_t *mutex);
int __wrap_mp_thread_mutex_lock(mp_thread_mutex_t *mutex, int wait);
void __wrap_mp_thread_mutex_unlock(mp_thread_mutex_t *mutex);

static bool is_gil_while_collecting(const mp_thread_mutex_t *mutex)
{
    return mutex == &MP_STATE_VM(gil_mutex) && (MP_STATE_THREAD(gc_lock_depth) & GC_COLLECT_FLAG);
}

int __wrap_mp_thread_mutex_lock(mp_thread_mutex_t *mutex, int wait)
{
    return is_gil_while_collecting(mutex) ? 1 : __real_mp_thread_mutex_lock(mutex, wait);
}

void __wrap_mp_thread_mutex_unlock(mp_thread_mutex_t *mutex)
{
    if (!is_gil_while_collecting(mutex)) {
        __real_mp_thread_mutex_unlock(mutex);
    }
}

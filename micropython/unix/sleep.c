/* SPDX-License-Identifier: MIT */
/* Waiting without the GIL, so that callbacks run meanwhile (the port does so since 1.27), and no longer than asked for. */

#include <errno.h>
#include <stdint.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include "py/mpthread.h"
#include "py/runtime.h"

int __real_select(int count, fd_set *reads, fd_set *writes, fd_set *errors, struct timeval *limit);
int __wrap_select(int count, fd_set *reads, fd_set *writes, fd_set *errors, struct timeval *limit);
void __wrap_mp_event_wait_ms(mp_uint_t timeout_ms);
void __wrap_mp_event_wait_indefinite(void);

/* Nothing can wake the caller from here, so it waits a moment and looks again. */
void __wrap_mp_event_wait_ms(mp_uint_t timeout_ms)
{
    (void)timeout_ms;
    mp_event_handle_nowait();
    MP_THREAD_GIL_EXIT();
    usleep(500);
    MP_THREAD_GIL_ENTER();
}

void __wrap_mp_event_wait_indefinite(void)
{
    __wrap_mp_event_wait_ms(0);
}

static bool sleep_is_to_end(void)
{
    return MP_STATE_THREAD(mp_pending_exception) != MP_OBJ_NULL || MP_STATE_VM(sched_state) == MP_SCHED_PENDING;
}

static int64_t sleep_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* A collection's signal does not end it. time.sleep() would take the GIL after each of them, and beside a program that
 * collects, the time until it had the GIL would not count. */
static int sleep_within(struct timeval *limit)
{
    int64_t end = sleep_now_us() + (int64_t)limit->tv_sec * 1000000 + limit->tv_usec;
    for (int64_t left; (left = end - sleep_now_us()) > 0;) {
        struct timespec time = {.tv_sec = left / 1000000, .tv_nsec = left % 1000000 * 1000};
        if (nanosleep(&time, NULL) != 0 && sleep_is_to_end()) {
            left = end - sleep_now_us();
            left = left > 0 ? left : 0;
            *limit = (struct timeval) {.tv_sec = left / 1000000, .tv_usec = left % 1000000};
            errno = EINTR;
            return -1;
        }
    }
    return 0;
}

int __wrap_select(int count, fd_set *reads, fd_set *writes, fd_set *errors, struct timeval *limit)
{
    return count == 0 && limit ? sleep_within(limit) : __real_select(count, reads, writes, errors, limit);
}

/* SPDX-License-Identifier: MIT */
#include "uhttpd_deadline.h"

#include "py/objexcept.h"
#include "py/runtime.h"

#include "uhttpd_bindings.h"
#include "uhttpd_glue.h"
#include "uhttpd_os.h"

#define AGAIN_MS 1000  /* after which a callback that goes on is interrupted again */
#define FILES_MS 30000 /* for a file operation where callbacks may take any time */

/* How often callbacks are looked at that may take only so long. */
#define SHORTEST_PERIOD_MS 10
#define LONGEST_PERIOD_MS 1000

static glue_deadline_t *s_deadlines; /* changed under both the GIL and s_lock, so that either is enough to read it */
static uhttpd_os_mutex_t s_lock;     /* not the global one, which is held by who waits for the I/O task */

bool glue_deadlines_init(void)
{
    s_lock = s_lock ? s_lock : uhttpd_os_mutex_create();
    return s_lock;
}

static mp_obj_t new_too_late(void)
{
    mp_obj_exception_t *made = m_new_obj_maybe(mp_obj_exception_t);
    if (made) {
        *made = (mp_obj_exception_t) {.base = {&py_uhttpd_callbacktimeout_type},
                                      .args = (mp_obj_tuple_t *)&mp_const_empty_tuple_obj};
    }
    return made ? MP_OBJ_FROM_PTR(made) : MP_OBJ_NULL;
}

static uint32_t files_timeout(uint32_t callback_timeout)
{
    return callback_timeout ? callback_timeout : FILES_MS;
}

void glue_deadline_enlist(glue_deadline_t *deadline, uint32_t callback_timeout)
{
    *deadline = (glue_deadline_t) {.thread = mp_thread_get_state(),
                                   .port_thread = glue_port_thread(),
                                   .too_late = new_too_late(),
                                   .files = files_timeout(callback_timeout)};
    uhttpd_os_lock(s_lock);
    deadline->next = s_deadlines;
    s_deadlines = deadline;
    uhttpd_os_unlock(s_lock);
}

void glue_deadline_strike_off(const glue_deadline_t *deadline)
{
    uhttpd_os_lock(s_lock);
    glue_deadline_t **place = &s_deadlines;
    while (*place != deadline) {
        place = &(*place)->next;
    }
    *place = deadline->next;
    uhttpd_os_unlock(s_lock);
}

/* @param timeout  ms from now; 0: there is no deadline now */
static void set_deadline(glue_deadline_t *deadline, uint32_t timeout)
{
    uhttpd_os_lock(s_lock);
    deadline->at = timeout ? uhttpd_os_now() + timeout : 0;
    uhttpd_os_unlock(s_lock);
}

void glue_deadline_begin(glue_deadline_t *deadline, uint32_t timeout)
{
    deadline->timeout = timeout;
    set_deadline(deadline, timeout);
}

void glue_deadline_end(glue_deadline_t *deadline)
{
    glue_deadline_begin(deadline, 0);
    deadline->thread->mp_pending_exception = MP_OBJ_NULL; /* an interruption that came too late */
    if (deadline->missed) {                               /* the program may have kept the exception */
        deadline->missed = false;
        deadline->too_late = new_too_late();
    }
}

/* --- of the calling thread ---------------------------------------------------------------------------------------- */

static glue_deadline_t *own_deadline(void)
{
    glue_deadline_t *deadline = s_deadlines;
    while (deadline && deadline->thread != mp_thread_get_state()) {
        deadline = deadline->next;
    }
    return deadline;
}

bool glue_deadline_is_programs(void)
{
    return !own_deadline();
}

uint32_t glue_deadline_of_files(void)
{
    if (!s_lock) {
        return FILES_MS; /* no server has started yet */
    }
    uhttpd_os_lock(s_lock);
    const glue_deadline_t *deadline = own_deadline();
    uint32_t timeout = deadline ? deadline->files : FILES_MS;
    uhttpd_os_unlock(s_lock);
    return timeout;
}

glue_deadline_t *glue_deadline_begin_files(void)
{
    glue_deadline_t *deadline = own_deadline();
    if (!deadline || deadline->timeout) {
        return NULL;
    }
    glue_deadline_begin(deadline, deadline->files);
    return deadline;
}

/* --- waiting for a client ----------------------------------------------------------------------------------------- */

static void set_own_deadline(bool waits)
{
    glue_deadline_t *deadline = own_deadline();
    if (deadline && deadline->timeout) {
        set_deadline(deadline, waits ? 0 : deadline->timeout);
    }
}

void glue_wait_begin(void)
{
    set_own_deadline(true);
    MP_THREAD_GIL_EXIT();
}

void glue_wait_end(void)
{
    MP_THREAD_GIL_ENTER();
    set_own_deadline(false);
}

/* --- in the I/O task ---------------------------------------------------------------------------------------------- */

/* Under s_lock. Within a callback nobody else changes the pending exception but the GIL's holder, for stop(). */
static void interrupt_late(glue_deadline_t *deadline)
{
    if (deadline->thread->mp_pending_exception == MP_OBJ_NULL) {
        deadline->thread->mp_pending_exception = deadline->too_late;
    }
    deadline->missed = true;
    deadline->at = uhttpd_os_now() + AGAIN_MS;
    glue_port_wake(deadline->port_thread);
}

uint32_t glue_deadlines_period(uint32_t callback_timeout)
{
    return MIN(MAX(files_timeout(callback_timeout) / 4, SHORTEST_PERIOD_MS), LONGEST_PERIOD_MS);
}

void glue_deadlines_watch(void *unused)
{
    (void)unused;
    uhttpd_os_lock(s_lock);
    for (glue_deadline_t *deadline = s_deadlines; deadline; deadline = deadline->next) {
        if (deadline->at && uhttpd_os_now() >= deadline->at) {
            interrupt_late(deadline);
        }
    }
    uhttpd_os_unlock(s_lock);
}

void glue_wake_all(void)
{
    glue_port_wake_main();
    uhttpd_os_lock(s_lock);
    for (const glue_deadline_t *deadline = s_deadlines; deadline; deadline = deadline->next) {
        glue_port_wake(deadline->port_thread);
    }
    uhttpd_os_unlock(s_lock);
}

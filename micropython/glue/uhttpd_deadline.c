/* SPDX-License-Identifier: MIT */
#include "uhttpd_deadline.h"

#include "py/objexcept.h"
#include "py/runtime.h"

#include "uhttpd_bindings.h"
#include "uhttpd_glue.h"
#include "uhttpd_os.h"

#define AGAIN_MS 1000 /* after which a callback that goes on is interrupted again */

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

void glue_deadline_enlist(glue_deadline_t *deadline)
{
    *deadline = (glue_deadline_t) {
        .thread = mp_thread_get_state(), .port_thread = glue_port_thread(), .too_late = new_too_late()};
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

/* --- waiting for a client ----------------------------------------------------------------------------------------- */

static void set_own_deadline(bool waits)
{
    glue_deadline_t *deadline = s_deadlines;
    while (deadline && deadline->thread != mp_thread_get_state()) {
        deadline = deadline->next;
    }
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

/* SPDX-License-Identifier: MIT */
/* WebREPL over a stream of the program's, as a stream for os.dupterm(). */
#include <stdlib.h>
#include <string.h>

#include "py/mperrno.h"
#include "py/mpstate.h"
#include "py/mpthread.h"
#include "py/runtime.h"

#include "_webrepl_bindings.h"
#include "inner_stream.h"
#include "storage_vfs.h"
#include "uhttpd_ws.h"
#include "webrepl_internal.h"
#include "webrepl_stream.h"

#define PIECE 512

enum { KIND_TEXT = 1, KIND_BINARY = 2 }; /* the results of MP_STREAM_GET_DATA_OPTS for a WebSocket */

/* A session whose object was collected in the middle of a transfer. A finaliser must not work on files: it has the GIL,
 * and another thread may have its turn with them and wait for the GIL. So the main thread ends it. */
typedef struct orphan {
    struct orphan *next;
    webrepl_stream_t *session;
} orphan_t;

static orphan_t *s_orphans; /* under the GIL */
static bool s_alone;        /* no other thread is left */

/* The C session works without the GIL, because files do, so the last thread that leaves it frees it. */
struct py__webrepl__webrepl {
    mp_obj_base_t base;
    mp_obj_t stream;
    webrepl_stream_t *session; /* NULL: it has ended */
    orphan_t *orphan;          /* room for it, should the object be collected */
    unsigned users;            /* threads within it */
    bool ending;
    bool reading;  /* some thread is within read() ... */
    bool printing; /* ... within write() ... */
    bool sending;  /* ... and within a message */
    bool binary;   /* kind of what was received */
    uint16_t from, end, typed_end;
    uint8_t received[PIECE]; /* from `from`: typed text up to `typed_end`, then what was not processed, up to `end` */
};

static char *s_password; /* NULL: nobody gets in */

void glue_webrepl_check_password(qstr name, const char *password)
{
    if (password[0] == '\0') {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%q must not be empty"), name);
    }
}

void py__webrepl_password(const char *password)
{
    if (password) {
        glue_webrepl_check_password(MP_QSTR_password, password);
    }
    char *copy = password ? strdup(password) : NULL;
    if (password && !copy) {
        mp_raise_type(&mp_type_MemoryError);
    }
    free(s_password);
    s_password = copy;
}

/* --- the C session ------------------------------------------------------------------------------------------------ */

static void set_kind(const py__webrepl__webrepl_t *self, unsigned kind)
{
    int error;
    glue_inner_stream_ioctl(self->stream, MP_STREAM_SET_DATA_OPTS, kind, &error);
}

static bool py_repl_session_send_message(py__webrepl__webrepl_t *self, bool binary, const void *data, size_t len)
{
    if (!glue_inner_stream_lock(&self->sending)) {
        return true; /* output of a finaliser, lost */
    }
    if (binary) {
        set_kind(self, KIND_BINARY);
    }
    int error = glue_inner_stream_write(self->stream, data, len);
    if (binary) {
        set_kind(self, KIND_TEXT);
    }
    self->sending = false;
    return error == 0;
}

static bool on_send(bool binary, const void *data, size_t len, void *ctx)
{
    MP_THREAD_GIL_ENTER();
    bool sent = py_repl_session_send_message(ctx, binary, data, len);
    MP_THREAD_GIL_EXIT();
    return sent;
}

mp_obj_t py__webrepl__webrepl_new(mp_obj_t stream)
{
    glue_inner_stream_check(stream);
    glue_webrepl_end_orphans(false);
    py__webrepl__webrepl_t *self = mp_obj_malloc_with_finaliser(py__webrepl__webrepl_t, &py__webrepl__webrepl_type);
    memset((char *)self + sizeof self->base, 0, sizeof *self - sizeof self->base);
    self->stream = stream;
    const webrepl_stream_config_t config = {
        .send = on_send,
        .ctx = self,
        .password = s_password,
        .files = &glue_storage_vfs,
        .version = {MICROPY_VERSION_MAJOR, MICROPY_VERSION_MINOR, MICROPY_VERSION_MICRO},
    };
    MP_THREAD_GIL_EXIT();
    webrepl_stream_t *session = webrepl_stream_begin(&config);
    MP_THREAD_GIL_ENTER();
    self->session = session;
    self->orphan = malloc(sizeof *self->orphan);
    if (!session || !self->orphan) {
        mp_raise_type(&mp_type_MemoryError);
    }
    return MP_OBJ_FROM_PTR(self);
}

static void py_repl_session_free_session(py__webrepl__webrepl_t *self)
{
    webrepl_stream_t *session = self->session;
    self->session = NULL;
    MP_THREAD_GIL_EXIT();
    webrepl_stream_end(session);
    MP_THREAD_GIL_ENTER();
    free(self->orphan);
    self->orphan = NULL;
}

void glue_webrepl_end_orphans(bool alone)
{
    for (orphan_t *orphan; (orphan = s_orphans) != NULL;) {
        s_orphans = orphan->next;
        MP_THREAD_GIL_EXIT();
        webrepl_stream_end(orphan->session);
        MP_THREAD_GIL_ENTER();
        free(orphan);
    }
    s_alone = alone;
}

static mp_obj_t end_orphans(mp_obj_t unused)
{
    glue_webrepl_end_orphans(false);
    return unused;
}
static MP_DEFINE_CONST_FUN_OBJ_1(end_orphans_obj, end_orphans);

static void abandon_session(py__webrepl__webrepl_t *self)
{
    orphan_t *orphan = self->orphan;
    *orphan = (orphan_t) {.next = s_orphans, .session = self->session};
    s_orphans = orphan;
    self->session = NULL;
    self->orphan = NULL;
    mp_sched_schedule(MP_OBJ_FROM_PTR(&end_orphans_obj), mp_const_none); /* or the next session ends it */
}

static void end_session(py__webrepl__webrepl_t *self)
{
    self->ending = true;
    if (self->users == 0) {
        py_repl_session_free_session(self);
    }
}

void py__webrepl__webrepl_del(py__webrepl__webrepl_t *self)
{
    if (self->session && self->orphan && webrepl_stream_transfers(self->session) && !s_alone) {
        abandon_session(self);
    } else {
        end_session(self);
    }
}

static bool enter_session(py__webrepl__webrepl_t *self)
{
    if (self->ending) {
        return false;
    }
    self->users++;
    MP_THREAD_GIL_EXIT();
    return true;
}

/* @return false: it has ended. */
static bool leave_session(py__webrepl__webrepl_t *self)
{
    bool over = webrepl_stream_is_over(self->session);
    MP_THREAD_GIL_ENTER();
    self->users--;
    if (over && !self->ending) { /* it has refused its client, or cannot send any more */
        glue_inner_stream_set_close_code(self->stream, UHTTPD_WS_POLICY);
        self->ending = true;
    }
    if (self->ending && self->users == 0) {
        py_repl_session_free_session(self);
    }
    return !self->ending;
}

/* --- input -------------------------------------------------------------------------------------------------------- */

/* @return bytes of what was typed. */
static size_t take_typed(py__webrepl__webrepl_t *self, void *buf, size_t size)
{
    size_t len = MIN(size, (size_t)(self->typed_end - self->from));
    memcpy(buf, self->received + self->from, len);
    self->from += len;
    return len;
}

typedef enum { READY, NOT_YET, ENDED } state_t;

/* Makes the session process what was received. */
static state_t py_repl_session_process(py__webrepl__webrepl_t *self)
{
    if (!enter_session(self)) {
        return ENDED;
    }
    bool typed = false;
    size_t taken =
        webrepl_stream_input(self->session, self->binary, self->received + self->from, self->end - self->from, &typed);
    bool ready = webrepl_stream_ready(self->session);
    if (!leave_session(self)) {
        return ENDED;
    }
    if (typed) {
        self->typed_end = self->from + taken;
    } else {
        self->from += taken;
        self->typed_end = self->from;
    }
    return ready ? READY : NOT_YET;
}

static state_t py_repl_session_receive(py__webrepl__webrepl_t *self)
{
    int error;
    mp_uint_t got = glue_inner_stream_read(self->stream, self->received, sizeof self->received, &error);
    if (got == MP_STREAM_ERROR && mp_is_nonblocking_error(error)) {
        return NOT_YET;
    }
    if (got == MP_STREAM_ERROR || got == 0) {
        end_session(self);
        return ENDED;
    }
    self->from = self->typed_end = 0;
    self->end = (uint16_t)got;
    self->binary = glue_inner_stream_ioctl(self->stream, MP_STREAM_GET_DATA_OPTS, 0, &error) == KIND_BINARY;
    return READY;
}

static mp_uint_t read_typed(py__webrepl__webrepl_t *self, void *buf, mp_uint_t size, int *errcode)
{
    state_t state = READY;
    while (self->from == self->typed_end && state == READY) {
        state = py_repl_session_process(self);
        if (state == READY && self->from == self->end) {
            state = py_repl_session_receive(self);
        }
    }
    if (state == NOT_YET) {
        *errcode = MP_EAGAIN;
        return MP_STREAM_ERROR;
    }
    return take_typed(self, buf, size);
}

mp_uint_t py__webrepl__webrepl_stream_read(mp_obj_t self_in, void *buf, mp_uint_t size, int *errcode)
{
    py__webrepl__webrepl_t *self = MP_OBJ_TO_PTR(self_in);
    if (self->reading) {
        *errcode = MP_EAGAIN;
        return MP_STREAM_ERROR;
    }
    self->reading = true;
    mp_uint_t got = read_typed(self, buf, size, errcode);
    self->reading = false;
    return got;
}

/* --- output and control ------------------------------------------------------------------------------------------- */

mp_uint_t py__webrepl__webrepl_stream_write(mp_obj_t self_in, const void *buf, mp_uint_t size, int *errcode)
{
    (void)errcode;
    py__webrepl__webrepl_t *self = MP_OBJ_TO_PTR(self_in);
    if (!glue_inner_stream_lock(&self->printing)) {
        return size; /* output of a finaliser, lost */
    }
    if (enter_session(self)) {
        webrepl_stream_output(self->session, buf, size);
        leave_session(self);
    }
    self->printing = false;
    return size;
}

static mp_uint_t py_repl_session_poll(const py__webrepl__webrepl_t *self, uintptr_t flags, int *errcode)
{
    if (self->from < self->end || self->ending) {
        return flags & (MP_STREAM_POLL_RD | MP_STREAM_POLL_WR);
    }
    return glue_inner_stream_ioctl(self->stream, MP_STREAM_POLL, flags, errcode);
}

mp_uint_t py__webrepl__webrepl_stream_ioctl(mp_obj_t self_in, mp_uint_t request, uintptr_t arg, int *errcode)
{
    py__webrepl__webrepl_t *self = MP_OBJ_TO_PTR(self_in);
    switch (request) {
    case MP_STREAM_CLOSE:
        end_session(self);
        return glue_inner_stream_ioctl(self->stream, request, arg, errcode);
    case MP_STREAM_POLL:
        return py_repl_session_poll(self, arg, errcode);
    case INNER_STREAM_GET_DESCRIPTOR:
        return (mp_uint_t)glue_inner_stream_descriptor(self->stream);
    default:
        *errcode = MP_EINVAL;
        return MP_STREAM_ERROR;
    }
}

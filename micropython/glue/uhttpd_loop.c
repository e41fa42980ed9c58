/* SPDX-License-Identifier: MIT */
/* What modules/uhttpd_async.py needs of C: a worker that runs its loop, and a stream that wakes any loop. */
#include "py/mperrno.h"
#include "py/objmodule.h"
#include "py/runtime.h"
#include "py/stream.h"

#include "uhttpd_async.h"
#include "uhttpd_glue.h"

/* --- a loop of a worker ------------------------------------------------------------------------------------------- */

static void loop_with_gil(py_uhttpd_server_t *server, void *unused)
{
    (void)server, (void)unused;
    glue_worker_step(false); /* a loop may take any time, and each step of a callback has its own */
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_call_function_0(glue_async_function(MP_QSTR_run_in_worker));
        nlr_pop();
    } else if (!mp_obj_is_subclass_fast(MP_OBJ_FROM_PTR(mp_obj_get_type(MP_OBJ_FROM_PTR(nlr.ret_val))),
                                        MP_OBJ_FROM_PTR(&mp_type_SystemExit))) {
        mp_obj_print_exception(&mp_plat_print, MP_OBJ_FROM_PTR(nlr.ret_val));
    }
}

static void loop_run_job(uhttpd_job_t *job, bool cancelled)
{
    glue_link_t *link = (glue_link_t *)((char *)job - offsetof(glue_link_t, loop_job));
    atomic_store(&link->loop_asked, false);
    if (!cancelled) {
        glue_worker_call(link, NULL, loop_with_gil, NULL);
    }
}

static bool can_run_loop(const glue_link_t *link)
{
    return link->server && !link->webrepl && !atomic_load(&link->loop_asked);
}

/* ask_worker(): has a worker of any server call run_in_worker(). */
static mp_obj_t loop_ask_worker(void)
{
    glue_link_t *link = glue_link_find(can_run_loop);
    if (link) {
        atomic_store(&link->loop_asked, true);
        link->loop_job.run = loop_run_job;
        if (uhttpd_submit(link->handle, &link->loop_job) != ESP_OK) {
            atomic_store(&link->loop_asked, false);
        }
    }
    return mp_obj_new_bool(link != NULL);
}
static MP_DEFINE_CONST_FUN_OBJ_0(loop_ask_worker_obj, loop_ask_worker);

/* deadline(begins): a step of a callback, in a worker's loop, has a deadline as other callbacks have. */
static mp_obj_t loop_step(mp_obj_t begins)
{
    glue_worker_step(mp_obj_is_true(begins));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(loop_step_obj, loop_step);

/* stops() -> bool: the server of the calling worker is being stopped. */
static mp_obj_t loop_stops(void)
{
    return mp_obj_new_bool(glue_worker_stops());
}
static MP_DEFINE_CONST_FUN_OBJ_0(loop_stops_obj, loop_stops);

/* runs(server) -> bool */
static mp_obj_t loop_runs(mp_obj_t server)
{
    const py_uhttpd_server_t *self = bindgen_self(server, &py_uhttpd_server_type);
    return mp_obj_new_bool(self->link != NULL);
}
static MP_DEFINE_CONST_FUN_OBJ_1(loop_runs_obj, loop_runs);

/* go_on(socket): its next message may come. */
static MP_DEFINE_CONST_FUN_OBJ_1(loop_go_on_obj, glue_websocket_go_on);

/* --- the waker: readable when the loop has something to do -------------------------------------------------------- */

static bool s_awake;
static bool s_polled; /* a loop has asked for the descriptor, so there is one */

void glue_async_wake(void)
{
    if (!s_awake) {
        s_awake = true;
        if (s_polled) {
            glue_port_loop_signal(true);
        }
    }
}

static mp_obj_t waker_set(mp_obj_t self)
{
    (void)self;
    glue_async_wake();
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(waker_set_obj, waker_set);

static mp_obj_t waker_clear(mp_obj_t self)
{
    (void)self;
    if (s_awake) {
        s_awake = false;
        if (s_polled) {
            glue_port_loop_signal(false);
        }
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(waker_clear_obj, waker_clear);

static mp_uint_t waker_ioctl(mp_obj_t self, mp_uint_t request, uintptr_t arg, int *error)
{
    (void)self;
    if (request == MP_STREAM_POLL) {
        return s_awake ? arg & MP_STREAM_POLL_RD : 0;
    }
    int fd = request == MP_STREAM_GET_FILENO ? glue_port_loop_fd() : -1;
    if (fd < 0) {
        *error = MP_EINVAL;
        return MP_STREAM_ERROR;
    }
    if (!s_polled && s_awake) {
        glue_port_loop_signal(true);
    }
    s_polled = true;
    return (mp_uint_t)fd;
}

static const mp_stream_p_t s_waker_stream = {.ioctl = waker_ioctl};

static const mp_rom_map_elem_t s_waker_locals[] = {
    {MP_ROM_QSTR(MP_QSTR_set), MP_ROM_PTR(&waker_set_obj)},
    {MP_ROM_QSTR(MP_QSTR_clear), MP_ROM_PTR(&waker_clear_obj)},
};
static MP_DEFINE_CONST_DICT(s_waker_dict, s_waker_locals);

static MP_DEFINE_CONST_OBJ_TYPE(s_waker_type, MP_QSTR_Waker, MP_TYPE_FLAG_NONE, protocol, &s_waker_stream, locals_dict,
                                &s_waker_dict);
static const mp_obj_base_t s_waker = {&s_waker_type};

/* --- the module --------------------------------------------------------------------------------------------------- */

static const mp_rom_map_elem_t s_module_globals[] = {
    {MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR__uhttpd_async)},
    {MP_ROM_QSTR(MP_QSTR_ask_worker), MP_ROM_PTR(&loop_ask_worker_obj)},
    {MP_ROM_QSTR(MP_QSTR_deadline), MP_ROM_PTR(&loop_step_obj)},
    {MP_ROM_QSTR(MP_QSTR_stops), MP_ROM_PTR(&loop_stops_obj)},
    {MP_ROM_QSTR(MP_QSTR_runs), MP_ROM_PTR(&loop_runs_obj)},
    {MP_ROM_QSTR(MP_QSTR_go_on), MP_ROM_PTR(&loop_go_on_obj)},
    {MP_ROM_QSTR(MP_QSTR_waker), MP_ROM_PTR(&s_waker)},
    {MP_ROM_QSTR(MP_QSTR_FINISH), MP_ROM_INT(GLUE_ASYNC_FINISH)},
    {MP_ROM_QSTR(MP_QSTR_PIECE), MP_ROM_INT(GLUE_ASYNC_PIECE)},
    {MP_ROM_QSTR(MP_QSTR_END), MP_ROM_INT(GLUE_ASYNC_END)},
    {MP_ROM_QSTR(MP_QSTR_CALL), MP_ROM_INT(GLUE_ASYNC_CALL)},
};
static MP_DEFINE_CONST_DICT(s_module_dict, s_module_globals);

const mp_obj_module_t glue_async_module = {.base = {&mp_type_module}, .globals = (mp_obj_dict_t *)&s_module_dict};

MP_REGISTER_MODULE(MP_QSTR__uhttpd_async, glue_async_module);

/* SPDX-License-Identifier: MIT */
#include "uhttpd_async.h"

#include <stdlib.h>
#include <string.h>

#include "py/builtin.h"
#include "py/objgenerator.h"
#include "py/runtime.h"

#include "uhttpd_hold.h"

typedef struct glue_held glue_held_t;

/** The object that the loop has. */
typedef struct glue_held_object {
    mp_obj_base_t base;
    struct glue_held_object *next; /* py_uhttpd_server_t::held */
    glue_held_t *held;             /* NULL: the request is over */
    py_uhttpd_request_t *request;
    mp_obj_t args[2]; /* of glue_async_work_t */
    mp_obj_t value;   /* what the work has returned */
    mp_obj_t error;   /* or what it has raised; MP_OBJ_NULL */
    mp_obj_t head;    /* of a body in pieces; MP_OBJ_NULL */
    int status;       /* of the answer; 0: the usual one */
} held_object_t;

/** What the C side has. Freed by the worker that ends the request. */
struct glue_held {
    atomic_bool claimed; /* a worker was asked to do something */
    held_object_t *self; /* NULL once it was collected; under the GIL, as is the rest but `why` */
    const glue_link_route_t *route;
    uhttpd_req_t *req;
    glue_async_work_t work;
    esp_err_t why; /* of GLUE_ASYNC_OVER */
};

static const mp_obj_type_t s_held_type;

mp_obj_t glue_async_function(qstr name)
{
    mp_obj_t module = mp_import_name(MP_QSTR_uhttpd_async, mp_const_none, MP_OBJ_NEW_SMALL_INT(0));
    return mp_load_attr(module, name);
}

static bool program_has_asyncio(void)
{
    mp_map_t *modules = &MP_STATE_VM(mp_loaded_modules_dict).map;
    return mp_map_lookup(modules, MP_OBJ_NEW_QSTR(MP_QSTR_asyncio), MP_MAP_LOOKUP);
}

void glue_async_expect(mp_obj_t callback)
{
    bool may_be_async = mp_obj_is_type(callback, &mp_type_gen_wrap) || mp_obj_is_type(callback, &mp_type_bound_meth);
    if (may_be_async && program_has_asyncio()) {
        glue_async_function(MP_QSTR_arrive);
    }
}

bool glue_async_takes(mp_obj_t returned)
{
    if (!mp_obj_is_obj(returned) || !program_has_asyncio()) {
        return false;
    }
    mp_obj_t method[2];
    mp_load_method_maybe(glue_return_body(returned), MP_QSTR___aiter__, method);
    return method[0] != MP_OBJ_NULL || mp_obj_is_type(returned, &mp_type_gen_instance);
}

/* --- to a worker -------------------------------------------------------------------------------------------------- */

static esp_err_t held_work(uhttpd_req_t *req, void *ctx);

/* @return false: somebody else was first */
static bool held_claim(glue_held_t *held, glue_async_work_t work)
{
    if (atomic_exchange(&held->claimed, true)) {
        return false;
    }
    held->work = work;
    return true;
}

/* uhttpd_hold_t::over: in the I/O task. */
static void held_on_over(uhttpd_req_t *req, void *ctx, esp_err_t why)
{
    glue_held_t *held = ctx;
    if (held_claim(held, GLUE_ASYNC_OVER)) {
        held->why = why;
        uhttpd_resume(req, held_work, held);
    }
}

static esp_err_t held_hold(glue_held_t *held)
{
    uhttpd_hold_t hold = {.over = held_on_over, .ctx = held, .timeout = held->route->link->callback_timeout};
    atomic_store(&held->claimed, false);
    return uhttpd_hold(held->req, &hold);
}

/* --- in a worker -------------------------------------------------------------------------------------------------- */

static void held_unlink(held_object_t *self)
{
    held_object_t **place = &self->request->server->held;
    while (*place && *place != self) {
        place = &(*place)->next;
    }
    if (*place) {
        *place = self->next;
    }
}

/* The request is over, unless it is held anew for an error handler. */
static void held_drop(glue_held_t *held)
{
    held_object_t *self = held->self;
    if (self) {
        held_unlink(self);
        self->held = NULL;
        if (self->request->held == MP_OBJ_FROM_PTR(self)) {
            glue_request_end(self->request);
        }
    }
    free(held);
}

static void held_tell(qstr function, held_object_t *self)
{
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_call_function_1(glue_async_function(function), MP_OBJ_FROM_PTR(self));
        nlr_pop();
    } else {
        mp_obj_print_exception(&mp_plat_print, MP_OBJ_FROM_PTR(nlr.ret_val));
    }
}

static esp_err_t held_refuse(uhttpd_req_t *req, const char *text)
{
    uhttpd_header_t retry = {"Retry-After", "1"};
    uhttpd_response_t response = {
        .status = "503 Service Unavailable", .mime = "text/plain", .headers = &retry, .header_count = 1};
    MP_THREAD_GIL_EXIT();
    uhttpd_write(req, text, strlen(text), &response);
    MP_THREAD_GIL_ENTER();
    return ESP_FAIL;
}

static esp_err_t held_end_over(glue_held_t *held)
{
    held_object_t *self = held->self;
    if (self) {
        held_tell(MP_QSTR_cancel, self);
    }
    if (held->why == ESP_ERR_UHTTPD_GONE) {
        return ESP_FAIL;
    }
    bool late = held->why == ESP_ERR_TIMEOUT;
    return held_refuse(held->req,
                       late ? "503 Service Unavailable: the callback took too long\n" : "503 Service Unavailable\n");
}

static mp_obj_t held_perform(const py_uhttpd_server_t *server, const glue_held_t *held)
{
    held_object_t *self = held->self;
    if (held->work == GLUE_ASYNC_CALL) {
        size_t count;
        mp_obj_t *args;
        mp_obj_get_array(self->args[1], &count, &args);
        return mp_call_function_n_kw(self->args[0], count, 0, args);
    }
    if (self->head == MP_OBJ_NULL) {
        self->head = glue_callback_head(server, self->request, self->args[0], self->status);
    }
    glue_return_send_piece(held->req, self->head, self->args[1]);
    return mp_const_none;
}

static void held_attempt(const py_uhttpd_server_t *server, glue_held_t *held)
{
    held_object_t *self = held->self;
    nlr_buf_t nlr;
    self->request->thread = mp_thread_get_state();
    self->error = MP_OBJ_NULL;
    if (nlr_push(&nlr) == 0) {
        self->value = held_perform(server, held);
        nlr_pop();
    } else {
        self->error = MP_OBJ_FROM_PTR(nlr.ret_val);
    }
    self->request->thread = NULL;
}

/* Does what the loop waits for, and holds again. When that cannot be, the loop learns at its next attempt. */
static esp_err_t held_go_on(const py_uhttpd_server_t *server, glue_held_t *held)
{
    held_object_t *self = held->self;
    held_attempt(server, held);
    esp_err_t err = held_hold(held);
    if (err != ESP_OK) {
        held_drop(held);
    }
    held_tell(MP_QSTR_done, self);
    return err == ESP_ERR_UHTTPD_ANSWERED ? ESP_OK : err;
}

static esp_err_t held_finish(py_uhttpd_server_t *server, glue_held_t *held)
{
    held_object_t *self = held->self;
    mp_obj_t exception = self->args[1] == mp_const_none ? MP_OBJ_NULL : self->args[1];
    self->request->thread = mp_thread_get_state();
    return glue_callback_answer(server, held->route, self->request, self->args[0], self->status, exception);
}

/* @return true: the request goes on, or is over, and @p held is not to be touched */
static bool held_with_self(py_uhttpd_server_t *server, glue_held_t *held, esp_err_t *err)
{
    switch (held->work) {
    case GLUE_ASYNC_FINISH:
        *err = held_finish(server, held);
        return false;
    case GLUE_ASYNC_OVER:
        *err = held_end_over(held);
        return false;
    case GLUE_ASYNC_END:
        held_attempt(server, held);
        *err = held->self->error == MP_OBJ_NULL ? ESP_OK : ESP_FAIL;
        return false;
    default:
        *err = held_go_on(server, held);
        return true;
    }
}

typedef struct {
    glue_held_t *held;
    bool done;
    esp_err_t err;
} held_task_t;

static void held_with_gil(py_uhttpd_server_t *server, void *arg)
{
    held_task_t *task = arg;
    task->done = true;
    if (!task->held->self) {
        task->err = held_refuse(task->held->req, "503 Service Unavailable\n");
    } else if (held_with_self(server, task->held, &task->err)) {
        return;
    }
    held_drop(task->held);
}

/* The handler of uhttpd_resume(). */
static esp_err_t held_work(uhttpd_req_t *req, void *ctx)
{
    (void)req;
    held_task_t task = {.held = ctx, .err = ESP_FAIL};
    const glue_link_route_t *route = task.held->route;
    glue_worker_call(route->link, route, held_with_gil, &task);
    if (!task.done) { /* its Server object was collected */
        MP_THREAD_GIL_ENTER();
        held_drop(task.held);
        MP_THREAD_GIL_EXIT();
    }
    return task.err;
}

/* --- for the loop ------------------------------------------------------------------------------------------------- */

/* start(work, a, b) -> bool: has a worker do it. False: the request is over, or a worker has it. */
static mp_obj_t held_start(size_t count, const mp_obj_t *args)
{
    (void)count;
    held_object_t *self = MP_OBJ_TO_PTR(args[0]);
    glue_held_t *held = self->held;
    if (!held || !held_claim(held, (glue_async_work_t)mp_obj_get_int(args[1]))) {
        return mp_const_false;
    }
    self->args[0] = args[2];
    self->args[1] = args[3];
    uhttpd_resume(held->req, held_work, held);
    return mp_const_true;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(held_start_obj, 4, 4, held_start);

/* outcome() -> object: what the work has returned, or it raises what that has raised. */
static mp_obj_t held_outcome(mp_obj_t object)
{
    held_object_t *self = MP_OBJ_TO_PTR(object);
    mp_obj_t error = self->error, value = self->value;
    self->error = MP_OBJ_NULL;
    self->value = mp_const_none;
    if (error != MP_OBJ_NULL) {
        nlr_raise(error);
    }
    return value;
}
static MP_DEFINE_CONST_FUN_OBJ_1(held_outcome_obj, held_outcome);

static mp_obj_t held_is_over(mp_obj_t object)
{
    return mp_obj_new_bool(!((held_object_t *)MP_OBJ_TO_PTR(object))->held);
}
static MP_DEFINE_CONST_FUN_OBJ_1(held_is_over_obj, held_is_over);

/* True while its server is being stopped. */
static mp_obj_t held_stops(mp_obj_t object)
{
    held_object_t *self = MP_OBJ_TO_PTR(object);
    return mp_obj_new_bool(self->request->server->link == NULL);
}
static MP_DEFINE_CONST_FUN_OBJ_1(held_stops_obj, held_stops);

/* body(returned) -> object: the part of it that is the body. */
static mp_obj_t held_body(mp_obj_t object, mp_obj_t returned)
{
    (void)object;
    return glue_return_body(returned);
}
static MP_DEFINE_CONST_FUN_OBJ_2(held_body_obj, held_body);

static mp_obj_t held_wants_body(mp_obj_t object)
{
    const held_object_t *self = MP_OBJ_TO_PTR(object);
    return mp_obj_new_bool(!self->held || uhttpd_req_method(self->held->req) != UHTTPD_HEAD);
}
static MP_DEFINE_CONST_FUN_OBJ_1(held_wants_body_obj, held_wants_body);

/* Its server is collected, too, and so it is in nobody's list. */
static mp_obj_t held_del(mp_obj_t object)
{
    held_object_t *self = MP_OBJ_TO_PTR(object);
    glue_held_t *held = self->held;
    if (held) {
        self->held = NULL;
        held->self = NULL;
        if (held_claim(held, GLUE_ASYNC_OVER)) {
            held->why = ESP_ERR_UHTTPD_BUSY;
            uhttpd_resume(held->req, held_work, held);
        }
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(held_del_obj, held_del);

static const mp_rom_map_elem_t s_held_locals[] = {
    {MP_ROM_QSTR(MP_QSTR_start), MP_ROM_PTR(&held_start_obj)},
    {MP_ROM_QSTR(MP_QSTR_outcome), MP_ROM_PTR(&held_outcome_obj)},
    {MP_ROM_QSTR(MP_QSTR_is_over), MP_ROM_PTR(&held_is_over_obj)},
    {MP_ROM_QSTR(MP_QSTR_stops), MP_ROM_PTR(&held_stops_obj)},
    {MP_ROM_QSTR(MP_QSTR_body), MP_ROM_PTR(&held_body_obj)},
    {MP_ROM_QSTR(MP_QSTR_wants_body), MP_ROM_PTR(&held_wants_body_obj)},
    {MP_ROM_QSTR(MP_QSTR___del__), MP_ROM_PTR(&held_del_obj)},
};
static MP_DEFINE_CONST_DICT(s_held_dict, s_held_locals);

static MP_DEFINE_CONST_OBJ_TYPE(s_held_type, MP_QSTR_Held, MP_TYPE_FLAG_NONE, locals_dict, &s_held_dict);

/* --- from the callback -------------------------------------------------------------------------------------------- */

static held_object_t *held_new(py_uhttpd_request_t *request, const glue_link_route_t *route)
{
    held_object_t *self = mp_obj_malloc_with_finaliser(held_object_t, &s_held_type);
    self->held = NULL;
    self->request = request;
    self->args[0] = self->args[1] = self->value = mp_const_none;
    self->error = self->head = MP_OBJ_NULL;
    glue_held_t *held = calloc(1, sizeof(*held));
    if (!held) {
        mp_raise_type(&mp_type_MemoryError);
    }
    *held = (glue_held_t) {.self = self, .route = route, .req = request->req};
    self->held = held;
    atomic_store(&held->claimed, true); /* until it is held */
    self->next = request->server->held;
    request->server->held = self;
    return self;
}

/* The loop does not know of it, so a worker answers. */
static void held_fail(held_object_t *self, mp_obj_t exception)
{
    if (held_claim(self->held, GLUE_ASYNC_FINISH)) {
        self->args[1] = exception;
        uhttpd_resume(self->held->req, held_work, self->held);
    }
}

esp_err_t glue_async_hold(py_uhttpd_request_t *request, const glue_link_route_t *route, mp_obj_t coroutine, int status)
{
    mp_obj_t arrive = glue_async_function(MP_QSTR_arrive);
    held_object_t *self = held_new(request, route);
    esp_err_t err = held_hold(self->held);
    if (err != ESP_OK) {
        held_drop(self->held);
        return held_refuse(request->req, "503 Service Unavailable\n");
    }
    self->status = status;
    request->held = MP_OBJ_FROM_PTR(self);
    request->thread = NULL;
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_call_function_2(arrive, MP_OBJ_FROM_PTR(self), coroutine);
        nlr_pop();
    } else {
        held_fail(self, MP_OBJ_FROM_PTR(nlr.ret_val));
    }
    return ESP_OK;
}

void glue_async_hear(mp_obj_t socket, mp_obj_t coroutine, mp_obj_t url)
{
    const mp_obj_t args[] = {socket, coroutine, url};
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_call_function_n_kw(glue_async_function(MP_QSTR_hear), MP_ARRAY_SIZE(args), 0, args);
        nlr_pop();
        return;
    }
    glue_websocket_go_on(socket);
    nlr_jump(nlr.ret_val);
}

mp_obj_t py_uhttpd_request_to_thread(py_uhttpd_request_t *self, mp_obj_t function, mp_obj_t args)
{
    if (self->held == MP_OBJ_NULL) {
        mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("to_thread() is for async callbacks"));
    }
    const mp_obj_t call[] = {self->held, function, args == mp_const_none ? mp_const_empty_tuple : args};
    return mp_call_function_n_kw(glue_async_function(MP_QSTR_call), MP_ARRAY_SIZE(call), 0, call);
}

mp_obj_t py_uhttpd_server_serve_forever(py_uhttpd_server_t *self)
{
    glue_link_running(self);
    return mp_call_function_1(glue_async_function(MP_QSTR_serve_forever), MP_OBJ_FROM_PTR(self));
}

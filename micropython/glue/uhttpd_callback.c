/* SPDX-License-Identifier: MIT */
#include "uhttpd_async.h"

#include <string.h>

#include "py/parsenum.h"
#include "py/runtime.h"

/* Prints only the program's names, because text from clients could control the terminal. */
static void print_raised_by(const char *function, const py_uhttpd_server_t *server, const glue_link_route_t *route,
                            mp_obj_t exception)
{
    nlr_buf_t nlr;
    if (nlr_push(&nlr) != 0) {
        return; /* printing an exception runs code of the user's, which may raise again */
    }
    mp_printf(&mp_plat_print, "uhttpd: %s of %s raised\n", function, glue_server_route_name(server, route));
    mp_obj_print_exception(&mp_plat_print, exception);
    nlr_pop();
}

void glue_callback_print(const py_uhttpd_server_t *server, const glue_link_route_t *route, mp_obj_t exception)
{
    print_raised_by("the callback", server, route, exception);
}

static void print_raised(const char *callback, mp_obj_t exception)
{
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_printf(&mp_plat_print, "uhttpd: %s raised\n", callback);
        mp_obj_print_exception(&mp_plat_print, exception);
        nlr_pop();
    }
}

/* --- a request in work -------------------------------------------------------------------------------------------- */

typedef struct {
    py_uhttpd_server_t *server;
    const glue_link_route_t *route; /* NULL: it is asked whether the client may ask anything at all */
    py_uhttpd_request_t *request;
    uhttpd_req_t *req;
    mp_obj_t returned;  /* by the callback, or by what was asked instead */
    mp_obj_t exception; /* that was raised last */
    int status;         /* of what was returned, if that has none; 0: the usual one */
    esp_err_t err;      /* of sending it */
    bool allowed;
    const char *function; /* that was called last, or has returned what is sent */
    bool began;           /* before_request() was asked, so after_request() is, too */
    bool may_hold;        /* an event loop may go on with it ... */
    bool held;            /* ... and does */
} call_t;

/* @return false: it raised call_t::exception */
static bool callback_try(void (*step)(call_t *call), call_t *call)
{
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        step(call);
        nlr_pop();
        return true;
    }
    call->exception = MP_OBJ_FROM_PTR(nlr.ret_val);
    return false;
}

static bool is_too_late(mp_obj_t exception)
{
    return mp_obj_is_type(exception, &py_uhttpd_callbacktimeout_type);
}

static esp_err_t py_callback_give_up(uhttpd_req_t *req)
{
    static const uhttpd_response_t response = {.status = "503 Service Unavailable", .mime = "text/plain"};
    static const char text[] = "503 Service Unavailable: the callback took too long\n";
    MP_THREAD_GIL_EXIT();
    if (!uhttpd_req_answered(req)) {
        uhttpd_write(req, text, strlen(text), &response);
    }
    MP_THREAD_GIL_ENTER();
    return ESP_FAIL;
}

/* --- routes ------------------------------------------------------------------------------------------------------- */

static mp_obj_t value_of(const uhttpd_param_t *param)
{
    if (param->is_int) {
        return mp_parse_num_integer(param->value, param->len, 10, NULL);
    }
    vstr_t text;
    vstr_init_len(&text, param->len);
    text.len = uhttpd_param_decode(param, text.buf);
    return glue_text_object(text.buf, text.len);
}

static mp_obj_t call_with_parameters(mp_obj_t callback, mp_obj_t request, const uhttpd_req_t *req)
{
    mp_obj_t args[1 + 2 * UHTTPD_PARAMS_MAX] = {request};
    uhttpd_param_t param;
    size_t count = 0;
    for (; uhttpd_req_param_at(req, count, &param); count++) {
        args[1 + 2 * count] = MP_OBJ_NEW_QSTR(qstr_from_strn(param.name, param.name_len));
        args[2 + 2 * count] = value_of(&param);
    }
    return mp_call_function_n_kw(callback, 1, count, args);
}

static void ask_callback(call_t *call)
{
    mp_obj_t request = MP_OBJ_FROM_PTR(call->request);
    if (call->route->error) {
        call->function = "the callback";
        call->status = uhttpd_req_error(call->req, NULL);
        call->returned = glue_around_page(call->server, call->route, request, call->req);
        return;
    }
    call->began = true;
    call->function = "before_request";
    mp_obj_t early = glue_around_before(call->server, request, call->req);
    mp_obj_t callback = *glue_server_handler(call->server, call->route, GLUE_HANDLER_CALLBACK);
    if (early != MP_OBJ_NULL) {
        call->returned = early;
        return;
    }
    call->function = "the callback";
    call->returned = call_with_parameters(callback, request, call->req);
}

static void ask_error_handler(call_t *call)
{
    mp_obj_t request = MP_OBJ_FROM_PTR(call->request);
    const char *raised_by = call->function;
    call->function = "errorhandler";
    bool malformed = call->exception == call->request->malformed;
    call->returned = malformed ? glue_around_body(call->server, request, call->request->fault, &call->status)
                               : glue_around_error(call->server, request, call->exception, &call->status);
    call->function = call->returned == MP_OBJ_NULL ? raised_by : call->function;
}

static void ask_abort(call_t *call)
{
    call->returned = glue_around_abort(call->exception, &call->status);
}

/* What abort() has raised is an answer in any case, and what errorhandler() returns for other exceptions.
 * @return false: nobody answers what was raised last */
static bool callback_recover(call_t *call)
{
    call->returned = MP_OBJ_NULL;
    if (uhttpd_req_answered(call->req)) {
        return false;
    }
    bool is_page = call->route && call->route->error; /* an error within the answer to an error has no other one */
    bool asked = !is_page && callback_try(ask_error_handler, call);
    return (asked || callback_try(ask_abort, call)) && call->returned != MP_OBJ_NULL;
}

/* @return false: no event loop has to go on */
static bool hold_answer(call_t *call)
{
    if (!uhttpd_req_answered(call->req) && glue_async_takes(call->returned)) {
        if (!call->may_hold) {
            mp_raise_TypeError(MP_ERROR_TEXT("an async function cannot answer what auth refuses"));
        }
        call->err = glue_async_hold(call->request, call->route, call->returned, call->status);
        call->held = true;
    }
    return call->held;
}

static void callback_send_answer(call_t *call)
{
    if (hold_answer(call)) {
        return;
    }
    mp_obj_t answer = call->returned, request = MP_OBJ_FROM_PTR(call->request);
    bool sent = uhttpd_req_answered(call->req);
    if (call->began && call->server->after != mp_const_none) {
        answer = sent ? glue_return_sent(uhttpd_req_status(call->req)) : glue_return_response(answer, call->status);
        call->function = "after_request";
        answer = glue_around_after(call->server, request, answer);
    }
    call->err = sent ? ESP_OK : glue_return_send(call->req, answer, call->status);
}

static bool was_aborted(call_t *call)
{
    return callback_try(ask_abort, call) && call->returned != MP_OBJ_NULL;
}

/* @return false: call_t::exception is no answer, or cannot be sent */
static bool callback_answer(call_t *call, void (*ask)(call_t *call))
{
    bool asked = callback_try(ask, call) || callback_recover(call);
    if (!asked || callback_try(callback_send_answer, call)) {
        return asked;
    }
    /* Also a generator may abort before its first piece. */
    return !uhttpd_req_answered(call->req) && was_aborted(call) && callback_recover(call) &&
           callback_try(callback_send_answer, call);
}

static esp_err_t py_callback_call(call_t *call, void (*ask)(call_t *call))
{
    if (callback_answer(call, ask)) {
        return call->err;
    }
    print_raised_by(call->function, call->server, call->route, call->exception);
    return is_too_late(call->exception) ? py_callback_give_up(call->req) : ESP_FAIL;
}

/* --- requests that were held -------------------------------------------------------------------------------------- */

static void ask_outcome(call_t *call)
{
    if (call->exception != MP_OBJ_NULL) {
        nlr_raise(call->exception);
    }
    if (call->request->written != MP_OBJ_NULL) {
        call->returned = call->request->written;
    }
}

esp_err_t glue_callback_answer(py_uhttpd_server_t *server, const glue_link_route_t *route, py_uhttpd_request_t *request,
                               mp_obj_t returned, int status, mp_obj_t exception)
{
    call_t call = {
        .server = server,
        .route = route,
        .request = request,
        .req = request->req,
        .returned = returned,
        .status = status,
        .exception = exception,
        .function = "the callback",
        .began = !route->error,
        .may_hold = true,
    };
    return py_callback_call(&call, ask_outcome);
}

mp_obj_t glue_callback_head(const py_uhttpd_server_t *server, py_uhttpd_request_t *request, mp_obj_t returned,
                            int status)
{
    mp_obj_t head = glue_return_head(returned, status ? status : 200);
    return server->after == mp_const_none ? head : glue_around_after(server, MP_OBJ_FROM_PTR(request), head);
}

/* --- access ------------------------------------------------------------------------------------------------------- */

static void ask_access(call_t *call)
{
    const glue_link_route_t *route = call->route;
    mp_obj_t function = route ? *glue_server_handler(call->server, route, GLUE_HANDLER_AUTH) : call->server->auth;
    mp_obj_t verdict = mp_call_function_1(function, MP_OBJ_FROM_PTR(call->request));
    call->allowed = verdict != mp_const_none && bindgen_bool(MP_QSTR_auth, verdict);
}

/* @return what the request is refused with; 0: nothing, or it was answered. call_t::err is the verdict */
static int py_callback_authorize(call_t *call)
{
    if (callback_try(ask_access, call)) {
        call->err = call->allowed ? ESP_OK : ESP_FAIL;
        return call->allowed ? 0 : 401;
    }
    if (was_aborted(call) && callback_recover(call) && callback_try(callback_send_answer, call)) {
        call->err = ESP_FAIL;
        return 0;
    }
    call->err = ESP_ERR_INVALID_STATE;
    print_raised("auth", call->exception);
    if (is_too_late(call->exception)) {
        py_callback_give_up(call->req);
        return 0;
    }
    return 500;
}

/* --- from workers ------------------------------------------------------------------------------------------------- */

/* A request, what to do with it, and the result. */
typedef struct {
    const glue_link_route_t *route; /* NULL: ask py_uhttpd_server::auth */
    uhttpd_req_t *req;
    bool asks; /* whether the client may ask */
    bool done;
    int refusal; /* status; 0: none */
    esp_err_t err;
} task_t;

static void py_callback_run_task(py_uhttpd_server_t *server, void *arg)
{
    task_t *task = arg;
    py_uhttpd_request_t *request = server->link ? glue_request_new(task->req, server) : NULL;
    task->done = server->link != NULL;
    task->err = ESP_ERR_NO_MEM;
    if (!request) {
        task->refusal = task->asks ? 503 : 0;
        return;
    }
    call_t call = {.server = server, .route = task->route, .request = request, .req = task->req};
    if (task->asks) {
        task->refusal = py_callback_authorize(&call);
        task->err = call.err;
    } else {
        call.may_hold = true;
        task->err = py_callback_call(&call, ask_callback);
    }
    if (!call.held) {
        glue_request_end(request);
    }
}

static esp_err_t py_callback_run(const glue_link_t *link, task_t *task)
{
    static const uhttpd_header_t scheme = {"WWW-Authenticate", "Custom realm=\"uhttpd\""};
    glue_worker_call(link, task->route, py_callback_run_task, task);
    if (!task->done) {
        uhttpd_write(task->req, "", 0, &(uhttpd_response_t) {.status = "503 Service Unavailable"});
        return ESP_ERR_INVALID_STATE;
    }
    if (task->refusal) {
        uhttpd_write_error(task->req, task->refusal, NULL, &scheme, task->refusal == 401);
    }
    return task->err;
}

esp_err_t glue_callback_authorize(uhttpd_req_t *req, void *ctx)
{
    return py_callback_run(ctx, &(task_t) {.req = req, .asks = true});
}

esp_err_t glue_callback_authorize_route(uhttpd_req_t *req, void *ctx)
{
    const glue_link_route_t *route = ctx;
    return py_callback_run(route->link, &(task_t) {.route = route, .req = req, .asks = true});
}

esp_err_t glue_callback_handle(uhttpd_req_t *req, void *ctx)
{
    const glue_link_route_t *route = ctx;
    return py_callback_run(route->link, &(task_t) {.route = route, .req = req});
}

/* --- files -------------------------------------------------------------------------------------------------------- */

/* Asks the callback about a path. An invalid answer becomes a refusal. */
static int py_callback_ask(mp_obj_t callback, const char *path)
{
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t answer = mp_call_function_1(callback, glue_text_object(path, strlen(path)));
        nlr_pop();
        mp_int_t verdict = mp_obj_is_small_int(answer) ? MP_OBJ_SMALL_INT_VALUE(answer) : 0;
        return verdict > 0 && verdict < 600 ? (int)verdict : 403;
    }
    print_raised("file_acl", MP_OBJ_FROM_PTR(nlr.ret_val));
    return is_too_late(MP_OBJ_FROM_PTR(nlr.ret_val)) ? 503 : 500;
}

/* A path, and the callback's answer. */
typedef struct {
    const char *path;
    int verdict;
} question_t;

static void ask_server(py_uhttpd_server_t *server, void *arg)
{
    question_t *question = arg;
    if (server->link) {
        question->verdict =
            server->file_acl == mp_const_none ? PY_UHTTPD_ACL_RW : py_callback_ask(server->file_acl, question->path);
    }
}

int glue_callback_file_acl(const char *path, void *ctx)
{
    question_t question = {.path = path, .verdict = 503};
    glue_worker_call(ctx, NULL, ask_server, &question);
    return question.verdict;
}

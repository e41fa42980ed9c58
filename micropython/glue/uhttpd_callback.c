/* SPDX-License-Identifier: MIT */
#include "uhttpd_internal.h"

#include <string.h>

#include "py/parsenum.h"
#include "py/runtime.h"

/* Prints only the program's names, because text from clients could control the terminal. */
static void print_route(const py_uhttpd_server_t *server, const glue_link_route_t *route)
{
    mp_printf(&mp_plat_print, "uhttpd: the callback of %s ", glue_server_route_name(server, route));
}

void glue_callback_print(const py_uhttpd_server_t *server, const glue_link_route_t *route, mp_obj_t exception)
{
    nlr_buf_t nlr;
    if (nlr_push(&nlr) != 0) {
        return; /* printing an exception runs code of the user's, which may raise again */
    }
    print_route(server, route);
    mp_printf(&mp_plat_print, "raised\n");
    mp_obj_print_exception(&mp_plat_print, exception);
    nlr_pop();
}

/* Reads a callback's decision. @return false: it raised @p exception */
static bool py_callback_decide(mp_obj_t callback, mp_obj_t request, bool *allowed, mp_obj_t *exception)
{
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t verdict = mp_call_function_1(callback, request);
        *allowed = verdict != mp_const_none && bindgen_bool(MP_QSTR_auth, verdict);
        nlr_pop();
        return true;
    }
    *exception = MP_OBJ_FROM_PTR(nlr.ret_val);
    return false;
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

static void py_callback_answer(uhttpd_req_t *req, const char *text, const uhttpd_response_t *response)
{
    MP_THREAD_GIL_EXIT();
    if (!uhttpd_req_answered(req)) {
        uhttpd_write(req, text, strlen(text), response);
    }
    MP_THREAD_GIL_ENTER();
}

static esp_err_t py_callback_refuse(uhttpd_req_t *req, const char *status)
{
    static const uhttpd_header_t scheme = {"WWW-Authenticate", "Custom realm=\"uhttpd\""};
    bool unauthorized = status[0] == '4';
    py_callback_answer(
        req, status,
        &(uhttpd_response_t) {
            .status = status, .mime = "text/plain", .headers = &scheme, .header_count = unauthorized ? 1 : 0});
    return ESP_FAIL;
}

static bool is_too_late(mp_obj_t exception)
{
    return mp_obj_is_type(exception, &py_uhttpd_callbacktimeout_type);
}

static esp_err_t py_callback_give_up(uhttpd_req_t *req)
{
    static const uhttpd_response_t response = {.status = "503 Service Unavailable", .mime = "text/plain"};
    py_callback_answer(req, "503 Service Unavailable: the callback took too long\n", &response);
    return ESP_FAIL;
}

/* The client's fault, which is not the program's to be told of. */
static esp_err_t py_callback_refuse_body(uhttpd_req_t *req)
{
    static const uhttpd_response_t response = {.status = "400 Bad Request", .mime = "text/plain"};
    py_callback_answer(req, "the body must be JSON", &response);
    return ESP_OK;
}

static esp_err_t py_callback_authorize(py_uhttpd_server_t *server, uhttpd_req_t *req)
{
    py_uhttpd_request_t *request = glue_request_new(req, server);
    if (!request) {
        py_callback_refuse(req, "503 Service Unavailable");
        return ESP_ERR_NO_MEM;
    }
    bool allowed;
    mp_obj_t exception;
    bool decided = py_callback_decide(server->auth, MP_OBJ_FROM_PTR(request), &allowed, &exception);
    request->req = NULL;
    if (!decided) {
        print_raised("auth", exception);
        is_too_late(exception) ? py_callback_give_up(req) : py_callback_refuse(req, "500 Internal Server Error");
        return ESP_ERR_INVALID_STATE;
    }
    return allowed ? ESP_OK : py_callback_refuse(req, "401 Unauthorized");
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

/* @return false: something was raised */
static bool call_and_answer(mp_obj_t callback, mp_obj_t request, uhttpd_req_t *req, esp_err_t *err, mp_obj_t *exception)
{
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t returned = call_with_parameters(callback, request, req);
        *err = uhttpd_req_answered(req) ? ESP_OK : glue_return_send(req, returned);
        nlr_pop();
        return true;
    }
    *exception = MP_OBJ_FROM_PTR(nlr.ret_val);
    return false;
}

/* @return false: the exception is no answer, or cannot be sent; it is replaced by what sending raised */
static bool answer_abort(uhttpd_req_t *req, esp_err_t *err, mp_obj_t *exception)
{
    if (!mp_obj_is_type(*exception, &py_uhttpd_httpexception_type) || uhttpd_req_answered(req)) {
        return false;
    }
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        *err = glue_return_send_abort(req, *exception);
        nlr_pop();
        return true;
    }
    *exception = MP_OBJ_FROM_PTR(nlr.ret_val);
    return false;
}

static esp_err_t py_callback_call(py_uhttpd_server_t *server, const glue_link_route_t *route, uhttpd_req_t *req)
{
    py_uhttpd_request_t *request = glue_request_new(req, server);
    if (!request) {
        return ESP_ERR_NO_MEM;
    }
    size_t len;
    mp_obj_t *handlers;
    mp_obj_list_get(server->handlers, &len, &handlers);
    esp_err_t err;
    mp_obj_t exception;
    bool answered = call_and_answer(handlers[2 * route->index + 1], MP_OBJ_FROM_PTR(request), req, &err, &exception) ||
                    answer_abort(req, &err, &exception);
    request->req = NULL;
    if (answered) {
        return err;
    }
    if (exception == request->malformed && !uhttpd_req_answered(req)) {
        return py_callback_refuse_body(req);
    }
    glue_callback_print(server, route, exception);
    return is_too_late(exception) ? py_callback_give_up(req) : ESP_FAIL;
}

/* A request, what to do with it, and the result. */
typedef struct {
    const glue_link_route_t *route; /* NULL: glue_callback_authorize() */
    uhttpd_req_t *req;
    bool done;
    esp_err_t err;
} task_t;

static void py_callback_run_task(py_uhttpd_server_t *server, void *arg)
{
    task_t *task = arg;
    if (server->link) {
        task->done = true;
        task->err =
            task->route ? py_callback_call(server, task->route, task->req) : py_callback_authorize(server, task->req);
    }
}

static esp_err_t py_callback_run(const glue_link_t *link, task_t *task)
{
    glue_worker_call(link, task->route, py_callback_run_task, task);
    if (!task->done) {
        uhttpd_write(task->req, "", 0, &(uhttpd_response_t) {.status = "503 Service Unavailable"});
        return ESP_ERR_INVALID_STATE;
    }
    return task->err;
}

esp_err_t glue_callback_authorize(uhttpd_req_t *req, void *ctx)
{
    return py_callback_run(ctx, &(task_t) {.req = req});
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

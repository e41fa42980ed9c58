/* SPDX-License-Identifier: MIT */
#include "uhttpd_internal.h"

#include <stdio.h>
#include <string.h>

#include "py/objexcept.h"
#include "py/objgenerator.h"
#include "py/runtime.h"

/* --- what a request carries --------------------------------------------------------------------------------------- */

typedef struct {
    mp_obj_base_t base;
    mp_map_t attributes;
} around_space_t;

static void around_attribute(mp_obj_t self_in, qstr name, mp_obj_t *dest)
{
    mp_map_t *map = &((around_space_t *)MP_OBJ_TO_PTR(self_in))->attributes;
    bool reads = dest[0] == MP_OBJ_NULL;
    bool deletes = !reads && dest[1] == MP_OBJ_NULL;
    mp_map_elem_t *place = mp_map_lookup(map, MP_OBJ_NEW_QSTR(name),
                                         reads     ? MP_MAP_LOOKUP
                                         : deletes ? MP_MAP_LOOKUP_REMOVE_IF_FOUND
                                                   : MP_MAP_LOOKUP_ADD_IF_NOT_FOUND);
    if (!place) {
        return; /* there is no such attribute */
    }
    if (reads) {
        dest[0] = place->value;
        return;
    }
    place->value = deletes ? place->value : dest[1];
    dest[0] = MP_OBJ_NULL; /* done */
}

static MP_DEFINE_CONST_OBJ_TYPE(space_type, MP_QSTR_g, MP_TYPE_FLAG_NONE, attr, around_attribute);

mp_obj_t py_uhttpd_request_g(py_uhttpd_request_t *self)
{
    if (self->g == mp_const_none) {
        around_space_t *space = mp_obj_malloc(around_space_t, &space_type);
        mp_map_init(&space->attributes, 0);
        self->g = MP_OBJ_FROM_PTR(space);
    }
    return self->g;
}

/* --- what programs register --------------------------------------------------------------------------------------- */

static void around_append(mp_obj_t *list, mp_obj_t item)
{
    if (*list == mp_const_none) {
        *list = mp_obj_new_list(0, NULL);
    }
    mp_obj_list_append(*list, item);
}

static mp_obj_t around_hook(py_uhttpd_server_t *self, mp_obj_t *hooks, mp_obj_t callback)
{
    glue_link_running(self);
    around_append(hooks, callback);
    return callback;
}

mp_obj_t py_uhttpd_server_before_request(py_uhttpd_server_t *self, mp_obj_t callback)
{
    return around_hook(self, &self->before, callback);
}

mp_obj_t py_uhttpd_server_after_request(py_uhttpd_server_t *self, mp_obj_t callback)
{
    return around_hook(self, &self->after, callback);
}

static const glue_link_route_t *entry_of_error(const py_uhttpd_server_t *server, unsigned error)
{
    const glue_link_route_t *entry = server->link ? server->link->routes : NULL;
    while (entry && entry->error != error) {
        entry = entry->next;
    }
    return entry;
}

/* Statuses in which the server never asks are those of abort() only. */
static void handle_status(py_uhttpd_server_t *self, unsigned error, mp_obj_t callback)
{
    const glue_link_route_t *known = entry_of_error(self, error);
    if (known) {
        *glue_server_handler(self, known, GLUE_HANDLER_CALLBACK) = callback;
        return;
    }
    glue_link_route_t *entry = glue_server_entry(self, "errorhandler()", callback);
    entry->error = (uint16_t)error;
    uhttpd_error_page_t page = {
        .status = error == GLUE_ANY_ERROR ? 0 : (int)error, .handler = glue_callback_handle, .ctx = entry};
    glue_server_settle(self, entry, uhttpd_error_page(self->link->handle, &page));
}

static void handle_class(py_uhttpd_server_t *self, mp_obj_t class, mp_obj_t callback)
{
    size_t len = 0;
    mp_obj_t *items = NULL;
    if (self->errors != mp_const_none) {
        mp_obj_list_get(self->errors, &len, &items);
    }
    for (size_t i = 0; i < len; i += 2) {
        if (items[i] == class) {
            items[i + 1] = callback;
            return;
        }
    }
    around_append(&self->errors, class);
    around_append(&self->errors, callback);
}

static bool is_class(mp_obj_t error)
{
    return mp_obj_is_type(error, &mp_type_type) && mp_obj_is_subclass_fast(error, MP_OBJ_FROM_PTR(&mp_type_Exception));
}

static void check_error(mp_obj_t error)
{
    if (is_class(error)) {
        return;
    }
    if (!mp_obj_is_int(error) || mp_obj_is_bool(error)) {
        mp_raise_TypeError(MP_ERROR_TEXT("error must be a status, such as 404, or a class derived from Exception"));
    }
    bindgen_int(MP_QSTR_error, error, 400, 599);
}

static void around_handle(py_uhttpd_server_t *self, mp_obj_t error, mp_obj_t callback)
{
    glue_link_running(self);
    if (mp_obj_is_int(error)) {
        handle_status(self, (unsigned)mp_obj_get_int(error), callback);
        return;
    }
    if (error == MP_OBJ_FROM_PTR(&py_uhttpd_httpexception_type)) {
        handle_status(self, GLUE_ANY_ERROR, callback);
    }
    handle_class(self, error, callback);
}

/* The decorator: a closure over server and error. */
static mp_obj_t around_decorate(mp_obj_t self, mp_obj_t error, mp_obj_t callback)
{
    bindgen_object(MP_QSTR_callback, callback, BINDGEN_CALLABLE);
    around_handle(MP_OBJ_TO_PTR(self), error, callback);
    return callback;
}
static MP_DEFINE_CONST_FUN_OBJ_3(decorate_error_obj, around_decorate);

mp_obj_t py_uhttpd_server_errorhandler(py_uhttpd_server_t *self, mp_obj_t error, mp_obj_t callback)
{
    check_error(error);
    if (callback == mp_const_none) {
        const mp_obj_t closed[] = {MP_OBJ_FROM_PTR(self), error};
        return mp_obj_new_closure(MP_OBJ_FROM_PTR(&decorate_error_obj), MP_ARRAY_SIZE(closed), closed);
    }
    around_handle(self, error, callback);
    return mp_const_none;
}

/* --- in workers --------------------------------------------------------------------------------------------------- */

/* @return the n-th of a list that others may append to; MP_OBJ_NULL: there are no more */
static mp_obj_t around_nth(mp_obj_t list, size_t n)
{
    size_t len = 0;
    mp_obj_t *items = NULL;
    if (list != mp_const_none) {
        mp_obj_list_get(list, &len, &items);
    }
    return n < len ? items[n] : MP_OBJ_NULL;
}

mp_obj_t glue_around_before(const py_uhttpd_server_t *server, mp_obj_t request, const uhttpd_req_t *req)
{
    mp_obj_t hook;
    for (size_t i = 0; (hook = around_nth(server->before, i)) != MP_OBJ_NULL; i++) {
        mp_obj_t returned = mp_call_function_1(hook, request);
        if (mp_obj_is_type(returned, &mp_type_gen_instance)) {
            mp_raise_TypeError(MP_ERROR_TEXT("before_request needs a plain function, not an async one or a generator"));
        }
        if (returned != mp_const_none || uhttpd_req_answered(req)) {
            return returned;
        }
    }
    return MP_OBJ_NULL;
}

mp_obj_t glue_around_after(const py_uhttpd_server_t *server, mp_obj_t request, mp_obj_t response)
{
    mp_obj_t hook;
    for (size_t i = 0; (hook = around_nth(server->after, i)) != MP_OBJ_NULL; i++) {
        mp_obj_t returned = mp_call_function_2(hook, request, response);
        if (returned != mp_const_none) {
            response = glue_return_response(returned, 0);
        }
    }
    return response;
}

static mp_obj_t function_for_status(const py_uhttpd_server_t *server, int status)
{
    const glue_link_route_t *entry = entry_of_error(server, (unsigned)status);
    return entry ? *glue_server_handler(server, entry, GLUE_HANDLER_CALLBACK) : MP_OBJ_NULL;
}

static mp_obj_t function_for_class(const py_uhttpd_server_t *server, mp_obj_t exception)
{
    mp_obj_t type = MP_OBJ_FROM_PTR(mp_obj_get_type(exception)), best = MP_OBJ_NULL, function = MP_OBJ_NULL, class;
    for (size_t i = 0; (class = around_nth(server->errors, i)) != MP_OBJ_NULL; i += 2) {
        if (mp_obj_is_subclass_fast(type, class) && (best == MP_OBJ_NULL || mp_obj_is_subclass_fast(class, best))) {
            best = class;
            function = around_nth(server->errors, i + 1);
        }
    }
    return function;
}

static bool is_abort(mp_obj_t exception)
{
    return mp_obj_is_subclass_fast(MP_OBJ_FROM_PTR(mp_obj_get_type(exception)),
                                   MP_OBJ_FROM_PTR(&py_uhttpd_httpexception_type));
}

/* @return what abort() was called with; None: nothing */
static mp_obj_t abort_argument(mp_obj_t exception, size_t n)
{
    size_t len;
    mp_obj_t *items;
    mp_obj_get_array(mp_load_attr(exception, MP_QSTR_args), &len, &items);
    return n < len ? items[n] : mp_const_none;
}

static mp_obj_t status_of_abort(mp_obj_t exception)
{
    mp_obj_t status = abort_argument(exception, 0);
    return status == mp_const_none ? MP_OBJ_NEW_SMALL_INT(500) : status;
}

mp_obj_t glue_around_abort(mp_obj_t exception, int *status)
{
    if (!is_abort(exception)) {
        return MP_OBJ_NULL;
    }
    mp_obj_t number = status_of_abort(exception);
    *status = mp_obj_is_small_int(number) ? (int)MP_OBJ_SMALL_INT_VALUE(number) : 500;
    return glue_return_error(number, abort_argument(exception, 1));
}

mp_obj_t glue_around_body(const py_uhttpd_server_t *server, mp_obj_t request, mp_obj_t fault, int *status)
{
    *status = 400;
    mp_obj_t function = function_for_status(server, *status);
    return function != MP_OBJ_NULL ? mp_call_function_1(function, request)
                                   : glue_return_error(MP_OBJ_NEW_SMALL_INT(*status), fault);
}

mp_obj_t glue_around_error(const py_uhttpd_server_t *server, mp_obj_t request, mp_obj_t exception, int *status)
{
    *status = 500;
    mp_obj_t plain = glue_around_abort(exception, status);
    mp_obj_t function = plain != MP_OBJ_NULL ? function_for_status(server, *status) : MP_OBJ_NULL;
    if (function != MP_OBJ_NULL) {
        return mp_call_function_1(function, request);
    }
    function = function_for_class(server, exception);
    return function != MP_OBJ_NULL ? mp_call_function_2(function, request, exception) : plain;
}

mp_obj_t glue_around_page(const py_uhttpd_server_t *server, const glue_link_route_t *route, mp_obj_t request,
                          const uhttpd_req_t *req)
{
    mp_obj_t function = *glue_server_handler(server, route, GLUE_HANDLER_CALLBACK);
    if (route->error != GLUE_ANY_ERROR) {
        return mp_call_function_1(function, request);
    }
    const char *reason;
    mp_obj_t args[2] = {MP_OBJ_NEW_SMALL_INT(uhttpd_req_error(req, &reason)), mp_const_none};
    args[1] = reason ? mp_obj_new_str(reason, strlen(reason)) : mp_const_none;
    mp_obj_t exception = mp_obj_new_exception_args(&py_uhttpd_httpexception_type, MP_ARRAY_SIZE(args), args);
    return mp_call_function_2(function, request, exception);
}

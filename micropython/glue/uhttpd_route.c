/* SPDX-License-Identifier: MIT */
#include "uhttpd_async.h"

#include <stdlib.h>
#include <string.h>

#include "py/objlist.h"
#include "py/runtime.h"

#define CHECK_METHOD(name, bit) \
    _Static_assert((int)PY_UHTTPD_##name == (int)UHTTPD_##name, "the stub and uhttpd.h agree");
UHTTPD_METHODS(CHECK_METHOD)
_Static_assert((int)PY_UHTTPD_ANY == (int)UHTTPD_ANY, "the stub and uhttpd.h agree");

#define OR_METHOD(name, bit) | UHTTPD_##name
#define ALL_METHODS (UHTTPD_ANY UHTTPD_METHODS(OR_METHOD))

#define MOST_SLOTS 255
#define USUAL_SLOTS CONFIG_UHTTPD_ROUTES
#define SLOT_OF_OPTIONS 1
/* With routes given to the constructor there is still room for serve(), ws(), a receiver (2), events and WebSockets (2). */
#define SLOTS_BESIDE_ROUTES 7

/* --- arguments ---------------------------------------------------------------------------------------------------- */

void glue_server_check_url(const char *url)
{
    const char *fault = uhttpd_url_fault(url);
    if (fault) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("url %s"), fault);
    }
}

static unsigned method_of_name(mp_obj_t name)
{
#define METHOD_NAME(method, bit) {#method, UHTTPD_##method},
    static const struct {
        const char *name;
        unsigned method;
    } names[] = {UHTTPD_METHODS(METHOD_NAME) {"ANY", UHTTPD_ANY}};
#undef METHOD_NAME
    const char *text = bindgen_text(MP_QSTR_methods, name, BINDGEN_STR, BINDGEN_WITHOUT_NUL);
    for (size_t i = 0; i < MP_ARRAY_SIZE(names); i++) {
        if (strcmp(names[i].name, text) == 0) {
            return names[i].method;
        }
    }
    mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("methods: %s has no constant: 'ANY' takes it"), text);
}

static unsigned methods_of_number(mp_obj_t number)
{
    mp_int_t methods = mp_obj_is_small_int(number) ? MP_OBJ_SMALL_INT_VALUE(number) : 0;
    if (methods == 0 || (methods & ~ALL_METHODS)) {
        mp_raise_ValueError(MP_ERROR_TEXT("methods must be GET, POST, DELETE ... combined by |"));
    }
    return (unsigned)methods;
}

/* Of a list such as ['GET', uhttpd.POST]. */
static unsigned methods_of_list(mp_obj_t list)
{
    unsigned methods = 0;
    mp_obj_iter_buf_t buffer;
    mp_obj_t iterator = mp_getiter(list, &buffer);
    mp_obj_t item;
    while ((item = mp_iternext(iterator)) != MP_OBJ_STOP_ITERATION) {
        methods |= mp_obj_is_int(item) ? methods_of_number(item) : method_of_name(item);
    }
    return methods_of_number(MP_OBJ_NEW_SMALL_INT(methods));
}

static unsigned methods_of(mp_obj_t methods)
{
    if (mp_obj_is_int(methods)) {
        return methods_of_number(methods);
    }
    if (mp_obj_is_str(methods)) {
        return method_of_name(methods);
    }
    if (!bindgen_is_list(methods)) {
        mp_raise_TypeError(
            MP_ERROR_TEXT("methods must be an int such as GET | POST, or names such as ['GET', 'POST']"));
    }
    return methods_of_list(methods);
}
/* --- adding them -------------------------------------------------------------------------------------------------- */

mp_obj_t *glue_server_handler(const py_uhttpd_server_t *server, const glue_link_route_t *route, glue_handler_t what)
{
    size_t len;
    mp_obj_t *handlers;
    mp_obj_list_get(server->handlers, &len, &handlers);
    return &handlers[GLUE_HANDLER_SIZE * route->index + what];
}

const char *glue_server_route_name(const py_uhttpd_server_t *server, const glue_link_route_t *route)
{
    return mp_obj_str_get_str(*glue_server_handler(server, route, GLUE_HANDLER_URL));
}

/* A route that was removed has left its entry, or there is a new one. */
static glue_link_route_t *route_entry(py_uhttpd_server_t *self)
{
    glue_link_t *link = self->link;
    glue_link_route_t *entry = link->routes;
    while (entry && !atomic_load(&entry->spare)) {
        entry = entry->next;
    }
    if (entry) {
        return entry;
    }
    for (int i = 0; i < GLUE_HANDLER_SIZE; i++) {
        mp_obj_list_append(self->handlers, mp_const_none);
    }
    entry = calloc(1, sizeof(*entry));
    if (!entry) {
        mp_obj_list_set_len(self->handlers, GLUE_HANDLER_SIZE * link->route_count);
        mp_raise_type(&mp_type_MemoryError);
    }
    entry->link = link;
    entry->index = link->route_count;
    return entry;
}

glue_link_route_t *glue_server_entry(py_uhttpd_server_t *self, const char *url, mp_obj_t callback)
{
    mp_obj_t name = mp_obj_new_str(url, strlen(url));
    /* Before the route: the first request may come at once. Nothing runs in between, as the GIL is held. */
    glue_link_route_t *entry = route_entry(self);
    *glue_server_handler(self, entry, GLUE_HANDLER_URL) = name;
    *glue_server_handler(self, entry, GLUE_HANDLER_CALLBACK) = callback;
    atomic_store(&entry->spare, false);
    return entry;
}

glue_link_route_t *glue_server_reserve(py_uhttpd_server_t *self, const char *url, mp_obj_t callback)
{
    if (!uhttpd_free_slots(glue_link_running(self)->handle)) {
        glue_raise_route(ESP_ERR_UHTTPD_ROUTES_FULL);
    }
    return glue_server_entry(self, url, callback);
}

void glue_server_settle(py_uhttpd_server_t *self, glue_link_route_t *entry, esp_err_t err)
{
    glue_link_t *link = self->link;
    if (err == ESP_OK && !entry->listed) {
        entry->listed = true;
        entry->next = link->routes;
        link->routes = entry;
        link->route_count++;
    } else if (err != ESP_OK && entry->listed) {
        atomic_store(&entry->spare, true);
    } else if (err != ESP_OK) {
        mp_obj_list_set_len(self->handlers, GLUE_HANDLER_SIZE * link->route_count);
        free(entry);
    }
    glue_raise_route(err);
}

/* uhttpd_route_t::free_ctx; any task. */
static void route_is_spare(void *entry)
{
    atomic_store(&((glue_link_route_t *)entry)->spare, true);
}

static void route_add(py_uhttpd_server_t *self, const char *url, unsigned methods, mp_obj_t callback, mp_obj_t auth)
{
    glue_async_expect(callback);
    glue_link_route_t *entry = glue_server_reserve(self, url, callback);
    bool is_function = mp_obj_is_callable(auth);
    *glue_server_handler(self, entry, GLUE_HANDLER_AUTH) = is_function ? auth : mp_const_none;
    uhttpd_route_t route = {
        .url = url,
        .methods = methods,
        .handler = glue_callback_handle,
        .ctx = entry,
        .own_auth = auth == mp_const_false,
        .basic_auth = mp_obj_is_str(auth) ? mp_obj_str_get_str(auth) : NULL,
        .auth = is_function ? glue_callback_authorize_route : NULL,
        .auth_ctx = entry,
        .free_ctx = route_is_spare,
    };
    glue_server_settle(self, entry, uhttpd_route(self->link->handle, &route));
}

/* One route out of the constructor's `routes`: checked, and put at the end of a flat list of url, methods, callback. */
static void collect_route(mp_obj_t route, mp_obj_t flat, size_t index)
{
    mp_obj_t items = mp_obj_new_list(0, NULL);
    if (bindgen_is_iterable(route)) {
        items = mp_call_function_1(MP_OBJ_FROM_PTR(&mp_type_list), route);
    }
    size_t len;
    mp_obj_t *item;
    mp_obj_list_get(items, &len, &item);
    if (len != 3 || !mp_obj_is_str(item[0]) || !mp_obj_is_callable(item[2])) {
        mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("routes[%d]: (url, methods, callback) expected"),
                          (int)index);
    }
    glue_server_check_url(bindgen_text(MP_QSTR_url, item[0], BINDGEN_STR, BINDGEN_WITHOUT_NUL));
    mp_obj_list_append(flat, item[0]);
    mp_obj_list_append(flat, MP_OBJ_NEW_SMALL_INT(methods_of(item[1])));
    mp_obj_list_append(flat, item[2]);
}

mp_obj_t glue_routes_given(mp_obj_t routes)
{
    if (routes == mp_const_none || mp_obj_is_int(routes)) {
        return mp_const_none;
    }
    mp_obj_t flat = mp_obj_new_list(0, NULL);
    mp_obj_iter_buf_t buffer;
    mp_obj_t iterator = mp_getiter(routes, &buffer);
    mp_obj_t route;
    for (size_t i = 0; (route = mp_iternext(iterator)) != MP_OBJ_STOP_ITERATION; i++) {
        collect_route(route, flat, i);
    }
    return flat;
}

unsigned glue_routes_slots(mp_obj_t routes, mp_obj_t given)
{
    if (given == mp_const_none) {
        return routes == mp_const_none ? USUAL_SLOTS : (unsigned)mp_obj_get_int(routes);
    }
    size_t len;
    mp_obj_t *item;
    mp_obj_list_get(given, &len, &item);
    unsigned slots = SLOT_OF_OPTIONS + SLOTS_BESIDE_ROUTES;
    for (size_t i = 0; i < len; i += 3) {
        slots += (unsigned)__builtin_popcount((unsigned)mp_obj_get_int(item[i + 1]));
        if (slots > MOST_SLOTS) {
            mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("routes need more than 255 slots"));
        }
    }
    return slots;
}

void glue_routes_add(py_uhttpd_server_t *self, mp_obj_t given)
{
    size_t len;
    mp_obj_t *item;
    mp_obj_list_get(given, &len, &item);
    for (size_t i = 0; i < len; i += 3) {
        route_add(self, mp_obj_str_get_str(item[i]), (unsigned)mp_obj_get_int(item[i + 1]), item[i + 2], mp_const_none);
    }
}

/* --- methods ------------------------------------------------------------------------------------------------------ */

/* A program that has not said how many slots there are need not count them. */
static void route_add_growing(py_uhttpd_server_t *self, const char *url, unsigned methods, mp_obj_t callback,
                              mp_obj_t auth)
{
    glue_link_t *link = glue_link_running(self);
    if (self->slots_grow) {
        uhttpd_add_slots(link->handle, (unsigned)__builtin_popcount(methods));
    }
    route_add(self, url, methods, callback, auth);
}

/* The decorator: a closure over server, url, methods and auth. */
static mp_obj_t route_decorate(size_t n_args, const mp_obj_t *args)
{
    (void)n_args;
    mp_obj_t callback = bindgen_object(MP_QSTR_callback, args[4], BINDGEN_CALLABLE);
    unsigned methods = (unsigned)MP_OBJ_SMALL_INT_VALUE(args[2]);
    route_add_growing(MP_OBJ_TO_PTR(args[0]), mp_obj_str_get_str(args[1]), methods, callback, args[3]);
    return callback;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(decorate_obj, 5, 5, route_decorate);

static void check_more_routes(py_uhttpd_server_t *self, const char *url)
{
    glue_server_check_url(url);
    glue_link_running(self);
    if (self->routes_given) {
        mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("all routes were given to Server(): there can be no more"));
    }
}

static mp_obj_t route_decorator(py_uhttpd_server_t *self, const char *url, unsigned methods, mp_obj_t auth)
{
    const mp_obj_t closed[] = {MP_OBJ_FROM_PTR(self), mp_obj_new_str(url, strlen(url)), MP_OBJ_NEW_SMALL_INT(methods),
                               auth};
    return mp_obj_new_closure(MP_OBJ_FROM_PTR(&decorate_obj), MP_ARRAY_SIZE(closed), closed);
}

mp_obj_t py_uhttpd_server_route(py_uhttpd_server_t *self, const char *url, mp_obj_t methods, mp_obj_t callback,
                                mp_obj_t auth)
{
    unsigned bits = methods == mp_const_none ? UHTTPD_GET : methods_of(methods);
    check_more_routes(self, url);
    auth = glue_access_of_route(auth);
    if (callback == mp_const_none) {
        return route_decorator(self, url, bits, auth);
    }
    route_add(self, url, bits, callback, auth);
    return mp_const_none;
}

static mp_obj_t route_of_method(py_uhttpd_server_t *self, const char *url, unsigned method, mp_obj_t callback,
                                mp_obj_t auth)
{
    check_more_routes(self, url);
    auth = glue_access_of_route(auth);
    if (callback == mp_const_none) {
        return route_decorator(self, url, method, auth);
    }
    route_add_growing(self, url, method, callback, auth);
    return mp_const_none;
}

#define ROUTE_OF_METHOD(name, method) \
    mp_obj_t py_uhttpd_server_##name(py_uhttpd_server_t *self, const char *url, mp_obj_t callback, mp_obj_t auth) \
    { \
        return route_of_method(self, url, method, callback, auth); \
    }
ROUTE_OF_METHOD(get, UHTTPD_GET)
ROUTE_OF_METHOD(post, UHTTPD_POST)
ROUTE_OF_METHOD(put, UHTTPD_PUT)
ROUTE_OF_METHOD(patch, UHTTPD_PATCH)
ROUTE_OF_METHOD(delete, UHTTPD_DELETE)

/* What was removed need not wait for the next route to be collected. */
static void forget_spares(py_uhttpd_server_t *self)
{
    for (glue_link_route_t *entry = self->link->routes; entry; entry = entry->next) {
        if (atomic_load(&entry->spare)) {
            *glue_server_handler(self, entry, GLUE_HANDLER_CALLBACK) = mp_const_none;
            *glue_server_handler(self, entry, GLUE_HANDLER_AUTH) = mp_const_none;
        }
    }
}

void py_uhttpd_server_remove(py_uhttpd_server_t *self, const char *url, mp_obj_t methods)
{
    unsigned bits = methods == mp_const_none ? ALL_METHODS : methods_of(methods);
    glue_server_check_url(url);
    esp_err_t err = uhttpd_unroute(glue_link_running(self)->handle, url, bits);
    if (err == ESP_ERR_NOT_FOUND) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("no callback of %s answers these methods"), url);
    }
    glue_raise_route(err);
    forget_spares(self);
}

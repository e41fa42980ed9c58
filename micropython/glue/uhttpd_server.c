/* SPDX-License-Identifier: MIT */
#include "uhttpd_internal.h"

#include <string.h>

#include "py/objlist.h"
#include "py/runtime.h"

#include "terminal.h"
#include "webrepl.h"
#include "webrepl_internal.h"

#define CHECK_METHOD(name, bit) \
    _Static_assert((int)PY_UHTTPD_##name == (int)UHTTPD_##name, "the stub and uhttpd.h agree");
UHTTPD_METHODS(CHECK_METHOD)
_Static_assert((int)PY_UHTTPD_ANY == (int)UHTTPD_ANY, "the stub and uhttpd.h agree");

#define OR_METHOD(name, bit) | UHTTPD_##name
#define ALL_METHODS (UHTTPD_ANY UHTTPD_METHODS(OR_METHOD))

#define MOST_SLOTS 255
#define SLOT_OF_OPTIONS 1
/* With routes given to the constructor there is still room for serve(), ws(), a receiver (2), events and WebSockets (2). */
#define SLOTS_BESIDE_ROUTES 7

void glue_server_check_url(const char *url)
{
    if (url[0] != '/') {
        mp_raise_ValueError(MP_ERROR_TEXT("url must start with '/'"));
    }
    const char *star = strchr(url, '*');
    if (star && star[1] != '\0') {
        mp_raise_ValueError(MP_ERROR_TEXT("url may have a '*' only at its end"));
    }
    if (strpbrk(url, "?#")) {
        mp_raise_ValueError(MP_ERROR_TEXT("url is a path: it must not contain '?' or '#'"));
    }
    if (strpbrk(url, "<>{}")) {
        mp_raise_ValueError(MP_ERROR_TEXT("url has no parameters: '*' at its end matches anything"));
    }
    glue_server_check_sent(MP_QSTR_url, url);
}

static bool is_sent_as_it_is(char c)
{
    return c > ' ' && c < 0x7f && !strchr("\"\\^`|", c);
}

/* Clients send other characters as percent escapes, and routes are compared with what they send. */
void glue_server_check_sent(qstr name, const char *path)
{
    vstr_t sent;
    vstr_init(&sent, strlen(path) + 16);
    bool differs = false;
    for (const char *c = path; *c; c++) {
        bool escaped = !is_sent_as_it_is(*c);
        differs = differs || escaped;
        if (escaped) {
            vstr_printf(&sent, "%%%02X", (unsigned)(byte)*c);
        } else {
            vstr_add_byte(&sent, (byte)*c);
        }
    }
    if (differs) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%q must be as clients send it: '%s'"), name,
                          vstr_null_terminated_str(&sent));
    }
}

static void check_methods(mp_int_t methods)
{
    if (methods == 0 || (methods & ~ALL_METHODS)) {
        mp_raise_ValueError(MP_ERROR_TEXT("methods must be GET, POST, DELETE ... combined by |"));
    }
}

/* --- adding routes ------------------------------------------------------------------------------------------------ */

/* A link has as many entries as there are slots, and a route takes one at least. */
glue_link_route_t *glue_server_reserve(py_uhttpd_server_t *self, const char *url, mp_obj_t callback)
{
    glue_link_t *link = glue_link_running(self);
    if (!uhttpd_free_slots(link->handle)) {
        glue_raise_route(ESP_ERR_UHTTPD_ROUTES_FULL);
    }
    /* Before the route: the first request may come at once. Nothing runs in between, as the GIL is held. */
    mp_obj_list_append(self->handlers, mp_obj_new_str(url, strlen(url)));
    mp_obj_list_append(self->handlers, callback);
    glue_link_route_t *entry = &link->routes[link->route_count];
    *entry = (glue_link_route_t) {.link = link, .index = link->route_count};
    return entry;
}

void glue_server_settle(py_uhttpd_server_t *self, esp_err_t err)
{
    glue_link_t *link = self->link;
    if (err != ESP_OK) {
        mp_obj_list_set_len(self->handlers, 2 * link->route_count);
        glue_raise_route(err);
    }
    link->route_count++;
}

static void add_handler(py_uhttpd_server_t *self, const char *url, mp_int_t methods, mp_obj_t callback)
{
    glue_link_route_t *entry = glue_server_reserve(self, url, callback);
    uhttpd_route_t route = {.url = url, .methods = (uint32_t)methods, .handler = glue_worker_handle, .ctx = entry};
    glue_server_settle(self, uhttpd_route(self->link->handle, &route));
}

/* One route out of the constructor's `routes`: checked, and put at the end of a flat list. */
static void collect_route(mp_obj_t route, mp_obj_t flat, size_t index)
{
    mp_obj_t items = mp_obj_new_list(0, NULL);
    if (bindgen_is_iterable(route)) {
        items = mp_call_function_1(MP_OBJ_FROM_PTR(&mp_type_list), route);
    }
    size_t len;
    mp_obj_t *item;
    mp_obj_list_get(items, &len, &item);
    if (len != 3 || !mp_obj_is_str(item[0]) || !mp_obj_is_int(item[1]) || !mp_obj_is_callable(item[2])) {
        mp_raise_msg_varg(&mp_type_TypeError, MP_ERROR_TEXT("routes[%d]: (url, methods, callback) expected"),
                          (int)index);
    }
    glue_server_check_url(bindgen_text(MP_QSTR_url, item[0], BINDGEN_STR, BINDGEN_WITHOUT_NUL));
    check_methods(bindgen_int(MP_QSTR_methods, item[1], INTPTR_MIN, INTPTR_MAX));
    for (size_t i = 0; i < len; i++) {
        mp_obj_list_append(flat, item[i]);
    }
}

static mp_obj_t collect_routes(mp_obj_t routes)
{
    mp_obj_t flat = mp_obj_new_list(0, NULL);
    mp_obj_iter_buf_t buffer;
    mp_obj_t iterator = mp_getiter(routes, &buffer);
    mp_obj_t route;
    for (size_t i = 0; (route = mp_iternext(iterator)) != MP_OBJ_STOP_ITERATION; i++) {
        collect_route(route, flat, i);
    }
    return flat;
}

static unsigned slots_for(mp_obj_t flat)
{
    size_t len;
    mp_obj_t *item;
    mp_obj_list_get(flat, &len, &item);
    unsigned slots = SLOT_OF_OPTIONS + SLOTS_BESIDE_ROUTES;
    for (size_t i = 0; i < len; i += 3) {
        slots += (unsigned)__builtin_popcount((unsigned)mp_obj_get_int(item[i + 1]));
        if (slots > MOST_SLOTS) {
            mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("routes need more than 255 slots"));
        }
    }
    return slots;
}

static void add_routes(py_uhttpd_server_t *self, mp_obj_t flat)
{
    size_t len;
    mp_obj_t *item;
    mp_obj_list_get(flat, &len, &item);
    for (size_t i = 0; i < len; i += 3) {
        add_handler(self, mp_obj_str_get_str(item[i]), mp_obj_get_int(item[i + 1]), item[i + 2]);
    }
}

/* --- construction ------------------------------------------------------------------------------------------------- */

static uhttpd_config_t py_server_config_of(const py_uhttpd_server_new_args_t *args, unsigned slots)
{
    uhttpd_config_t config = UHTTPD_DEFAULT_CONFIG();
    config.port = (uint16_t)args->port;
    config.bind = args->bind;
    config.routes = (uint8_t)slots;
    config.cors = args->cors;
    config.cors_origins = glue_access_origins(args->origins);
    config.hosts = glue_access_list(MP_QSTR_hosts, args->hosts);
    glue_access_configure(&config, args->acl, args->auth);
    if (config.cors && config.cors_origins) {
        mp_raise_ValueError(MP_ERROR_TEXT("origins: cors=True lets all of them in"));
    }
    config.spare_workers = (uint8_t)args->spare_workers;
    config.workers = (uint8_t)args->workers;
    config.max_header = (uint16_t)args->max_header;
    config.max_body = (uint32_t)args->max_body;
    config.body_buffer = (uint32_t)args->body_buffer;
    config.header_timeout = args->header_timeout_ms;
    config.body_timeout = args->body_timeout_ms;
    config.send_timeout = args->send_timeout_ms;
    config.idle_timeout = args->idle_timeout_ms;
    if (args->max_sockets != mp_const_none) {
        config.max_sockets = (uint8_t)mp_obj_get_int(args->max_sockets);
    }
    return config;
}

/* The stub has checked the ranges. What is left depends on the machine, and can only be wrong if it was given. */
static _Noreturn void raise_beyond_stub(const uhttpd_config_t *config)
{
    bool has_sockets = config->max_sockets != CONFIG_UHTTPD_MAX_SOCKETS;
    if (config->bind && !config->hosts && !has_sockets) {
        mp_raise_ValueError(MP_ERROR_TEXT("bind is no address of this machine"));
    }
    if (!config->bind && !config->hosts) {
        mp_raise_ValueError(MP_ERROR_TEXT("max_sockets is too much for this machine"));
    }
    mp_raise_ValueError(config->hosts && !config->bind && !has_sockets
                            ? MP_ERROR_TEXT("an item of hosts is no name or address")
                            : MP_ERROR_TEXT("bind is no address of this machine, max_sockets is too much for it, "
                                            "or an item of hosts is no name or address"));
}

static void py_server_start(py_uhttpd_server_t *self, const uhttpd_config_t *config, uint32_t callback_timeout)
{
    glue_link_wait_port(config->port);
    glue_link_t *link;
    esp_err_t err = glue_link_start(config, config->routes, callback_timeout, &link);
    if (err == ESP_ERR_INVALID_ARG) {
        raise_beyond_stub(config);
    }
    if (err != ESP_OK) {
        glue_raise_start(err, config->bind, config->port);
    }
    link->server = self;
    self->link = link;
    self->id = link->id;
    self->port = link->port;
}

static void add_routes_or_stop(py_uhttpd_server_t *self, mp_obj_t flat)
{
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        add_routes(self, flat);
        nlr_pop();
    } else {
        py_uhttpd_server_del(self);
        nlr_jump(nlr.ret_val);
    }
}

mp_obj_t py_uhttpd_server_new(const py_uhttpd_server_new_args_t *args)
{
    py_uhttpd_server_t *self = mp_obj_malloc_with_finaliser(py_uhttpd_server_t, &py_uhttpd_server_type);
    self->link = NULL;
    self->id = 0;
    self->port = 0;
    if (args->ext_path[0] != '/') {
        mp_raise_ValueError(MP_ERROR_TEXT("ext_path must start with '/'"));
    }
    self->routes_given = !mp_obj_is_int(args->routes);
    self->handlers = mp_const_none;
    self->sockets = NULL;
    self->events = (uint8_t)args->events;
    self->auth = args->auth;
    self->file_acl = mp_const_none;
    self->acl_given = false;
    self->ext_path = args->ext_path;
    self->handlers = mp_obj_new_list(0, NULL);
    mp_obj_t flat = self->routes_given ? collect_routes(args->routes) : MP_OBJ_NULL;
    unsigned slots = self->routes_given ? slots_for(flat) : (unsigned)mp_obj_get_int(args->routes);
    uhttpd_config_t config = py_server_config_of(args, slots);
    py_server_start(self, &config, args->callback_timeout_ms);
    if (self->routes_given) {
        add_routes_or_stop(self, flat);
    }
    return MP_OBJ_FROM_PTR(self);
}

/* --- methods ------------------------------------------------------------------------------------------------------ */

int64_t py_uhttpd_server_port(py_uhttpd_server_t *self)
{
    return self->port;
}

void py_uhttpd_server_route(py_uhttpd_server_t *self, const char *url, mp_int_t methods, mp_obj_t callback)
{
    glue_server_check_url(url);
    check_methods(methods);
    glue_link_running(self);
    if (self->routes_given) {
        mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("all routes were given to Server(): there can be no more"));
    }
    add_handler(self, url, methods, callback);
}

static bool has_terminal(const glue_link_t *link)
{
    return link->terminal;
}

void py_uhttpd_server_ws(py_uhttpd_server_t *self, const char *url, const char *pwd)
{
    glue_server_check_url(url);
    if (pwd) {
        glue_webrepl_check_password(MP_QSTR_pwd, pwd);
    }
    glue_link_t *link = glue_link_running(self);
    if (glue_link_find(has_terminal)) {
        mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("ws() was called before: there can be one in all servers"));
    }
    esp_err_t err = glue_terminal_init();
    err = err != ESP_OK ? err : webrepl_serve(link->handle, url, pwd);
    if (err == ESP_ERR_INVALID_STATE) {
        mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("this firmware has no network terminal"));
    }
    glue_raise_route(err);
    link->terminal = true;
    if (!pwd) {
        mp_printf(&mp_plat_print, "uhttpd: %s has no password: whoever reaches this board may run code on it\n", url);
    }
}

void py_uhttpd_server_stop(py_uhttpd_server_t *self)
{
    if (self->link) {
        glue_link_stop(self->link);
    }
    if (!glue_worker_is_inside(self->id)) {
        glue_link_wait_gone(self->id);
    }
}

mp_obj_t py_uhttpd_server_enter(py_uhttpd_server_t *self)
{
    return MP_OBJ_FROM_PTR(self);
}

void py_uhttpd_server_exit(py_uhttpd_server_t *self, mp_obj_t exc_type, mp_obj_t exc_value, mp_obj_t traceback)
{
    (void)exc_type;
    (void)exc_value;
    (void)traceback;
    py_uhttpd_server_stop(self);
}

void py_uhttpd_server_del(py_uhttpd_server_t *self)
{
    glue_link_t *link = self->link;
    self->link = NULL;
    glue_link_forget(self->id);
    if (link) {
        glue_link_stop(link);
    }
}

/* SPDX-License-Identifier: MIT */
#include "uhttpd_internal.h"

#include <string.h>

#include "py/objlist.h"
#include "py/runtime.h"

#include "terminal.h"
#include "webrepl.h"
#include "webrepl_internal.h"

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
    glue_access_headers(&config, args->headers);
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
    esp_err_t err = glue_link_start(config, callback_timeout, &link);
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

static void add_routes_or_stop(py_uhttpd_server_t *self, mp_obj_t given)
{
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        glue_routes_add(self, given);
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
    self->routes_given = args->routes != mp_const_none && !mp_obj_is_int(args->routes);
    self->slots_grow = args->routes == mp_const_none;
    self->handlers = mp_const_none;
    self->sockets = NULL;
    self->held = NULL;
    self->events = (uint8_t)args->events;
    self->auth = args->auth;
    self->file_acl = mp_const_none;
    self->acl_given = false;
    self->ext_path = args->ext_path;
    self->before = self->after = self->errors = mp_const_none;
    self->handlers = mp_obj_new_list(0, NULL);
    mp_obj_t given = glue_routes_given(args->routes);
    uhttpd_config_t config = py_server_config_of(args, glue_routes_slots(args->routes, given));
    py_server_start(self, &config, args->callback_timeout_ms);
    if (self->routes_given) {
        add_routes_or_stop(self, given);
    }
    return MP_OBJ_FROM_PTR(self);
}

/* --- methods ------------------------------------------------------------------------------------------------------ */

int64_t py_uhttpd_server_port(py_uhttpd_server_t *self)
{
    return self->port;
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

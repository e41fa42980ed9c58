/* SPDX-License-Identifier: MIT */
#include "webrepl_bindings.h"

#include <string.h>

#include "py/mphal.h"
#include "py/objexcept.h"
#include "py/runtime.h"

#include "terminal.h"
#include "uhttpd_internal.h"
#include "webrepl.h"

/* Any path: old clients connect to /, browsers ask for /favicon.ico too. */
#define URL "/*"
#define SLOTS 2       /* of OPTIONS, and of that url */
#define MAX_SOCKETS 6 /* the session, one that is refused, and what a browser opens beside them */

static bool is_webrepl(const uhttpd_link_t *link)
{
    return link->webrepl;
}

/* The password of the module webrepl_cfg, or MP_OBJ_NULL without that module. */
static mp_obj_t configured_password(void)
{
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t module = mp_import_name(MP_QSTR_webrepl_cfg, mp_const_none, MP_OBJ_NEW_SMALL_INT(0));
        mp_obj_t password = mp_load_attr(module, MP_QSTR_PASS);
        nlr_pop();
        return password;
    }
    const mp_obj_base_t *exception = nlr.ret_val;
    if (!mp_obj_is_subclass_fast(MP_OBJ_FROM_PTR(exception->type), MP_OBJ_FROM_PTR(&mp_type_ImportError))) {
        nlr_jump(nlr.ret_val);
    }
    return MP_OBJ_NULL;
}

static void start(mp_int_t port, const char *password)
{
    uhttpd_config_t config = UHTTPD_DEFAULT_CONFIG();
    config.port = (uint16_t)port;
    config.routes = SLOTS;
    config.workers = 1;
    config.max_sockets = MAX_SOCKETS;
    uhttpd_link_wait_port(config.port);
    uhttpd_link_t *link;
    esp_err_t err = uhttpd_link_start(&config, 0, &link);
    if (err != ESP_OK) {
        uhttpd_raise(err);
    }
    link->webrepl = true;
    err = webrepl_serve(link->handle, URL, password);
    if (err != ESP_OK) {
        uhttpd_link_stop(link);
        uhttpd_raise(err);
    }
}

void py_webrepl_start(mp_int_t port, const char *password)
{
    if (!password) {
        mp_obj_t configured = configured_password();
        if (configured == MP_OBJ_NULL) {
            mp_printf(&mp_plat_print, "WebREPL is not started: no password, and no module webrepl_cfg with a PASS\n");
            return;
        }
        password = bindgen_text(MP_QSTR_PASS, configured, BINDGEN_TEXT, BINDGEN_WITHOUT_NUL);
    }
    py_webrepl_stop();
    if (terminal_init() != ESP_OK) {
        mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("this firmware has no network terminal"));
    }
    start(port, password);
}

void py_webrepl_stop(void)
{
    uhttpd_link_t *link = uhttpd_link_find(is_webrepl);
    if (link) {
        uint32_t id = link->id;
        uhttpd_link_stop(link);
        uhttpd_link_wait_gone(id);
    }
}

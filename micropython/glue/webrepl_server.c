/* SPDX-License-Identifier: MIT */
/* The separate server for the terminal, which webrepl.start() starts. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "py/objexcept.h"
#include "py/objstr.h"
#include "py/runtime.h"

#include "_webrepl_bindings.h"
#include "terminal.h"
#include "uhttpd_internal.h"
#include "webrepl.h"
#include "webrepl_internal.h"

/* Any path: old clients connect to /, browsers ask for /favicon.ico too. */
#define URL "/*"
#define SLOTS 2       /* of OPTIONS, and of that url */
#define MAX_SOCKETS 6 /* the session, one that is refused, and what a browser opens beside them */
#define TRACED_MAX 4  /* heads of requests that wait to be shown */
#define ADDRESS_SIZE 46

MP_REGISTER_ROOT_POINTER(mp_obj_t webrepl_page);
MP_REGISTER_ROOT_POINTER(mp_obj_t webrepl_trace);

/* --- the page ----------------------------------------------------------------------------------------------------- */

static mp_obj_t ask_for_page(void)
{
    mp_obj_t page;
    if (!py__webrepl_call_page(MP_STATE_VM(webrepl_page), &page)) {
        mp_obj_print_exception(&mp_plat_print, page);
        return mp_const_none;
    }
    return mp_obj_is_str(page) ? page : mp_const_none;
}

static esp_err_t py_repl_server_answer(uhttpd_req_t *req, void *ctx)
{
    MP_THREAD_GIL_ENTER();
    volatile mp_obj_t page = ask_for_page(); /* the stack is where the collector looks for it */
    size_t len = 0;
    const char *text = page == mp_const_none ? NULL : mp_obj_str_get_data(page, &len);
    MP_THREAD_GIL_EXIT();
    const uhttpd_response_t response = {.mime = "text/html; charset=utf-8"};
    return text ? uhttpd_write(req, text, len, &response) : webrepl_page(req, ctx);
}

/* --- tracing ------------------------------------------------------------------------------------------------------ */

typedef struct {
    uhttpd_job_t job;
    size_t len;
    char head[];
} traced_t;

static _Atomic unsigned s_traced;

static void py_repl_server_show(const traced_t *traced)
{
    MP_THREAD_GIL_ENTER();
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t ignored, head = mp_obj_new_bytes((const byte *)traced->head, traced->len);
        py__webrepl_call_trace(MP_STATE_VM(webrepl_trace), head, &ignored);
        nlr_pop();
    }
    MP_THREAD_GIL_EXIT();
}

static void run_traced(uhttpd_job_t *job, bool cancelled)
{
    traced_t *traced = (traced_t *)job;
    if (!cancelled) {
        py_repl_server_show(traced);
    }
    free(traced);
    atomic_fetch_sub(&s_traced, 1);
}

/* The HTTP task is not a Python thread, so a worker shows it. */
static void on_request(uhttpd_handle_t server, const char *head, size_t len, void *ctx)
{
    (void)ctx;
    if (atomic_fetch_add(&s_traced, 1) < TRACED_MAX) {
        traced_t *traced = malloc(sizeof *traced + len);
        if (traced) {
            traced->job = (uhttpd_job_t) {.run = run_traced};
            traced->len = len;
            memcpy(traced->head, head, len);
            if (uhttpd_submit(server, &traced->job) == ESP_OK) {
                return;
            }
            free(traced);
        }
    }
    atomic_fetch_sub(&s_traced, 1);
}

/* --- the server --------------------------------------------------------------------------------------------------- */

static bool is_webrepl(const glue_link_t *link)
{
    return link->webrepl;
}

/* Before the server listens: clients that reconnect at that moment find the terminal. Without the GIL. */
static esp_err_t prepare_terminal(uhttpd_handle_t server, void *password)
{
    return webrepl_serve_beside(server, URL, password, py_repl_server_answer);
}

int64_t py__webrepl_serve(const py__webrepl_serve_args_t *args)
{
    glue_webrepl_check_password(MP_QSTR_password, args->password);
    py__webrepl_end();
    if (glue_terminal_init() != ESP_OK) {
        mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("this firmware has no network terminal"));
    }
    MP_STATE_VM(webrepl_page) = args->page;
    MP_STATE_VM(webrepl_trace) = args->trace;
    uhttpd_config_t config = UHTTPD_DEFAULT_CONFIG();
    config.port = (uint16_t)args->port;
    config.routes = SLOTS;
    config.workers = 1;
    config.max_sockets = MAX_SOCKETS;
    config.trace = on_request;
    config.cors_origins = glue_access_origins(args->origins);
    config.prepare = prepare_terminal;
    config.prepare_ctx = (void *)args->password;
    glue_link_wait_port(config.port);
    glue_link_t *link;
    esp_err_t err = glue_link_start(&config, 0, &link);
    if (err != ESP_OK) {
        glue_raise_start(err, config.bind, config.port);
    }
    link->webrepl = true;
    return link->port;
}

void py__webrepl_end(void)
{
    glue_link_t *link = glue_link_find(is_webrepl);
    if (link) {
        uint32_t id = link->id;
        glue_link_stop(link);
        glue_link_wait_gone(id);
    }
}

mp_obj_t py__webrepl_remote(void)
{
    char address[ADDRESS_SIZE];
    return webrepl_remote(address, sizeof address) ? mp_obj_new_str_from_cstr(address) : mp_const_none;
}

void py__webrepl_disconnect(void)
{
    webrepl_disconnect(1000, "disconnected by the program");
}

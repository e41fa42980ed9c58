/* SPDX-License-Identifier: MIT */
#include "uhttpd_async.h"

#include <stdlib.h>

#include "py/runtime.h"

#include "gil.h"
#include "storage_vfs.h"
#include "uhttpd_deadline.h"
#include "uhttpd_glue.h"
#include "uhttpd_os.h"
#include "webrepl_internal.h"

#define STOP_GRACE_MS 3000 /* a callback may finish what it does when stop() is called */
#define STOP_LIMIT_MS 8000 /* then it has survived many interruptions */
#define RESET_GRACE_MS 300 /* at a reset nobody waits for its result */
#define RESET_LIMIT_MS 5000
#define INTERRUPT_STEP_MS 100
#define LONGEST_NAP_MS 20

/* Under uhttpd_os_global_lock(): servers leave it in a task that is no Python thread. The rest of a link is guarded by
 * the GIL. */
static glue_link_t *s_links;

static void py_link_add(glue_link_t *link)
{
    static uint32_t last_id;
    uhttpd_os_global_lock();
    link->id = ++last_id;
    link->next = s_links;
    s_links = link;
    uhttpd_os_global_unlock();
}

/* Called by the C side when the server is gone, in a task that is no Python thread. */
static void py_link_gone(void *ctx)
{
    glue_link_t *link = ctx;
    uhttpd_os_global_lock();
    glue_link_t **place = &s_links;
    while (*place != link) {
        place = &(*place)->next;
    }
    *place = link->next;
    uhttpd_os_global_unlock();
    while (link->routes) {
        glue_link_route_t *route = link->routes;
        link->routes = route->next;
        free(route);
    }
    free(link);
}

esp_err_t glue_link_start(const uhttpd_config_t *config, uint32_t callback_timeout, glue_link_t **out)
{
    glue_link_t *link = glue_deadlines_init() ? calloc(1, sizeof(*link)) : NULL;
    if (!link) {
        return ESP_ERR_NO_MEM;
    }
    link->callback_timeout = callback_timeout;
    uhttpd_config_t own = *config;
    own.watch = glue_deadlines_watch;
    own.watch_period = glue_deadlines_period(callback_timeout);
    own.start_workers = glue_workers_start;
    own.start_spare = glue_workers_start_spare;
    own.start_workers_ctx = link;
    own.auth_ctx = link;
    MP_THREAD_GIL_EXIT();
    esp_err_t err = uhttpd_start(&own, &link->handle);
    MP_THREAD_GIL_ENTER();
    if (err != ESP_OK) {
        free(link);
        return err;
    }
    link->port = uhttpd_port(link->handle);
    py_link_add(link);
    *out = link;
    return ESP_OK;
}

const glue_link_route_t *glue_link_route(const glue_link_t *link, uint16_t index)
{
    const glue_link_route_t *route = link->routes;
    while (route->index != index) {
        route = route->next;
    }
    return route;
}

void glue_link_stop(glue_link_t *link)
{
    if (link->server) {
        link->server->link = NULL;
    }
    link->stopping = true;
    glue_async_wake();
    link->stop_refused = false;
    if (uhttpd_stop_later(link->handle, py_link_gone, link) != ESP_OK) {
        link->stop_refused = true; /* not gone either: link is still valid */
    }
}

glue_link_t *glue_link_running(py_uhttpd_server_t *self)
{
    if (!self->link) {
        mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("the server is stopped"));
    }
    return self->link;
}

void glue_link_forget(uint32_t id)
{
    uhttpd_os_global_lock();
    for (glue_link_t *link = s_links; link; link = link->next) {
        if (link->id == id) {
            link->server = NULL;
        }
    }
    uhttpd_os_global_unlock();
}

/* --- looking for servers ------------------------------------------------------------------------------------------ */

static bool py_link_has_id(const glue_link_t *link, uint32_t id)
{
    return link->id == id;
}

static bool frees_port(const glue_link_t *link, uint32_t port)
{
    return link->stopping && link->port == port;
}

static bool is_any(const glue_link_t *link, uint32_t unused)
{
    (void)link;
    (void)unused;
    return true;
}

static bool py_link_is_refused(const glue_link_t *link, uint32_t unused)
{
    (void)unused;
    return link->stop_refused;
}

static bool is_running(const glue_link_t *link, uint32_t unused)
{
    (void)unused;
    return !link->stopping;
}

/* The server may be gone a moment later, unless it is known not to be stopping. */
static glue_link_t *py_link_find(bool (*is)(const glue_link_t *link, uint32_t arg), uint32_t arg)
{
    uhttpd_os_global_lock();
    glue_link_t *link = s_links;
    while (link && !is(link, arg)) {
        link = link->next;
    }
    uhttpd_os_global_unlock();
    return link;
}

glue_link_t *glue_link_find(bool (*is)(const glue_link_t *link))
{
    uhttpd_os_global_lock();
    glue_link_t *link = s_links;
    while (link && (link->stopping || !is(link))) {
        link = link->next;
    }
    uhttpd_os_global_unlock();
    return link;
}

bool glue_serving(void)
{
    return py_link_find(is_running, 0) != NULL;
}

void glue_say_good_bye(void)
{
    for (glue_link_t *link; (link = py_link_find(is_running, 0)) != NULL;) {
        link->stopping = true;
        uhttpd_stop_later(link->handle, py_link_gone, link);
    }
}

/* --- waiting for their end ---------------------------------------------------------------------------------------- */

typedef struct {
    uint64_t interrupt_at;
    uint32_t nap_ms;
} patience_t;

static patience_t py_link_patience(uint32_t grace_ms)
{
    return (patience_t) {.interrupt_at = uhttpd_os_now() + grace_ms, .nap_ms = 1};
}

static void py_link_nap(patience_t *patience)
{
    MP_THREAD_GIL_EXIT();
    uhttpd_os_sleep(patience->nap_ms);
    MP_THREAD_GIL_ENTER();
    patience->nap_ms = MIN(2 * patience->nap_ms, LONGEST_NAP_MS);
    if (uhttpd_os_now() >= patience->interrupt_at) {
        patience->interrupt_at = uhttpd_os_now() + INTERRUPT_STEP_MS;
        glue_workers_interrupt();
    }
    glue_link_t *refused = py_link_find(py_link_is_refused, 0);
    if (refused) {
        glue_link_stop(refused);
    }
}

/* @param id  whose callbacks have only so much time to end; 0: those of any server that is being stopped
 * @return false: one of them has not ended */
static bool wait_while(bool (*is)(const glue_link_t *link, uint32_t arg), uint32_t arg, uint32_t id)
{
    patience_t left = py_link_patience(STOP_GRACE_MS);
    uint64_t limit = uhttpd_os_now() + STOP_LIMIT_MS;
    while (py_link_find(is, arg)) {
        if (uhttpd_os_now() >= limit && glue_worker_surviving(id)) {
            return false;
        }
        py_link_nap(&left);
        mp_handle_pending(true);
    }
    return true;
}

void glue_link_wait_gone(uint32_t id)
{
    if (!wait_while(py_link_has_id, id, id)) {
        mp_raise_msg_varg(&mp_type_RuntimeError,
                          MP_ERROR_TEXT("the callback of %s does not end, and the server cannot until it does"),
                          glue_worker_surviving(id));
    }
}

void glue_link_wait_port(uint16_t port)
{
    wait_while(frees_port, port, 0);
}

void glue_forget_threads(void)
{
    glue_gil_forget_threads();
    glue_storage_forget_turn();
    glue_webrepl_end_orphans(true);
}

bool glue_deinit(void)
{
    for (glue_link_t *link; (link = py_link_find(is_running, 0)) != NULL;) {
        glue_link_stop(link);
    }
    patience_t left = py_link_patience(RESET_GRACE_MS);
    uint64_t limit = uhttpd_os_now() + RESET_LIMIT_MS;
    while (py_link_find(is_any, 0) || glue_workers_exist()) {
        if (uhttpd_os_now() >= limit) {
            return false;
        }
        py_link_nap(&left);
    }
    return true;
}

/* SPDX-License-Identifier: MIT */
#include "uhttpd_internal.h"

#include "py/gc.h"
#include "py/mphal.h"
#include "py/runtime.h"

#include "uhttpd_deadline.h"
#include "uhttpd_os.h"

/* A callback with some nested calls, a JSON document and a printed traceback. Scheduled functions run on it as well. */
#ifndef UHTTPD_WORKER_STACK
#define UHTTPD_WORKER_STACK (sizeof(void *) > 4 ? 256 * 1024 : 8 * 1024)
#endif

extern const mp_obj_module_t mp_module_thread; /* no header declares it */

/* A worker thread; lives on its stack. */
typedef struct worker {
    struct worker *next;
    mp_state_thread_t *thread;
    const glue_link_t *link;   /* its server */
    const glue_link_t *inside; /* the server whose callback it runs, or NULL */
    const char *name;          /* of that callback */
    glue_deadline_t deadline;
} worker_t;

static worker_t *s_workers; /* under the GIL */

static worker_t *this_worker(void)
{
    worker_t *worker = s_workers;
    while (worker && worker->thread != mp_thread_get_state()) {
        worker = worker->next;
    }
    return worker;
}

/* --- threads ------------------------------------------------------------------------------------------------------ */

/* The arguments of new workers; lives on the stack of glue_workers_start(). */
typedef struct {
    uhttpd_handle_t server;
    const glue_link_t *link;
    uhttpd_os_sem_t decided; /* given once per thread when it is known whether all of them exist */
    uhttpd_os_sem_t taken;   /* given by each thread when it needs this no more */
    bool all_exist;
} start_t;

static bool take_part(start_t *start, uhttpd_handle_t *server)
{
    uhttpd_os_sem_take(start->decided, UHTTPD_OS_FOREVER);
    *server = start->server;
    bool all_exist = start->all_exist;
    uhttpd_os_sem_give(start->taken);
    return all_exist;
}

/* @param start  NULL: a spare worker of a server that has started */
static void py_worker_live(start_t *start, const glue_link_t *link)
{
    worker_t self = {.thread = mp_thread_get_state(), .link = link, .next = s_workers};
    s_workers = &self;
    glue_deadline_enlist(&self.deadline, link->callback_timeout);
    uhttpd_handle_t server = start ? NULL : link->handle;
    MP_THREAD_GIL_EXIT();
    if (!start || take_part(start, &server)) {
        uhttpd_worker_run(server);
    }
    MP_THREAD_GIL_ENTER();
    glue_deadline_strike_off(&self.deadline);
    worker_t **place = &s_workers;
    while (*place != &self) {
        place = &(*place)->next;
    }
    *place = self.next;
}

static mp_obj_t py_worker_work(mp_obj_t address)
{
    start_t *start = (start_t *)(uintptr_t)mp_obj_get_int_truncated(address);
    py_worker_live(start, start->link);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(work_obj, py_worker_work);

static mp_obj_t py_worker_help(mp_obj_t link)
{
    py_worker_live(NULL, (const glue_link_t *)(uintptr_t)mp_obj_get_int_truncated(link));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(help_obj, py_worker_help);

static mp_obj_t thread_function(qstr name)
{
    return mp_load_attr(MP_OBJ_FROM_PTR(&mp_module_thread), name);
}

static void start_threads(mp_const_obj_t work, const void *start, unsigned count, volatile unsigned *started)
{
    mp_obj_t address = mp_obj_new_int_from_uint((uintptr_t)start);
    mp_obj_t args = mp_obj_new_tuple(1, &address);
    while (*started < count) {
        mp_call_function_2(thread_function(MP_QSTR_start_new_thread), (mp_obj_t)work, args);
        ++*started;
    }
}

/* A new thread keeps the current name spaces alive, with everything in them, so let that be __main__. */
static unsigned start_threads_protected(mp_const_obj_t work, const void *start, unsigned count)
{
    volatile unsigned started = 0;
    mp_obj_dict_t *locals = mp_locals_get();
    mp_obj_dict_t *globals = mp_globals_get();
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t stack_size = mp_obj_new_int_from_uint(UHTTPD_WORKER_STACK);
        mp_obj_t previous = mp_call_function_1(thread_function(MP_QSTR_stack_size), stack_size);
        mp_locals_set(&MP_STATE_VM(dict_main));
        mp_globals_set(&MP_STATE_VM(dict_main));
        nlr_buf_t inner;
        if (nlr_push(&inner) == 0) {
            start_threads(work, start, count, &started);
            nlr_pop();
        }
        mp_call_function_1(thread_function(MP_QSTR_stack_size), previous);
        nlr_pop();
    }
    mp_locals_set(locals);
    mp_globals_set(globals);
    return started;
}

static esp_err_t py_worker_start_workers(start_t *start, unsigned count)
{
    MP_THREAD_GIL_ENTER();
    unsigned started = start_threads_protected(MP_OBJ_FROM_PTR(&work_obj), start, count);
    MP_THREAD_GIL_EXIT();
    start->all_exist = started == count;
    for (unsigned i = 0; i < started; i++) {
        uhttpd_os_sem_give(start->decided);
    }
    for (unsigned i = 0; i < started; i++) {
        uhttpd_os_sem_take(start->taken, UHTTPD_OS_FOREVER);
    }
    return start->all_exist ? ESP_OK : ESP_ERR_NO_MEM;
}

esp_err_t glue_workers_start(uhttpd_handle_t server, unsigned count, void *ctx)
{
    start_t start = {.server = server, .link = ctx, .decided = uhttpd_os_sem_create(), .taken = uhttpd_os_sem_create()};
    esp_err_t err = start.decided && start.taken ? py_worker_start_workers(&start, count) : ESP_ERR_NO_MEM;
    if (start.decided) {
        uhttpd_os_sem_destroy(start.decided);
    }
    if (start.taken) {
        uhttpd_os_sem_destroy(start.taken);
    }
    return err;
}

static bool wants_spare(const glue_link_t *link)
{
    return atomic_load(&link->wants_spare);
}

/* Starting a thread takes a Python thread, but no particular one: even a callback that never returns will do. The GIL is
 * kept, because no thread hands it over while a scheduled function runs. */
static mp_obj_t start_spares(mp_obj_t unused)
{
    (void)unused;
    for (glue_link_t *link; (link = glue_link_find(wants_spare)) != NULL;) {
        atomic_store(&link->wants_spare, false);
        if (uhttpd_spare_begin(link->handle) && !start_threads_protected(MP_OBJ_FROM_PTR(&help_obj), link, 1)) {
            uhttpd_spare_fail(link->handle);
        }
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(start_spares_obj, start_spares);

void glue_workers_start_spare(uhttpd_handle_t server, void *ctx)
{
    (void)server;
    glue_link_t *link = ctx;
    if (!atomic_exchange(&link->wants_spare, true)) {
        atomic_store(&link->wants_spare, mp_sched_schedule(MP_OBJ_FROM_PTR(&start_spares_obj), mp_const_none));
    }
    glue_wake_all();
}

bool glue_workers_exist(void)
{
    return s_workers != NULL;
}

/* --- callbacks ---------------------------------------------------------------------------------------------------- */

bool glue_worker_is_inside(uint32_t link_id)
{
    const worker_t *worker = this_worker();
    return worker && worker->inside && worker->inside->id == link_id;
}

/* It runs a callback, or its own server's file operation, of a server that is being stopped. */
static bool worker_is_in_the_way(const worker_t *worker)
{
    const glue_link_t *link = worker->inside ? worker->inside : worker->deadline.timeout ? worker->link : NULL;
    return link && link->stopping && worker->thread != mp_thread_get_state();
}

void glue_workers_interrupt(void)
{
    bool any = false;
    for (const worker_t *worker = s_workers; worker; worker = worker->next) {
        if (worker_is_in_the_way(worker)) {
            worker->thread->mp_pending_exception = mp_obj_new_exception(&mp_type_SystemExit);
            any = true;
        }
    }
    if (any) {
        gc_collect(); /* where it signals threads to scan their stacks, that ends the system calls they wait in */
    }
}

const char *glue_worker_surviving(uint32_t link_id)
{
    for (const worker_t *worker = s_workers; worker; worker = worker->next) {
        const glue_link_t *link = worker->inside;
        if (link && link->stopping && (link->id == link_id || !link_id)) {
            return worker->name;
        }
    }
    return NULL;
}

bool glue_worker_stops(void)
{
    const worker_t *worker = this_worker();
    return worker && worker->link->stopping;
}

void glue_worker_step(bool begins)
{
    worker_t *worker = this_worker();
    if (worker && begins) {
        glue_deadline_begin(&worker->deadline, worker->link->callback_timeout);
    } else if (worker) {
        glue_deadline_end(&worker->deadline);
    }
}

void glue_worker_call(const glue_link_t *link, const glue_link_route_t *route,
                      void (*run)(py_uhttpd_server_t *server, void *arg), void *arg)
{
    MP_THREAD_GIL_ENTER();
    py_uhttpd_server_t *server = link->server;
    if (server) {
        worker_t *worker = this_worker();
        worker->inside = link;
        worker->name = route ? glue_server_route_name(server, route) : "auth, file_acl or an async function";
        glue_deadline_begin(&worker->deadline, link->callback_timeout);
        run(server, arg);
        worker->inside = NULL;
        glue_deadline_end(&worker->deadline);
    }
    MP_THREAD_GIL_EXIT();
}

/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>

#include "py/mpstate.h"
#include "py/mpthread.h"
#include "py/obj.h"

#include "uhttpd.h"
#include "uhttpd_bindings.h"
#include "uhttpd_form.h"
#include "uhttpd_ws_group.h"

/**
 * @file
 * The internal interface of the uhttpd module. Unless said otherwise, everything is called by Python threads that hold
 * the GIL.
 *
 * Ownership: the C server outlives the Python object, never the other way round. Between them is a link in plain C
 * memory, so that nothing on the C side keeps a Server from being collected:
 *
 *     Server object  --link-->  glue_link_t  --handle-->  C server, its workers
 *                    <-server-  (weak)         <---ctx----  each of its routes
 */

/** @brief One route of a C server: the context of its handler. */
typedef struct glue_link_route {
    struct glue_link_route *next;
    struct glue_link *link;
    uint16_t index;          /* in the Server's list of handlers */
    atomic_bool spare;       /* removed, and no request needs it any more: the next route takes it */
    bool listed;             /* in glue_link_t::routes */
    uint16_t error;          /* status that errorhandler() was called with; 0: it is a route */
    uhttpd_ws_group_t group; /* of Server.websocket(), whose callback is the WebSocketGroup */
} glue_link_route_t;

/** What the Server keeps for a route. */
typedef enum {
    GLUE_HANDLER_URL,
    GLUE_HANDLER_CALLBACK,
    GLUE_HANDLER_AUTH, /* a function, or None */
    GLUE_HANDLER_SIZE,
} glue_handler_t;

#define GLUE_ANY_ERROR UINT16_MAX /* as glue_link_route_t::error: that of HTTPException */

typedef struct glue_link {
    struct glue_link *next;
    uint32_t id; /* never used twice */
    uhttpd_handle_t handle;
    py_uhttpd_server_t *server; /* weak: NULL once collected, and for a server that has no Server object */
    uint16_t port;
    uint32_t callback_timeout; /* ms; 0: none */
    atomic_bool wants_spare;   /* a worker was asked for, and the scheduled function has not run yet */
    bool stopping;
    bool stop_refused; /* there was no memory to stop it; try again */
    bool terminal;     /* Server.ws() was called */
    bool webrepl;      /* belongs to webrepl.start() */
    uint16_t route_count;
    atomic_bool loop_asked;    /* loop_job waits */
    uhttpd_job_t loop_job;     /* runs an event loop (uhttpd_loop.c) */
    glue_link_route_t *routes; /* freed with the link */
    char own_file[128];        /* that serve() without a base does not hand out */
} glue_link_t;

struct py_uhttpd_server {
    mp_obj_base_t base;
    glue_link_t *link; /* NULL: stopped */
    uint32_t id;       /* of the link, also when that is gone */
    uint16_t port;
    bool routes_given; /* to the constructor: route() is over */
    bool slots_grow;   /* with decorators: nobody has said how many there are */
    uint8_t events;    /* clients that may listen */
    mp_obj_t auth;     /* decides on requests, with AUTH_CUSTOM */
    mp_obj_t file_acl; /* decides on files, or None */
    bool acl_given;    /* file_acl() was called */
    const char *ext_path;
    mp_obj_t handlers;              /* list of what glue_handler_t says, for one route after the other */
    mp_obj_t before, after;         /* lists of functions, or None */
    mp_obj_t errors;                /* list of class, function, class, function ... or None */
    py_uhttpd_websocket_t *sockets; /* those that are open */
    struct glue_held_object *held;  /* requests that are held: the collector finds them here */
};

struct py_uhttpd_request {
    mp_obj_base_t base;
    uhttpd_req_t *req;         /* NULL: the callback has returned */
    mp_state_thread_t *thread; /* that runs the callback; NULL: an event loop does */
    py_uhttpd_server_t *server;
    mp_obj_t malformed; /* what was raised last because of what the client sent; None */
    mp_obj_t fault;     /* and what the client is told of it, a str */
    bool body_taken;    /* by a method that reads it */
    mp_obj_t args;      /* MultiDicts, when they were asked for; else None */
    mp_obj_t form;
    mp_obj_t files;
    uhttpd_parts_t *parts;  /* of parts(); NULL: there are none */
    py_uhttpd_part_t *part; /* that is being read */
    mp_obj_t g;             /* None until somebody asks for it */
    mp_obj_t held;          /* of an async callback (uhttpd_async.c); MP_OBJ_NULL */
    mp_obj_t written;       /* the Response of write() in an async callback; MP_OBJ_NULL */
};

/** @name uhttpd_link.c: the life of C servers
 *  @{ */
/**
 * @brief Starts a C server. Releases the GIL meanwhile.
 * @param callback_timeout  ms; 0: none
 * @return as uhttpd_start()
 */
esp_err_t glue_link_start(const uhttpd_config_t *config, uint32_t callback_timeout, glue_link_t **link);

/** @brief The route with that index, which exists. */
const glue_link_route_t *glue_link_route(const glue_link_t *link, uint16_t index);

/** @brief Begins to stop a C server; returns at once, never releases the GIL. @p link is invalid from now on. */
void glue_link_stop(glue_link_t *link);

/** @brief No more callbacks: the Server object is being collected. */
void glue_link_forget(uint32_t id);

/**
 * @brief Waits without the GIL until that C server is gone. Interrupts callbacks that run for too long. Raises a
 *        pending exception, such as KeyboardInterrupt, or RuntimeError when a callback goes on for all that; the server
 *        ends anyway, if that callback does.
 */
void glue_link_wait_gone(uint32_t id);

/** @brief The same for all C servers that are being stopped and had this port, but without the RuntimeError. */
void glue_link_wait_port(uint16_t port);

/** @brief The C server of an object. RuntimeError when it is stopped. */
glue_link_t *glue_link_running(py_uhttpd_server_t *self);

/** @brief The first C server that is not being stopped and for which @p is returns true; NULL: none. */
glue_link_t *glue_link_find(bool (*is)(const glue_link_t *link));
/** @} */

/** @name uhttpd_worker.c: threads that run callbacks
 *  @{ */
/** @brief uhttpd_config_t::start_workers. Called without the GIL. */
esp_err_t glue_workers_start(uhttpd_handle_t server, unsigned count, void *ctx);

/** @brief uhttpd_config_t::start_spare. @p ctx is a glue_link_t. Called without the GIL. */
void glue_workers_start_spare(uhttpd_handle_t server, void *ctx);

/**
 * @brief Calls @p run with the GIL, as a callback of that C server: of this route, or with NULL of none. Called without
 *        the GIL. Does nothing when the Server object has been collected. Its server may be about to stop.
 */
void glue_worker_call(const glue_link_t *link, const glue_link_route_t *route,
                      void (*run)(py_uhttpd_server_t *server, void *arg), void *arg);

/** @brief The URL of a callback of that C server that runs while it is being stopped; 0: of any. NULL: none does. */
const char *glue_worker_surviving(uint32_t link_id);

/** @brief True when the calling thread is within a callback of that C server. */
bool glue_worker_is_inside(uint32_t link_id);

/** @brief True in a worker whose server is being stopped. */
bool glue_worker_stops(void);

/** @brief In a worker, the deadline of a callback begins anew, or there is none for a while. */
void glue_worker_step(bool begins);

/** @brief Raises SystemExit in callbacks and file operations of servers that are being stopped, and ends their waits. */
void glue_workers_interrupt(void);

bool glue_workers_exist(void);
/** @} */

/** @name uhttpd_callback.c: what the callbacks of a server are asked, and what their answers do
 *  @{ */
/** @brief Handler of all routes with a callback. @p ctx is a glue_link_route_t. Called without the GIL. */
esp_err_t glue_callback_handle(uhttpd_req_t *req, void *ctx);

/** @brief uhttpd_config_t::auth: asks py_uhttpd_server::auth. @p ctx is a glue_link_t. Called without the GIL. */
esp_err_t glue_callback_authorize(uhttpd_req_t *req, void *ctx);

/** @brief uhttpd_route_t::auth: asks the function of a route. @p ctx is its glue_link_route_t. Called without the GIL. */
esp_err_t glue_callback_authorize_route(uhttpd_req_t *req, void *ctx);

/**
 * @brief Answers a request that was held, by what its callback has returned; or raised, unless @p exception is MP_OBJ_NULL.
 * @param status  of the answer, if what was returned has none; 0: the usual one
 * @return as the handler of the route
 */
esp_err_t glue_callback_answer(py_uhttpd_server_t *server, const glue_link_route_t *route, py_uhttpd_request_t *request,
                               mp_obj_t returned, int status, mp_obj_t exception);

/** @brief Status and headers of a body in pieces, as a Response, from what the callback has returned. */
mp_obj_t glue_callback_head(const py_uhttpd_server_t *server, py_uhttpd_request_t *request, mp_obj_t returned,
                            int status);

/** @brief For uhttpd_file_acl(): asks py_uhttpd_server::file_acl. @p ctx is a glue_link_t. Called without the GIL. */
int glue_callback_file_acl(const char *path, void *ctx);

/** @brief Prints which callback has raised what. */
void glue_callback_print(const py_uhttpd_server_t *server, const glue_link_route_t *route, mp_obj_t exception);
/** @} */

/** @name uhttpd_route.c: what adds routes
 *  @{ */
/** @brief ValueError unless @p url can be that of a route. */
void glue_server_check_url(const char *url);

/** @brief The routes that the constructor was given, checked, as a flat list; None without any. */
mp_obj_t glue_routes_given(mp_obj_t routes);

/** @brief How many slots a server has. @param routes, given  the argument, and what glue_routes_given() made of it */
unsigned glue_routes_slots(mp_obj_t routes, mp_obj_t given);
void glue_routes_add(py_uhttpd_server_t *self, mp_obj_t given);

/** @brief An entry with this callback, whose name is @p url; to be given to glue_server_settle(). */
glue_link_route_t *glue_server_entry(py_uhttpd_server_t *self, const char *url, mp_obj_t callback);

/** @brief A new entry for a route with this callback; RuntimeError when the slots are used up. */
glue_link_route_t *glue_server_reserve(py_uhttpd_server_t *self, const char *url, mp_obj_t callback);

/** @brief What the Server keeps for a route; it can be set. */
mp_obj_t *glue_server_handler(const py_uhttpd_server_t *server, const glue_link_route_t *route, glue_handler_t what);

/** @brief The entry belongs to the link from now on; or, with an error, it is freed, and the error is raised. */
void glue_server_settle(py_uhttpd_server_t *self, glue_link_route_t *entry, esp_err_t err);

/** @brief The URL that a route was registered with, alive as long as the server. */
const char *glue_server_route_name(const py_uhttpd_server_t *server, const glue_link_route_t *route);
/** @} */

/** @name uhttpd_request.c, uhttpd_response.c
 *  @{ */
/** @brief A str of what clients and disks call a text. If it is not UTF-8, it is taken for Latin-1. */
mp_obj_t glue_text_object(const char *text, size_t len);

/** @brief Makes a Request. NULL: no memory. */
py_uhttpd_request_t *glue_request_new(uhttpd_req_t *req, py_uhttpd_server_t *server);

/** @brief The C request. RuntimeError when it is over, or belongs to another thread. */
uhttpd_req_t *glue_request_get(py_uhttpd_request_t *self);

/** @brief The request is over. */
void glue_request_end(py_uhttpd_request_t *self);

/** @brief Raises what the client is to blame for: unless the callback catches it, the client gets 400 with this text. */
_Noreturn void glue_request_blame(py_uhttpd_request_t *self, mp_obj_t exception, mp_obj_t text);

/** @brief Raises the error of reading a body, as HTTPException if the body is not what it should be. ESP_OK does nothing. */
void glue_request_check(const uhttpd_req_t *req, esp_err_t err);

/** @brief Reads until the memory is full or there is no more. May raise. @return bytes */
typedef size_t (*glue_source_t)(void *source, char *memory, size_t size);

/** @brief As Request.read(). @param known  bytes that there are; -1: nobody knows */
mp_obj_t glue_source_read(glue_source_t read, void *source, mp_int_t len, int64_t known);

/** @brief As Request.readinto(). */
int64_t glue_source_readinto(glue_source_t read, void *source, mp_obj_t buffer);

/** @brief The same, for calls that may wait for the client: RuntimeError on an event loop. */
uhttpd_req_t *glue_request_wait(py_uhttpd_request_t *self);

/** @brief The same, for reading the body: an event loop can do that if all of it was collected. */
uhttpd_req_t *glue_request_body(py_uhttpd_request_t *self);

/** @brief An argument `status` as uhttpd_response_t::status, alive as long as a pointer to it is. */
const char *glue_response_status(mp_obj_t status);

/** @brief The type of a body: the argument `mime`, or that of its own kind; NULL: the usual one. */
const char *glue_response_mime(const char *mime, mp_obj_t body);

/** @brief Adds an argument `headers` to a response, in memory that lives as long as that is on a stack. */
void glue_response_headers(uhttpd_response_t *response, mp_obj_t headers);

/** @brief uhttpd_write() and uhttpd_send_chunk() without the GIL. A piece that is None ends the body. What is wrong with
 *         data or headers is raised; @return other errors. */
esp_err_t glue_response_write(uhttpd_req_t *req, mp_obj_t body, const uhttpd_response_t *response);
esp_err_t glue_response_chunk(uhttpd_req_t *req, mp_obj_t piece, const uhttpd_response_t *response);
/** @} */

/** @name uhttpd_multidict.c, uhttpd_forms.c
 *  @{ */
/** @param missing  the beginning of what a client is told that has not sent a key, such as "the form has no field" */
py_uhttpd_multidict_t *glue_multidict_new(py_uhttpd_request_t *request, const char *missing);
void glue_multidict_add(py_uhttpd_multidict_t *self, mp_obj_t key, mp_obj_t value);
/** @} */

/** @name uhttpd_answer.c, uhttpd_return.c: answers that callbacks return or raise
 *  @{ */
struct py_uhttpd_response {
    mp_obj_base_t base;
    mp_obj_t body;
    mp_obj_t status;
    mp_obj_t headers; /* a dict */
    const char *mime; /* NULL: the usual one */
    bool sent;        /* nothing can be changed */
    bool allow_cors;
};

/**
 * @brief Sends what a callback returned. What cannot be sent is raised.
 * @param status  where what was returned has none; 0: the usual one
 * @return as uhttpd_write()
 */
esp_err_t glue_return_send(uhttpd_req_t *req, mp_obj_t returned, int status);

/** @brief What a callback returned as a Response, with the arguments of glue_return_send(). */
mp_obj_t glue_return_response(mp_obj_t returned, int status);

/** @brief The body in what a callback returned; raises if it is nonsense. */
mp_obj_t glue_return_body(mp_obj_t returned);

/** @brief All but the body of what a callback returned, as a Response. @param status  if it has none */
mp_obj_t glue_return_head(mp_obj_t returned, int status);

/** @brief Sends a piece of a body, None for its end, with that head. Errors are raised. */
void glue_return_send_piece(uhttpd_req_t *req, mp_obj_t head, mp_obj_t piece);

/** @brief A Response with a status, and a text of which None is what the status means. */
mp_obj_t glue_return_error(mp_obj_t status, mp_obj_t text);

/** @brief A Response of which after_request() learns that it has been sent. @param status  0: it is not known */
mp_obj_t glue_return_sent(int status);
/** @} */

/** @name uhttpd_around.c: what is called before and after callbacks, and instead of errors. All of it may raise.
 *  @{ */
/** @brief Asks before_request(). @return the answer; MP_OBJ_NULL: go on to the callback */
mp_obj_t glue_around_before(const py_uhttpd_server_t *server, mp_obj_t request, const uhttpd_req_t *req);

/** @brief Asks after_request(). @return the Response to send */
mp_obj_t glue_around_after(const py_uhttpd_server_t *server, mp_obj_t request, mp_obj_t response);

/**
 * @brief Has errorhandler() answer an exception, or abort() by itself.
 * @param[out] status  of the error
 * @return the answer; MP_OBJ_NULL: nobody answers that
 */
mp_obj_t glue_around_error(const py_uhttpd_server_t *server, mp_obj_t request, mp_obj_t exception, int *status);

/** @brief The same for what the client is to blame for. @param fault  what it is told, a str */
mp_obj_t glue_around_body(const py_uhttpd_server_t *server, mp_obj_t request, mp_obj_t fault, int *status);

/** @brief What abort() has raised, as a Response; anything else: MP_OBJ_NULL. @param[out] status  its status */
mp_obj_t glue_around_abort(mp_obj_t exception, int *status);

/** @brief Has errorhandler() answer an error of the server, for its entry. */
mp_obj_t glue_around_page(const py_uhttpd_server_t *server, const glue_link_route_t *route, mp_obj_t request,
                          const uhttpd_req_t *req);
/** @} */

/** @name uhttpd_access.c: who may access what
 *  @{ */
/** @brief Puts acl and auth of Server() into @p config, or raises what is wrong with them. */
void glue_access_configure(uhttpd_config_t *config, mp_int_t acl, mp_obj_t auth);

/** @brief An argument `auth` of a route: a function, a header value as str, False, or None; anything else is raised. */
mp_obj_t glue_access_of_route(mp_obj_t auth);

/** @brief Puts an argument `headers` into @p config, or raises what is wrong with it. */
void glue_access_headers(uhttpd_config_t *config, mp_obj_t headers);

/** @brief An iterable of str as a C list that ends with NULL, alive as long as a pointer to it is; NULL for None. */
const char *const *glue_access_list(qstr name, mp_obj_t items);

/** @brief As that, of origins. ValueError when no browser sends such an origin. */
const char *const *glue_access_origins(mp_obj_t items);
/** @} */

/** @name uhttpd_json.c: the interpreter's json module
 *  @{ */
mp_obj_t glue_json_dumps(mp_obj_t value); /*!< a str; ValueError when JSON cannot say it */
mp_obj_t glue_json_loads(mp_obj_t text);  /*!< ValueError when it is not JSON */

/** @brief True for a dict, list, tuple or MultiDict, which leaves as JSON. */
bool glue_is_json_data(mp_obj_t data);

/** @brief What is sent for data of a response, message or event: a str as UTF-8, a dict, list or tuple as JSON. */
mp_obj_t glue_data_of(mp_obj_t data);
/** @} */

/** @name uhttpd_errors.c: errors of the C side as Python exceptions
 *  @{ */
_Noreturn void glue_raise(esp_err_t err);

/** @brief Raises the error of starting a server; OSError has address and port if it is about them. */
_Noreturn void glue_raise_start(esp_err_t err, const char *bind, uint16_t port);

/** @brief Raises the error of adding a route; does nothing for ESP_OK. */
void glue_raise_route(esp_err_t err);
/** @} */

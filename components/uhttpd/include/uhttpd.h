/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "esp_err.h"
#include "uhttpd_defaults.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file
 * A threaded HTTP server on ESP-IDF's esp_http_server.
 *
 * Three kinds of task work for a server, and none waits for another:
 *  - the **HTTP task** (esp_http_server's own) accepts, reads whole request heads and routes; it never waits;
 *  - **workers** run handlers; a handler may take its time and may block;
 *  - the **I/O task** (one for all servers) owns every socket that is not being handled right now: half request heads,
 *    closing connections, WebSockets. Nothing in it blocks.
 *
 * @code{c}
 * static esp_err_t hello(uhttpd_req_t *req, void *ctx)
 * {
 *     return uhttpd_write(req, "Hello World", 11, &(uhttpd_response_t) {.mime = "text/plain"});
 * }
 *
 * uhttpd_config_t config = UHTTPD_DEFAULT_CONFIG();
 * uhttpd_handle_t server;
 * ESP_ERROR_CHECK(uhttpd_start(&config, &server));
 * ESP_ERROR_CHECK(uhttpd_route(server, &(uhttpd_route_t) {.url = "/my", .methods = UHTTPD_GET, .handler = hello}));
 * @endcode
 */

/** @name Errors beside the general ones of esp_err.h
 *  @{ */
#define ESP_ERR_UHTTPD_BASE (0xb100)
#define ESP_ERR_UHTTPD_PORT_TAKEN (ESP_ERR_UHTTPD_BASE + 1)  /*!< another program or server listens on that port */
#define ESP_ERR_UHTTPD_ROUTES_FULL (ESP_ERR_UHTTPD_BASE + 2) /*!< config.routes slots are used up */
#define ESP_ERR_UHTTPD_STOPPING (ESP_ERR_UHTTPD_BASE + 3)    /*!< the server is being stopped */
#define ESP_ERR_UHTTPD_ANSWERED (ESP_ERR_UHTTPD_BASE + 4)    /*!< the request has got its response already */
#define ESP_ERR_UHTTPD_GONE (ESP_ERR_UHTTPD_BASE + 5)        /*!< the client closed the connection or stopped reading */
#define ESP_ERR_UHTTPD_BODY (ESP_ERR_UHTTPD_BASE + 6)        /*!< the body is malformed or ended early */
#define ESP_ERR_UHTTPD_BUSY (ESP_ERR_UHTTPD_BASE + 7)        /*!< too many sockets are detached already */
#define ESP_ERR_UHTTPD_TOO_BIG (ESP_ERR_UHTTPD_BASE + 8)     /*!< the body is longer than uhttpd_config_t::max_body */
#define ESP_ERR_UHTTPD_REFUSED (ESP_ERR_UHTTPD_BASE + 9)     /*!< the body is not what it should be */
/** @} */

typedef struct uhttpd_server *uhttpd_handle_t;
typedef struct uhttpd_req uhttpd_req_t;

typedef struct {
    const char *name;
    const char *value; /*!< NULL: the header is left out */
} uhttpd_header_t;

/**
 * @brief The methods that have a bit of their own, in the order in which Allow names them: X(name, bit).
 *
 * A bit never changes: a new method takes the next free one after UHTTPD_ANY's.
 */
#define UHTTPD_METHODS(X) \
    X(GET, 0) /* a route for GET answers HEAD too, without a body */ \
    X(HEAD, 5) \
    X(POST, 1) \
    X(PUT, 3) \
    X(PATCH, 4) \
    X(DELETE, 2) \
    X(MOVE, 7) \
    X(OPTIONS, 6)

#define UHTTPD_METHOD_BIT(name, bit) UHTTPD_##name = 1 << (bit),

/** @brief Request methods, UHTTPD_GET and so on: one bit each, so that a route can name several. */
typedef enum {
    /* clang-format off */
    UHTTPD_METHODS(UHTTPD_METHOD_BIT)
    /* clang-format on */
    UHTTPD_ANY = 1 << 8, /*!< of a route: every method, also those without a bit here (one slot); of a request: such a
                              method, see uhttpd_req_method_name() */
} uhttpd_method_t;

/**
 * @brief Starts workers on threads of the caller's instead of plain tasks.
 *
 * For language runtimes whose code may only run on their own threads. Called once, from uhttpd_start(). Each worker it
 * starts calls uhttpd_worker_run() once and ends when that returns.
 *
 * @return ESP_OK when @p count workers were started. Any other code ends uhttpd_start() with that code, and then none of
 *         them may call uhttpd_worker_run().
 */
typedef esp_err_t (*uhttpd_start_workers_t)(uhttpd_handle_t server, unsigned count, void *ctx);

/**
 * @brief Adds routes, before the server listens: a client that connects at once finds all of them. Called once, from
 *        uhttpd_start(). Anything but ESP_OK ends that with this code.
 */
typedef esp_err_t (*uhttpd_prepare_t)(uhttpd_handle_t server, void *ctx);

/**
 * @brief Has one more worker started on a thread of the caller's, after uhttpd_spare_begin(). I/O task; must not block.
 *
 * It may take its time, or come to nothing: as long as jobs wait, it is asked again, ten times a second.
 */
typedef void (*uhttpd_start_spare_t)(uhttpd_handle_t server, void *ctx);

/**
 * @brief Decides whether a request may be answered, before anything else is said about its URL. Runs in a worker.
 *
 * It may answer itself, for instance with a redirection to a login page; then no handler runs. Preflights of browsers,
 * which carry no credentials, and routes with uhttpd_route_t::own_auth do not come here.
 *
 * Refusing a request that has an Authorization header counts as a wrong password (uhttpd_guesses.h), unless it is answered
 * here with another status than 401: 403 says that the password is right and does not suffice. When an address has given
 * too many wrong ones, its requests with that header get 429 with Retry-After, and do not come here.
 *
 * @return ESP_OK: go on. ESP_ERR_NO_MEM or ESP_ERR_INVALID_STATE: it could not decide. Anything else: it refuses. The client
 *         gets a 403, if it was not answered.
 */
typedef esp_err_t (*uhttpd_auth_t)(uhttpd_req_t *req, void *ctx);

/**
 * @brief Called with the head of each request, as it arrived, before anything else happens with it: for tracing. HTTP
 *        task or I/O task; must not block.
 */
typedef void (*uhttpd_trace_t)(uhttpd_handle_t server, const char *head, size_t len, void *ctx);

/**
 * @brief The configuration of a server. Start from UHTTPD_DEFAULT_CONFIG().
 *
 * Sizes are in bytes, times in milliseconds. Everything is bounded by a number given here.
 */
typedef struct {
    uint16_t port;    /*!< TCP port; 0 takes a free one, uhttpd_port() tells which */
    const char *bind; /*!< local address to listen on, "0.0.0.0" for all. NULL: all on a chip, 127.0.0.1 on a desktop.
                           Copied */

    uint8_t routes;      /*!< slots for routes, 1 to 255, including that of OPTIONS; see uhttpd_route() */
    uint8_t max_sockets; /*!< connections at a time, WebSockets and half requests included, 3 to 64 */
    uint16_t max_header; /*!< request line and headers together, 256 to 65535; more gets 431 (414 for the request line).
                              Memory is taken while a request is in work, and only as much as its head needs */

    uint32_t max_body; /*!< longest request body that a handler is given; more gets 413. 0: any length */
    bool cors;         /*!< adds `Access-Control-Allow-Origin: *` to every response, and lets pages of any origin
                            change state (POST, PUT, ...). WebSockets stay with their own origin */
    const char *const *cors_origins; /*!< as cors, for these origins only, such as "https://example.org", which are then
                                          named instead of `*`; every response says `Vary: Origin`. Their pages may open
                                          WebSockets, too. Ends with NULL; NULL: none; not together with cors. Copied */

    const uhttpd_header_t
        *headers; /*!< of every response, pages and errors of the server's own and files included, unless
                                         it has a header of that name itself; one with the value NULL leaves it out.
                                         Not in what uhttpd_send() sends, in answers to WebSocket handshakes, and in the
                                         503 of a connection for which there is no socket. See uhttpd_header_fault() (uhttpd_settings.h).
                                         Copied */
    uint8_t header_count;

    const char *const *hosts; /*!< names and addresses that this server is known by; with a port ("esp.local:8080") or
                                   without (any port). A request whose Host is none of them gets 421: it may be a page
                                   elsewhere that has its own name resolve to us (DNS rebinding). Ends with NULL; NULL:
                                   every Host will do for GET, HEAD and OPTIONS; for other methods and WebSockets it
                                   must be an address, a name without a dot, or one that ends in ".local". Copied */

    const char *basic_auth; /*!< the whole Authorization header that every request must have, such as
                                 "Basic YW5zd2VyOjQy"; others get 401, and after too many wrong ones 429 with
                                 Retry-After (uhttpd_guesses.h). NULL: none. Copied */
    const char *realm;      /*!< shown by browsers that ask for a password, at most 64 bytes, without quotes and
                                 backslashes; NULL: "uhttpd". Copied */
    uhttpd_auth_t auth;     /*!< decides on every request instead; NULL: none. Not together with basic_auth */
    void *auth_ctx;         /*!< handed to auth */

    uint8_t workers;         /*!< handlers that run at a time, 1 to 16 */
    uint8_t spare_workers;   /*!< how many more are started, 16 at most, while all workers are held up for more than a
                                  tenth of a second and jobs wait. They end when there is nothing to do for them, and
                                  without memory there are none */
    uint16_t worker_stack;   /*!< stack of a worker; ignored with start_workers */
    uint16_t io_stack;       /*!< stack of the I/O task (the first server that starts decides) */
    uint16_t http_stack;     /*!< stack of the HTTP task */
    uint8_t task_priority;   /*!< FreeRTOS priority of all tasks */
    int8_t task_core;        /*!< the core that all tasks run on, -1 for any; not of workers by start_workers */
    bool psram_stacks;       /*!< stacks are in PSRAM, which leaves internal memory to others. A task with such a stack
                                  must not write to flash: no handler may change files there, NVS, or partitions, unless
                                  code runs from PSRAM, too (CONFIG_SPIRAM_XIP_FROM_PSRAM) */
    uint32_t header_timeout; /*!< from the first byte of a request to the end of its head; late gets 408 */
    uint32_t body_timeout;   /*!< longest silence within a request body */
    uint32_t send_timeout;   /*!< longest time a client may take no byte of a response */
    uint32_t idle_timeout;   /*!< a connection without a request is closed after this; 0 keeps it */

    uint32_t min_rate;    /*!< bytes per second that a client must send of a body, or take of a response, while it is
                               waited for; slower gets 408, or is disconnected. 0: any pace will do */
    uint32_t rate_window; /*!< waiting time over which that is measured */

    uint32_t body_buffer;   /*!< bytes of request bodies, of all clients together, that are collected before a worker is
                                 taken, as are the first 4096 of longer ones. A worker waits for the rest of those while
                                 its handler reads them */
    uint32_t unsent_buffer; /*!< bytes of responses, of all clients together, that are copied when clients do not take
                                 them at once, so that workers need not wait. For what does not fit, workers wait */
    uint16_t stream_buffer; /*!< buffer of each stream (uhttpd_stream.h), 256 to 65535 */

    uhttpd_trace_t trace; /*!< NULL: requests are not traced */
    void *trace_ctx;      /*!< handed to trace */

    void (*watch)(
        void *ctx);        /*!< called by the I/O task every watch_period ms, to look after the program's own workers;
                                   must not block. NULL: nothing is called */
    void *watch_ctx;       /*!< handed to watch */
    uint32_t watch_period; /*!< ms, not 0 with watch */

    uhttpd_start_workers_t start_workers; /*!< NULL starts plain tasks */
    uhttpd_start_spare_t start_spare;     /*!< NULL: there are no spare ones with start_workers */
    void *start_workers_ctx;              /*!< handed to start_workers and start_spare */

    uhttpd_prepare_t prepare; /*!< adds routes before the first connection; NULL: they are added later */
    void *prepare_ctx;        /*!< handed to prepare */
} uhttpd_config_t;

#ifdef CONFIG_UHTTPD_PSRAM_STACKS
#define UHTTPD_PSRAM_STACKS_DEFAULT true
#else
#define UHTTPD_PSRAM_STACKS_DEFAULT false
#endif

#define UHTTPD_DEFAULT_CONFIG() \
    { \
        .port = 80, \
        .routes = CONFIG_UHTTPD_ROUTES, \
        .max_sockets = CONFIG_UHTTPD_MAX_SOCKETS, \
        .max_header = CONFIG_UHTTPD_MAX_HEADER_BYTES, \
        .max_body = CONFIG_UHTTPD_MAX_BODY_BYTES, \
        .workers = CONFIG_UHTTPD_WORKERS, \
        .spare_workers = CONFIG_UHTTPD_SPARE_WORKERS, \
        .worker_stack = CONFIG_UHTTPD_WORKER_STACK_BYTES, \
        .io_stack = CONFIG_UHTTPD_IO_STACK_BYTES, \
        .http_stack = CONFIG_UHTTPD_HTTP_STACK_BYTES, \
        .task_priority = CONFIG_UHTTPD_TASK_PRIORITY, \
        .task_core = CONFIG_UHTTPD_TASK_CORE, \
        .psram_stacks = UHTTPD_PSRAM_STACKS_DEFAULT, \
        .header_timeout = CONFIG_UHTTPD_HEADER_TIMEOUT_MS, \
        .body_timeout = CONFIG_UHTTPD_BODY_TIMEOUT_MS, \
        .send_timeout = CONFIG_UHTTPD_SEND_TIMEOUT_MS, \
        .idle_timeout = CONFIG_UHTTPD_IDLE_TIMEOUT_MS, \
        .min_rate = CONFIG_UHTTPD_MIN_RATE_BYTES, \
        .rate_window = CONFIG_UHTTPD_RATE_WINDOW_MS, \
        .body_buffer = CONFIG_UHTTPD_BODY_BUFFER_BYTES, \
        .unsent_buffer = CONFIG_UHTTPD_UNSENT_BUFFER_BYTES, \
        .stream_buffer = CONFIG_UHTTPD_STREAM_BUFFER_BYTES, \
    }

/** @brief For max_sockets: as many as the TCP/IP stack allows besides those that a server itself needs and two for the
 *         firmware's own use, 12 at most. */
#define UHTTPD_MAX_SOCKETS_DEFAULT 0

/** @name Life cycle
 *  @{ */
/**
 * @brief Starts a server: it listens when this returns. Any task; waits for memory and the TCP/IP stack only.
 *
 * @param[in]  config  Copied. Fields that say so are copied with what they point to.
 * @param[out] server  To be given to uhttpd_stop().
 * @return
 *  - ESP_OK
 *  - ESP_ERR_INVALID_ARG : a number in @p config is out of its range, max_sockets exceeds what the TCP/IP stack has, a
 *    time-out but idle_timeout is 0, cors and cors_origins or basic_auth and auth exclude each other, or a text cannot
 *    stand where it is meant to (uhttpd_settings.h); the log names it
 *  - ESP_ERR_UHTTPD_PORT_TAKEN
 *  - ESP_ERR_NOT_ALLOWED : the port needs a privilege that this process does not have
 *  - ESP_ERR_NO_MEM
 *  - ESP_FAIL : the engine could not start; its log says why
 *  - whatever start_workers or prepare returned
 */
esp_err_t uhttpd_start(const uhttpd_config_t *config, uhttpd_handle_t *server);

/**
 * @brief Stops a server, waits until it has ended, and frees it. The port is free when this returns.
 *
 * Waiting requests get 503, open connections are closed, WebSockets send queued messages and are closed with 1012
 * ("service restart"), streams end with ESP_ERR_UHTTPD_STOPPING. This waits for running handlers. If a handler or
 * WebSocket has not ended after a second, its socket is shut down, so that reading and writing fails at once. Blocks.
 * Never from a handler: use uhttpd_stop_later() there.
 */
void uhttpd_stop(uhttpd_handle_t server);

/**
 * @brief Stops a server in the background. Any task, handlers included; does not block. The handle is invalid from now on.
 *
 * @param[in] done  Called from a separate task when the server is gone; may be NULL.
 * @return ESP_OK; ESP_ERR_NO_MEM for that task: the server answers 503 from now on, and can be stopped again.
 */
esp_err_t uhttpd_stop_later(uhttpd_handle_t server, void (*done)(void *ctx), void *ctx);

/** @brief The port it listens on. Any task; does not block. */
uint16_t uhttpd_port(uhttpd_handle_t server);

/** @brief Runs a worker. Blocks until the server stops, or needs a spare one no more. Only for workers that
           uhttpd_config_t::start_workers or uhttpd_config_t::start_spare has started. */
void uhttpd_worker_run(uhttpd_handle_t server);

/**
 * @brief Counts one more worker, which then calls uhttpd_worker_run(). The server lives until that returns. Any task that
 *        knows that the server is not gone.
 * @return false: there are enough, or the server is being stopped
 */
bool uhttpd_spare_begin(uhttpd_handle_t server);

/** @brief That worker could not be started. */
void uhttpd_spare_fail(uhttpd_handle_t server);

/** @brief Work for a worker. The memory belongs to the caller and must live until @c run is called. */
typedef struct uhttpd_job {
    /**
     * Called exactly once, in a worker. With @p cancelled, the job was still waiting when the server began to stop, and
     * this is the task that stops it: take no time.
     */
    void (*run)(struct uhttpd_job *job, bool cancelled);
    struct uhttpd_job *next; /*!< the queue's own */
    uint64_t from;           /*!< the address that it is for, as uhttpd_guesses_from() has it; 0: none */
    uint32_t refusable_at;   /*!< the server's own */
} uhttpd_job_t;

/**
 * @brief Makes a worker run a job, after those that are already waiting; but addresses for which fewer workers run
 *        now go before others. Any task; does not block.
 *
 * While a server is being stopped, it takes jobs, and workers run them, until its last connection has ended. So the
 * owner of a connection that ends then can still have files closed.
 *
 * @return ESP_OK; or ESP_ERR_UHTTPD_STOPPING, and @c run is not called.
 */
esp_err_t uhttpd_submit(uhttpd_handle_t server, uhttpd_job_t *job);
/** @} */

/** @name Routes
 *  @{ */
/**
 * @brief Answers a request.
 *
 * Runs in a worker and may block; with uhttpd_route_t::inline_handler it runs in the HTTP task or the I/O task and must
 * not. @p req is valid until it returns. A handler that returns without having answered gets the client a 500.
 *
 * @return ESP_OK. Anything else gets the client a 500 if no response has begun, and closes the connection if one has.
 */
typedef esp_err_t (*uhttpd_handler_t)(uhttpd_req_t *req, void *ctx);

typedef struct {
    const char *url;             /*!< starts with '/'; may end in the wildcard '*', which stands for anything, and have
                                   parameters (uhttpd_req_param()). Written in plain UTF-8, or with percent escapes:
                                   both are compared with paths in any form. Copied */
    uint32_t methods;            /*!< #uhttpd_method_t bits */
    uhttpd_handler_t handler;    /*!< called once for each request */
    void *ctx;                   /*!< handed to handler */
    bool inline_handler;         /*!< answers at once without blocking: run it right where the request was read. With
                                   uhttpd_config_t::auth that is a worker */
    bool own_auth;               /*!< asks for a password of its own, or needs none: those of the server do not apply */
    const char *basic_auth;      /*!< the Authorization header that this route needs, instead of what the server says in
                                   uhttpd_config_t::basic_auth or auth; NULL: none of its own. Copied */
    uhttpd_auth_t auth;          /*!< decides on requests of this route, instead of the server's; not together with
                                   basic_auth; NULL: none of its own */
    void *auth_ctx;              /*!< handed to auth */
    void (*free_ctx)(void *ctx); /*!< called when neither the server nor a request of its own knows the route any more:
                                      after uhttpd_unroute(), or at the end of the server. Any task, with none of the
                                      server's locks; must not block. NULL: nothing is called */
} uhttpd_route_t;

/**
 * @brief Adds a route. Routes are tried in the order in which they were added; the first that fits url and method runs.
 *
 * It takes one slot for each method. One slot of uhttpd_config_t::routes is reserved for OPTIONS, which the server
 * answers by itself, as it does HEAD from GET, 405 with Allow, and 404. Any task.
 *
 * Preflights of browsers (OPTIONS with Origin and Access-Control-Request-Method) are answered with 204 on every URL, and
 * with what uhttpd_config_t::cors or cors_origins allow; only a route that names #UHTTPD_OPTIONS does that itself. Any
 * other OPTIONS gets 204 with Allow where there is a route, and 404 where there is none. A method without a bit of its
 * own gets 501, unless some route takes #UHTTPD_ANY.
 *
 * @param route  Copied, with its url and basic_auth; what ctx points to must live until free_ctx is called.
 * @return ESP_OK, ESP_ERR_INVALID_ARG (a url for which uhttpd_url_fault() finds something, which the log has;
 *         no or unknown method, no handler, two of own_auth, basic_auth and auth, or a basic_auth that is no such
 *         header), ESP_ERR_UHTTPD_ROUTES_FULL, ESP_ERR_NO_MEM. After an error
 *         there is no route.
 */
esp_err_t uhttpd_route(uhttpd_handle_t server, const uhttpd_route_t *route);

/**
 * @brief Takes methods from the routes that uhttpd_route() has added with this url, and removes those that have none
 *        left. Their slots are free again. Any task, handlers of the route included; does not block.
 *
 * Requests that have come before are still answered by the route. When the last of them has ended,
 * uhttpd_route_t::free_ctx is called, perhaps before this returns.
 *
 * @param url      as it was given to uhttpd_route(), or another form of the same
 * @param methods  #uhttpd_method_t bits; others of that route stay
 * @return ESP_OK, ESP_ERR_NOT_FOUND (no route has that url and one of these methods), ESP_ERR_INVALID_ARG (as
 *         uhttpd_route()), ESP_ERR_NO_MEM
 */
esp_err_t uhttpd_unroute(uhttpd_handle_t server, const char *url, uint32_t methods);

/** @brief What is wrong with the url of a route, in words that follow "url", such as "must start with '/'"; NULL: nothing.
 *         Any task; does not block. */
const char *uhttpd_url_fault(const char *url);

/** @brief Makes room for more routes than uhttpd_config_t::routes says, 255 slots at most. Any task; does not block. */
void uhttpd_add_slots(uhttpd_handle_t server, unsigned slots);

/** @brief Slots that are free. Any task; does not block. */
unsigned uhttpd_free_slots(uhttpd_handle_t server);
/** @} */

/** @name Error pages
 *  @{ */
/** What clients get instead of a line of text when the server refuses a request by itself. */
typedef struct {
    int status;               /*!< 400 to 599; 0: every error that has no page of its own */
    uhttpd_handler_t handler; /*!< answers; see uhttpd_error_page(). NULL: there is a text */
    void *ctx;                /*!< handed to handler; must live as long as the server */
    const char *text;         /*!< the whole page. Copied */
    const char *mime;         /*!< its Content-Type; NULL: "text/html". Copied */
} uhttpd_error_page_t;

/**
 * @brief Sets what errors look like: those of files, of wrong passwords, of URLs and methods that no route has, of handlers
 *        that have not answered, and of uhttpd_write_error(). Any task.
 *
 * A text is sent at once. A handler runs in a worker as that of a route does, where uhttpd_req_error() tells it what is
 * wrong, and a response without a status has that of the error. Headers that belong to the error, such as Allow and
 * WWW-Authenticate, are in it unless it names them. What goes wrong within such a handler has no page: if it has not
 * answered, the client gets the usual line. So it does if no worker can be had, which is no reason to wait.
 *
 * A handler for 401 or 404 lets people without a password make workers run; they are as fair to others as for a route.
 *
 * The usual line is also what clients get with 408, 414, 421, 429, 431 and 503, with any head that was not understood, and
 * where no handler can run: after an inline handler, and with the handshake of a WebSocket.
 *
 * @param page  Copied. Of several for one status the one that was added last counts.
 * @return ESP_OK, ESP_ERR_INVALID_ARG (a status out of range, not one of handler and text, a mime with control characters),
 *         ESP_ERR_NO_MEM
 */
esp_err_t uhttpd_error_page(uhttpd_handle_t server, const uhttpd_error_page_t *page);

/**
 * @brief What is wrong, for the handler of an error page. @return its status; 0 in other handlers.
 * @param[out] reason  in a few words; NULL: the status says it. May be NULL
 */
int uhttpd_req_error(const uhttpd_req_t *req, const char **reason);
/** @} */

/** @name Request
 *
 *  Strings belong to the request and end with NUL, except where marked NOT terminated. All are callable from the
 *  handler only, and none but uhttpd_req_read() blocks.
 *  @{ */
uhttpd_handle_t uhttpd_req_server(const uhttpd_req_t *req);         /*!< whose route it is */
uhttpd_method_t uhttpd_req_method(const uhttpd_req_t *req);         /*!< one bit; UHTTPD_ANY: one without a bit */
const char *uhttpd_req_method_name(const uhttpd_req_t *req);        /*!< as sent, e.g. "PROPFIND" */
const char *uhttpd_req_uri(const uhttpd_req_t *req);                /*!< path, query and all */
const char *uhttpd_req_path(const uhttpd_req_t *req, size_t *len);  /*!< the URI up to '?' or '#', with percent escapes
                                                                         only where a path needs them (RFC 3986
                                                                         section 6.2.2); NOT terminated */
const char *uhttpd_req_query(const uhttpd_req_t *req, size_t *len); /*!< after '?', up to '#'; NULL without one; NOT
                                                                         terminated */
const char *uhttpd_req_header(const uhttpd_req_t *req,
                              const char *name); /*!< first of that name, any case; NULL: none */

/** Parameters that the url of a route may have. */
#define UHTTPD_PARAMS_MAX 8

/** A parameter of the route's url, and what it stands for in the path of the request. NOT terminated. */
typedef struct {
    const char *name;
    size_t name_len;
    const char *value; /*!< with percent escapes: see uhttpd_param_decode() */
    size_t len;
    bool is_int; /*!< of the type int */
} uhttpd_param_t;

/**
 * @brief What a parameter of the route's url stands for, decoded.
 *
 * `<name>` in the url of a route stands for one segment of the path or a part of it; `<int:name>` for a number of up to
 * 18 digits, which may be negative; `<path:name>` for several segments with slashes between them, and one at the end if
 * the client sent it. Where the value would not do as the name of a file, the route does not fit: ".", "..", empty
 * segments, control characters, backslashes, and slashes that were percent-encoded. A segment has one parameter at most,
 * and a url one path.
 *
 * @param[out] value  with a NUL
 * @return ESP_OK; ESP_ERR_NOT_FOUND: the route has no such parameter; ESP_ERR_INVALID_SIZE: it does not fit
 */
esp_err_t uhttpd_req_param(const uhttpd_req_t *req, const char *name, char *value, size_t size);

/** @brief The n-th parameter, counted from 0. @return false beyond the last. */
bool uhttpd_req_param_at(const uhttpd_req_t *req, size_t n, uhttpd_param_t *param);

/** @brief Decodes a value. A percent sign that begins no escape stands for itself. @param out  at least uhttpd_param_t::len
 *         bytes; no NUL is added. @return decoded length. */
size_t uhttpd_param_decode(const uhttpd_param_t *param, char *out);

/** @brief The n-th header, counted from 0, as sent. @return false beyond the last. */
bool uhttpd_req_header_at(const uhttpd_req_t *req, size_t n, const char **name, const char **value);

/**
 * @brief The value of a cookie (RFC 6265), as sent, with the quotes it may have; NOT terminated. The first of that name;
 *        NULL: there is none.
 */
const char *uhttpd_req_cookie(const uhttpd_req_t *req, const char *name, size_t *len);

/** @brief The client's address as text, e.g. "192.168.4.2". At least 46 bytes. @return its length, 0 if it has gone. */
size_t uhttpd_req_remote(const uhttpd_req_t *req, char *text, size_t size);

/** @brief The server's address that the client has connected to, as text. As uhttpd_req_remote(). */
size_t uhttpd_req_local(const uhttpd_req_t *req, char *text, size_t size);

/**
 * @brief Keeps something of the program's with the connection, for its later requests. They come one at a time.
 *
 * @param ctx       replaces what was kept before, which is freed, unless it is the same
 * @param free_ctx  called when the connection has ended: in the HTTP task; must not block. NULL: nothing is called
 */
void uhttpd_req_keep(uhttpd_req_t *req, void *ctx, void (*free_ctx)(void *ctx));

/** @brief What uhttpd_req_keep() has kept on this connection; NULL: nothing. */
void *uhttpd_req_kept(const uhttpd_req_t *req);

/** @brief Content-Length; 0 without a body; -1 when the body is chunked and its length unknown. */
int64_t uhttpd_req_length(const uhttpd_req_t *req);

/**
 * @brief Reads some of the body. Chunked bodies are decoded; `Expect: 100-continue` is answered by the first call.
 *
 * What uhttpd_config_t::body_buffer has room for was collected before the handler was called. For the rest this blocks
 * until there is something, at most uhttpd_config_t::body_timeout. Workers only.
 *
 * @param[out] got  Bytes read; 0 only at the end of the body (or for @p size 0).
 * @return
 *  - ESP_OK
 *  - ESP_ERR_TIMEOUT : nothing has come for body_timeout, or less than min_rate; or too little while others wait for a
 *    worker, or for room in body_buffer
 *  - ESP_ERR_UHTTPD_BODY : the body is malformed, or the client has said that no more comes
 *  - ESP_ERR_UHTTPD_TOO_BIG : a chunked body has become longer than max_body
 *  - ESP_ERR_UHTTPD_GONE : the connection is broken
 *  - ESP_ERR_UHTTPD_STOPPING
 *  - ESP_ERR_INVALID_STATE : called by an inline handler, which must not wait
 *
 * After an error every further call returns that error, and the connection will be closed.
 */
esp_err_t uhttpd_req_read(uhttpd_req_t *req, void *buf, size_t size, size_t *got);

/**
 * @brief Reads all of the body, or what is left of it, into memory. Workers only; blocks.
 *
 * @param max  More bytes are refused with 413.
 * @param[out] data  in the heap, with a NUL behind it, for free(). NULL after an error.
 * @return ESP_OK; ESP_ERR_UHTTPD_REFUSED: too long, and a handler that returns this need not answer; ESP_ERR_NO_MEM; or as
 *         uhttpd_req_read()
 */
esp_err_t uhttpd_req_read_all(uhttpd_req_t *req, size_t max, char **data, size_t *len);

/** @brief The same for a body that must be JSON. What uhttpd_json_fault() finds is refused with 400. */
esp_err_t uhttpd_req_read_json(uhttpd_req_t *req, size_t max, char **text, size_t *len);

/**
 * @brief What the client will be told when a handler has got ESP_ERR_UHTTPD_REFUSED, and does not answer. Does not block.
 * @param[out] reason  a constant sentence; NULL: nothing
 * @return the status; 0: no function has refused the body
 */
int uhttpd_req_fault(const uhttpd_req_t *req, const char **reason);
/** @} */

/** @name Response
 *  @{ */
typedef struct {
    const char *status; /*!< e.g. "404 Not Found"; NULL: "200 OK" */
    const char *mime;   /*!< Content-Type; NULL: "text/html" */
    const uhttpd_header_t
        *headers; /*!< more headers; no CR, LF or NUL in them. They replace those of uhttpd_config_t::headers */
    size_t header_count;
    bool allow_cors; /*!< adds `Access-Control-Allow-Origin: *` */
} uhttpd_response_t;

/**
 * @brief Sends a whole response: head and body leave in one write where they fit.
 *
 * What the socket does not take at once is copied and sent by the I/O task, as far as uhttpd_config_t::unsent_buffer
 * allows. Otherwise this blocks until the client has taken everything, at most uhttpd_config_t::send_timeout without
 * progress: for more than fits there, uhttpd_write_from() is the better way. In an inline handler it never blocks: the
 * rest is copied in any case.
 *
 * @param[in] response  NULL: 200, text/html.
 * @return ESP_OK, ESP_ERR_UHTTPD_ANSWERED, ESP_ERR_INVALID_ARG (CR, LF or NUL in a header, a header that is the server's
 *         own, status without a number), ESP_ERR_UHTTPD_GONE, ESP_ERR_NO_MEM (nothing was sent, unless the handler is an
 *         inline one: its connection breaks).
 */
esp_err_t uhttpd_write(uhttpd_req_t *req, const void *data, size_t len, const uhttpd_response_t *response);

/**
 * @brief Sends a piece of a response in the chunked transfer coding (RFC 9112 section 7.1).
 *
 * The first call sends the head made of @p response; later ones ignore it. @p data NULL ends the response, and must.
 * Empty pieces are not sent. A client of HTTP/1.0 gets the pieces uncoded, ended by the end of the connection.
 * Workers only; blocks as uhttpd_write(). @p data is not needed any more when this returns.
 *
 * @return as uhttpd_write(); ESP_ERR_UHTTPD_ANSWERED also after the last piece; ESP_ERR_INVALID_STATE: called by an inline
 *         handler.
 */
esp_err_t uhttpd_send_chunk(uhttpd_req_t *req, const void *data, size_t len, const uhttpd_response_t *response);

/**
 * @brief Sends bytes verbatim: status line, headers and body are the caller's. The connection is closed afterwards
 *        unless the bytes were a whole response that says its own length, which the server does not check: it closes.
 *        Workers only; blocks as uhttpd_write(). May be called again, for more bytes.
 *
 * @return ESP_OK; ESP_ERR_UHTTPD_ANSWERED: by another function; ESP_ERR_UHTTPD_GONE; ESP_ERR_INVALID_STATE: called by an
 *         inline handler.
 */
esp_err_t uhttpd_send(uhttpd_req_t *req, const void *data, size_t len);

/**
 * @brief Answers with an error, as the server does by itself: with the page for it (uhttpd_error_page()), or in plain text.
 *
 * @param status   400 to 599
 * @param reason   a few words after the status, for people; NULL: none
 * @param headers  more headers, such as Retry-After
 * @return as uhttpd_write()
 */
esp_err_t uhttpd_write_error(uhttpd_req_t *req, int status, const char *reason, const uhttpd_header_t *headers,
                             size_t header_count);

/** @brief The status of the response that has begun; 0: none has, or uhttpd_send() has sent it. From the handler. */
int uhttpd_req_status(const uhttpd_req_t *req);

/** @brief True when a response has begun, or something other than the handler will give it. From the handler; does not
           block. */
bool uhttpd_req_answered(const uhttpd_req_t *req);
/** @} */

#ifdef __cplusplus
}
#endif

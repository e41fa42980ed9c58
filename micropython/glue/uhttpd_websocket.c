/* SPDX-License-Identifier: MIT */

/* Server.websocket(), and the WebSockets that it gives to callbacks. */
#include "uhttpd_async.h"

#include <string.h>

#include "py/objgenerator.h"
#include "py/objlist.h"
#include "py/objstr.h"
#include "py/runtime.h"

#include "uhttpd_deadline.h"
#include "uhttpd_os.h"

#define STEP_MS 100 /* of waiting: then a KeyboardInterrupt is looked for */

struct py_uhttpd_websocket {
    mp_obj_base_t base;
    uhttpd_ws_client_t *client; /* held */
    py_uhttpd_server_t *server;
    py_uhttpd_websocket_t *next; /* server->sockets, until it is over */
};

struct py_uhttpd_websocketgroup {
    mp_obj_base_t base;
    py_uhttpd_server_t *server;
    mp_obj_t callback;
    mp_obj_t opened; /* or None */
    uint16_t index;  /* of glue_link_t::routes */
};

/* --- callbacks, in workers ---------------------------------------------------------------------------------------- */

/* The events of a client. */
typedef struct {
    uhttpd_ws_client_t *client;
    const glue_link_route_t *route;
    uhttpd_ws_type_t type;
    const void *data;
    size_t len;
} event_t;

static py_uhttpd_websocketgroup_t *group_of(const py_uhttpd_server_t *server, const event_t *event)
{
    return MP_OBJ_TO_PTR(*glue_server_handler(server, event->route, GLUE_HANDLER_CALLBACK));
}

static py_uhttpd_websocket_t **py_websocket_find(py_uhttpd_server_t *server, const event_t *event)
{
    py_uhttpd_websocket_t **place = &server->sockets;
    while (*place && (*place)->client != event->client) {
        place = &(*place)->next;
    }
    return place;
}

static void add_socket(py_uhttpd_server_t *server, uhttpd_ws_client_t *client)
{
    py_uhttpd_websocket_t *socket = mp_obj_malloc_with_finaliser(py_uhttpd_websocket_t, &py_uhttpd_websocket_type);
    uhttpd_ws_client_hold(client);
    socket->client = client;
    socket->server = server;
    socket->next = server->sockets;
    server->sockets = socket;
}

/* What is left of a session after a callback. */
static void py_websocket_judge(py_uhttpd_server_t *server, const event_t *event, bool returned, mp_obj_t exception)
{
    if (!returned) {
        glue_callback_print(server, event->route, exception);
        uhttpd_ws_client_close(event->client, UHTTPD_WS_INTERNAL_ERROR, NULL);
    }
}

/* An async function goes on in an event loop; until it has ended, the client's next message waits. */
static void py_websocket_go_on(const py_uhttpd_server_t *server, const event_t *event, py_uhttpd_websocket_t *socket,
                               mp_obj_t returned)
{
    if (!mp_obj_is_type(returned, &mp_type_gen_instance)) {
        return; /* whatever it is, nobody wants it */
    }
    if (glue_async_takes(returned)) {
        const char *url = glue_server_route_name(server, event->route);
        uhttpd_ws_client_pause(event->client);
        glue_async_hear(MP_OBJ_FROM_PTR(socket), returned, mp_obj_new_str(url, strlen(url)));
    } else {
        mp_iternext(returned); /* without asyncio it cannot have waited */
    }
}

mp_obj_t glue_websocket_go_on(mp_obj_t object)
{
    py_uhttpd_websocket_t *self = bindgen_self(object, &py_uhttpd_websocket_type);
    uhttpd_ws_client_go_on(self->client);
    return mp_const_none;
}

/* Runs @p run, which may raise before any callback does, without memory for instance. */
static void py_websocket_attempt(py_uhttpd_server_t *server, const event_t *event,
                                 void (*run)(py_uhttpd_server_t *server, const event_t *event))
{
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        run(server, event);
        nlr_pop();
    } else {
        py_websocket_judge(server, event, false, MP_OBJ_FROM_PTR(nlr.ret_val));
    }
}

static void open_socket(py_uhttpd_server_t *server, const event_t *event)
{
    add_socket(server, event->client);
    mp_obj_t opened = group_of(server, event)->opened;
    if (opened != mp_const_none) {
        mp_obj_t result;
        bool returned = py_uhttpd_call_opened(opened, MP_OBJ_FROM_PTR(server->sockets), &result);
        py_websocket_judge(server, event, returned, result);
        if (returned) {
            py_websocket_go_on(server, event, server->sockets, result);
        }
    }
}

static void py_websocket_tell(py_uhttpd_server_t *server, const event_t *event, py_uhttpd_websocket_t *socket,
                              mp_obj_t data)
{
    mp_obj_t result;
    bool returned = py_uhttpd_call_listener(group_of(server, event)->callback, MP_OBJ_FROM_PTR(socket), data, &result);
    py_websocket_judge(server, event, returned, result);
    if (returned) {
        py_websocket_go_on(server, event, socket, result);
    }
}

static void py_websocket_hear(py_uhttpd_server_t *server, const event_t *event)
{
    py_uhttpd_websocket_t *socket = *py_websocket_find(server, event);
    if (!socket) {
        return; /* there was no memory for it */
    }
    bool text = event->type == UHTTPD_WS_TEXT;
    py_websocket_tell(server, event, socket,
                      text ? mp_obj_new_str(event->data, event->len) : mp_obj_new_bytes(event->data, event->len));
}

static void close_socket(py_uhttpd_server_t *server, const event_t *event)
{
    py_uhttpd_websocket_t **place = py_websocket_find(server, event);
    py_uhttpd_websocket_t *socket = *place;
    if (socket) {
        *place = socket->next;
        socket->next = NULL;
        py_websocket_tell(server, event, socket, mp_const_none);
    }
}

static void open_with_gil(py_uhttpd_server_t *server, void *event)
{
    py_websocket_attempt(server, event, open_socket);
}

static void hear_with_gil(py_uhttpd_server_t *server, void *event)
{
    py_websocket_attempt(server, event, py_websocket_hear);
}

static void close_with_gil(py_uhttpd_server_t *server, void *event)
{
    py_websocket_attempt(server, event, close_socket);
}

static void *on_opened(uhttpd_ws_client_t *client, void *ctx)
{
    const glue_link_route_t *route = ctx;
    event_t event = {.client = client, .route = route};
    glue_worker_call(route->link, route, open_with_gil, &event);
    return ctx;
}

static void on_message(uhttpd_ws_client_t *client, void *context, uhttpd_ws_type_t type, const void *data, size_t len)
{
    const glue_link_route_t *route = context;
    event_t event = {.client = client, .route = route, .type = type, .data = data, .len = len};
    glue_worker_call(route->link, route, hear_with_gil, &event);
}

static void py_websocket_on_closed(uhttpd_ws_client_t *client, void *context, uint16_t code)
{
    (void)code;
    const glue_link_route_t *route = context;
    event_t event = {.client = client, .route = route};
    glue_worker_call(route->link, route, close_with_gil, &event);
}

/* --- Server.websocket() ------------------------------------------------------------------------------------------- */

/* A token of RFC 9110, as short as a handshake wants it. */
static bool is_subprotocol(const char *text)
{
    static const char signs[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t len = strlen(text);
    return len > 0 && len <= 64 && strspn(text, signs) == len;
}

static uhttpd_ws_group_config_t py_websocket_config_of(const py_uhttpd_server_websocket_args_t *args,
                                                       glue_link_route_t *entry)
{
    uhttpd_ws_group_config_t config = UHTTPD_WS_GROUP_DEFAULT_CONFIG();
    config.session.url = args->url;
    config.session.subprotocol = args->subprotocol;
    config.session.max_clients = (uint8_t)args->clients;
    config.session.max_message = (uint32_t)args->max_message;
    config.session.ping_interval = args->ping_ms;
    config.session.dead_timeout = args->timeout_ms;
    config.queue = (uint32_t)args->queue;
    config.events =
        (uhttpd_ws_group_events_t) {.opened = on_opened, .message = on_message, .closed = py_websocket_on_closed};
    config.ctx = entry;
    return config;
}

mp_obj_t py_uhttpd_server_websocket(py_uhttpd_server_t *self, const py_uhttpd_server_websocket_args_t *args)
{
    glue_async_expect(args->callback);
    glue_server_check_url(args->url);
    if (args->subprotocol && !is_subprotocol(args->subprotocol)) {
        mp_raise_ValueError(MP_ERROR_TEXT("subprotocol must be 1 to 64 letters, digits and the like"));
    }
    py_uhttpd_websocketgroup_t *group = mp_obj_malloc(py_uhttpd_websocketgroup_t, &py_uhttpd_websocketgroup_type);
    group->server = self;
    group->callback = args->callback;
    group->opened = args->opened;
    glue_link_route_t *entry = glue_server_reserve(self, args->url, MP_OBJ_FROM_PTR(group));
    group->index = entry->index;
    uhttpd_ws_group_config_t config = py_websocket_config_of(args, entry);
    glue_server_settle(self, entry, uhttpd_ws_group_route(self->link->handle, &config, &entry->group));
    return MP_OBJ_FROM_PTR(group);
}

/* --- sending ------------------------------------------------------------------------------------------------------ */

typedef struct {
    uhttpd_ws_type_t type;
    mp_buffer_info_t bytes;
} message_t;

/* @return an object whose memory stays as it is while the GIL is released; @p message points into it */
static mp_obj_t message_of(mp_obj_t data, message_t *message)
{
    data = glue_data_of(data);
    message->type = mp_obj_is_str(data) ? UHTTPD_WS_TEXT : UHTTPD_WS_BINARY;
    mp_get_buffer_raise(data, &message->bytes, MP_BUFFER_READ);
    if (!mp_obj_is_str_or_bytes(data)) {
        data = mp_obj_new_bytes(message->bytes.buf, message->bytes.len);
        mp_get_buffer_raise(data, &message->bytes, MP_BUFFER_READ);
    }
    return data;
}

static void raise_unless_sent(esp_err_t err)
{
    if (err == ESP_ERR_INVALID_SIZE) {
        mp_raise_ValueError(MP_ERROR_TEXT("data is longer than the queue"));
    }
    if (err != ESP_OK) {
        glue_raise(err);
    }
}

static esp_err_t send_within(uhttpd_ws_client_t *client, const message_t *message, uint32_t timeout_ms)
{
    return uhttpd_ws_client_send(client, message->type, message->bytes.buf, message->bytes.len, timeout_ms);
}

void py_uhttpd_websocket_send(py_uhttpd_websocket_t *self, mp_obj_t data, uint32_t timeout_ms)
{
    message_t message;
    volatile mp_obj_t kept = message_of(data, &message); /* where the collector finds it */
    uint64_t until = uhttpd_os_now() + timeout_ms;
    esp_err_t err = send_within(self->client, &message, 0);
    for (uint64_t now; err == ESP_ERR_TIMEOUT && (now = uhttpd_os_now()) < until;) {
        mp_handle_pending(true);
        glue_wait_begin();
        err = send_within(self->client, &message, (uint32_t)MIN(until - now, STEP_MS));
        glue_wait_end();
    }
    (void)kept;
    raise_unless_sent(err);
}

int64_t py_uhttpd_websocketgroup_send(py_uhttpd_websocketgroup_t *self, mp_obj_t data, uint32_t timeout_ms)
{
    uhttpd_ws_group_t group = glue_link_route(glue_link_running(self->server), self->index)->group;
    message_t message;
    volatile mp_obj_t kept = message_of(data, &message); /* where the collector finds it */
    unsigned clients = 0;
    uhttpd_ws_group_hold(group); /* the server may be stopped meanwhile */
    glue_wait_begin();
    esp_err_t err =
        uhttpd_ws_group_send(group, message.type, message.bytes.buf, message.bytes.len, timeout_ms, &clients);
    uhttpd_ws_group_release(group);
    glue_wait_end();
    (void)kept;
    raise_unless_sent(err);
    return clients;
}

int64_t py_uhttpd_websocketgroup_len(py_uhttpd_websocketgroup_t *self)
{
    const glue_link_t *link = self->server->link;
    return link ? uhttpd_ws_group_count(glue_link_route(link, self->index)->group) : 0;
}

/* --- WebSocket ---------------------------------------------------------------------------------------------------- */

void py_uhttpd_websocket_close(py_uhttpd_websocket_t *self, mp_int_t code, const char *reason)
{
    esp_err_t err = uhttpd_ws_client_close(self->client, (uint16_t)code, reason);
    if (err == ESP_ERR_INVALID_ARG) {
        mp_raise_ValueError(MP_ERROR_TEXT("code must be one that may be sent, such as 1000, or 3000 to 4999"));
    }
    if (err == ESP_ERR_INVALID_SIZE) {
        mp_raise_ValueError(MP_ERROR_TEXT("reason must have at most 123 bytes"));
    }
}

int64_t py_uhttpd_websocket_code(py_uhttpd_websocket_t *self)
{
    return uhttpd_ws_client_code(self->client);
}

static mp_obj_t text_or_none(const char *text)
{
    return text ? mp_obj_new_str(text, strlen(text)) : mp_const_none;
}

mp_obj_t py_uhttpd_websocket_reason(py_uhttpd_websocket_t *self)
{
    return text_or_none(uhttpd_ws_client_code(self->client) ? uhttpd_ws_client_reason(self->client) : "");
}

mp_obj_t py_uhttpd_websocket_remote(py_uhttpd_websocket_t *self)
{
    return text_or_none(uhttpd_ws_client_remote(self->client));
}

mp_obj_t py_uhttpd_websocket_subprotocol(py_uhttpd_websocket_t *self)
{
    return text_or_none(uhttpd_ws_client_subprotocol(self->client));
}

mp_obj_t py_uhttpd_websocket_server(py_uhttpd_websocket_t *self)
{
    return MP_OBJ_FROM_PTR(self->server);
}

void py_uhttpd_websocket_del(py_uhttpd_websocket_t *self)
{
    if (self->client) {
        uhttpd_ws_client_release(self->client);
        self->client = NULL;
    }
}

/* SPDX-License-Identifier: MIT */

/* From a GET request to a WebSocket session. The engine's own upgrade is not used: it refuses WebREPL's old clients, and
 * loses what they send right behind the handshake. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "cors.h"
#include "server.h"
#include "token.h"
#include "uhttpd_priv.h"
#include "ws_session.h"

typedef struct {
    uhttpd_ws_config_t config;
    atomic_uint places; /* that sessions take */
    void (*gone)(void *ctx);
} ws_route_t;

static esp_err_t refuse(uhttpd_req_t *req, const char *status, const uhttpd_header_t *headers, size_t header_count)
{
    uhttpd_response_t response = {
        .status = status, .mime = "text/plain", .headers = headers, .header_count = header_count};
    return uhttpd_write(req, status, strlen(status), &response);
}

static esp_err_t refuse_version(uhttpd_req_t *req)
{
    static const uhttpd_header_t wanted[] = {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}};
    return refuse(req, "426 Upgrade Required", wanted, 2);
}

static esp_err_t refuse_busy(uhttpd_req_t *req)
{
    return refuse(req, "503 Service Unavailable", &(uhttpd_header_t) {"Retry-After", "1"}, 1);
}

static bool take_place(ws_route_t *route)
{
    unsigned most = route->config.max_clients;
    if (atomic_fetch_add(&route->places, 1) < most || !most) {
        return true;
    }
    atomic_fetch_sub(&route->places, 1);
    return false;
}

static esp_err_t open_session(uhttpd_req_t *req, ws_route_t *route, const ws_accepted_t *accepted)
{
    if (!take_place(route)) {
        return refuse_busy(req);
    }
    uhttpd_ws_t *ws = ws_create(&route->config, accepted);
    if (!ws) {
        atomic_fetch_sub(&route->places, 1);
        return refuse_busy(req);
    }
    uhttpd_conn_t *conn;
    if (uhttpd_conn_take(req, &ws_conn_events, ws, &conn) != ESP_OK) {
        ws_destroy(ws);
        return refuse_busy(req);
    }
    ws_attach(ws, conn);
    return ESP_OK;
}

static bool asks_for_subprotocol(const ws_request_t *request, const uhttpd_ws_config_t *config)
{
    return config->subprotocol && request->protocols && token_in_list(request->protocols, config->subprotocol, false);
}

static esp_err_t upgrade(uhttpd_req_t *req, ws_route_t *route, const ws_request_t *request)
{
    if (!cors_may_upgrade(CONTAINER_OF(req, const session_t, req))) {
        return refuse(req, "403 Forbidden", NULL, 0);
    }
    ws_accepted_t accepted = {.answers_pings = request->version != NULL, .places = &route->places};
    ws_handshake_accept(request->key, accepted.accept);
    if (asks_for_subprotocol(request, &route->config)) {
        accepted.subprotocol = route->config.subprotocol;
    }
    return open_session(req, route, &accepted);
}

/* HEAD asks what GET would say, and HTTP/1.0 knows no upgrade: whatever their headers name, they mean none. */
static ws_handshake_t judge(const uhttpd_req_t *req, const ws_request_t *request, bool tolerant)
{
    const session_t *session = CONTAINER_OF(req, const session_t, req);
    if (session->parsed.method != UHTTPD_GET || session->parsed.minor == 0) {
        return WS_HANDSHAKE_PLAIN;
    }
    ws_handshake_t verdict = ws_handshake_check(request, tolerant);
    /* The bytes of a body would be taken for frames. */
    return verdict == WS_HANDSHAKE_OK && uhttpd_req_length(req) != 0 ? WS_HANDSHAKE_BAD : verdict;
}

static esp_err_t handle(uhttpd_req_t *req, void *ctx)
{
    ws_route_t *route = ctx;
    const uhttpd_ws_config_t *config = &route->config;
    ws_request_t request = {
        .connection = uhttpd_req_header(req, "Connection"),
        .upgrade = uhttpd_req_header(req, "Upgrade"),
        .version = uhttpd_req_header(req, "Sec-WebSocket-Version"),
        .key = uhttpd_req_header(req, "Sec-WebSocket-Key"),
        .protocols = uhttpd_req_header(req, "Sec-WebSocket-Protocol"),
    };
    switch (judge(req, &request, config->tolerant && !asks_for_subprotocol(&request, config))) {
    case WS_HANDSHAKE_OK:
        return upgrade(req, route, &request);
    case WS_HANDSHAKE_PLAIN:
        return config->plain ? config->plain(req, config->ctx) : refuse_version(req);
    case WS_HANDSHAKE_BAD_VERSION:
        return refuse_version(req);
    default:
        return refuse(req, "400 Bad Request", NULL, 0);
    }
}

#define MAX_SUBPROTOCOL 64 /* bytes: the 101 must fit into the smallest send buffer */

static bool is_valid(const uhttpd_ws_config_t *config)
{
    return config->events.open && config->events.data && config->events.closed && config->rx_size >= 128 &&
           config->tx_size >= 256 && (!config->subprotocol || strlen(config->subprotocol) <= MAX_SUBPROTOCOL);
}

static void free_route(void *ctx)
{
    ws_route_t *route = ctx;
    if (route->gone) {
        route->gone(route->config.ctx);
    }
    free(route);
}

esp_err_t ws_route_add(uhttpd_handle_t server, const uhttpd_ws_config_t *config, void (*gone)(void *ctx))
{
    if (!is_valid(config)) {
        return ESP_ERR_INVALID_ARG;
    }
    ws_route_t *route = calloc(1, sizeof(*route));
    if (!route) {
        return ESP_ERR_NO_MEM;
    }
    route->config = *config;
    route->gone = gone;
    esp_err_t err = server_add_route(
        server,
        &(uhttpd_route_t) {
            .url = config->url, .methods = UHTTPD_GET, .handler = handle, .ctx = route, .own_auth = config->own_auth},
        &(route_options_t) {.inline_upgrade = true, .free_ctx = free_route});
    if (err != ESP_OK) {
        free(route);
    }
    return err;
}

esp_err_t uhttpd_ws_route(uhttpd_handle_t server, const uhttpd_ws_config_t *config)
{
    return ws_route_add(server, config, NULL);
}

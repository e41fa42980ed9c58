/* SPDX-License-Identifier: MIT */

/* From a GET request to a WebSocket session. The engine's own upgrade is not used, because it refuses WebREPL's old
 * clients and loses what they send directly after the handshake. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "io.h"
#include "access.h"
#include "http/text.h"
#include "exchange.h"
#include "http/status.h"
#include "server.h"
#include "stream.h"
#include "websocket/session.h"

typedef struct {
    uhttpd_ws_config_t config;
    atomic_uint places; /* that sessions take */
    void (*gone)(void *ctx);
} ws_route_t;

static esp_err_t refuse_version(uhttpd_req_t *req)
{
    static const uhttpd_header_t wanted[] = {{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}};
    return uh_respond(req, 426, uh_status_reason(426), wanted, 2);
}

static bool ws_route_take_place(ws_route_t *route)
{
    unsigned most = route->config.max_clients;
    if (atomic_fetch_add(&route->places, 1) < most || !most) {
        return true;
    }
    atomic_fetch_sub(&route->places, 1);
    return false;
}

static esp_err_t ws_route_open_session(uhttpd_req_t *req, ws_route_t *route, const uh_ws_accepted_t *accepted)
{
    if (!ws_route_take_place(route)) {
        return uh_respond_busy(req, NULL);
    }
    uhttpd_ws_t *ws = uh_ws_create(&route->config, accepted);
    if (!ws) {
        atomic_fetch_sub(&route->places, 1);
        return uh_respond_busy(req, NULL);
    }
    uhttpd_conn_t *conn;
    if (uh_conn_take(req, &uh_ws_conn_events, ws, &conn) != ESP_OK) {
        uh_ws_destroy(ws);
        return uh_respond_busy(req, NULL);
    }
    uh_ws_attach(ws, conn);
    return ESP_OK;
}

static bool asks_for_subprotocol(const uh_ws_request_t *request, const uhttpd_ws_config_t *config)
{
    return config->subprotocol && request->protocols &&
           uh_token_in_list(request->protocols, config->subprotocol, false);
}

static esp_err_t ws_route_upgrade(uhttpd_req_t *req, ws_route_t *route, const uh_ws_request_t *request)
{
    if (!uh_cors_may_upgrade(UH_CONTAINER_OF(req, const uh_session_t, req))) {
        return uh_respond(req, 403, UH_ACCESS_FOREIGN, NULL, 0);
    }
    uh_ws_accepted_t accepted = {.answers_pings = request->version != NULL, .places = &route->places};
    uh_ws_handshake_accept(request->key, accepted.accept);
    if (asks_for_subprotocol(request, &route->config)) {
        accepted.subprotocol = route->config.subprotocol;
    }
    return ws_route_open_session(req, route, &accepted);
}

/* HEAD asks what GET would answer, and HTTP/1.0 has no upgrade, so their headers cannot ask for one. */
static uh_ws_handshake_t ws_route_judge(const uhttpd_req_t *req, const uh_ws_request_t *request, bool tolerant)
{
    const uh_session_t *session = UH_CONTAINER_OF(req, const uh_session_t, req);
    if (session->parsed.method != UHTTPD_GET || session->parsed.minor == 0) {
        return UH_WS_HANDSHAKE_PLAIN;
    }
    uh_ws_handshake_t verdict = uh_ws_handshake_check(request, tolerant);
    /* The bytes of a body would be taken for frames. */
    return verdict == UH_WS_HANDSHAKE_OK && uhttpd_req_length(req) != 0 ? UH_WS_HANDSHAKE_BAD : verdict;
}

static esp_err_t ws_route_handle(uhttpd_req_t *req, void *ctx)
{
    ws_route_t *route = ctx;
    const uhttpd_ws_config_t *config = &route->config;
    uh_ws_request_t request = {
        .connection = uhttpd_req_header(req, "Connection"),
        .upgrade = uhttpd_req_header(req, "Upgrade"),
        .version = uhttpd_req_header(req, "Sec-WebSocket-Version"),
        .key = uhttpd_req_header(req, "Sec-WebSocket-Key"),
        .protocols = uhttpd_req_header(req, "Sec-WebSocket-Protocol"),
    };
    switch (ws_route_judge(req, &request, config->tolerant && !asks_for_subprotocol(&request, config))) {
    case UH_WS_HANDSHAKE_OK:
        return ws_route_upgrade(req, route, &request);
    case UH_WS_HANDSHAKE_PLAIN:
        return config->plain ? config->plain(req, config->ctx) : refuse_version(req);
    case UH_WS_HANDSHAKE_BAD_VERSION:
        return refuse_version(req);
    default:
        return uh_respond(req, 400, "the handshake is malformed, or has a body", NULL, 0);
    }
}

#define MAX_SUBPROTOCOL 64 /* bytes: the 101 must fit into the smallest send buffer */

static bool ws_route_is_valid(const uhttpd_ws_config_t *config)
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

esp_err_t uh_ws_route_add(uhttpd_handle_t server, const uhttpd_ws_config_t *config, void (*gone)(void *ctx))
{
    if (!ws_route_is_valid(config)) {
        return ESP_ERR_INVALID_ARG;
    }
    ws_route_t *route = calloc(1, sizeof(*route));
    if (!route) {
        return ESP_ERR_NO_MEM;
    }
    route->config = *config;
    route->gone = gone;
    esp_err_t err = uh_server_add_route(server,
                                        &(uhttpd_route_t) {.url = config->url,
                                                           .methods = UHTTPD_GET,
                                                           .handler = ws_route_handle,
                                                           .ctx = route,
                                                           .own_auth = config->own_auth,
                                                           .free_ctx = free_route},
                                        &(uh_route_options_t) {.stays = true, .inline_upgrade = true});
    if (err != ESP_OK) {
        free(route);
    }
    return err;
}

esp_err_t uhttpd_ws_route(uhttpd_handle_t server, const uhttpd_ws_config_t *config)
{
    return uh_ws_route_add(server, config, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "messages.h"

#include "uhttpd_ws_group.h"

#define LONGEST 1024 /* bytes */
#define CLIENTS 4
#define PATIENCE_MS 1000 /* how long a message waits for clients that do not read; then they are disconnected */

static uhttpd_ws_group_t s_everybody;

static void app_messages_message(uhttpd_ws_client_t *client, void *context, uhttpd_ws_type_t type, const void *data,
                                 size_t len)
{
    (void)client, (void)context;
    uhttpd_ws_group_send(s_everybody, type, data, len, PATIENCE_MS, NULL);
}

esp_err_t messages_serve(uhttpd_handle_t server)
{
    uhttpd_ws_group_config_t config = UHTTPD_WS_GROUP_DEFAULT_CONFIG();
    config.session.url = "/api/messages";
    config.session.max_message = LONGEST;
    config.session.max_clients = CLIENTS;
    config.events.message = app_messages_message;
    return uhttpd_ws_group_route(server, &config, &s_everybody);
}

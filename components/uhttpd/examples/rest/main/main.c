/* SPDX-License-Identifier: MIT */

/*
 * A JSON API over four switches:
 *     curl http://BOARD/api/switches
 *     curl http://BOARD/api/switches/2
 *     curl -X PUT -d '{"on": true}' http://BOARD/api/switches/2
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cJSON.h"
#include "esp_err.h"
#include "esp_event.h"
#include "esp_netif.h"
#include "nvs_flash.h"
#include "protocol_examples_common.h"
#include "uhttpd.h"

#define SWITCHES 4
#define BODY_MAX 256

static atomic_bool s_on[SWITCHES]; /* handlers run side by side */

static esp_err_t say(uhttpd_req_t *req, const char *status, const char *text)
{
    return uhttpd_write(req, text, strlen(text), &(uhttpd_response_t) {.status = status, .mime = "text/plain"});
}

static esp_err_t send_json(uhttpd_req_t *req, cJSON *json)
{
    char *text = cJSON_PrintUnformatted(json);
    cJSON_Delete(json);
    if (text == NULL) {
        return ESP_ERR_NO_MEM; /* the client gets a 500 */
    }
    esp_err_t err = uhttpd_write(req, text, strlen(text), &(uhttpd_response_t) {.mime = "application/json"});
    cJSON_free(text);
    return err;
}

static cJSON *describe_switch(long id)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "id", (double)id);
    cJSON_AddBoolToObject(json, "on", atomic_load(&s_on[id]));
    return json;
}

/* The route makes sure that it is a number. @return -1: there is no such switch */
static long which_switch(const uhttpd_req_t *req)
{
    char text[24];
    long id = uhttpd_req_param(req, "id", text, sizeof(text)) == ESP_OK ? strtol(text, NULL, 10) : -1;
    return id >= 0 && id < SWITCHES ? id : -1;
}

static esp_err_t get_switches(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    cJSON *list = cJSON_CreateArray();
    for (long id = 0; id < SWITCHES; id++) {
        cJSON_AddItemToArray(list, describe_switch(id));
    }
    return send_json(req, list);
}

static esp_err_t get_switch(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    long id = which_switch(req);
    return id >= 0 ? send_json(req, describe_switch(id)) : say(req, "404 Not Found", "There is no such switch.\n");
}

static esp_err_t read_body(uhttpd_req_t *req, char *body, size_t *len)
{
    size_t got;
    *len = 0;
    do {
        esp_err_t err = uhttpd_req_read(req, body + *len, BODY_MAX - *len, &got);
        if (err != ESP_OK) {
            return err;
        }
        *len += got;
    } while (got > 0);
    return ESP_OK;
}

static esp_err_t put_switch(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    char body[BODY_MAX];
    size_t len;
    esp_err_t err = read_body(req, body, &len);
    if (err != ESP_OK) {
        return err; /* the client is told why */
    }
    long id = which_switch(req);
    if (id < 0) {
        return say(req, "404 Not Found", "There is no such switch.\n");
    }
    cJSON *json = cJSON_ParseWithLength(body, len);
    const cJSON *on = cJSON_GetObjectItemCaseSensitive(json, "on");
    bool valid = cJSON_IsBool(on), is_on = cJSON_IsTrue(on);
    cJSON_Delete(json);
    if (!valid) {
        return say(req, "400 Bad Request", "Send {\"on\": true} or {\"on\": false}.\n");
    }
    atomic_store(&s_on[id], is_on); /* here a GPIO would be set */
    return send_json(req, describe_switch(id));
}

static esp_err_t add_routes(uhttpd_handle_t server, void *ctx)
{
    (void)ctx;
    static const uhttpd_route_t routes[] = {
        {.url = "/api/switches", .methods = UHTTPD_GET, .handler = get_switches},
        {.url = "/api/switches/<int:id>", .methods = UHTTPD_GET, .handler = get_switch},
        {.url = "/api/switches/<int:id>", .methods = UHTTPD_PUT, .handler = put_switch},
    };
    for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
        esp_err_t err = uhttpd_route(server, &routes[i]);
        if (err != ESP_OK) {
            return err;
        }
    }
    return ESP_OK;
}

void app_main(void)
{
    ESP_ERROR_CHECK(nvs_flash_init());
    ESP_ERROR_CHECK(esp_netif_init());
    ESP_ERROR_CHECK(esp_event_loop_create_default());
    ESP_ERROR_CHECK(example_connect());

    uhttpd_config_t config = UHTTPD_DEFAULT_CONFIG();
    config.max_body = BODY_MAX; /* more gets 413 before it comes */
    config.prepare = add_routes;
    uhttpd_handle_t server;
    ESP_ERROR_CHECK(uhttpd_start(&config, &server));
    printf("listening on port %u\n", uhttpd_port(server));
}

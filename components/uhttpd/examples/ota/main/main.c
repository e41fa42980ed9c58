/* SPDX-License-Identifier: MIT */

/*
 * A firmware that replaces itself:
 *     curl -u ota:PASSWORD --data-binary @build/ota.bin http://BOARD/ota
 *
 * The image arrives as a stream, so that no worker waits for the network. A new firmware says that it works once it has a
 * network and a server. If it does not get that far, the next start takes the old one.
 */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "esp_app_desc.h"
#include "esp_err.h"
#include "esp_event.h"
#include "esp_netif.h"
#include "esp_ota_ops.h"
#include "esp_system.h"
#include "mbedtls/base64.h"
#include "nvs_flash.h"
#include "protocol_examples_common.h"
#include "sdkconfig.h"
#include "uhttpd.h"
#include "uhttpd_os.h"
#include "uhttpd_stream.h"

#define CREDENTIALS "ota:" CONFIG_EXAMPLE_OTA_PASSWORD
#define SCHEME "Basic "
#define ANSWER_MS 500 /* for the answer to leave before the restart */

typedef struct {
    esp_ota_handle_t ota;
    const esp_partition_t *partition;
} update_t;

static atomic_flag s_updating = ATOMIC_FLAG_INIT;
static uhttpd_os_sem_t s_restart;

static esp_err_t say(uhttpd_req_t *req, const char *status, const char *text)
{
    return uhttpd_write(req, text, strlen(text), &(uhttpd_response_t) {.status = status, .mime = "text/plain"});
}

/* The first bytes tell whether it is an image at all: esp_ota_write() looks at them. */
static esp_err_t write_image(void *ctx, const void *data, size_t len)
{
    const update_t *update = ctx;
    return esp_ota_write(update->ota, data, len);
}

/* esp_ota_end() checks the chip, the sum and the digest of the image. */
static esp_err_t finish_image(const update_t *update)
{
    esp_err_t err = esp_ota_end(update->ota);
    return err == ESP_OK ? esp_ota_set_boot_partition(update->partition) : err;
}

static esp_err_t end_update(uhttpd_req_t *req, void *ctx, esp_err_t result)
{
    update_t *update = ctx;
    esp_err_t err = result;
    if (result == ESP_OK) {
        err = finish_image(update);
    } else {
        esp_ota_abort(update->ota);
    }
    free(update);
    atomic_flag_clear(&s_updating);
    if (err == ESP_ERR_OTA_VALIDATE_FAILED) {
        return say(req, "400 Bad Request", "This is no image for this board.\n");
    }
    if (err != ESP_OK) {
        return err; /* the client is told why */
    }
    err = say(req, NULL, "Stored. The board starts again with the new firmware.\n");
    uhttpd_os_sem_give(s_restart);
    return err;
}

static esp_err_t begin_update(uhttpd_req_t *req)
{
    update_t *update = calloc(1, sizeof(*update));
    if (update == NULL) {
        return ESP_ERR_NO_MEM;
    }
    update->partition = esp_ota_get_next_update_partition(NULL);
    esp_err_t err = update->partition != NULL
                        ? esp_ota_begin(update->partition, OTA_WITH_SEQUENTIAL_WRITES, &update->ota)
                        : ESP_ERR_NOT_FOUND;
    if (err == ESP_OK) {
        const uhttpd_sink_t sink = {.write = write_image, .done = end_update, .ctx = update};
        err = uhttpd_read_to(req, &sink);
        if (err == ESP_OK) {
            return ESP_OK;
        }
        esp_ota_abort(update->ota);
    }
    free(update);
    return err;
}

static esp_err_t post_image(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    if (atomic_flag_test_and_set(&s_updating)) {
        return say(req, "409 Conflict", "Somebody else is at it.\n");
    }
    esp_err_t err = begin_update(req);
    if (err != ESP_OK) {
        atomic_flag_clear(&s_updating);
    }
    return err;
}

static esp_err_t get_version(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    const esp_app_desc_t *app = esp_app_get_description();
    char text[128];
    snprintf(text, sizeof(text), "%s %s, built %s %s\n", app->project_name, app->version, app->date, app->time);
    return say(req, NULL, text);
}

static void make_authorization(char *header, size_t size)
{
    size_t len;
    memcpy(header, SCHEME, sizeof(SCHEME));
    mbedtls_base64_encode((unsigned char *)header + strlen(SCHEME), size - strlen(SCHEME), &len,
                          (const unsigned char *)CREDENTIALS, strlen(CREDENTIALS));
}

static esp_err_t add_routes(uhttpd_handle_t server, void *ctx)
{
    (void)ctx;
    const uhttpd_route_t version = {.url = "/", .methods = UHTTPD_GET, .handler = get_version};
    const uhttpd_route_t update = {.url = "/ota", .methods = UHTTPD_POST | UHTTPD_PUT, .handler = post_image};
    esp_err_t err = uhttpd_route(server, &version);
    if (err != ESP_OK || CONFIG_EXAMPLE_OTA_PASSWORD[0] == '\0') {
        return err;
    }
    return uhttpd_route(server, &update);
}

void app_main(void)
{
    ESP_ERROR_CHECK(nvs_flash_init());
    ESP_ERROR_CHECK(esp_netif_init());
    ESP_ERROR_CHECK(esp_event_loop_create_default());
    ESP_ERROR_CHECK(example_connect());
    s_restart = uhttpd_os_sem_create();

    char authorization[sizeof(SCHEME) + sizeof(CREDENTIALS) * 4 / 3 + 4];
    make_authorization(authorization, sizeof(authorization));
    uhttpd_config_t config = UHTTPD_DEFAULT_CONFIG();
    config.basic_auth = CONFIG_EXAMPLE_OTA_PASSWORD[0] != '\0' ? authorization : NULL;
    config.max_body = 0; /* the partition is the limit */
    config.prepare = add_routes;
    uhttpd_handle_t server;
    ESP_ERROR_CHECK(uhttpd_start(&config, &server));
    printf("listening on port %u\n", uhttpd_port(server));
    esp_ota_mark_app_valid_cancel_rollback(); /* it got this far */

    uhttpd_os_sem_take(s_restart, UHTTPD_OS_FOREVER);
    uhttpd_os_sleep(ANSWER_MS);
    esp_restart();
}

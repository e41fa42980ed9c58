/* SPDX-License-Identifier: MIT */

/* GET /button is answered when the button is pressed. Any number of clients may wait, and none takes a worker. */
#include <string.h>

#include "driver/gpio.h"
#include "esp_err.h"
#include "esp_event.h"
#include "esp_netif.h"
#include "freertos/FreeRTOS.h"
#include "freertos/semphr.h"
#include "freertos/task.h"
#include "nvs_flash.h"
#include "protocol_examples_common.h"
#include "uhttpd_hold.h"

#define BUTTON GPIO_NUM_9 /* BOOT of an esp32c3; it is GPIO 0 on an esp32 */
#define WAITING_MOST 8
#define PATIENCE_MS 60000

static SemaphoreHandle_t s_lock;
static uhttpd_req_t *s_waiting[WAITING_MOST];

/* @return false: it does not wait any more, or there is no room */
static bool replace(uhttpd_req_t *wanted, uhttpd_req_t *with)
{
    bool replaced = false;
    xSemaphoreTake(s_lock, portMAX_DELAY);
    for (size_t i = 0; i < WAITING_MOST && !replaced; i++) {
        replaced = s_waiting[i] == wanted;
        s_waiting[i] = replaced ? with : s_waiting[i];
    }
    xSemaphoreGive(s_lock);
    return replaced;
}

static esp_err_t tell(uhttpd_req_t *req, void *text)
{
    return uhttpd_write(req, text, strlen(text), &(uhttpd_response_t) {.mime = "text/plain"});
}

static esp_err_t refuse(uhttpd_req_t *req, void *text)
{
    return uhttpd_write(req, text, strlen(text),
                        &(uhttpd_response_t) {.status = "503 Service Unavailable", .mime = "text/plain"});
}

/* The client has gone, or has waited for long enough, or others need its socket, or the server stops. */
static void give_up(uhttpd_req_t *req, void *ctx, esp_err_t why)
{
    (void)ctx, (void)why;
    if (replace(req, NULL)) {
        uhttpd_resume(req, refuse, "nobody has pressed the button\n");
    }
}

static esp_err_t get_button(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    if (uhttpd_hold(req, &(uhttpd_hold_t) {.over = give_up, .timeout = PATIENCE_MS}) != ESP_OK) {
        return refuse(req, "busy\n");
    }
    if (!replace(NULL, req)) {
        uhttpd_resume(req, refuse, "too many wait\n");
    }
    return ESP_OK;
}

static void tell_all(void)
{
    for (size_t i = 0; i < WAITING_MOST; i++) {
        uhttpd_req_t *req = s_waiting[i];
        if (req && replace(req, NULL)) {
            uhttpd_resume(req, tell, "pressed\n");
        }
    }
}

void app_main(void)
{
    ESP_ERROR_CHECK(nvs_flash_init());
    ESP_ERROR_CHECK(esp_netif_init());
    ESP_ERROR_CHECK(esp_event_loop_create_default());
    ESP_ERROR_CHECK(example_connect());
    s_lock = xSemaphoreCreateMutex();
    const gpio_config_t button = {
        .pin_bit_mask = 1ULL << BUTTON, .mode = GPIO_MODE_INPUT, .pull_up_en = GPIO_PULLUP_ENABLE};
    ESP_ERROR_CHECK(gpio_config(&button));

    uhttpd_config_t config = UHTTPD_DEFAULT_CONFIG();
    uhttpd_handle_t server;
    ESP_ERROR_CHECK(uhttpd_start(&config, &server));
    const uhttpd_route_t route = {.url = "/button", .methods = UHTTPD_GET, .handler = get_button};
    ESP_ERROR_CHECK(uhttpd_route(server, &route));
    for (int before = 1;; vTaskDelay(pdMS_TO_TICKS(20))) {
        int now = gpio_get_level(BUTTON);
        if (before && !now) {
            tell_all();
        }
        before = now;
    }
}

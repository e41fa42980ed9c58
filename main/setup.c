/* SPDX-License-Identifier: MIT */
#include "setup.h"

#include <string.h>

#include "esp_check.h"
#include "firmware.h"
#include "network.h"
#include "network_check.h"
#include "uhttpd_query.h"

static const char *TAG = "setup";

#define FORM_MAX 512 /* bytes of a form: each of its characters may have been escaped */

extern const char setup_html_start[] __asm__("_binary_setup_html_start");
extern const char setup_html_end[] __asm__("_binary_setup_html_end");

typedef struct {
    char name[NETWORK_NAME_MAX + 1];
    char password[NETWORK_PASSWORD_MAX + 1];
} form_t;

static esp_err_t app_setup_answer(uhttpd_req_t *req, const char *status, const char *text)
{
    const uhttpd_response_t response = {.status = status, .mime = "text/plain; charset=utf-8"};
    return uhttpd_write(req, text, strlen(text), &response);
}

/* @return false: it does not fit, or has a NUL within */
static bool app_setup_take(char *field, size_t size, const uhttpd_query_item_t *item)
{
    char decoded[FORM_MAX];
    size_t len = uhttpd_query_decode(item->value, item->value_len, decoded);
    if (len >= size || memchr(decoded, '\0', len)) {
        return false;
    }
    memcpy(field, decoded, len);
    field[len] = '\0';
    return true;
}

static bool app_setup_parse(const char *text, size_t len, form_t *form)
{
    uhttpd_query_item_t item;
    while (uhttpd_query_next(&text, &len, &item)) {
        bool name = uhttpd_query_equals(item.key, item.key_len, "name", 4);
        bool password = uhttpd_query_equals(item.key, item.key_len, "password", 8);
        if (item.value && name && !app_setup_take(form->name, sizeof(form->name), &item)) {
            return false;
        }
        if (item.value && password && !app_setup_take(form->password, sizeof(form->password), &item)) {
            return false;
        }
    }
    return true;
}

/* @return false: there is more than a form can have, or the client has gone */
static bool app_setup_receive(uhttpd_req_t *req, char *text, size_t *len)
{
    *len = 0;
    size_t got;
    do {
        if (*len == FORM_MAX || uhttpd_req_read(req, text + *len, FORM_MAX - *len, &got) != ESP_OK) {
            return false;
        }
        *len += got;
    } while (got);
    return true;
}

static esp_err_t app_setup_post(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    char text[FORM_MAX];
    size_t len;
    form_t form = {0};
    if (!network_needs_setup()) {
        return app_setup_answer(req, "404 Not Found", "This board has a network.\n");
    }
    if (!app_setup_receive(req, text, &len)) {
        return app_setup_answer(req, "413 Content Too Large", "This form is too long.\n");
    }
    if (!app_setup_parse(text, len, &form) || !network_name_is_valid(form.name)) {
        return app_setup_answer(req, "400 Bad Request", "The name of a network has 1 to 32 bytes.\n");
    }
    if (!network_password_is_valid(form.password)) {
        return app_setup_answer(req, "400 Bad Request",
                                "A password has 8 to 63 characters; an open network has none.\n");
    }
    if (network_set_up(form.name, form.password) != ESP_OK) {
        return app_setup_answer(req, "500 Internal Server Error", "The board could not store this.\n");
    }
    esp_err_t err = app_setup_answer(req, NULL, "Stored. The board starts again and joins the network.\n");
    firmware_restart();
    return err;
}

static esp_err_t app_setup_get(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    if (!network_needs_setup()) {
        return app_setup_answer(req, "404 Not Found", "This board has a network.\n");
    }
    const uhttpd_response_t response = {.mime = "text/html; charset=utf-8"};
    return uhttpd_write(req, setup_html_start, (size_t)(setup_html_end - setup_html_start), &response);
}

esp_err_t setup_redirect(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    static const uhttpd_header_t location = {"Location", "/setup"};
    const uhttpd_response_t response = {
        .status = "302 Found", .mime = "text/plain", .headers = &location, .header_count = 1};
    return uhttpd_write(req, "/setup\n", 7, &response);
}

esp_err_t setup_serve(uhttpd_handle_t server)
{
    const uhttpd_route_t page = {.url = "/setup", .methods = UHTTPD_GET, .handler = app_setup_get};
    const uhttpd_route_t form = {.url = "/setup", .methods = UHTTPD_POST, .handler = app_setup_post};
    ESP_RETURN_ON_ERROR(uhttpd_route(server, &page), TAG, "no route");
    return uhttpd_route(server, &form);
}

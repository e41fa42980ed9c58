/* SPDX-License-Identifier: MIT */
#include "files.h"

#include <stddef.h>

#include "esp_check.h"
#include "settings.h"
#include "storage.h"
#include "uhttpd_files.h"

static const char *TAG = "files";

extern const char files_html_start[] __asm__("_binary_files_html_start");
extern const char files_html_end[] __asm__("_binary_files_html_end");

static esp_err_t get_page(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    const uhttpd_response_t response = {.mime = "text/html; charset=utf-8"};
    return uhttpd_write(req, files_html_start, (size_t)(files_html_end - files_html_start), &response);
}

/* A folder is listed even if it has an index.html, because the page needs the list. */
static esp_err_t app_files_serve(uhttpd_handle_t server)
{
    uhttpd_serve_config_t config = UHTTPD_SERVE_DEFAULT_CONFIG();
    config.prefix = FILES_URL;
    config.base = storage_folder();
    config.storage = storage_paths();
    config.index = NULL;
    return uhttpd_serve(server, &config);
}

static esp_err_t app_files_receive(uhttpd_handle_t server)
{
    uhttpd_receive_config_t config = UHTTPD_RECEIVE_DEFAULT_CONFIG();
    config.prefix = FILES_URL;
    config.base = storage_folder();
    config.storage = storage_paths();
    config.remove = true;
    return uhttpd_receive(server, &config);
}

esp_err_t files_serve(uhttpd_handle_t server)
{
    if (!storage_folder()) {
        return ESP_OK; /* the log says why */
    }
    const uhttpd_route_t page = {.url = FILES_PAGE_URL, .methods = UHTTPD_GET, .handler = get_page};
    ESP_RETURN_ON_ERROR(uhttpd_route(server, &page), TAG, "no route");
    ESP_RETURN_ON_ERROR(app_files_serve(server), TAG, "no route");
    return settings_console_password() ? app_files_receive(server) : ESP_OK;
}

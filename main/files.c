/* SPDX-License-Identifier: MIT */
#include "files.h"

#include <stddef.h>

#include "esp_check.h"
#include "settings.h"
#include "storage.h"
#include "uhttpd_files.h"
#include "webrepl.h"

static const char *TAG = "files";

static esp_err_t redirect_to_tree(uhttpd_req_t *req)
{
    static const char place[] = FILES_PAGE_URL "?tree=" FILES_URL "/";
    static const uhttpd_header_t location = {"Location", place};
    const uhttpd_response_t response = {
        .status = "302 Found", .mime = "text/plain", .headers = &location, .header_count = 1};
    return uhttpd_write(req, place, sizeof(place) - 1, &response);
}

/* The terminal page shows files in place of a terminal if a query names a tree. */
static esp_err_t app_files_get_page(uhttpd_req_t *req, void *ctx)
{
    size_t len;
    return uhttpd_req_query(req, &len) ? webrepl_page(req, ctx) : redirect_to_tree(req);
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
    const uhttpd_route_t page = {.url = FILES_PAGE_URL, .methods = UHTTPD_GET, .handler = app_files_get_page};
    ESP_RETURN_ON_ERROR(uhttpd_route(server, &page), TAG, "no route");
    ESP_RETURN_ON_ERROR(app_files_serve(server), TAG, "no route");
    return settings_console_password() ? app_files_receive(server) : ESP_OK;
}

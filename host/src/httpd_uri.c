/* SPDX-License-Identifier: MIT */
/* Registered handlers, and which of them answers a request. */
#include <stdlib.h>

#include "esp_log.h"
#include "httpd_priv.h"

static bool match_exact(const char *reference, const char *uri, size_t len)
{
    return strlen(reference) == len && memcmp(reference, uri, len) == 0;
}

bool httpd_uri_match_wildcard(const char *uri_template, const char *uri_to_match, size_t match_upto)
{
    size_t len = strlen(uri_template);
    char last = len > 0 ? uri_template[len - 1] : '\0';
    char before = len > 1 ? uri_template[len - 2] : '\0';
    bool rest = last == '*' || (last == '?' && before == '*');
    bool optional = last == '?' || (last == '*' && before == '?');

    /* What is left for exact comparison: less '*', and less '?' with the character it makes optional. */
    size_t special = (rest ? 1 : 0) + (optional ? 2 : 0);
    if (len < special) {
        return false;
    }
    size_t exact = len - special;
    if (match_upto < exact || strncmp(uri_template, uri_to_match, exact) != 0) {
        return false;
    }
    if (match_upto == exact) {
        return true;
    }
    if (!optional) {
        return rest;
    }
    return uri_to_match[exact] == uri_template[exact] && (rest || match_upto == exact + 1);
}

/* Under uri_lock. `*path_known` tells 405 from 404. */
static hd_uri_entry_t *find(hd_server_t *server, const char *path, size_t len, int method, bool *path_known)
{
    httpd_uri_match_func_t matches = server->config.uri_match_fn ? server->config.uri_match_fn : match_exact;
    *path_known = false;
    for (unsigned i = 0; i < server->uri_count; i++) {
        hd_uri_entry_t *entry = &server->uris[i];
        if (matches(entry->uri, path, len)) {
            if ((int)entry->def.method == method || (int)entry->def.method == HTTP_ANY) {
                return entry;
            }
            *path_known = true;
        }
    }
    return NULL;
}

esp_err_t hd_uri_dispatch(hd_request_t *request)
{
    hd_server_t *server = request->server;
    httpd_req_t *r = &request->pub;
    esp_err_t (*handler)(httpd_req_t *) = NULL;
    bool path_known = false;
    if (request->url.field_set & (1 << UF_PATH)) {
        const char *path = r->uri + request->url.field_data[UF_PATH].off;
        pthread_mutex_lock(&server->uri_lock);
        hd_uri_entry_t *entry = find(server, path, request->url.field_data[UF_PATH].len, r->method, &path_known);
        if (entry) {
            handler = entry->def.handler;
            r->user_ctx = entry->def.user_ctx;
        }
        pthread_mutex_unlock(&server->uri_lock);
    }
    if (handler) {
        return handler(r);
    }
    return hd_request_error(request, path_known ? HTTPD_405_METHOD_NOT_ALLOWED : HTTPD_404_NOT_FOUND);
}

/* Under uri_lock. */
static esp_err_t add(hd_server_t *server, const httpd_uri_t *def)
{
    bool path_known;
    if (find(server, def->uri, strlen(def->uri), (int)def->method, &path_known)) {
        ESP_LOGW(HD_TAG, "a handler for %s and method %d is registered already", def->uri, (int)def->method);
        return ESP_ERR_HTTPD_HANDLER_EXISTS;
    }
    if (server->uri_count == server->config.max_uri_handlers) {
        ESP_LOGW(HD_TAG, "no slot left for a handler of %s: max_uri_handlers is %u", def->uri, server->uri_count);
        return ESP_ERR_HTTPD_HANDLERS_FULL;
    }
    char *uri = strdup(def->uri);
    if (!uri) {
        return ESP_ERR_HTTPD_ALLOC_MEM;
    }
    hd_uri_entry_t *entry = &server->uris[server->uri_count++];
    entry->def = *def;
    entry->def.uri = uri;
    entry->uri = uri;
    return ESP_OK;
}

esp_err_t httpd_register_uri_handler(httpd_handle_t handle, const httpd_uri_t *uri_handler)
{
    hd_server_t *server = handle;
    if (!server || !uri_handler || !uri_handler->uri || !uri_handler->handler) {
        return ESP_ERR_INVALID_ARG;
    }
    pthread_mutex_lock(&server->uri_lock);
    esp_err_t err = add(server, uri_handler);
    pthread_mutex_unlock(&server->uri_lock);
    return err;
}

/* Removes what `uri` and, unless it is NULL, `method` name; the rest keeps its order. */
static esp_err_t remove_handlers(hd_server_t *server, const char *uri, const httpd_method_t *method)
{
    if (!server || !uri) {
        return ESP_ERR_INVALID_ARG;
    }
    pthread_mutex_lock(&server->uri_lock);
    unsigned kept = 0, before = server->uri_count;
    for (unsigned i = 0; i < before; i++) {
        hd_uri_entry_t *entry = &server->uris[i];
        if (strcmp(entry->uri, uri) == 0 && (!method || entry->def.method == *method)) {
            free(entry->uri);
        } else {
            server->uris[kept++] = *entry;
        }
    }
    server->uri_count = kept;
    pthread_mutex_unlock(&server->uri_lock);
    return kept < before ? ESP_OK : ESP_ERR_NOT_FOUND;
}

esp_err_t httpd_unregister_uri_handler(httpd_handle_t handle, const char *uri, httpd_method_t method)
{
    return remove_handlers(handle, uri, &method);
}

esp_err_t httpd_unregister_uri(httpd_handle_t handle, const char *uri)
{
    return remove_handlers(handle, uri, NULL);
}

void hd_uri_free_all(hd_server_t *server)
{
    for (unsigned i = 0; i < server->uri_count; i++) {
        free(server->uris[i].uri);
    }
    free(server->uris);
}

/* SPDX-License-Identifier: MIT */
#include "files/receive.h"

#include <stdlib.h>
#include <string.h>

#include "files/reply.h"
#include "http/fields.h"
#include "http/multipart.h"
#include "server.h"

/* --- a request ---------------------------------------------------------------------------------------------------- */

static bool is_form(const uhttpd_req_t *req)
{
    const char *type = uhttpd_req_header(req, "Content-Type");
    return uhttpd_req_method(req) == UHTTPD_POST && type != NULL && uh_multipart_is_form(type);
}

/* The file would get the form with all that is in it, and its sender would be told that the file is stored. */
static const uh_refusal_t s_form_for_a_file = {
    400, "a form goes to a directory: put a slash at the URL's end, or PUT the file"};

/* RFC 9110 section 14.5 */
static bool stores_a_part(const uhttpd_req_t *req)
{
    return (uhttpd_req_method(req) & (UHTTPD_PUT | UHTTPD_POST)) && uhttpd_req_header(req, "Content-Range") != NULL;
}

static bool is_attachment(const char *disposition)
{
    return uh_disposition_is(disposition, "attachment") || uh_disposition_is(disposition, "attachement");
}

/* If all files have one URL, a header names the path. */
static uh_refusal_t disposed_path(const uhttpd_req_t *req, char **path)
{
    const char *disposition = uhttpd_req_header(req, "Content-Disposition");
    *path = NULL;
    if (disposition == NULL) {
        return (uh_refusal_t) {400, "Content-Disposition is missing"};
    }
    if (!is_attachment(disposition)) {
        return (uh_refusal_t) {400, "Content-Disposition is not of the type attachment"};
    }
    uh_refusal_t refusal = uh_file_named_path(disposition, path);
    if (refusal.status == 0 && *path == NULL) {
        return (uh_refusal_t) {400, "Content-Disposition has no filename"};
    }
    return refusal;
}

static esp_err_t handle_path(uhttpd_req_t *req, const uh_file_receiver_t *receiver, const char *path)
{
    bool as_directory = path[strlen(path) - 1] == '/';
    switch (uhttpd_req_method(req)) {
    case UHTTPD_DELETE:
        return uh_file_receive_removal(req, receiver, path);
    case UHTTPD_MOVE:
        return uh_file_receive_move(req, receiver, path);
    default:
        if (!as_directory) {
            return is_form(req) ? uh_refuse(req, s_form_for_a_file) : uh_file_receive_upload(req, receiver, path);
        }
        return is_form(req) ? uh_file_receive_form(req, receiver, path)
                            : uh_file_receive_directory(req, receiver, path);
    }
}

static esp_err_t receive_handle(uhttpd_req_t *req, void *ctx)
{
    const uh_file_receiver_t *receiver = ctx;
    if (stores_a_part(req)) {
        return uh_refuse(req, (uh_refusal_t) {400, "a part of a file cannot be stored"});
    }
    if (!receiver->dynamic && is_form(req)) {
        return uh_file_receive_form(req, receiver, "/");
    }
    char *path;
    uh_refusal_t refusal =
        receiver->dynamic ? uh_file_tree_path(&receiver->tree, req, &path) : disposed_path(req, &path);
    esp_err_t err = refusal.status != 0 ? uh_refuse(req, refusal) : handle_path(req, receiver, path);
    free(path);
    return err;
}

/* --- the route ---------------------------------------------------------------------------------------------------- */

static void free_receiver(void *ctx)
{
    uh_file_receiver_t *receiver = ctx;
    uh_file_tree_deinit(&receiver->tree);
    free(receiver);
}

static unsigned receive_methods_of(const uh_file_receiver_t *receiver)
{
    return UHTTPD_POST | UHTTPD_PUT | (receiver->dynamic ? UHTTPD_MOVE : 0) | (receiver->removes ? UHTTPD_DELETE : 0);
}

static esp_err_t receive_add_route(uhttpd_handle_t server, uh_file_receiver_t *receiver, const char *prefix)
{
    char *url = receiver->dynamic ? uh_file_tree_route(prefix) : strdup(prefix);
    if (url == NULL) {
        return ESP_ERR_NO_MEM;
    }
    esp_err_t err = uh_server_add_route(
        server,
        &(uhttpd_route_t) {.url = url,
                           .methods = receive_methods_of(receiver),
                           .handler = receive_handle,
                           .ctx = receiver,
                           .free_ctx = free_receiver},
        &(uh_route_options_t) {.stays = true, .any_length = true, .slots = receiver->removes ? 2 : 1});
    free(url);
    return err;
}

esp_err_t uhttpd_receive(uhttpd_handle_t server, const uhttpd_receive_config_t *config)
{
    if ((!config->dynamic && config->prefix == NULL) || (config->ext_only && config->ext_path == NULL)) {
        return ESP_ERR_INVALID_ARG;
    }
    uh_file_receiver_t *receiver = calloc(1, sizeof(*receiver));
    if (receiver == NULL) {
        return ESP_ERR_NO_MEM;
    }
    receiver->dynamic = config->dynamic;
    receiver->ext_only = config->ext_only;
    receiver->removes = config->remove;
    receiver->max_size = config->max_size;
    esp_err_t err =
        uh_file_tree_init(&receiver->tree, server, config->prefix, config->base, config->ext_path, config->storage);
    if (err == ESP_OK) {
        err = receive_add_route(server, receiver, config->prefix);
    }
    if (err != ESP_OK) {
        free_receiver(receiver);
        return err;
    }
    uh_file_sweep(&receiver->tree);
    return ESP_OK;
}

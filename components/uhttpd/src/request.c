/* SPDX-License-Identifier: MIT */

#include "session.h"

#include <stdlib.h>
#include <string.h>

#include "io.h"
#include "http/fields.h"
#include "server.h"
#include "wire.h"

void uh_request_drop_unsent(uhttpd_req_t *req, atomic_size_t *all)
{
    if (req->unsent) {
        atomic_fetch_sub(all, req->unsent_len);
        free(req->unsent);
        req->unsent = NULL;
    }
}

void uh_request_drop_early(uhttpd_req_t *req, atomic_size_t *all)
{
    atomic_fetch_sub(all, req->early_size);
    free(req->early);
    req->early = NULL;
    req->early_at = req->early_len = req->early_size = 0;
}

size_t uh_request_take_early(uhttpd_req_t *req, atomic_size_t *all, void *buf, size_t size)
{
    size_t left = req->early_len - req->early_at;
    size = size < left ? size : left;
    memcpy(buf, req->early + req->early_at, size);
    req->early_at += size;
    if (req->early_at == req->early_len) {
        uh_request_drop_early(req, all);
    }
    return size;
}

static const uh_session_t *request_session(const uhttpd_req_t *req)
{
    return UH_CONTAINER_OF(req, const uh_session_t, req);
}

uhttpd_handle_t uhttpd_req_server(const uhttpd_req_t *req)
{
    return request_session(req)->server;
}

uhttpd_method_t uhttpd_req_method(const uhttpd_req_t *req)
{
    return (uhttpd_method_t)request_session(req)->parsed.method;
}

const char *uhttpd_req_method_name(const uhttpd_req_t *req)
{
    return request_session(req)->head + request_session(req)->parsed.method_name;
}

const char *uhttpd_req_uri(const uhttpd_req_t *req)
{
    return request_session(req)->head + request_session(req)->parsed.target;
}

const char *uhttpd_req_path(const uhttpd_req_t *req, size_t *len)
{
    *len = request_session(req)->parsed.path_len;
    return request_session(req)->head + request_session(req)->parsed.path;
}

bool uhttpd_req_param_at(const uhttpd_req_t *req, size_t n, uhttpd_param_t *param)
{
    size_t len;
    const char *path = uhttpd_req_path(req, &len);
    *param = (uhttpd_param_t) {0};
    return req->route && uh_pattern_match(&req->route->pattern, path, len, n, param) && param->name;
}

size_t uhttpd_param_decode(const uhttpd_param_t *param, char *out)
{
    size_t decoded = 0;
    for (size_t at = 0; at < param->len; decoded++) {
        size_t used = uh_percent_decode(param->value + at, param->len - at, &out[decoded]);
        at += used > 0 ? used : 1;
    }
    return decoded;
}

esp_err_t uhttpd_req_param(const uhttpd_req_t *req, const char *name, char *value, size_t size)
{
    uhttpd_param_t param;
    size_t n = 0;
    do {
        if (!uhttpd_req_param_at(req, n++, &param)) {
            return ESP_ERR_NOT_FOUND;
        }
    } while (strlen(name) != param.name_len || memcmp(name, param.name, param.name_len) != 0);
    if (param.len >= size) {
        return ESP_ERR_INVALID_SIZE;
    }
    value[uhttpd_param_decode(&param, value)] = '\0';
    return ESP_OK;
}

const char *uhttpd_req_query(const uhttpd_req_t *req, size_t *len)
{
    const uh_http_head_t *parsed = &request_session(req)->parsed;
    *len = parsed->query_len;
    return parsed->query ? request_session(req)->head + parsed->query : NULL;
}

const char *uhttpd_req_header(const uhttpd_req_t *req, const char *name)
{
    return uh_head_get(request_session(req)->head, &request_session(req)->parsed, name);
}

const char *uhttpd_req_cookie(const uhttpd_req_t *req, const char *name, size_t *len)
{
    const char *header = uhttpd_req_header(req, "Cookie");
    *len = 0;
    return header ? uh_cookie_find(header, name, len) : NULL;
}

bool uhttpd_req_header_at(const uhttpd_req_t *req, size_t n, const char **name, const char **value)
{
    const uh_session_t *session = request_session(req);
    uh_head_place_t *last = &((uhttpd_req_t *)req)->header; /* remembered for the next call; nothing else changes */
    return uh_head_at(session->head, &session->parsed, last, n, name, value);
}

int64_t uhttpd_req_length(const uhttpd_req_t *req)
{
    const uh_http_head_t *parsed = &request_session(req)->parsed;
    return parsed->chunked ? -1 : parsed->content_length > 0 ? parsed->content_length : 0;
}

size_t uhttpd_req_remote(const uhttpd_req_t *req, char *text, size_t size)
{
    return uh_wire_remote(&request_session(req)->wire, text, size);
}

size_t uhttpd_req_local(const uhttpd_req_t *req, char *text, size_t size)
{
    return uh_wire_local(&request_session(req)->wire, text, size);
}

void uhttpd_req_keep(uhttpd_req_t *req, void *ctx, void (*free_ctx)(void *ctx))
{
    uh_session_t *session = UH_CONTAINER_OF(req, uh_session_t, req);
    if (session->free_kept && session->kept != ctx) {
        session->free_kept(session->kept);
    }
    session->kept = ctx;
    session->free_kept = free_ctx;
}

void *uhttpd_req_kept(const uhttpd_req_t *req)
{
    return request_session(req)->kept;
}

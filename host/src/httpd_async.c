/* SPDX-License-Identifier: MIT */
/*
 * Detached requests. Detaching and completing cost no system call as long as the client is silent meanwhile: the
 * socket stays in the polled set, and only if it has input while detached does the server task park it. Completion
 * then has to wake that task; otherwise the task finds the session attached when its next input arrives.
 */
#include <stdlib.h>

#include "httpd_priv.h"

static hd_request_t *session_copy(hd_session_t *session, const httpd_config_t *config)
{
    if (session->copy) {
        return session->copy;
    }
    hd_request_t *copy = calloc(1, sizeof(*copy));
    if (copy && hd_request_storage(copy, config) != ESP_OK) {
        hd_request_free_storage(copy);
        free(copy);
        copy = NULL;
    }
    session->copy = copy;
    return copy;
}

static void copy_public(httpd_req_t *to, const httpd_req_t *from, void *aux)
{
    to->handle = from->handle;
    to->method = from->method;
    memcpy((char *)to->uri, from->uri, strlen(from->uri) + 1);
    to->content_len = from->content_len;
    to->aux = aux;
    to->user_ctx = from->user_ctx;
    to->sess_ctx = from->sess_ctx;
    to->free_ctx = from->free_ctx;
    to->ignore_sess_ctx_changes = from->ignore_sess_ctx_changes;
}

static void copy_request(hd_request_t *to, const hd_request_t *from)
{
    copy_public(&to->pub, &from->pub, to);
    to->server = from->server;
    to->session = from->session;
    to->url = from->url;
    to->body_left = from->body_left;
    to->keep_alive = from->keep_alive;
    to->http_1_0 = from->http_1_0;
    to->continue_expected = from->continue_expected;
    to->detached = true;
    to->headers_len = from->headers_len;
    memcpy(to->headers, from->headers, from->headers_len);
    to->status = from->status;
    to->type = from->type;
    to->resp_hdr_count = from->resp_hdr_count;
    memcpy(to->resp_hdrs, from->resp_hdrs, from->resp_hdr_count * sizeof(*to->resp_hdrs));
    to->chunks_begun = from->chunks_begun;
}

esp_err_t httpd_req_async_handler_begin(httpd_req_t *r, httpd_req_t **out)
{
    hd_request_t *request = r && out ? hd_request_of(r) : NULL;
    if (!request || request != &request->server->request || !hd_on_server_task(request->server)) {
        return ESP_ERR_INVALID_ARG;
    }
    if (request->detached) {
        return ESP_ERR_INVALID_STATE;
    }
    hd_session_t *session = request->session;
    hd_request_t *copy = session_copy(session, &request->server->config);
    if (!copy) {
        return ESP_ERR_NO_MEM;
    }
    copy_request(copy, request);
    request->detached = true;
    request->body_left = 0;
    atomic_store(&session->detached, true);
    *out = &copy->pub;
    return ESP_OK;
}

/* Under lock: must the server task look at the session now, or is the next input soon enough? */
static bool needs_attention(const hd_server_t *server, const hd_session_t *session)
{
    return session->parked || session->close_asked || session->input_len || server->accept_blocked ||
           server->stopping || atomic_load_explicit(&session->pending_fn, memory_order_relaxed);
}

esp_err_t httpd_req_async_handler_complete(httpd_req_t *r)
{
    hd_request_t *copy = r ? hd_request_of(r) : NULL;
    if (!copy || copy == &copy->server->request) {
        return ESP_ERR_INVALID_ARG;
    }
    hd_server_t *server = copy->server;
    hd_session_t *session = copy->session;
    copy->pub.aux = NULL;

    /* Once detached is false and the lock is free, session and instance may be gone: nothing is touched after that. */
    pthread_mutex_lock(&server->lock);
    session->body_to_skip = copy->body_left;
    if (hd_request_is_last(copy)) {
        session->close_asked = true;
    }
    bool attend = needs_attention(server, session);
    atomic_store(&session->detached, false);
    if (attend) {
        hd_wake(server);
    }
    pthread_mutex_unlock(&server->lock);
    return ESP_OK;
}

/* SPDX-License-Identifier: MIT */
/* One request from its first byte to the end of its handler, and its body. */
#include <stdlib.h>

#include "httpd_priv.h"

esp_err_t hd_request_storage(hd_request_t *request, const httpd_config_t *config)
{
    request->headers = malloc(config->max_req_hdr_len);
    request->resp_hdrs = calloc(config->max_resp_headers + 1u, sizeof(*request->resp_hdrs));
    return request->headers && request->resp_hdrs ? ESP_OK : ESP_ERR_NO_MEM;
}

void hd_request_free_storage(hd_request_t *request)
{
    free(request->headers);
    free(request->resp_hdrs);
}

static void begin(hd_request_t *request, hd_server_t *server, hd_session_t *session)
{
    httpd_req_t *r = &request->pub;
    r->handle = server;
    r->method = -1;
    ((char *)r->uri)[0] = '\0';
    r->content_len = 0;
    r->aux = request;
    r->user_ctx = NULL;

    request->server = server;
    request->session = session;
    request->body_left = 0;
    request->keep_alive = true;
    request->http_1_0 = false;
    request->continue_expected = false;
    request->detached = false;
    request->headers_len = 0;
    request->status = HTTPD_200;
    request->type = HTTPD_TYPE_TEXT;
    request->resp_hdr_count = 0;
    request->chunks_begun = false;

    pthread_mutex_lock(&server->lock);
    r->sess_ctx = session->ctx;
    r->free_ctx = session->free_ctx;
    r->ignore_sess_ctx_changes = session->ignore_ctx_changes;
    pthread_mutex_unlock(&server->lock);
    server->current = session;
}

/* Takes the handler's changes of the session's context over; the former context is freed unless it said otherwise. */
static void keep_session_ctx(const httpd_req_t *r, hd_session_t *session, void *ctx_before)
{
    void *former = NULL;
    hd_server_t *server = r->handle;
    pthread_mutex_lock(&server->lock);
    httpd_free_ctx_fn_t former_free = session->free_ctx;
    if (r->sess_ctx != ctx_before) {
        former = session->ctx;
        session->ctx = r->sess_ctx;
    }
    if (session->ctx == r->sess_ctx) {
        session->free_ctx = r->free_ctx;
    }
    session->ignore_ctx_changes = r->ignore_sess_ctx_changes;
    pthread_mutex_unlock(&server->lock);
    if (!r->ignore_sess_ctx_changes && former != r->sess_ctx) {
        hd_free_ctx(former, former_free);
    }
}

static esp_err_t answer(hd_request_t *request)
{
    httpd_err_code_t error;
    switch (hd_head_read(request, &error)) {
    case HD_HEAD_READY:
        return hd_uri_dispatch(request);
    case HD_HEAD_NONE:
        return ESP_OK;
    case HD_HEAD_ERROR:
        return hd_request_error(request, error);
    default:
        return ESP_FAIL;
    }
}

bool hd_request_is_last(const hd_request_t *request)
{
    /* Whoever was not told to send its body may send it or not: what comes next cannot be told apart. */
    return !request->keep_alive || (request->continue_expected && request->body_left);
}

/* Serves one request of a session that has input. Anything but ESP_OK: the session is to be ended. */
esp_err_t hd_request_serve(hd_server_t *server, hd_session_t *session)
{
    hd_request_t *request = &server->request;
    begin(request, server, session);
    void *ctx_before = request->pub.sess_ctx;

    esp_err_t err = answer(request);
    if (!request->detached) {
        if (err == ESP_OK && hd_request_is_last(request)) {
            err = ESP_FAIL;
        }
        if (err == ESP_OK) {
            session->body_to_skip = request->body_left;
        } else {
            hd_session_drain(session);
        }
    }
    keep_session_ctx(&request->pub, session, ctx_before);
    server->current = NULL;
    request->pub.aux = NULL;
    return err;
}

int httpd_req_to_sockfd(httpd_req_t *r)
{
    hd_request_t *request = r ? hd_request_of(r) : NULL;
    return request ? request->session->fd : -1;
}

static int send_continue(hd_request_t *request)
{
    static const char head[] = "HTTP/1.1 100 Continue\r\n\r\n";
    request->continue_expected = false;
    return hd_send_all(request, head, sizeof(head) - 1) == ESP_OK ? 0 : HTTPD_SOCK_ERR_FAIL;
}

int httpd_req_recv(httpd_req_t *r, char *buf, size_t buf_len)
{
    hd_request_t *request = r && buf ? hd_request_of(r) : NULL;
    if (!request) {
        return HTTPD_SOCK_ERR_INVALID;
    }
    size_t want = buf_len < request->body_left ? buf_len : request->body_left;
    if (want > INT_MAX) {
        want = INT_MAX;
    }
    if (!want) {
        return 0;
    }
    if (request->continue_expected && send_continue(request) < 0) {
        return HTTPD_SOCK_ERR_FAIL;
    }
    /* What came with the head, then one read for the rest: most bodies arrive in a single call. */
    size_t got = hd_session_take(request->session, buf, want);
    if (got < want) {
        int n = hd_session_recv(request->server, request->session, buf + got, want - got);
        if (n <= 0 && !got) {
            return n;
        }
        got += n > 0 ? (size_t)n : 0;
    }
    request->body_left -= got;
    return (int)got;
}

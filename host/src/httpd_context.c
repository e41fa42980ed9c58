/* SPDX-License-Identifier: MIT */
/* Contexts of sessions: the application's, and the transport's. */
#include "httpd_priv.h"

/* Within a handler, or a receive function called for one, the session needs no looking up. */
static hd_session_t *current_session(hd_server_t *server, int sockfd)
{
    if (!hd_on_server_task(server) || !server->current || server->current->fd != sockfd) {
        return NULL;
    }
    return server->current;
}

void *httpd_sess_get_ctx(httpd_handle_t handle, int sockfd)
{
    hd_server_t *server = handle;
    if (!server) {
        return NULL;
    }
    if (current_session(server, sockfd)) {
        return server->request.pub.sess_ctx;
    }
    pthread_mutex_lock(&server->lock);
    hd_session_t *session = hd_session_find_locked(server, sockfd);
    void *ctx = session ? session->ctx : NULL;
    pthread_mutex_unlock(&server->lock);
    return ctx;
}

/* The session's own context is left for the end of the request, which compares the two. */
static void set_request_ctx(hd_session_t *session, httpd_req_t *r, void *ctx, httpd_free_ctx_fn_t free_fn)
{
    if (r->sess_ctx != ctx) {
        if (r->sess_ctx != session->ctx) {
            hd_free_ctx(r->sess_ctx, r->free_ctx);
        }
        r->sess_ctx = ctx;
    }
    r->free_ctx = free_fn;
}

void httpd_sess_set_ctx(httpd_handle_t handle, int sockfd, void *ctx, httpd_free_ctx_fn_t free_fn)
{
    hd_server_t *server = handle;
    if (!server) {
        return;
    }
    hd_session_t *session = current_session(server, sockfd);
    if (session) {
        set_request_ctx(session, &server->request.pub, ctx, free_fn);
        return;
    }
    void *former = NULL;
    httpd_free_ctx_fn_t former_free = NULL;
    pthread_mutex_lock(&server->lock);
    session = hd_session_find_locked(server, sockfd);
    if (session) {
        if (session->ctx != ctx) {
            former = session->ctx;
            former_free = session->free_ctx;
            session->ctx = ctx;
        }
        session->free_ctx = free_fn;
    }
    pthread_mutex_unlock(&server->lock);
    hd_free_ctx(former, former_free);
}

void *httpd_sess_get_transport_ctx(httpd_handle_t handle, int sockfd)
{
    hd_server_t *server = handle;
    if (!server) {
        return NULL;
    }
    hd_session_t *session = current_session(server, sockfd);
    if (session) {
        return session->transport_ctx;
    }
    pthread_mutex_lock(&server->lock);
    session = hd_session_find_locked(server, sockfd);
    void *ctx = session ? session->transport_ctx : NULL;
    pthread_mutex_unlock(&server->lock);
    return ctx;
}

void httpd_sess_set_transport_ctx(httpd_handle_t handle, int sockfd, void *ctx, httpd_free_ctx_fn_t free_fn)
{
    hd_server_t *server = handle;
    if (!server) {
        return;
    }
    void *former = NULL;
    httpd_free_ctx_fn_t former_free = NULL;
    pthread_mutex_lock(&server->lock);
    hd_session_t *session = hd_session_find_locked(server, sockfd);
    if (session) {
        if (session->transport_ctx != ctx) {
            former = session->transport_ctx;
            former_free = session->free_transport_ctx;
            session->transport_ctx = ctx;
        }
        session->free_transport_ctx = free_fn;
    }
    pthread_mutex_unlock(&server->lock);
    hd_free_ctx(former, former_free);
}

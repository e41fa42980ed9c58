/* SPDX-License-Identifier: MIT */
/* Bytes in and out of a session's socket. */
#include <errno.h>
#include <sys/socket.h>

#include "esp_log.h"
#include "httpd_priv.h"

/* Kernel buffers thrown away before a close: with input unread, a close resets the connection, and the client may lose
 * the response that says what was wrong. */
#define HD_DRAIN_READS 32

static int socket_error(void)
{
    switch (errno) {
    case EAGAIN:
        return HTTPD_SOCK_ERR_TIMEOUT;
    case EINVAL:
    case EBADF:
    case EFAULT:
    case ENOTSOCK:
        return HTTPD_SOCK_ERR_INVALID;
    default:
        return HTTPD_SOCK_ERR_FAIL;
    }
}

int hd_default_send(httpd_handle_t hd, int fd, const char *buf, size_t len, int flags)
{
    (void)hd;
    if (!buf) {
        return HTTPD_SOCK_ERR_INVALID;
    }
    ssize_t n;
    do {
        n = send(fd, buf, len < INT_MAX ? len : INT_MAX, flags | MSG_NOSIGNAL);
    } while (n < 0 && errno == EINTR);
    return n < 0 ? socket_error() : (int)n;
}

int hd_default_recv(httpd_handle_t hd, int fd, char *buf, size_t len, int flags)
{
    (void)hd;
    if (!buf) {
        return HTTPD_SOCK_ERR_INVALID;
    }
    ssize_t n;
    do {
        n = recv(fd, buf, len < INT_MAX ? len : INT_MAX, flags);
    } while (n < 0 && errno == EINTR);
    return n < 0 ? socket_error() : (int)n;
}

/* One receive; an override that claims more than it was given room for has spoilt the connection, not the server. */
int hd_session_recv(hd_server_t *server, hd_session_t *session, char *buf, size_t len)
{
    httpd_recv_func_t recv_fn = atomic_load_explicit(&session->recv_fn, memory_order_relaxed);
    int n = recv_fn(server, session->fd, buf, len, 0);
    return n > 0 && (size_t)n > len ? HTTPD_SOCK_ERR_FAIL : n;
}

/* Fills the input buffer, which must be empty. Result as of the receive function. */
int hd_session_fill(hd_server_t *server, hd_session_t *session)
{
    int n = hd_session_recv(server, session, session->input, sizeof(session->input));
    session->input_off = 0;
    session->input_len = n > 0 ? (size_t)n : 0;
    return n;
}

size_t hd_session_take(hd_session_t *session, char *buf, size_t len)
{
    size_t n = session->input_len < len ? session->input_len : len;
    memcpy(buf, session->input + session->input_off, n);
    session->input_off += n;
    session->input_len -= n;
    return n;
}

void hd_session_drain(hd_session_t *session)
{
    char buf[4096];
    for (int i = 0; i < HD_DRAIN_READS; i++) {
        if (recv(session->fd, buf, sizeof(buf), MSG_DONTWAIT) <= 0) {
            return;
        }
    }
}

esp_err_t httpd_sess_set_send_override(httpd_handle_t hd, int sockfd, httpd_send_func_t send_func)
{
    hd_server_t *server = hd;
    if (!server || !send_func) {
        return ESP_ERR_INVALID_ARG;
    }
    pthread_mutex_lock(&server->lock);
    hd_session_t *session = hd_session_find_locked(server, sockfd);
    if (session) {
        atomic_store_explicit(&session->send_fn, send_func, memory_order_relaxed);
    }
    pthread_mutex_unlock(&server->lock);
    return session ? ESP_OK : ESP_ERR_INVALID_ARG;
}

esp_err_t httpd_sess_set_recv_override(httpd_handle_t hd, int sockfd, httpd_recv_func_t recv_func)
{
    hd_server_t *server = hd;
    if (!server || !recv_func) {
        return ESP_ERR_INVALID_ARG;
    }
    pthread_mutex_lock(&server->lock);
    hd_session_t *session = hd_session_find_locked(server, sockfd);
    if (session) {
        atomic_store_explicit(&session->recv_fn, recv_func, memory_order_relaxed);
    }
    pthread_mutex_unlock(&server->lock);
    return session ? ESP_OK : ESP_ERR_INVALID_ARG;
}

esp_err_t httpd_sess_set_pending_override(httpd_handle_t hd, int sockfd, httpd_pending_func_t pending_func)
{
    hd_server_t *server = hd;
    if (!server) {
        return ESP_ERR_INVALID_ARG;
    }
    pthread_mutex_lock(&server->lock);
    hd_session_t *session = hd_session_find_locked(server, sockfd);
    if (session) {
        atomic_store_explicit(&session->pending_fn, pending_func, memory_order_relaxed);
    }
    pthread_mutex_unlock(&server->lock);
    return session ? ESP_OK : ESP_ERR_INVALID_ARG;
}

/* While a thread is in a session's socket functions, the session is not deleted and its descriptor stays its own. */
static hd_session_t *borrow(hd_server_t *server, int sockfd)
{
    pthread_mutex_lock(&server->lock);
    hd_session_t *session = hd_session_find_locked(server, sockfd);
    if (session && !hd_on_server_task(server)) {
        session->users++;
    }
    pthread_mutex_unlock(&server->lock);
    return session;
}

static void give_back(hd_server_t *server, hd_session_t *session)
{
    if (hd_on_server_task(server)) {
        return;
    }
    pthread_mutex_lock(&server->lock);
    if (--session->users == 0) {
        pthread_cond_signal(&server->unused);
    }
    pthread_mutex_unlock(&server->lock);
}

int httpd_socket_send(httpd_handle_t hd, int sockfd, const char *buf, size_t buf_len, int flags)
{
    hd_session_t *session = hd ? borrow(hd, sockfd) : NULL;
    if (!session) {
        return HTTPD_SOCK_ERR_INVALID;
    }
    httpd_send_func_t send_fn = atomic_load_explicit(&session->send_fn, memory_order_relaxed);
    int n = send_fn(hd, sockfd, buf, buf_len, flags);
    give_back(hd, session);
    return n;
}

int httpd_socket_recv(httpd_handle_t hd, int sockfd, char *buf, size_t buf_len, int flags)
{
    hd_session_t *session = hd ? borrow(hd, sockfd) : NULL;
    if (!session) {
        return HTTPD_SOCK_ERR_INVALID;
    }
    httpd_recv_func_t recv_fn = atomic_load_explicit(&session->recv_fn, memory_order_relaxed);
    int n = recv_fn(hd, sockfd, buf, buf_len, flags);
    give_back(hd, session);
    return n;
}

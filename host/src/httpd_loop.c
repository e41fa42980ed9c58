/* SPDX-License-Identifier: MIT */
/* The server task: waits for connections, input and signals, and serves them. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "esp_log.h"
#include "httpd_priv.h"

/* Pipelined requests of one client answered before the others get their turn. */
#define HD_BURST 16

/* After accept() failed for want of descriptors or memory; without a pause the task would spin. */
#define HD_ACCEPT_PAUSE_MS 100

/* Between complaints about owners who keep httpd_stop() waiting. */
#define HD_STOP_REPORT_MS 5000

static _Thread_local const hd_server_t *t_server;

bool hd_on_server_task(const hd_server_t *server)
{
    return t_server == server;
}

static bool set_option(int fd, int level, int name, const void *value, socklen_t len)
{
    if (setsockopt(fd, level, name, value, len) == 0) {
        return true;
    }
    ESP_LOGE(HD_TAG, "cannot set option %d of a new connection: %s", name, strerror(errno));
    return false;
}

static bool set_time_limit(int fd, int name, unsigned seconds)
{
    struct timeval limit = {.tv_sec = seconds};
    return set_option(fd, SOL_SOCKET, name, &limit, sizeof(limit));
}

static bool set_int(int fd, int level, int name, int value)
{
    return set_option(fd, level, name, &value, sizeof(value));
}

static bool set_up_connection(const httpd_config_t *config, int fd)
{
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    if (!set_time_limit(fd, SO_RCVTIMEO, config->recv_wait_timeout) ||
        !set_time_limit(fd, SO_SNDTIMEO, config->send_wait_timeout)) {
        return false;
    }
    if (!config->keep_alive_enable) {
        return true;
    }
    return set_int(fd, SOL_SOCKET, SO_KEEPALIVE, 1) &&
           set_int(fd, IPPROTO_TCP, TCP_KEEPIDLE, config->keep_alive_idle ? config->keep_alive_idle : 5) &&
           set_int(fd, IPPROTO_TCP, TCP_KEEPINTVL, config->keep_alive_interval ? config->keep_alive_interval : 5) &&
           set_int(fd, IPPROTO_TCP, TCP_KEEPCNT, config->keep_alive_count ? config->keep_alive_count : 3);
}

/* When full: is there a session that a newcomer may replace? If not, the completion of a detached request must wake
 * the task, since until then the listening socket is not polled: it would be readable all the time. */
static bool can_purge(hd_server_t *server)
{
    pthread_mutex_lock(&server->lock);
    bool found = hd_session_lru(server) != NULL;
    server->accept_blocked = !found;
    pthread_mutex_unlock(&server->lock);
    return found;
}

static int accept_pause_ms(hd_server_t *server)
{
    if (!server->accept_paused_till) {
        return 0;
    }
    uint64_t now = hd_now_ms();
    if (now >= server->accept_paused_till) {
        server->accept_paused_till = 0;
        return 0;
    }
    return (int)(server->accept_paused_till - now);
}

static bool can_accept(hd_server_t *server)
{
    if (server->listen_fd < 0 || accept_pause_ms(server) > 0) {
        return false;
    }
    if (server->open_count < server->config.max_open_sockets) {
        return true;
    }
    return server->config.lru_purge_enable && can_purge(server);
}

static void accept_connection(hd_server_t *server)
{
    int fd = accept(server->listen_fd, NULL, NULL);
    if (fd < 0) {
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            ESP_LOGE(HD_TAG, "cannot accept a connection: %s", strerror(errno));
            server->accept_paused_till = hd_now_ms() + HD_ACCEPT_PAUSE_MS;
        }
        return;
    }
    if (!set_up_connection(&server->config, fd)) {
        close(fd);
        return;
    }
    if (server->open_count == server->config.max_open_sockets) {
        hd_session_t *oldest = hd_session_lru(server);
        if (!oldest) {
            close(fd);
            return;
        }
        ESP_LOGD(HD_TAG, "fd %d makes room for fd %d", oldest->fd, fd);
        hd_session_delete(server, oldest);
    }
    hd_session_open(server, fd);
}

typedef enum {
    SKIP_DONE, /* what comes next is a request */
    SKIP_WAIT, /* nothing more for now */
    SKIP_GONE
} skip_result_t;

static void skip_input(hd_session_t *session)
{
    size_t n = session->input_len < session->body_to_skip ? session->input_len : session->body_to_skip;
    session->input_off += n;
    session->input_len -= n;
    session->body_to_skip -= n;
}

/* Throws away what the last handler left unread, as it arrives: nobody waits for it. */
static skip_result_t skip_body(hd_server_t *server, hd_session_t *session, bool readable)
{
    if (!session->body_to_skip) {
        return SKIP_DONE;
    }
    skip_input(session);
    if (session->body_to_skip && !readable) {
        return SKIP_WAIT;
    }
    if (session->body_to_skip) {
        int n = hd_session_fill(server, session);
        if (n <= 0) {
            return n == HTTPD_SOCK_ERR_TIMEOUT ? SKIP_WAIT : SKIP_GONE;
        }
        skip_input(session);
    }
    return session->input_len ? SKIP_DONE : SKIP_WAIT;
}

static void serve(hd_server_t *server, hd_session_t *session, bool readable)
{
    for (int i = 0; i < HD_BURST; i++, readable = false) {
        skip_result_t skipped = skip_body(server, session, readable);
        if (skipped == SKIP_WAIT) {
            return;
        }
        if (skipped == SKIP_GONE || hd_request_serve(server, session) != ESP_OK) {
            hd_session_end(server, session);
            return;
        }
        hd_session_touch(server, session);
        if (atomic_load(&session->detached) || !session->input_len) {
            return;
        }
    }
}

/* A detached session with input, or whose client has gone, must not be polled again before it is attached. */
static bool park_if_detached(hd_server_t *server, unsigned slot)
{
    hd_session_t *session = &server->sessions[slot];
    if (!atomic_load(&session->detached)) {
        return false;
    }
    pthread_mutex_lock(&server->lock);
    bool detached = atomic_load(&session->detached);
    if (detached) {
        session->parked = true;
        server->pfds[HD_PFD_SESSIONS + slot].fd = -1;
    }
    pthread_mutex_unlock(&server->lock);
    return detached;
}

static bool has_input(hd_server_t *server, hd_session_t *session)
{
    if (session->fd < 0 || atomic_load(&session->detached)) {
        return false;
    }
    if (session->input_len) {
        return true;
    }
    httpd_pending_func_t pending = atomic_load_explicit(&session->pending_fn, memory_order_relaxed);
    return pending && pending(server, session->fd) > 0;
}

static bool any_input(hd_server_t *server)
{
    for (unsigned i = 0; i < server->used_slots; i++) {
        if (has_input(server, &server->sessions[i])) {
            return true;
        }
    }
    return false;
}

static void visit_session(hd_server_t *server, unsigned slot)
{
    struct pollfd *pfd = &server->pfds[HD_PFD_SESSIONS + slot];
    hd_session_t *session = &server->sessions[slot];
    short events = pfd->fd >= 0 ? pfd->revents : 0;
    if (events) {
        if (park_if_detached(server, slot)) {
            return;
        }
        if (events & POLLNVAL) {
            ESP_LOGW(HD_TAG, "fd %d was closed behind the server's back", session->fd);
            hd_session_delete(server, session);
            return;
        }
    }
    if (events || has_input(server, session)) {
        serve(server, session, events);
    }
}

/* Under lock. True if the session is to be closed. */
static bool revisit_session(hd_server_t *server, unsigned slot, bool stopping)
{
    hd_session_t *session = &server->sessions[slot];
    if (session->fd < 0) {
        return false;
    }
    if (atomic_load(&session->detached)) {
        if (stopping) {
            shutdown(session->fd, SHUT_RDWR);
        }
        return false;
    }
    session->parked = false;
    server->pfds[HD_PFD_SESSIONS + slot].fd = session->fd;
    return stopping || session->close_asked;
}

/* After a signal: sessions may be attached again, or somebody wants them closed. */
static void revisit_sessions(hd_server_t *server, bool stopping)
{
    pthread_mutex_lock(&server->lock);
    for (unsigned i = 0; i < server->used_slots; i++) {
        if (revisit_session(server, i, stopping)) {
            pthread_mutex_unlock(&server->lock);
            hd_session_delete(server, &server->sessions[i]);
            pthread_mutex_lock(&server->lock);
        }
    }
    pthread_mutex_unlock(&server->lock);
}

static bool is_stopping(hd_server_t *server)
{
    pthread_mutex_lock(&server->lock);
    bool stopping = server->stopping;
    pthread_mutex_unlock(&server->lock);
    if (stopping && server->listen_fd >= 0) {
        close(server->listen_fd);
        server->listen_fd = -1;
    }
    return stopping;
}

static bool may_end(hd_server_t *server)
{
    if (server->open_count) {
        return false;
    }
    pthread_mutex_lock(&server->lock);
    server->work_closed = server->work_count == 0;
    bool closed = server->work_closed;
    pthread_mutex_unlock(&server->lock);
    return closed;
}

/* False when the instance is to end: it was stopped, and nothing is left to do. */
static bool handle_signals(hd_server_t *server)
{
    if (!atomic_exchange(&server->signalled, false)) {
        return true;
    }
    hd_work_run(server);
    bool stopping = is_stopping(server);
    revisit_sessions(server, stopping);
    return !stopping || !may_end(server);
}

static int longest_wait_ms(hd_server_t *server)
{
    if (server->listen_fd < 0) {
        return HD_STOP_REPORT_MS;
    }
    return server->accept_paused_till ? accept_pause_ms(server) : -1;
}

static void wait_for_events(hd_server_t *server)
{
    struct pollfd *pfds = server->pfds;
    pfds[HD_PFD_WAKE] = (struct pollfd) {.fd = server->wake_rd, .events = POLLIN};
    pfds[HD_PFD_LISTEN] = (struct pollfd) {.fd = can_accept(server) ? server->listen_fd : -1, .events = POLLIN};

    int timeout = longest_wait_ms(server);
    atomic_store(&server->sleeping, true);
    if (atomic_load(&server->signalled) || any_input(server)) {
        timeout = 0;
    }
    int ready = poll(pfds, HD_PFD_SESSIONS + server->used_slots, timeout);
    atomic_store(&server->sleeping, false);
    if (ready == 0 && timeout == HD_STOP_REPORT_MS) {
        ESP_LOGW(HD_TAG, "httpd_stop() waits for %u detached requests to be completed", server->open_count);
    }
    if (ready <= 0) {
        for (unsigned i = 0; i < HD_PFD_SESSIONS + server->used_slots; i++) {
            pfds[i].revents = 0;
        }
    }
    if (pfds[HD_PFD_WAKE].revents) {
        char bytes[16];
        while (read(server->wake_rd, bytes, sizeof(bytes)) < 0 && errno == EINTR) {
        }
    }
}

void *hd_server_main(void *arg)
{
    hd_server_t *server = arg;
    t_server = server;
    pthread_setname_np(pthread_self(), "httpd");
    while (handle_signals(server)) {
        wait_for_events(server);
        for (unsigned i = 0; i < server->used_slots; i++) {
            visit_session(server, i);
        }
        if (server->pfds[HD_PFD_LISTEN].revents) {
            accept_connection(server);
        }
    }
    return NULL;
}

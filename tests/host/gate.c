/* SPDX-License-Identifier: MIT */
/*
 * The way a component may sit on the server: whenever a socket is readable, the server is handed a small request of
 * the component's own; its handler looks at the real bytes in the kernel, answers on the socket itself or has a worker
 * do so, and ends connections by shutdown().
 */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "server_app.h"

static const char s_knock[] = "GET / HTTP/1.1\r\nHost: gate\r\n\r\n";
static const char s_answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

static int knock(httpd_handle_t server, int fd, char *buf, size_t len, int flags)
{
    (void)len;
    (void)flags;
    char byte;
    if (!httpd_sess_get_transport_ctx(server, fd) || recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0) {
        return 0;
    }
    memcpy(buf, s_knock, sizeof(s_knock) - 1);
    return sizeof(s_knock) - 1;
}

esp_err_t gate_open(httpd_handle_t server, int fd)
{
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return httpd_sess_set_recv_override(server, fd, knock);
}

static void answer(int fd)
{
    if (send(fd, s_answer, sizeof(s_answer) - 1, MSG_NOSIGNAL) < 0) {
        shutdown(fd, SHUT_RDWR);
    }
}

static void answer_detached(httpd_req_t *r)
{
    answer(httpd_req_to_sockfd(r));
    httpd_req_async_handler_complete(r);
}

static void end_detached(httpd_req_t *r)
{
    int fd = httpd_req_to_sockfd(r);
    answer(fd);
    shutdown(fd, SHUT_RDWR);
    httpd_req_async_handler_complete(r);
}

/* One whole request a time is all that the tests' clients send: /direct, /detached or /end. */
static esp_err_t serve(httpd_req_t *r)
{
    int fd = httpd_req_to_sockfd(r);
    char head[1024];
    ssize_t n = recv(fd, head, sizeof(head) - 1, MSG_DONTWAIT);
    if (n <= 0) {
        return ESP_FAIL;
    }
    head[n] = '\0';
    if (strncmp(head, "GET /direct", 11) == 0) {
        answer(fd);
        return ESP_OK;
    }
    httpd_req_t *copy;
    esp_err_t err = httpd_req_async_handler_begin(r, &copy);
    if (err == ESP_OK) {
        post_job(strncmp(head, "GET /end", 8) == 0 ? end_detached : answer_detached, copy);
    }
    return err;
}

void register_gate(httpd_handle_t server)
{
    static const httpd_uri_t handler = {.uri = "/", .method = HTTP_GET, .handler = serve};
    ESP_ERROR_CHECK(httpd_register_uri_handler(server, &handler));
}

/* SPDX-License-Identifier: MIT */
/* Handlers that answer before they return. */
#include <stdlib.h>
#include <unistd.h>

#include "server_app.h"

bool query_value(httpd_req_t *r, const char *key, char *val, size_t size)
{
    char query[CONFIG_HTTPD_MAX_URI_LEN + 1];
    return httpd_req_get_url_query_str(r, query, sizeof(query)) == ESP_OK &&
           httpd_query_key_value(query, key, val, size) == ESP_OK;
}

int query_int(httpd_req_t *r, const char *key, int otherwise)
{
    char val[16];
    return query_value(r, key, val, sizeof(val)) ? atoi(val) : otherwise;
}

static esp_err_t hello(httpd_req_t *r)
{
    return httpd_resp_sendstr(r, "hello");
}

static esp_err_t method_and_length(httpd_req_t *r)
{
    char text[64];
    snprintf(text, sizeof(text), "%d %zu", r->method, r->content_len);
    return httpd_resp_sendstr(r, text);
}

/* Echoes the body in reads of `piece` bytes. */
static esp_err_t echo(httpd_req_t *r)
{
    size_t piece = (size_t)query_int(r, "piece", 1000);
    char *body = malloc(r->content_len + 1);
    size_t got = 0;
    while (got < r->content_len) {
        size_t want = r->content_len - got < piece ? r->content_len - got : piece;
        int n = httpd_req_recv(r, body + got, want);
        if (n <= 0) {
            free(body);
            return ESP_FAIL;
        }
        got += (size_t)n;
    }
    int beyond = httpd_req_recv(r, body, 1);
    esp_err_t err = beyond == 0 ? httpd_resp_send(r, body, (ssize_t)got) : ESP_FAIL;
    free(body);
    return err;
}

/* Reads `n` bytes of the body and answers. */
static esp_err_t read_some(httpd_req_t *r)
{
    char buf[64];
    int n = query_int(r, "n", 0);
    if (n) {
        n = httpd_req_recv(r, buf, (size_t)n);
    }
    snprintf(buf, sizeof(buf), "read %d", n);
    return httpd_resp_sendstr(r, buf);
}

static esp_err_t header(httpd_req_t *r)
{
    char name[64], val[256] = "untouched", text[600];
    if (!query_value(r, "name", name, sizeof(name))) {
        return ESP_FAIL;
    }
    int size = query_int(r, "size", sizeof(val));
    size_t len = httpd_req_get_hdr_value_len(r, name);
    esp_err_t err = httpd_req_get_hdr_value_str(r, name, val, (size_t)size);
    snprintf(text, sizeof(text), "%zu|%s|%s", len, esp_err_to_name(err), val);
    return httpd_resp_sendstr(r, text);
}

static esp_err_t header_after_response(httpd_req_t *r)
{
    size_t before = httpd_req_get_hdr_value_len(r, "Host");
    httpd_resp_sendstr_chunk(r, "first,");
    char text[64];
    snprintf(text, sizeof(text), "%s,%zu", before ? "there" : "missing", httpd_req_get_hdr_value_len(r, "Host"));
    httpd_resp_sendstr_chunk(r, text);
    return httpd_resp_sendstr_chunk(r, NULL);
}

static esp_err_t query(httpd_req_t *r)
{
    char val[16] = "untouched", text[CONFIG_HTTPD_MAX_URI_LEN + 100];
    esp_err_t err = httpd_req_get_url_query_str(r, val, sizeof(val));
    snprintf(text, sizeof(text), "%zu|%s|%s|%s", httpd_req_get_url_query_len(r), esp_err_to_name(err), val, r->uri);
    return httpd_resp_sendstr(r, text);
}

static esp_err_t cookie(httpd_req_t *r)
{
    char name[32], val[64] = "untouched", text[160];
    size_t size = (size_t)query_int(r, "size", sizeof(val));
    if (!query_value(r, "name", name, sizeof(name))) {
        return ESP_FAIL;
    }
    esp_err_t err = httpd_req_get_cookie_val(r, name, val, &size);
    snprintf(text, sizeof(text), "%s|%zu|%s", esp_err_to_name(err), size, val);
    return httpd_resp_sendstr(r, text);
}

static esp_err_t chunks(httpd_req_t *r)
{
    httpd_resp_set_type(r, "text/plain");
    httpd_resp_sendstr_chunk(r, "one ");
    httpd_resp_sendstr_chunk(r, "two ");
    size_t n = (size_t)query_int(r, "n", 0);
    if (n) {
        char *big = malloc(n);
        memset(big, 'x', n);
        httpd_resp_send_chunk(r, big, (ssize_t)n);
        free(big);
    }
    return httpd_resp_send_chunk(r, NULL, 0);
}

static esp_err_t big(httpd_req_t *r)
{
    size_t n = (size_t)query_int(r, "n", 1000000);
    char *body = malloc(n + 1);
    for (size_t i = 0; i < n; i++) {
        body[i] = (char)('a' + i % 26);
    }
    esp_err_t err = httpd_resp_send(r, body, (ssize_t)n);
    free(body);
    return err;
}

static esp_err_t decorated(httpd_req_t *r)
{
    static const char *const names[] = {"X-0", "X-1", "X-2", "X-3", "X-4", "X-5", "X-6", "X-7", "X-8", "X-9"};
    esp_err_t err = ESP_OK;
    int n = query_int(r, "n", 1), set = 0;
    for (int i = 0; i < n && err == ESP_OK; i++) {
        err = httpd_resp_set_hdr(r, names[i], "value");
        set += err == ESP_OK;
    }
    char text[64];
    snprintf(text, sizeof(text), "%d %s", set, esp_err_to_name(err));
    httpd_resp_set_status(r, "201 Made");
    httpd_resp_set_type(r, "text/x-test");
    return httpd_resp_sendstr(r, text);
}

static esp_err_t bad_lines(httpd_req_t *r)
{
    char text[200];
    snprintf(text, sizeof(text), "%s %s %s %s", esp_err_to_name(httpd_resp_set_hdr(r, "X", "a\r\nb: c")),
             esp_err_to_name(httpd_resp_set_hdr(r, "X\n", "a")), esp_err_to_name(httpd_resp_set_status(r, "200\r")),
             esp_err_to_name(httpd_resp_set_type(r, "a\nb")));
    return httpd_resp_sendstr(r, text);
}

static esp_err_t huge_type(httpd_req_t *r)
{
    char type[2000];
    memset(type, 't', sizeof(type) - 1);
    type[sizeof(type) - 1] = '\0';
    httpd_resp_set_type(r, type);
    esp_err_t err = httpd_resp_sendstr(r, "x");
    httpd_resp_set_type(r, "text/plain");
    return httpd_resp_sendstr(r, esp_err_to_name(err));
}

static esp_err_t error(httpd_req_t *r)
{
    char msg[32];
    bool own = query_value(r, "msg", msg, sizeof(msg));
    return httpd_resp_send_err(r, (httpd_err_code_t)query_int(r, "code", 0), own ? msg : NULL);
}

static esp_err_t teapot(httpd_req_t *r)
{
    return httpd_resp_send_custom_err(r, "418 I'm a teapot", "short and stout");
}

static esp_err_t fail(httpd_req_t *r)
{
    httpd_resp_sendstr(r, "and good-bye");
    return ESP_FAIL;
}

static esp_err_t raw(httpd_req_t *r)
{
    static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nraw";
    return httpd_send(r, text, sizeof(text) - 1) == sizeof(text) - 1 ? ESP_OK : ESP_FAIL;
}

static esp_err_t fd(httpd_req_t *r)
{
    char text[16];
    snprintf(text, sizeof(text), "%d", httpd_req_to_sockfd(r));
    return httpd_resp_sendstr(r, text);
}

/* Replaces the session's context: how=request by the request's field, set by httpd_sess_set_ctx(), twice by both. */
static esp_err_t context(httpd_req_t *r)
{
    char how[16] = "", text[64];
    int before = ctx_value(httpd_sess_get_ctx(r->handle, httpd_req_to_sockfd(r)));
    query_value(r, "how", how, sizeof(how));
    int value = query_int(r, "value", 0), fd_now = httpd_req_to_sockfd(r);
    if (strcmp(how, "request") == 0 || strcmp(how, "keep") == 0) {
        r->ignore_sess_ctx_changes = strcmp(how, "keep") == 0;
        if (r->ignore_sess_ctx_changes && r->sess_ctx) {
            free_ctx(r->sess_ctx);
        }
        r->sess_ctx = make_ctx(value);
        r->free_ctx = free_ctx;
    } else if (strcmp(how, "set") == 0 || strcmp(how, "twice") == 0) {
        httpd_sess_set_ctx(r->handle, fd_now, make_ctx(value), free_ctx);
    }
    if (strcmp(how, "twice") == 0) {
        httpd_sess_set_ctx(r->handle, fd_now, make_ctx(value + 1), free_ctx);
    }
    if (strcmp(how, "clear") == 0) {
        r->sess_ctx = NULL;
    }
    snprintf(text, sizeof(text), "%d %d", before, ctx_value(httpd_sess_get_ctx(r->handle, fd_now)));
    return httpd_resp_sendstr(r, text);
}

static esp_err_t slow(httpd_req_t *r)
{
    usleep((useconds_t)query_int(r, "ms", 100) * 1000);
    return httpd_resp_sendstr(r, "slow");
}

static esp_err_t stop_inside(httpd_req_t *r)
{
    return httpd_resp_sendstr(r, esp_err_to_name(httpd_stop(r->handle)));
}

typedef struct {
    int fd, left;
} countdown_t;

/* Work that sends on the session's socket and queues itself until the countdown is over. */
static void count_down(void *arg)
{
    countdown_t *countdown = arg;
    char text[16];
    int len = snprintf(text, sizeof(text), "%d,", countdown->left);
    httpd_socket_send(g_server, countdown->fd, text, (size_t)len, 0);
    if (--countdown->left == 0 || httpd_queue_work(g_server, count_down, countdown) != ESP_OK) {
        free(countdown);
    }
    atomic_fetch_add(&g_counts.work_done, 1);
}

static esp_err_t work(httpd_req_t *r)
{
    static const char head[] = "HTTP/1.1 200 OK\r\nX: y\r\n\r\n";
    countdown_t *countdown = malloc(sizeof(*countdown));
    *countdown = (countdown_t) {httpd_req_to_sockfd(r), query_int(r, "n", 3)};
    httpd_send(r, head, sizeof(head) - 1);
    return httpd_queue_work(r->handle, count_down, countdown);
}

static esp_err_t close_me(httpd_req_t *r)
{
    httpd_sess_trigger_close(r->handle, httpd_req_to_sockfd(r));
    return httpd_resp_sendstr(r, "closing");
}

static int send_slowly(httpd_handle_t hd, int sock, const char *buf, size_t len, int flags)
{
    (void)hd;
    (void)flags;
    return (int)write(sock, buf, len > 3 ? 3 : len);
}

static int send_nothing(httpd_handle_t hd, int sock, const char *buf, size_t len, int flags)
{
    (void)hd;
    (void)sock;
    (void)buf;
    (void)len;
    (void)flags;
    return 0;
}

static esp_err_t short_sends(httpd_req_t *r)
{
    httpd_sess_set_send_override(r->handle, httpd_req_to_sockfd(r),
                                 query_int(r, "none", 0) ? send_nothing : send_slowly);
    return httpd_resp_sendstr(r, "came in pieces of three bytes");
}

static const httpd_uri_t s_handlers[] = {
    {.uri = "/hello", .method = HTTP_GET, .handler = hello},
    {.uri = "/any", .method = (httpd_method_t)HTTP_ANY, .handler = method_and_length},
    {.uri = "/echo", .method = HTTP_POST, .handler = echo},
    {.uri = "/read", .method = HTTP_POST, .handler = read_some},
    {.uri = "/header", .method = HTTP_GET, .handler = header},
    {.uri = "/header_after_response", .method = HTTP_GET, .handler = header_after_response},
    {.uri = "/query", .method = HTTP_GET, .handler = query},
    {.uri = "/cookie", .method = HTTP_GET, .handler = cookie},
    {.uri = "/chunks", .method = HTTP_GET, .handler = chunks},
    {.uri = "/big", .method = HTTP_GET, .handler = big},
    {.uri = "/decorated", .method = HTTP_GET, .handler = decorated},
    {.uri = "/bad_lines", .method = HTTP_GET, .handler = bad_lines},
    {.uri = "/huge_type", .method = HTTP_GET, .handler = huge_type},
    {.uri = "/error", .method = HTTP_GET, .handler = error},
    {.uri = "/teapot", .method = HTTP_GET, .handler = teapot},
    {.uri = "/fail", .method = HTTP_GET, .handler = fail},
    {.uri = "/raw", .method = HTTP_GET, .handler = raw},
    {.uri = "/fd", .method = HTTP_GET, .handler = fd},
    {.uri = "/context", .method = HTTP_GET, .handler = context},
    {.uri = "/slow", .method = HTTP_GET, .handler = slow},
    {.uri = "/stop_inside", .method = HTTP_GET, .handler = stop_inside},
    {.uri = "/work", .method = HTTP_GET, .handler = work},
    {.uri = "/close_me", .method = HTTP_GET, .handler = close_me},
    {.uri = "/short_sends", .method = HTTP_GET, .handler = short_sends},
};

void register_handlers(httpd_handle_t server)
{
    for (size_t i = 0; i < sizeof(s_handlers) / sizeof(s_handlers[0]); i++) {
        esp_err_t err = httpd_register_uri_handler(server, &s_handlers[i]);
        if (err != ESP_OK && err != ESP_ERR_HTTPD_HANDLERS_FULL) {
            ESP_ERROR_CHECK(err);
        }
    }
}

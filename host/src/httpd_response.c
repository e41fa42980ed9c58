/* SPDX-License-Identifier: MIT */
/* Responses: head, body and chunks, gathered so that small ones leave in one send. */
#include <strings.h>

#include "httpd_priv.h"

#define HD_OUTPUT_SIZE 4096
#define HD_DIGITS 24 /* bytes for a number as text */

/* Gathers output; what is too large for the buffer is sent from where it lies. */
typedef struct {
    hd_request_t *request;
    esp_err_t err;
    size_t len;
    char buf[HD_OUTPUT_SIZE];
} output_t;

/* Sends everything, in as many calls as the send function needs. */
esp_err_t hd_send_all(hd_request_t *request, const char *buf, size_t len)
{
    hd_session_t *session = request->session;
    httpd_send_func_t send_fn = atomic_load_explicit(&session->send_fn, memory_order_relaxed);
    while (len) {
        int n = send_fn(request->server, session->fd, buf, len, 0);
        if (n <= 0 || (size_t)n > len) {
            return ESP_ERR_HTTPD_RESP_SEND;
        }
        buf += n;
        len -= (size_t)n;
    }
    return ESP_OK;
}

static void flush(output_t *out)
{
    if (out->err == ESP_OK) {
        out->err = hd_send_all(out->request, out->buf, out->len);
    }
    out->len = 0;
}

static void put(output_t *out, const char *data, size_t len)
{
    size_t room = sizeof(out->buf) - out->len;
    size_t n = len < room ? len : room;
    memcpy(out->buf + out->len, data, n);
    out->len += n;
    if (n == len) {
        return;
    }
    flush(out);
    data += n;
    len -= n;
    if (len >= sizeof(out->buf)) {
        if (out->err == ESP_OK) {
            out->err = hd_send_all(out->request, data, len);
        }
        return;
    }
    memcpy(out->buf, data, len);
    out->len = len;
}

static void put_text(output_t *out, const char *text)
{
    put(out, text, strlen(text));
}

static void put_header(output_t *out, const char *field, const char *value)
{
    put_text(out, field);
    put(out, ": ", 2);
    put_text(out, value);
    put(out, "\r\n", 2);
}

static bool has_header(const hd_request_t *request, const char *field)
{
    for (unsigned i = 0; i < request->resp_hdr_count; i++) {
        if (strcasecmp(request->resp_hdrs[i].field, field) == 0) {
            return true;
        }
    }
    return false;
}

/* A number as text, at the end of a buffer of HD_DIGITS: printf() was a tenth of the own time of a small response. */
static const char *number(char *digits, size_t value, unsigned base)
{
    char *at = digits + HD_DIGITS - 1;
    *at = '\0';
    do {
        *--at = "0123456789abcdef"[value % base];
        value /= base;
    } while (value);
    return at;
}

/* `framing` and `value` are the header that tells the client where the body ends; NULL for none. */
static esp_err_t put_head(output_t *out, const char *framing, const char *value)
{
    static const char fixed[] = "HTTP/1.1 \r\nContent-Type: \r\nTransfer-Encoding: chunked\r\n";
    hd_request_t *request = out->request;
    request->headers_len = 0; /* as on a chip: the request's headers end where the response begins */
    size_t essential = sizeof(fixed) + strlen(request->status) + strlen(request->type);
    if (essential > request->server->config.max_req_hdr_len) {
        return ESP_ERR_HTTPD_RESP_HDR;
    }
    put_text(out, "HTTP/1.1 ");
    put_text(out, request->status);
    put(out, "\r\n", 2);
    put_header(out, "Content-Type", request->type);
    if (framing) {
        put_header(out, framing, value);
    }
    for (unsigned i = 0; i < request->resp_hdr_count; i++) {
        put_header(out, request->resp_hdrs[i].field, request->resp_hdrs[i].value);
    }
    if (hd_request_is_last(request) && !has_header(request, "Connection")) {
        put_header(out, "Connection", "close");
    }
    put(out, "\r\n", 2);
    return ESP_OK;
}

static esp_err_t finish(output_t *out)
{
    flush(out);
    return out->err;
}

/* The request, and the length of `buf` in bytes, if both are sound. */
static esp_err_t check(httpd_req_t *r, const char *buf, ssize_t buf_len, hd_request_t **request, size_t *len)
{
    if (!r || buf_len < HTTPD_RESP_USE_STRLEN) {
        return ESP_ERR_INVALID_ARG;
    }
    *request = hd_request_of(r);
    *len = buf_len == HTTPD_RESP_USE_STRLEN ? (buf ? strlen(buf) : 0) : (size_t)buf_len;
    return *request ? ESP_OK : ESP_ERR_HTTPD_INVALID_REQ;
}

esp_err_t httpd_resp_send(httpd_req_t *r, const char *buf, ssize_t buf_len)
{
    hd_request_t *request;
    size_t len;
    esp_err_t err = check(r, buf, buf_len, &request, &len);
    if (err != ESP_OK) {
        return err;
    }
    char digits[HD_DIGITS];
    output_t out;
    out.request = request;
    out.err = ESP_OK;
    out.len = 0;
    err = put_head(&out, "Content-Length", number(digits, len, 10));
    if (err != ESP_OK) {
        return err;
    }
    if (buf) {
        put(&out, buf, len);
    }
    return finish(&out);
}

esp_err_t httpd_resp_send_chunk(httpd_req_t *r, const char *buf, ssize_t buf_len)
{
    hd_request_t *request;
    size_t len;
    esp_err_t err = check(r, buf, buf_len, &request, &len);
    if (err != ESP_OK) {
        return err;
    }
    if (!buf) {
        len = 0;
    }
    output_t out;
    out.request = request;
    out.err = ESP_OK;
    out.len = 0;
    if (!request->chunks_begun) {
        err = put_head(&out, request->http_1_0 ? NULL : "Transfer-Encoding", "chunked");
        if (err != ESP_OK) {
            return err;
        }
        request->chunks_begun = true;
    }
    if (request->http_1_0) {
        put(&out, buf ? buf : "", len);
        return finish(&out);
    }
    char digits[HD_DIGITS];
    put_text(&out, number(digits, len, 16));
    put(&out, "\r\n", 2);
    put(&out, buf ? buf : "", len);
    put(&out, "\r\n", 2);
    return finish(&out);
}

int httpd_send(httpd_req_t *r, const char *buf, size_t buf_len)
{
    hd_request_t *request = r && buf ? hd_request_of(r) : NULL;
    if (!request) {
        return HTTPD_SOCK_ERR_INVALID;
    }
    httpd_send_func_t send_fn = atomic_load_explicit(&request->session->send_fn, memory_order_relaxed);
    return send_fn(request->server, request->session->fd, buf, buf_len, 0);
}

static bool breaks_line(const char *text)
{
    return strpbrk(text, "\r\n") != NULL;
}

esp_err_t httpd_resp_set_hdr(httpd_req_t *r, const char *field, const char *value)
{
    if (!r || !field || !value || breaks_line(field) || breaks_line(value)) {
        return ESP_ERR_INVALID_ARG;
    }
    hd_request_t *request = hd_request_of(r);
    if (!request) {
        return ESP_ERR_HTTPD_INVALID_REQ;
    }
    if (request->resp_hdr_count >= request->server->config.max_resp_headers) {
        return ESP_ERR_HTTPD_RESP_HDR;
    }
    request->resp_hdrs[request->resp_hdr_count++] = (hd_resp_hdr_t) {field, value};
    return ESP_OK;
}

esp_err_t httpd_resp_set_status(httpd_req_t *r, const char *status)
{
    if (!r || !status || breaks_line(status)) {
        return ESP_ERR_INVALID_ARG;
    }
    hd_request_t *request = hd_request_of(r);
    if (!request) {
        return ESP_ERR_HTTPD_INVALID_REQ;
    }
    request->status = status;
    return ESP_OK;
}

esp_err_t httpd_resp_set_type(httpd_req_t *r, const char *type)
{
    if (!r || !type || breaks_line(type)) {
        return ESP_ERR_INVALID_ARG;
    }
    hd_request_t *request = hd_request_of(r);
    if (!request) {
        return ESP_ERR_HTTPD_INVALID_REQ;
    }
    request->type = type;
    return ESP_OK;
}

/* SPDX-License-Identifier: MIT */
#include "exchange.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "io.h"
#include "access.h"
#include "errors.h"
#include "http/status.h"
#include "http/text.h"
#include "http/validators.h"
#include "server.h"
#include "wire.h"

#define SIZE_LINE (2 * sizeof(size_t) + 2) /* bytes: hexadecimal digits, CR LF */
#define MAX_REASON 80                      /* bytes of what stands behind a status in an answer of the server itself */
#define HEAD_ON_STACK 384                  /* bytes; a longer head is built in the heap */

/* --- the head ----------------------------------------------------------------------------------------------------- */

static const char *find_header(const uhttpd_response_t *response, const char *name)
{
    for (size_t i = 0; i < response->header_count; i++) {
        const uhttpd_header_t *header = &response->headers[i];
        if (header->value && strcasecmp(header->name, name) == 0) {
            return header->value;
        }
    }
    return NULL;
}

static bool names_header(const uhttpd_header_t *headers, size_t count, const char *name)
{
    size_t i = 0;
    while (i < count && strcasecmp(headers[i].name, name) != 0) {
        i++;
    }
    return i < count;
}

/* Framing belongs to the server: with a contradicting header, two readers would end the response in two places. */
static bool is_framing(const char *name)
{
    return strcasecmp(name, "Content-Length") == 0 || strcasecmp(name, "Transfer-Encoding") == 0;
}

/* "200 OK", or "200" alone. */
static bool is_status(const char *line)
{
    return strspn(line, "0123456789") == 3 && line[0] != '0' && (line[3] == ' ' || line[3] == '\0') &&
           uh_field_valid(line);
}

/* No line break and no other control character: a line break could add headers, or whole responses (CWE-113). */
bool uh_response_is_valid(const uhttpd_response_t *response)
{
    if ((response->status && !is_status(response->status)) || (response->mime && !uh_field_valid(response->mime))) {
        return false;
    }
    for (size_t i = 0; i < response->header_count; i++) {
        const uhttpd_header_t *header = &response->headers[i];
        if (!uh_token_valid(header->name) || is_framing(header->name) ||
            (header->value && !uh_field_valid(header->value))) {
            return false;
        }
    }
    return true;
}

static int response_code(const char *status)
{
    return (int)strtol(status, NULL, 10);
}

static bool is_interim(int code)
{
    return code >= 100 && code < 200;
}

#define RESET_CONTENT 205 /* has a length, of 0 (RFC 9110 section 15.3.6) */

static bool has_no_body(const uh_session_t *session, const char *status)
{
    int code = response_code(status);
    return session->parsed.method == UHTTPD_HEAD || code == 204 || code == RESET_CONTENT || code == 304 ||
           is_interim(code);
}

static void add_length(uh_text_t *text, uint64_t length)
{
    uh_text_add(text, "Content-Length: ");
    uh_text_decimal(text, length, 1);
    uh_text_add(text, "\r\n");
}

static void add_framing(uh_session_t *session, uh_text_t *text, const char *status, int64_t length)
{
    int code = response_code(status);
    if (code == 204 || code == 304 || is_interim(code)) {
        return; /* RFC 9110 section 8.6; with 304 it would have to be the length of what is not sent */
    }
    if (code == RESET_CONTENT) {
        add_length(text, 0);
    } else if (length != UH_RESPONSE_ENDLESS) {
        add_length(text, (uint64_t)length);
    } else if (session->req.answers_chunked) {
        uh_text_header(text, "Transfer-Encoding", "chunked");
    }
}

/* RFC 9110 section 6.6.1: servers with a clock send its time. */
static void add_date(uh_text_t *text, const uhttpd_response_t *response)
{
    char date[UH_HTTP_DATE_SIZE];
    time_t now = time(NULL);
    if (now >= UH_CLOCK_WAS_SET && uh_http_date_write(now, date) && !find_header(response, "Date")) {
        uh_text_header(text, "Date", date);
    }
}

static void add_connection(uh_session_t *session, uh_text_t *text, const uhttpd_response_t *response)
{
    if (find_header(response, "Upgrade")) {
        uh_text_header(text, "Connection", "Upgrade"); /* RFC 9110 section 7.8 */
    }
    if (!session->req.keep_alive) {
        uh_text_header(text, "Connection", "close");
    } else if (session->parsed.minor == 0) {
        uh_text_header(text, "Connection", "keep-alive");
    }
}

static void add_cors(uh_session_t *session, uh_text_t *text, const uhttpd_response_t *response)
{
    const char *origin = response->allow_cors ? "*" : uh_cors_allowed_origin(session);
    if (origin && !find_header(response, "Access-Control-Allow-Origin")) {
        uh_text_header(text, "Access-Control-Allow-Origin", origin);
    }
    if (session->server->config.cors_origins) {
        uh_text_header(text, "Vary",
                       "Origin"); /* caches must not give it to clients with another origin, or with none */
    }
}

/* Headers that the server has already written by itself. */
static bool is_settled(const char *name)
{
    return strcasecmp(name, "Connection") == 0 || strcasecmp(name, "Content-Type") == 0;
}

/* Text is UTF-8. Browsers take it for windows-1252 unless they are told, and then forms on that page post wrong bytes. */
static bool lacks_charset(const char *mime)
{
    return strncasecmp(mime, "text/", 5) == 0 && !strchr(mime, ';');
}

static void add_content_type(uh_text_t *text, const uhttpd_response_t *response)
{
    const char *header = find_header(response, "Content-Type");
    const char *mime = response->mime ? response->mime : header ? header : "text/html";
    uh_text_add(text, "Content-Type: ");
    uh_text_add(text, mime);
    uh_text_add(text, lacks_charset(mime) ? "; charset=utf-8\r\n" : "\r\n");
}

/* Errors quote nothing of the request, and show nothing that other pages may frame or take for something else. */
static const uhttpd_header_t s_error_headers[] = {
    {"Content-Security-Policy", "frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
};
#define ERROR_HEADERS (sizeof(s_error_headers) / sizeof(s_error_headers[0]))

/* What every response has, unless it says otherwise. */
static void add_usual(const uh_session_t *session, uh_text_t *text, const uhttpd_response_t *response)
{
    const uhttpd_config_t *config = &session->server->config;
    for (size_t i = 0; i < config->header_count; i++) {
        const uhttpd_header_t *header = &config->headers[i];
        if (!names_header(response->headers, response->header_count, header->name)) {
            uh_text_header(text, header->name, header->value);
        }
    }
    const struct uh_error *error = session->req.error;
    for (size_t i = 0; error && i < error->header_count; i++) {
        const uhttpd_header_t *header = &error->headers[i];
        if (header->value && !names_header(response->headers, response->header_count, header->name)) {
            uh_text_header(text, header->name, header->value);
        }
    }
    for (size_t i = 0; session->req.own_error && i < ERROR_HEADERS; i++) {
        if (!names_header(config->headers, config->header_count, s_error_headers[i].name)) {
            uh_text_header(text, s_error_headers[i].name, s_error_headers[i].value);
        }
    }
}

void uh_response_head(uh_session_t *session, const uhttpd_response_t *response, int64_t length, uh_text_t *text)
{
    const char *status = response->status ? response->status : "200 OK";
    uh_text_add(text, "HTTP/1.1 ");
    uh_text_add(text, status);
    uh_text_add(text, "\r\n");
    add_content_type(text, response);
    add_framing(session, text, status, length);
    add_date(text, response);
    add_cors(session, text, response);
    for (size_t i = 0; i < response->header_count; i++) {
        const uhttpd_header_t *header = &response->headers[i];
        if (header->value && !is_settled(header->name)) {
            uh_text_header(text, header->name, header->value);
        }
    }
    add_usual(session, text, response);
    add_connection(session, text, response);
    uh_text_add(text, "\r\n");
}

/* An interim status cannot end a response: the end of the connection tells that there is no more. */
static void heed_connection_wish(uhttpd_req_t *req, const uhttpd_response_t *response)
{
    const char *wish = find_header(response, "Connection");
    bool interim = response->status && is_interim(response_code(response->status));
    if (interim || (wish && strcasecmp(wish, "close") == 0)) {
        req->keep_alive = false;
    }
}

void uh_response_settle(uh_session_t *session, const uhttpd_response_t *response, int64_t length)
{
    uhttpd_req_t *req = &session->req;
    req->answers_chunked = session->parsed.minor >= 1;
    req->ends_by_close = length == UH_RESPONSE_ENDLESS && !req->answers_chunked;
    if (req->ends_by_close) {
        req->keep_alive = false;
    }
    req->status = response->status ? (uint16_t)response_code(response->status) : 200;
    heed_connection_wish(req, response);
    /* The answer is complete, so nobody will read the rest of the request. If that has not arrived yet, the connection
     * cannot be reused, and the head has to say so. */
    req->keep_alive = req->keep_alive && uh_body_discard(session);
    req->no_body = length == 0 || has_no_body(session, response->status ? response->status : "200");
}

static esp_err_t send_head_and(uh_session_t *session, const uhttpd_response_t *response, int64_t length,
                               struct iovec *body, int body_parts)
{
    char on_stack[HEAD_ON_STACK];
    char *on_heap = NULL;
    uh_text_t head = {.at = on_stack, .room = sizeof(on_stack)};
    uh_response_head(session, response, length, &head);
    while (!uh_text_fits(&head)) { /* more than once if it grows: the clock may just have been set */
        free(on_heap);
        on_heap = malloc(head.len);
        if (!on_heap) {
            return ESP_ERR_NO_MEM;
        }
        head = (uh_text_t) {.at = on_heap, .room = head.len};
        uh_response_head(session, response, length, &head);
    }
    struct iovec parts[4] = {{.iov_base = head.at, .iov_len = head.len}};
    for (int i = 0; i < body_parts; i++) {
        parts[1 + i] = body[i];
    }
    esp_err_t err = uh_send_parts(session, parts, 1 + body_parts);
    free(on_heap);
    return err;
}

/* --- what handlers call ------------------------------------------------------------------------------------------- */

esp_err_t uhttpd_write(uhttpd_req_t *req, const void *data, size_t len, const uhttpd_response_t *given)
{
    uh_session_t *session = UH_CONTAINER_OF(req, uh_session_t, req);
    uhttpd_response_t response = uh_error_response(req, given);
    if (uhttpd_req_answered(req)) {
        return ESP_ERR_UHTTPD_ANSWERED;
    }
    if (!uh_response_is_valid(&response)) {
        return ESP_ERR_INVALID_ARG;
    }
    uh_response_settle(session, &response, (int64_t)len);
    struct iovec body = {.iov_base = (void *)data, .iov_len = len};
    req->response = UH_RESPONSE_DONE;
    esp_err_t err = send_head_and(session, &response, (int64_t)len, &body, req->no_body ? 0 : 1);
    if (err == ESP_ERR_NO_MEM && !req->broken) {
        req->response = UH_RESPONSE_NONE; /* nothing was sent: a smaller answer may still fit */
    }
    return err;
}

esp_err_t uh_response_endless_head(uhttpd_req_t *req, const uhttpd_response_t *response)
{
    uh_session_t *session = UH_CONTAINER_OF(req, uh_session_t, req);
    uh_response_settle(session, response, UH_RESPONSE_ENDLESS);
    req->answers_chunked = false;
    req->response = UH_RESPONSE_DONE;
    return send_head_and(session, response, UH_RESPONSE_ENDLESS, NULL, 0);
}

static int wrap_chunk(const uh_session_t *session, const void *data, size_t len, char size_line[SIZE_LINE],
                      struct iovec parts[3])
{
    if (!session->req.answers_chunked) {
        parts[0] = (struct iovec) {.iov_base = (void *)data, .iov_len = len};
        return 1;
    }
    uh_text_t line = {.at = size_line, .room = SIZE_LINE};
    uh_text_hex(&line, len, 1);
    uh_text_add(&line, "\r\n");
    parts[0] = (struct iovec) {.iov_base = size_line, .iov_len = line.len};
    parts[1] = (struct iovec) {.iov_base = (void *)data, .iov_len = len};
    parts[2] = (struct iovec) {.iov_base = "\r\n", .iov_len = 2};
    return 3;
}

static esp_err_t begin_chunks(uh_session_t *session, const uhttpd_response_t *response, struct iovec *parts, int count)
{
    uhttpd_req_t *req = &session->req;
    if (!uh_response_is_valid(response)) {
        return ESP_ERR_INVALID_ARG;
    }
    req->ends_by_close = !req->answers_chunked;
    if (req->ends_by_close) {
        req->keep_alive = false;
    }
    heed_connection_wish(req, response);
    req->status = response->status ? (uint16_t)response_code(response->status) : 200;
    req->no_body = has_no_body(session, response->status ? response->status : "200");
    esp_err_t err = send_head_and(session, response, UH_RESPONSE_ENDLESS, parts, req->no_body ? 0 : count);
    if (err != ESP_ERR_NO_MEM) {
        req->response = UH_RESPONSE_CHUNKS;
    }
    return err;
}

esp_err_t uhttpd_send_chunk(uhttpd_req_t *req, const void *data, size_t len, const uhttpd_response_t *response)
{
    uh_session_t *session = UH_CONTAINER_OF(req, uh_session_t, req);
    if (!req->may_block) {
        return ESP_ERR_INVALID_STATE;
    }
    if (uhttpd_req_answered(req) && req->response != UH_RESPONSE_CHUNKS) {
        return ESP_ERR_UHTTPD_ANSWERED;
    }
    bool first = req->response == UH_RESPONSE_NONE;
    if (first) {
        req->answers_chunked = session->parsed.minor >= 1; /* framing of the first piece */
    }
    char size_line[SIZE_LINE];
    struct iovec parts[3];
    int count = 0;
    if (data && len) {
        count = wrap_chunk(session, data, len, size_line, parts);
    } else if (!data && req->answers_chunked) {
        parts[count++] = (struct iovec) {.iov_base = "0\r\n\r\n", .iov_len = 5};
    }
    esp_err_t err = ESP_OK;
    if (first) {
        uhttpd_response_t own = uh_error_response(req, response);
        err = begin_chunks(session, &own, parts, count);
    } else if (count && !req->no_body) {
        err = uh_send_parts(session, parts, count);
    }
    if (err == ESP_OK && !data) {
        req->response = UH_RESPONSE_DONE;
    }
    return err;
}

esp_err_t uhttpd_send(uhttpd_req_t *req, const void *data, size_t len)
{
    uh_session_t *session = UH_CONTAINER_OF(req, uh_session_t, req);
    if (!req->may_block) {
        return ESP_ERR_INVALID_STATE;
    }
    if (uhttpd_req_answered(req) && req->response != UH_RESPONSE_RAW) {
        return ESP_ERR_UHTTPD_ANSWERED;
    }
    req->response = UH_RESPONSE_RAW;
    req->keep_alive = false;
    return uh_send_all(session, data, len);
}

int uhttpd_req_status(const uhttpd_req_t *req)
{
    return req->status;
}

bool uhttpd_req_answered(const uhttpd_req_t *req)
{
    return req->response != UH_RESPONSE_NONE || req->taken || req->inflow;
}

/* --- the server's own answers ------------------------------------------------------------------------------------- */

static void send_error_page(uhttpd_req_t *req, const uh_error_page_t *page)
{
    if (page->public.handler) {
        page->public.handler(req, page->public.ctx);
    } else {
        uhttpd_write(req, page->text, page->len, &(uhttpd_response_t) {.mime = page->public.mime});
    }
}

/* @return false: there is no page, or it has not answered */
static bool answered_by_page(uhttpd_req_t *req, int status, const char *reason, const uhttpd_header_t *headers,
                             size_t count)
{
    const uh_error_page_t *page = uh_error_find(UH_CONTAINER_OF(req, uh_session_t, req), status);
    if (!page || (page->public.handler && !req->may_block)) {
        return false;
    }
    struct uh_error error = {.status = status, .reason = reason, .headers = headers, .header_count = count};
    uh_status_line(status, error.line);
    req->error = &error;
    req->had_error = true;
    send_error_page(req, page);
    req->error = NULL;
    return uhttpd_req_answered(req) || req->held;
}

esp_err_t uh_respond(uhttpd_req_t *req, int status, const char *reason, const uhttpd_header_t *headers,
                     size_t header_count)
{
    if (status >= 400 && answered_by_page(req, status, reason, headers, header_count)) {
        return ESP_OK;
    }
    char line[UH_STATUS_LINE_SIZE];
    uh_status_line(status, line);
    req->own_error = status >= 400;
    char text[UH_STATUS_LINE_SIZE + MAX_REASON];
    uh_text_t body = {.at = text, .room = sizeof(text)};
    uh_text_add(&body, line);
    uh_text_add(&body, reason ? ": " : "");
    uh_text_add(&body, reason ? reason : "");
    uh_text_add(&body, "\n");
    return uhttpd_write(
        req, text, uh_text_written(&body),
        &(uhttpd_response_t) {.status = line, .mime = "text/plain", .headers = headers, .header_count = header_count});
}

esp_err_t uh_respond_busy(uhttpd_req_t *req, const char *reason)
{
    return uh_respond(req, 503, reason, &(uhttpd_header_t) {"Retry-After", "1"}, 1);
}

esp_err_t uhttpd_write_error(uhttpd_req_t *req, int status, const char *reason, const uhttpd_header_t *headers,
                             size_t header_count)
{
    return status < 400 || status > 599 ? ESP_ERR_INVALID_ARG
           : uhttpd_req_answered(req)   ? ESP_ERR_UHTTPD_ANSWERED
                                        : uh_respond(req, status, reason, headers, header_count);
}

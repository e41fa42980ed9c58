/* SPDX-License-Identifier: MIT */
/* Reads a request's head with http_parser; never reads into what follows it. */
#include <strings.h>

#include "httpd_priv.h"

typedef struct {
    hd_request_t *request;
    enum { IN_LINE, IN_FIELD, IN_VALUE, COMPLETE } state;
    bool failed;
    httpd_err_code_t error;

    size_t seen;      /* bytes of the head before the block now parsed */
    size_t line_len;  /* bytes of the head before its first header */
    size_t value_end; /* where in the head the last piece of a header's value ended */
    size_t uri_len;
} head_t;

static int fail(head_t *head, httpd_err_code_t error)
{
    head->failed = true;
    head->error = error;
    return -1;
}

static size_t position(const head_t *head, const char *at)
{
    const hd_session_t *session = head->request->session;
    return head->seen + (size_t)(at - (session->input + session->input_off));
}

static int append(head_t *head, const char *text, size_t len)
{
    hd_request_t *request = head->request;
    if (len > request->server->config.max_req_hdr_len - request->headers_len) {
        return fail(head, HTTPD_431_REQ_HDR_FIELDS_TOO_LARGE);
    }
    memcpy(request->headers + request->headers_len, text, len);
    request->headers_len += len;
    return 0;
}

static int on_url(http_parser *parser, const char *at, size_t len)
{
    head_t *head = parser->data;
    char *uri = (char *)head->request->pub.uri;
    if (len > CONFIG_HTTPD_MAX_URI_LEN - head->uri_len) {
        return fail(head, HTTPD_414_URI_TOO_LONG);
    }
    memcpy(uri + head->uri_len, at, len);
    head->uri_len += len;
    uri[head->uri_len] = '\0';
    return 0;
}

static int end_of_line(head_t *head, http_parser *parser, size_t line_len)
{
    hd_request_t *request = head->request;
    head->line_len = line_len;
    request->pub.method = (int)parser->method;
    request->http_1_0 = parser->http_minor == 0;
    if (parser->http_major != 1 || parser->http_minor > 1) {
        return fail(head, HTTPD_505_VERSION_NOT_SUPPORTED);
    }
    http_parser_url_init(&request->url);
    if (http_parser_parse_url(request->pub.uri, head->uri_len, parser->method == HTTP_CONNECT, &request->url)) {
        return fail(head, HTTPD_400_BAD_REQUEST);
    }
    return 0;
}

static int on_field(http_parser *parser, const char *at, size_t len)
{
    head_t *head = parser->data;
    if (head->state == IN_LINE) {
        size_t line_len = position(head, at);
        /* As on a chip, the first header's first byte must lie within the limit too. */
        if (line_len >= head->request->server->config.max_uri_len) {
            return fail(head, HTTPD_414_URI_TOO_LONG);
        }
        if (end_of_line(head, parser, line_len)) {
            return -1;
        }
    } else if (head->state == IN_VALUE && append(head, "", 1)) {
        return -1;
    }
    head->state = IN_FIELD;
    return append(head, at, len);
}

static int on_value(http_parser *parser, const char *at, size_t len)
{
    head_t *head = parser->data;
    size_t begin = position(head, at), end = begin + len;
    if (head->state == IN_FIELD) {
        if (append(head, "", 1)) {
            return -1;
        }
    } else if (begin != head->value_end) { /* a folded line, which counts as one space: RFC 9112 5.2 */
        while (len && (*at == ' ' || *at == '\t')) {
            at++;
            len--;
        }
        if (append(head, " ", 1)) {
            return -1;
        }
    }
    head->state = IN_VALUE;
    head->value_end = end;
    return append(head, at, len);
}

static int on_headers_complete(http_parser *parser)
{
    head_t *head = parser->data;
    if (head->state == IN_VALUE && append(head, "", 1)) {
        return -1;
    }
    head->state = COMPLETE;
    http_parser_pause(parser, 1);
    return 0;
}

static const http_parser_settings s_settings = {
    .on_url = on_url,
    .on_header_field = on_field,
    .on_header_value = on_value,
    .on_headers_complete = on_headers_complete,
};

static void skip_blank_lines(hd_session_t *session)
{
    while (session->input_len &&
           (session->input[session->input_off] == '\r' || session->input[session->input_off] == '\n')) {
        session->input_off++;
        session->input_len--;
    }
}

static int check_limits(head_t *head)
{
    const httpd_config_t *config = &head->request->server->config;
    if (!head->line_len) {
        return head->seen > config->max_uri_len ? fail(head, HTTPD_414_URI_TOO_LONG) : 0;
    }
    return head->seen - head->line_len > config->max_req_hdr_len ? fail(head, HTTPD_431_REQ_HDR_FIELDS_TOO_LARGE) : 0;
}

/* Parses what is in the input buffer, and takes the head's part out of it. */
static int parse_block(head_t *head, http_parser *parser)
{
    hd_session_t *session = head->request->session;
    size_t len = session->input_len;
    size_t n = http_parser_execute(parser, &s_settings, session->input + session->input_off, len);
    if (head->failed) {
        return -1;
    }
    if (head->state == COMPLETE) {
        n++; /* paused before the last line's LF was counted */
    } else if (HTTP_PARSER_ERRNO(parser) == HPE_HEADER_OVERFLOW) {
        return fail(head, HTTPD_431_REQ_HDR_FIELDS_TOO_LARGE);
    } else if (HTTP_PARSER_ERRNO(parser) != HPE_OK || n != len) {
        return fail(head, HTTPD_400_BAD_REQUEST);
    }
    head->seen += n;
    session->input_off += n;
    session->input_len -= n;
    return check_limits(head);
}

static int judge_body(head_t *head, const http_parser *parser)
{
    hd_request_t *request = head->request;
    if (parser->uses_transfer_encoding) {
        /* Not decoded: a handler learns the length of a body from content_len alone. */
        return fail(head, parser->flags & F_CHUNKED ? HTTPD_411_LENGTH_REQUIRED : HTTPD_400_BAD_REQUEST);
    }
    uint64_t len = parser->flags & F_CONTENTLENGTH ? parser->content_length : 0;
    if (len > SIZE_MAX) {
        return fail(head, HTTPD_413_CONTENT_TOO_LARGE);
    }
    request->pub.content_len = (size_t)len;
    request->body_left = (size_t)len;
    if (len && !request->http_1_0 && !request->session->input_len) {
        const char *expect = hd_header_find(request, "Expect");
        request->continue_expected = expect && strcasecmp(expect, "100-continue") == 0;
    }
    return 0;
}

static int finish(head_t *head, http_parser *parser)
{
    if (!head->line_len && end_of_line(head, parser, head->seen)) {
        return -1;
    }
    head->request->keep_alive = !head->request->http_1_0 && !(parser->flags & F_CONNECTION_CLOSE);
    return judge_body(head, parser);
}

/* Waits for more of a head that has begun. `deadline` bounds the whole head: a client that sends a byte now and then
 * holds everybody up no longer than one that sends nothing. */
static int read_more(head_t *head, uint64_t *deadline)
{
    hd_request_t *request = head->request;
    uint64_t limit = request->server->config.recv_wait_timeout * UINT64_C(1000);
    if (!*deadline) {
        *deadline = hd_now_ms() + limit;
    }
    for (;;) {
        bool late = limit && hd_now_ms() >= *deadline;
        int n = late ? HTTPD_SOCK_ERR_TIMEOUT : hd_session_fill(request->server, request->session);
        if (n != HTTPD_SOCK_ERR_TIMEOUT) {
            return n;
        }
        if (hd_request_error(request, HTTPD_408_REQ_TIMEOUT) != ESP_OK) {
            return HTTPD_SOCK_ERR_FAIL;
        }
        *deadline = hd_now_ms() + limit;
    }
}

hd_head_result_t hd_head_read(hd_request_t *request, httpd_err_code_t *error)
{
    hd_session_t *session = request->session;
    if (!session->input_len) {
        int n = hd_session_fill(request->server, session);
        if (n <= 0) {
            return n == HTTPD_SOCK_ERR_TIMEOUT ? HD_HEAD_NONE : HD_HEAD_CLOSED;
        }
    }
    skip_blank_lines(session);
    if (!session->input_len) {
        return HD_HEAD_NONE;
    }

    head_t head = {.request = request};
    http_parser parser;
    http_parser_init(&parser, HTTP_REQUEST);
    parser.data = &head;
    uint64_t deadline = 0;
    while (parse_block(&head, &parser) == 0 && head.state != COMPLETE) {
        if (read_more(&head, &deadline) <= 0) {
            return HD_HEAD_CLOSED;
        }
    }
    if (head.failed || finish(&head, &parser)) {
        *error = head.error;
        return HD_HEAD_ERROR;
    }
    return HD_HEAD_READY;
}

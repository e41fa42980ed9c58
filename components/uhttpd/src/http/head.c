/* SPDX-License-Identifier: MIT */
#include "http/head.h"

#include <string.h>
#include <strings.h>

#include "http/host.h"
#include "http/method.h"
#include "http/pattern.h"
#include "http/text.h"
#include "uhttpd.h"

#define MAX_EMPTY_LINES 2 /* before the request line; RFC 9112 section 2.2 asks servers to ignore at least one */

#define MAX_LENGTH_DIGITS 19 /* of INT64_MAX */

enum {
    BAD_REQUEST = 400,
    EXPECTATION_FAILED = 417,
    NOT_IMPLEMENTED = 501,
    VERSION_NOT_SUPPORTED = 505,
};

static const char s_bad_line[] = "the first line is none of HTTP";
static const char s_bad_host[] = "the host is malformed, or named twice";
static const char s_bad_length[] = "Content-Length is malformed, or there twice";
static const char s_bad_header[] = "a header is malformed, or has a control character in it";

typedef struct {
    char *text;
    size_t len;
} span_t;

typedef struct {
    char *buf;
    size_t out; /* where the next header is written: never beyond where it is read */
    uh_http_head_t *head;
    bool absolute; /* the Host comes from the target */
    bool has_host, has_upgrade;
    bool asks_close, asks_keep_alive, asks_upgrade; /* Connection */
} parser_t;

size_t uh_head_find_end(const char *buf, size_t len, size_t *scanned)
{
    while (*scanned < len) {
        const char *lf = memchr(buf + *scanned, '\n', len - *scanned);
        if (lf == NULL) {
            *scanned = len;
            return 0;
        }
        size_t at = (size_t)(lf - buf);
        *scanned = at + 1;
        size_t line_end = at > 0 && buf[at - 1] == '\r' ? at - 1 : at;
        bool blank = line_end == 0 || buf[line_end - 1] == '\n';
        bool leading = at < 2 * MAX_EMPTY_LINES && memcmp(buf, "\r\n\r\n", at + 1) == 0;
        if (blank && !leading) {
            return at + 1;
        }
    }
    return 0;
}

static int head_refuse(uh_http_head_t *head, const char *reason)
{
    head->reason = reason;
    return BAD_REQUEST;
}

/* Takes the next line. A CR that is not at its end stays in it, and is refused later. */
static bool next_line(span_t *rest, span_t *line)
{
    char *lf = memchr(rest->text, '\n', rest->len);
    if (lf == NULL || lf == rest->text || lf[-1] != '\r') {
        return false;
    }
    *line = (span_t) {rest->text, (size_t)(lf - rest->text) - 1};
    rest->len -= line->len + 2;
    rest->text = lf + 1;
    return true;
}

/* Takes the text before the first space off the front of a line. */
static bool next_word(span_t *line, span_t *word)
{
    char *space = memchr(line->text, ' ', line->len);
    if (space == NULL) {
        return false;
    }
    *word = (span_t) {line->text, (size_t)(space - line->text)};
    line->len -= word->len + 1;
    line->text = space + 1;
    return true;
}

static bool head_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_token(span_t word)
{
    return word.len > 0 && uh_token_len(word.text) == word.len; /* a space or a colon is behind it */
}

/* Whatever a handler answered, the client would take the following bytes for a tunnel. */
static bool is_connect(span_t word)
{
    return word.len == strlen("CONNECT") && memcmp(word.text, "CONNECT", word.len) == 0;
}

static int read_version(span_t word, uh_http_head_t *head)
{
    if (word.len < 6 || memcmp(word.text, "HTTP/", 5) != 0 || !head_is_digit(word.text[5])) {
        return head_refuse(head, s_bad_line);
    }
    bool whole = word.len == 8 && word.text[6] == '.' && head_is_digit(word.text[7]);
    if (word.text[5] != '1' && (whole || word.len == 6)) {
        return VERSION_NOT_SUPPORTED;
    }
    if (!whole) {
        return head_refuse(head, s_bad_line);
    }
    head->minor = (uint8_t)(word.text[7] - '0');
    return 0;
}

static void head_reverse(char *text, size_t len)
{
    for (size_t i = 0; i < len / 2; i++) {
        char c = text[i];
        text[i] = text[len - 1 - i];
        text[len - 1 - i] = c;
    }
}

/* Exchanges two neighbours in place. */
static void head_rotate(char *text, size_t first, size_t second)
{
    head_reverse(text, first);
    head_reverse(text + first, second);
    head_reverse(text, first + second);
}

static size_t scheme_len(span_t target)
{
    static const char *const schemes[] = {"http://", "https://"};
    for (size_t i = 0; i < 2; i++) {
        size_t len = strlen(schemes[i]);
        if (target.len > len && strncasecmp(target.text, schemes[i], len) == 0) {
            return len;
        }
    }
    return 0;
}

/*
 * Turns "scheme://authority/path?query" into "/path?query", NUL and a Host header made of the authority (RFC 9112
 * section 3.2.2), so that no other code has to handle absolute-form. For OPTIONS, an authority alone means the server
 * as a whole (section 3.2.4) and becomes @p empty. It fits: the scheme with its "://" and the space behind the target
 * are at least 8 bytes; "Host", three NULs and a missing '/' are at most 8.
 *
 * Returns the length of that header, or 0 when the authority is malformed.
 */
static size_t fold_authority(span_t *target, size_t scheme, char empty)
{
    span_t authority = {target->text + scheme, target->len - scheme};
    for (size_t i = 0; i < authority.len; i++) {
        if (authority.text[i] == '/' || authority.text[i] == '?' || authority.text[i] == '#') {
            authority.len = i;
        }
    }
    if (uh_authority_host_len(authority.text, authority.len) == 0) {
        return 0;
    }
    size_t rest = target->len - scheme - authority.len;
    head_rotate(authority.text, authority.len, rest);

    char *path = target->text;
    bool pathless = rest == 0 || authority.text[0] != '/';
    memmove(path + pathless, authority.text, rest);
    if (pathless) {
        path[0] = rest == 0 ? empty : '/';
    }
    authority.text += rest;
    target->len = rest + pathless;
    path[target->len] = '\0';

    char *name = path + target->len + 1;
    char *value = name + sizeof("Host");
    memmove(value, authority.text, authority.len);
    memcpy(name, "Host", sizeof("Host"));
    value[authority.len] = '\0';
    return sizeof("Host") + authority.len + 1;
}

static size_t length_up_to(char mark, const char *text, size_t len)
{
    const char *found = memchr(text, mark, len);
    return found != NULL ? (size_t)(found - text) : len;
}

static size_t without_fragment(span_t target)
{
    return length_up_to('#', target.text, target.len);
}

static size_t path_len_of(span_t target)
{
    return length_up_to('?', target.text, without_fragment(target));
}

/* @param behind  bytes behind the target that follow it when it becomes shorter */
static void normalize_path(span_t *target, size_t behind)
{
    size_t len = path_len_of(*target);
    size_t normal_len = uh_path_normalize(target->text, len);
    memmove(target->text + normal_len, target->text + len, target->len - len + behind);
    target->len -= len - normal_len;
}

/* Clients should not send a fragment (RFC 9112 section 3.2). It belongs neither to the path nor to the query. */
static void split_target(parser_t *parser, span_t target)
{
    uh_http_head_t *head = parser->head;
    head->target = head->path = (uint16_t)(target.text - parser->buf);
    head->target_len = (uint16_t)target.len;
    head->headers = (uint16_t)(head->target + target.len + 1);
    head->path_len = (uint16_t)path_len_of(target);
    if (head->path_len < without_fragment(target)) {
        head->query = (uint16_t)(head->path + head->path_len + 1);
        head->query_len = (uint16_t)(without_fragment(target) - head->path_len - 1);
    }
}

static int read_target(parser_t *parser, span_t target)
{
    for (size_t i = 0; i < target.len; i++) {
        bool visible = target.text[i] > ' ' && target.text[i] <= '~';
        if (!visible) {
            return head_refuse(parser->head, "a character of the URL must be percent-encoded");
        }
    }
    size_t host_header = 0;
    size_t scheme = scheme_len(target);
    if (scheme > 0) {
        host_header = fold_authority(&target, scheme, parser->head->method == UHTTPD_OPTIONS ? '*' : '/');
        if (host_header == 0) {
            return head_refuse(parser->head, s_bad_host);
        }
        parser->absolute = true;
        parser->head->header_count = 1;
    } else {
        bool asterisk = target.len == 1 && target.text[0] == '*' && parser->head->method == UHTTPD_OPTIONS;
        if (!asterisk && (target.len == 0 || target.text[0] != '/')) {
            return head_refuse(parser->head, "the URL does not begin with a slash");
        }
        target.text[target.len] = '\0';
    }
    normalize_path(&target, 1 + host_header);
    split_target(parser, target);
    parser->out = parser->head->headers + host_header;
    return 0;
}

static int read_request_line(parser_t *parser, span_t line)
{
    span_t method, target;
    if (!next_word(&line, &method) || !is_token(method) || !next_word(&line, &target)) {
        return head_refuse(parser->head, s_bad_line);
    }
    int status = read_version(line, parser->head);
    if (status != 0) {
        return status;
    }
    if (is_connect(method)) {
        return NOT_IMPLEMENTED;
    }
    parser->head->method = uh_method_of(method.text, method.len);
    parser->head->method_name = (uint16_t)(method.text - parser->buf);
    method.text[method.len] = '\0';
    return read_target(parser, target);
}

static int read_host(parser_t *parser, char *value)
{
    if (parser->has_host || uh_authority_host_len(value, strlen(value)) == 0) {
        return head_refuse(parser->head, s_bad_host);
    }
    parser->has_host = true;
    return 0;
}

static int read_content_length(parser_t *parser, char *value)
{
    if (parser->head->content_length != UH_HEAD_NO_LENGTH || strlen(value) > MAX_LENGTH_DIGITS) {
        return head_refuse(parser->head, s_bad_length);
    }
    uint64_t length;
    const char *end = value;
    if (!uh_decimal_read(&end, &length) || *end != '\0' || length > INT64_MAX) {
        return head_refuse(parser->head, s_bad_length);
    }
    parser->head->content_length = (int64_t)length;
    return 0;
}

static int read_transfer_encoding(parser_t *parser, char *value)
{
    if (parser->head->chunked || strcasecmp(value, "chunked") != 0) {
        return NOT_IMPLEMENTED;
    }
    parser->head->chunked = true;
    return 0;
}

static int read_expect(parser_t *parser, char *value)
{
    if (strcasecmp(value, "100-continue") != 0) {
        return EXPECTATION_FAILED;
    }
    parser->head->expect_continue = true;
    return 0;
}

static int read_connection(parser_t *parser, char *value)
{
    parser->asks_close |= uh_token_in_list(value, "close", true);
    parser->asks_keep_alive |= uh_token_in_list(value, "keep-alive", true);
    parser->asks_upgrade |= uh_token_in_list(value, "upgrade", true);
    return 0;
}

static int read_upgrade(parser_t *parser, char *value)
{
    (void)value;
    parser->has_upgrade = true;
    return 0;
}

/* Headers that this server acts on before a handler sees the request. */
static int judge_header(parser_t *parser, const char *name, char *value)
{
    static const struct {
        const char *name;
        int (*read)(parser_t *parser, char *value);
    } readers[] = {
        {"Host", read_host},     {"Content-Length", read_content_length}, {"Transfer-Encoding", read_transfer_encoding},
        {"Expect", read_expect}, {"Connection", read_connection},         {"Upgrade", read_upgrade},
    };
    for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
        if (strcasecmp(name, readers[i].name) == 0) {
            return readers[i].read(parser, value);
        }
    }
    return 0;
}

static bool is_field_value(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (!uh_field_char(text[i])) {
            return false;
        }
    }
    return true;
}

static int read_header(parser_t *parser, span_t line)
{
    const char *colon = memchr(line.text, ':', line.len);
    if (colon == NULL) {
        return head_refuse(parser->head, s_bad_header);
    }
    span_t name = {line.text, (size_t)(colon - line.text)};
    const char *value = colon + 1;
    size_t value_len = line.len - name.len - 1;
    uh_text_trim(&value, &value_len);
    if (!is_token(name) || !is_field_value(value, value_len)) { /* a folded line has no name */
        return head_refuse(parser->head, s_bad_header);
    }
    char *to = parser->buf + parser->out;
    memmove(to, name.text, name.len);
    to[name.len] = '\0';
    char *to_value = to + name.len + 1;
    memmove(to_value, value, value_len);
    to_value[value_len] = '\0';

    int status = judge_header(parser, to, to_value);
    bool overridden = parser->absolute && strcasecmp(to, "Host") == 0;
    if (!overridden) {
        parser->out += name.len + value_len + 2;
        parser->head->header_count++;
    }
    return status;
}

/* Checks that need all headers. */
static int judge_whole(const parser_t *parser)
{
    uh_http_head_t *head = parser->head;
    bool persistent = head->minor >= 1;
    if (persistent && !parser->has_host) {
        return head_refuse(head, "Host is missing");
    }
    if (head->chunked && (!persistent || head->content_length != UH_HEAD_NO_LENGTH)) {
        return head_refuse(head, "Transfer-Encoding goes with neither Content-Length nor HTTP/1.0");
    }
    head->keep_alive = !parser->asks_close && (persistent || parser->asks_keep_alive);
    /* HTTP/1.0 knows neither (RFC 9110 sections 10.1.1 and 7.8). */
    head->expect_continue = head->expect_continue && persistent;
    head->upgrade = parser->has_upgrade && parser->asks_upgrade && persistent;
    return 0;
}

int uh_head_parse(char *buf, size_t len, uh_http_head_t *head)
{
    *head = (uh_http_head_t) {.content_length = UH_HEAD_NO_LENGTH};
    parser_t parser = {.buf = buf, .head = head};
    span_t rest = {buf, len};
    span_t line = {0};
    for (int empty = 0; empty <= MAX_EMPTY_LINES; empty++) {
        if (!next_line(&rest, &line)) {
            return head_refuse(head, "a line does not end with CR LF");
        }
        if (line.len > 0) {
            break;
        }
    }
    int status = read_request_line(&parser, line);
    while (status == 0) {
        if (!next_line(&rest, &line)) {
            return head_refuse(head, "a line does not end with CR LF");
        }
        if (line.len == 0) {
            return judge_whole(&parser);
        }
        status = read_header(&parser, line);
    }
    return status;
}

bool uh_head_at(const char *buf, const uh_http_head_t *head, uh_head_place_t *last, size_t n, const char **name,
                const char **value)
{
    if (n >= head->header_count) {
        return false;
    }
    if (n < last->n || last->offset == 0) {
        *last = (uh_head_place_t) {.offset = head->headers};
    }
    const char *at = buf + last->offset;
    while (last->n < n) {
        at += strlen(at) + 1;
        at += strlen(at) + 1;
        last->n++;
    }
    last->offset = (uint16_t)(at - buf);
    *name = at;
    *value = at + strlen(at) + 1;
    return true;
}

const char *uh_head_get(const char *buf, const uh_http_head_t *head, const char *name)
{
    const char *at = buf + head->headers;
    for (size_t n = head->header_count; n > 0; n--) {
        const char *value = at + strlen(at) + 1;
        if (strcasecmp(at, name) == 0) {
            return value;
        }
        at = value + strlen(value) + 1;
    }
    return NULL;
}

bool uh_head_is_websocket(const char *buf, const uh_http_head_t *head)
{
    return head->upgrade && head->method == UHTTPD_GET &&
           uh_token_in_list(uh_head_get(buf, head, "Upgrade"), "websocket", true);
}

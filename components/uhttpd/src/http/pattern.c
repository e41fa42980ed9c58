/* SPDX-License-Identifier: MIT */
#include "http/pattern.h"

#include <string.h>

#define MAX_INT_DIGITS 18 /* of numbers that fit into an int64_t */
#define ESCAPE_LEN 3

/* --- the normal form ---------------------------------------------------------------------------------------------- */

/* A character of a segment that needs no escape (pchar, RFC 3986 section 3.3). */
static bool path_is_plain(char c)
{
    return uh_url_char(c) || c == ':' || c == '@';
}

static void path_add_escape(uh_text_t *text, char c)
{
    static const char digits[] = "0123456789ABCDEF";
    const char escape[] = {'%', digits[(uint8_t)c >> 4], digits[(uint8_t)c & 15]};
    uh_text_bytes(text, escape, sizeof(escape));
}

static bool escapes_are_whole(const char *path, size_t len)
{
    for (size_t at = 0; at < len;) {
        char c;
        size_t taken = uh_percent_decode(path + at, len - at, &c);
        if (taken == 0) {
            return false;
        }
        at += taken;
    }
    return true;
}

/* Adds a character that comes as an escape or needs one, unless it is plain. */
static void path_add_char(uh_text_t *text, char c)
{
    if (path_is_plain(c)) {
        uh_text_bytes(text, &c, 1);
    } else {
        path_add_escape(text, c);
    }
}

size_t uh_path_normalize(char *path, size_t len)
{
    if (memchr(path, '%', len) == NULL || !escapes_are_whole(path, len)) {
        return len;
    }
    uh_text_t normal = {.at = path, .room = len}; /* never overtakes what is read: no character grows */
    for (size_t at = 0; at < len;) {
        char c;
        size_t taken = uh_percent_decode(path + at, len - at, &c);
        if (taken == ESCAPE_LEN) {
            path_add_char(&normal, c);
        } else {
            uh_text_bytes(&normal, &c, 1);
        }
        at += taken;
    }
    return normal.len;
}

/* --- what a URL of a route may be --------------------------------------------------------------------------------- */

/* What stands between the brackets of a parameter. */
typedef struct {
    const char *type; /* NULL: there is none */
    const char *name;
    size_t type_len, name_len;
} brackets_t;

/* @param open  the first bracket. @return what follows the second one; NULL: there is none */
static const char *read_brackets(const char *open, brackets_t *inner)
{
    const char *close = open + strcspn(open, ">/");
    const char *colon = memchr(open, ':', (size_t)(close - open));
    *inner = (brackets_t) {.name = colon != NULL ? colon + 1 : open + 1};
    inner->name_len = (size_t)(close - inner->name);
    if (colon != NULL) {
        inner->type = open + 1;
        inner->type_len = (size_t)(colon - inner->type);
    }
    return *close == '>' ? close + 1 : NULL;
}

static bool type_is(const brackets_t *inner, const char *type)
{
    return inner->type_len == strlen(type) && memcmp(inner->type, type, inner->type_len) == 0;
}

static bool is_digit_of_name(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_char_of_name(char c)
{
    return c == '_' || is_digit_of_name(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Names are those of Python's arguments. */
static bool name_is_valid(const brackets_t *inner)
{
    bool valid = inner->name_len > 0 && !is_digit_of_name(inner->name[0]);
    for (size_t i = 0; i < inner->name_len; i++) {
        valid = valid && is_char_of_name(inner->name[i]);
    }
    return valid;
}

static bool brackets_are_valid(const brackets_t *inner)
{
    bool known = inner->type == NULL || type_is(inner, "int") || type_is(inner, "path");
    return known && name_is_valid(inner);
}

static bool name_is_taken(const char *url, const char *open, const brackets_t *inner)
{
    brackets_t other;
    for (const char *at = url; (at = strchr(at, '<')) < open;) {
        at = read_brackets(at, &other);
        if (other.name_len == inner->name_len && memcmp(other.name, inner->name, inner->name_len) == 0) {
            return true;
        }
    }
    return false;
}

/* Two parameters in a segment, or two paths, could share a text in many ways, and clients would choose the slowest. */
static const char *parameters_fault(const char *url)
{
    size_t count = 0, paths = 0;
    const char *last = NULL; /* behind the parameter before */
    brackets_t inner;
    for (const char *at = url; *(at += strcspn(at, "<>")) != '\0';) {
        const char *behind = *at == '<' ? read_brackets(at, &inner) : NULL;
        if (behind == NULL || !brackets_are_valid(&inner)) {
            return "has a parameter that is not <name>, <int:name> or <path:name>";
        }
        if (last != NULL && memchr(last, '/', (size_t)(at - last)) == NULL) {
            return "has two parameters between slashes";
        }
        if (name_is_taken(url, at, &inner)) {
            return "has two parameters of one name";
        }
        count++;
        paths += type_is(&inner, "path") ? 1 : 0;
        at = last = behind;
    }
    if (count > UHTTPD_PARAMS_MAX) {
        return "has more than 8 parameters";
    }
    return paths > 1 ? "has two parameters of the type path" : NULL;
}

const char *uhttpd_url_fault(const char *url)
{
    if (url[0] != '/') {
        return "must start with '/'";
    }
    const char *star = strchr(url, '*');
    if (star != NULL && star[1] != '\0') {
        return "may have a '*' only at its end";
    }
    if (strpbrk(url, "?#") != NULL) {
        return "is a path: it must not contain '?' or '#'";
    }
    return parameters_fault(url);
}

/* Adds the first character of a text. @return the bytes it takes */
static size_t pattern_add_one(uh_text_t *text, const char *url)
{
    char c;
    size_t taken = uh_percent_decode(url, strlen(url), &c);
    if (taken != ESCAPE_LEN && c == '/') {
        uh_text_add(text, "/");
    } else {
        path_add_char(text, c); /* a percent sign that begins no escape stands for itself */
    }
    return taken > 0 ? taken : 1;
}

void uh_pattern_add(uh_text_t *text, const char *url)
{
    brackets_t inner;
    while (*url != '\0') {
        if (*url == '<') {
            const char *behind = read_brackets(url, &inner);
            uh_text_bytes(text, url, (size_t)(behind - url));
            url = behind;
        } else {
            url += pattern_add_one(text, url);
        }
    }
}

/* --- comparing ---------------------------------------------------------------------------------------------------- */

typedef struct {
    const uh_pattern_t *pattern;
    const char *path_end;
    uhttpd_param_t *param; /* where the wanted one goes */
} comparison_t;

static size_t int_len(const char *text, size_t len)
{
    size_t sign = len > 0 && text[0] == '-' ? 1 : 0;
    size_t at = sign;
    while (at < len && text[at] >= '0' && text[at] <= '9') {
        at++;
    }
    return at > sign && at - sign <= MAX_INT_DIGITS ? at : 0;
}

/* How much a parameter can stand for at most. */
static size_t longest_value(const brackets_t *inner, const char *text, size_t len)
{
    if (type_is(inner, "int")) {
        return int_len(text, len);
    }
    const char *slash = type_is(inner, "path") ? NULL : memchr(text, '/', len);
    return slash != NULL ? (size_t)(slash - text) : len;
}

static bool value_char_is_clean(char c, bool escaped)
{
    uint8_t byte = (uint8_t)c;
    return byte >= ' ' && byte != 0x7f && c != '\\' && !(escaped && c == '/');
}

static bool value_segment_is_clean(const char *segment, size_t len)
{
    bool dots = segment[0] == '.' && (len == 1 || (len == 2 && segment[1] == '.'));
    return len > 0 && !dots;
}

/* Whether a program may take it for the name of a file. A slash at the end of a path says that it is a directory. */
static bool value_is_clean(const char *value, size_t len)
{
    size_t segment = 0;
    for (size_t at = 0; at < len;) {
        char c;
        size_t taken = uh_percent_decode(value + at, len - at, &c);
        if (taken == 0 || !value_char_is_clean(c, taken == ESCAPE_LEN)) {
            return false;
        }
        if (c == '/' && !value_segment_is_clean(value + segment, at - segment)) {
            return false;
        }
        at += taken;
        segment = c == '/' ? at : segment;
    }
    return segment == len ? len > 0 : value_segment_is_clean(value + segment, len - segment);
}

static bool pattern_match_from(const comparison_t *all, const char *at, const char *path, size_t n);

/* Tries the longest value first, and the last one that does not end within an escape. */
static bool match_parameter(const comparison_t *all, const char *open, const char *path, size_t n)
{
    brackets_t inner;
    const char *behind = read_brackets(open, &inner);
    size_t longest = longest_value(&inner, path, (size_t)(all->path_end - path));
    for (size_t len = longest; len > 0; len--) {
        if (pattern_match_from(all, behind, path + len, n - 1) && value_is_clean(path, len)) {
            if (n == 0 && all->param != NULL) {
                *all->param = (uhttpd_param_t) {
                    .name = inner.name,
                    .name_len = inner.name_len,
                    .is_int = type_is(&inner, "int"),
                    .value = path,
                    .len = len,
                };
            }
            return true;
        }
    }
    return false;
}

/* As deep as there are parameters, which the program decides. */
static bool pattern_match_from(const comparison_t *all, const char *at, const char *path, size_t n)
{
    const char *end = all->pattern->text + all->pattern->len;
    while (at < end && *at != '<') {
        if (path == all->path_end || *at != *path) {
            return false;
        }
        at++;
        path++;
    }
    if (at == end) {
        return path == all->path_end || all->pattern->wildcard;
    }
    return match_parameter(all, at, path, n);
}

bool uh_pattern_match(const uh_pattern_t *pattern, const char *path, size_t len, size_t n, uhttpd_param_t *param)
{
    comparison_t all = {.pattern = pattern, .path_end = path + len, .param = param};
    return pattern_match_from(&all, pattern->text, path, n);
}

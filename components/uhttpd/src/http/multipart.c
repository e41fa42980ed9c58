/* SPDX-License-Identifier: MIT */
#include "http/multipart.h"

#include <string.h>
#include <strings.h>

#include "http/fields.h"
#include "http/text.h"

enum {
    IN_BODY,     /* of a part, or before the first one */
    AFTER_DASH,  /* "--" behind a boundary ends the form */
    AFTER_BOUND, /* right behind a boundary */
    IN_PADDING,  /* of the line that it stands in */
    AFTER_CR,
    IN_HEAD,
    AT_END,
    IS_BAD,
};

/* --- the boundary ------------------------------------------------------------------------------------------------- */

bool uh_multipart_is_form(const char *content_type)
{
    static const char type[] = "multipart/form-data";
    size_t len = sizeof(type) - 1;
    return strncasecmp(content_type, type, len) == 0 && !uh_token_char(content_type[len]) && content_type[len] != '/';
}

/* bchars of RFC 2046 section 5.1.1 */
static bool is_boundary(const char *text, size_t len)
{
    static const char others[] = "'()+_,-./:=? ";
    for (size_t i = 0; i < len; i++) {
        char lower = (char)(text[i] | 0x20);
        bool alphanumeric = (lower >= 'a' && lower <= 'z') || (text[i] >= '0' && text[i] <= '9');
        if (!alphanumeric && (text[i] == '\0' || strchr(others, text[i]) == NULL)) {
            return false;
        }
    }
    return len > 0 && len <= UH_MULTIPART_BOUNDARY && text[len - 1] != ' ';
}

/* A boundary may be at the very beginning or directly after the headers of a part. The line end before it then counts
 * as the one that belongs to the boundary. */
static void begin_body(uh_multipart_t *multipart, bool in_part)
{
    multipart->state = IN_BODY;
    multipart->in_part = in_part;
    multipart->matched = multipart->ahead = 2;
}

bool uh_multipart_init(uh_multipart_t *multipart, const char *content_type)
{
    static const char begin[] = "\r\n--";
    uh_parameter_t parameter;
    int found;
    begin_body(multipart, false);
    multipart->delimiter_len = 0;
    multipart->fault = NULL;
    multipart->too_long = false;
    const char *at = content_type + strcspn(content_type, "; \t");
    while ((found = uh_parameters_next(&at, &parameter)) > 0) {
        if (!uh_parameter_is(&parameter, "boundary")) {
            continue;
        }
        if (multipart->delimiter_len > 0 || !is_boundary(parameter.value, parameter.value_len)) {
            return false;
        }
        memcpy(multipart->delimiter, begin, sizeof(begin) - 1);
        uh_parameter_value(&parameter, multipart->delimiter + sizeof(begin) - 1);
        multipart->delimiter_len = (uint8_t)(sizeof(begin) - 1 + parameter.value_len);
    }
    return found == 0 && multipart->delimiter_len > 0;
}

/* --- headers of a part -------------------------------------------------------------------------------------------- */

static uh_multipart_event_t multipart_fail(uh_multipart_t *multipart, const char *fault)
{
    multipart->fault = fault;
    return UH_MULTIPART_BAD;
}

/* What a line says; NULL: it is another header, or one like it is @p known. */
static char *line_value(char *line, const char *name, const char *known)
{
    size_t len = strlen(name);
    bool is = known == NULL && strncasecmp(line, name, len) == 0;
    return is ? (char *)uh_text_skip_blank(line + len) : NULL;
}

static bool note_line(uh_multipart_t *multipart, char *line)
{
    static const char disposition[] = "content-disposition:";
    char *type = line_value(line, "content-type:", multipart->type);
    multipart->type = type != NULL ? type : multipart->type;
    char *value = line_value(line, disposition, NULL);
    if (value == NULL) {
        return true;
    }
    bool is_first = multipart->disposition == NULL;
    multipart->disposition = value;
    return is_first;
}

/* RFC 7578 section 4.2: there must be one Content-Disposition. */
static uh_multipart_event_t read_head(uh_multipart_t *multipart)
{
    multipart->disposition = multipart->type = NULL;
    for (char *line = multipart->head, *end; (end = strchr(line, '\r')) != NULL && end > line; line = end + 2) {
        *end = '\0';
        if (!note_line(multipart, line)) {
            return multipart_fail(multipart, "the form is malformed: a part has two Content-Dispositions");
        }
    }
    return multipart->disposition != NULL
               ? UH_MULTIPART_PART
               : multipart_fail(multipart, "the form is malformed: a part has no Content-Disposition");
}

static bool ends_head(const uh_multipart_t *multipart)
{
    size_t len = multipart->head_len;
    const char *end = multipart->head + len;
    return (len == 2 && memcmp(end - 2, "\r\n", 2) == 0) || (len >= 4 && memcmp(end - 4, "\r\n\r\n", 4) == 0);
}

/* Lines end with CR LF, and are not folded. */
static bool may_follow(const uh_multipart_t *multipart, char c)
{
    char before = multipart->head_len > 0 ? multipart->head[multipart->head_len - 1] : '\n';
    if (before == '\r' || c == '\n') {
        return before == '\r' && c == '\n';
    }
    if (before == '\n' && (c == ' ' || c == '\t')) {
        return false;
    }
    return c == '\r' || uh_field_char(c);
}

static uh_multipart_event_t add_to_head(uh_multipart_t *multipart, char c)
{
    if (multipart->head_len == UH_MULTIPART_HEAD) {
        multipart->too_long = true;
        return multipart_fail(multipart, "the form has a part whose headers are longer than 1024 bytes");
    }
    if (!may_follow(multipart, c)) {
        return multipart_fail(multipart, "the form is malformed: a line in the headers of a part is broken");
    }
    multipart->head[multipart->head_len++] = c;
    if (!ends_head(multipart)) {
        return UH_MULTIPART_MORE;
    }
    multipart->head[multipart->head_len] = '\0';
    begin_body(multipart, true);
    return read_head(multipart);
}

/* --- between parts ------------------------------------------------------------------------------------------------ */

/* @return UH_MULTIPART_MORE if a byte is one that may stand there */
static uh_multipart_event_t between_parts(uh_multipart_t *multipart, bool may_stand)
{
    return may_stand ? UH_MULTIPART_MORE
                     : multipart_fail(multipart, "the form is malformed: something else follows a boundary");
}

static uh_multipart_event_t multipart_step(uh_multipart_t *multipart, char c)
{
    switch (multipart->state) {
    case AFTER_BOUND:
    case IN_PADDING:
        if (c == '-' && multipart->state == AFTER_BOUND) {
            multipart->state = AFTER_DASH;
            return UH_MULTIPART_MORE;
        }
        multipart->state = c == '\r' ? AFTER_CR : IN_PADDING;
        return between_parts(multipart, c == '\r' || c == ' ' || c == '\t');
    case AFTER_DASH:
        multipart->state = AT_END;
        return c == '-' ? UH_MULTIPART_END : between_parts(multipart, false);
    case AFTER_CR:
        multipart->state = IN_HEAD;
        multipart->head_len = 0;
        return between_parts(multipart, c == '\n');
    default:
        return add_to_head(multipart, c);
    }
}

/* --- data --------------------------------------------------------------------------------------------------------- */

/* Matches what it can. @return bytes of input that belong to the delimiter, or may. */
static size_t multipart_match(uh_multipart_t *multipart, const uint8_t *in, size_t len)
{
    size_t used = 0;
    while (used < len && multipart->matched < multipart->delimiter_len &&
           in[used] == (uint8_t)multipart->delimiter[multipart->matched]) {
        used++;
        multipart->matched++;
    }
    return used;
}

/* CR occurs only at the front of the delimiter, so bytes that matched in vain contain no other beginning of it. */
static uh_multipart_event_t multipart_read_body(uh_multipart_t *multipart, const uint8_t **in, size_t *in_len,
                                                const uint8_t **data, size_t *len)
{
    size_t before = multipart->matched;
    size_t used = multipart_match(multipart, *in, *in_len);
    *in += used;
    *in_len -= used;
    if (multipart->matched == multipart->delimiter_len) {
        bool ended = multipart->in_part;
        multipart->matched = 0;
        multipart->in_part = false;
        multipart->state = AFTER_BOUND;
        return ended ? UH_MULTIPART_PART_END : UH_MULTIPART_MORE;
    }
    if (*in_len == 0) {
        return UH_MULTIPART_MORE;
    }
    if (before > 0) { /* the bytes that were held back are data */
        *data = (const uint8_t *)multipart->delimiter + multipart->ahead;
        *len = multipart->matched - multipart->ahead;
    } else {
        const uint8_t *cr = memchr(*in, '\r', *in_len);
        size_t plain = used == 0 ? (cr != NULL ? (size_t)(cr - *in) : *in_len) : 0;
        *data = *in - used;
        *len = used + plain;
        *in += plain;
        *in_len -= plain;
    }
    multipart->matched = multipart->ahead = 0;
    return multipart->in_part && *len > 0 ? UH_MULTIPART_DATA : UH_MULTIPART_MORE;
}

uh_multipart_event_t uh_multipart_next(uh_multipart_t *multipart, const uint8_t **in, size_t *in_len,
                                       const uint8_t **data, size_t *len)
{
    uh_multipart_event_t event = UH_MULTIPART_MORE;
    while (*in_len > 0 && event == UH_MULTIPART_MORE && multipart->state < AT_END) {
        if (multipart->state == IN_BODY) {
            event = multipart_read_body(multipart, in, in_len, data, len);
        } else {
            event = multipart_step(multipart, (char)**in);
            ++*in;
            --*in_len;
        }
    }
    if (event == UH_MULTIPART_BAD) {
        multipart->state = IS_BAD;
    }
    return multipart->state == IS_BAD ? UH_MULTIPART_BAD : multipart->state == AT_END ? UH_MULTIPART_END : event;
}

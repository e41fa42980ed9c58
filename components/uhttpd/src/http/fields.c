/* SPDX-License-Identifier: MIT */
#include "http/fields.h"

#include <mbedtls/base64.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "http/text.h"

/* --- cookie ------------------------------------------------------------------------------------------------------- */

/* @return the value, when the pair has that name. */
static const char *cookie_value_of(const char *pair, size_t len, const char *name, size_t *value_len)
{
    const char *equals = memchr(pair, '=', len);
    if (equals == NULL) {
        return NULL;
    }
    const char *value = equals + 1;
    size_t name_len = (size_t)(equals - pair);
    *value_len = len - name_len - 1;
    uh_text_trim(&pair, &name_len);
    uh_text_trim(&value, value_len);
    return name_len == strlen(name) && memcmp(pair, name, name_len) == 0 ? value : NULL;
}

const char *uh_cookie_find(const char *header, const char *name, size_t *len)
{
    *len = 0;
    for (;;) {
        size_t pair_len = strcspn(header, ";");
        size_t value_len;
        const char *value = cookie_value_of(header, pair_len, name, &value_len);
        if (value != NULL) {
            *len = value_len;
            return value;
        }
        if (header[pair_len] == '\0') {
            return NULL;
        }
        header += pair_len + 1;
    }
}

/* --- accept encoding ---------------------------------------------------------------------------------------------- */

#define NOT_NAMED (-1)
#define WHOLE 1000 /* thousandths: a weight has three digits */

/* "0", "1", "0.5", "1.000". @return thousandths; a malformed weight counts as 0 */
static int accept_encoding_weight(const char *text)
{
    if (text[0] != '0' && text[0] != '1') {
        return 0;
    }
    int thousandths = text[0] == '1' ? WHOLE : 0;
    if (text[1] == '.') {
        for (int i = 0, unit = 100; i < 3 && text[2 + i] >= '0' && text[2 + i] <= '9'; i++, unit /= 10) {
            thousandths += (text[2 + i] - '0') * unit;
        }
    }
    return thousandths <= WHOLE ? thousandths : 0;
}

/* The weight that follows a coding; 1 without one. */
static int weight_after(const char *coding)
{
    const char *at = uh_text_skip_blank(coding);
    if (*at != ';') {
        return WHOLE;
    }
    at = uh_text_skip_blank(at + 1);
    return strncasecmp(at, "q=", 2) == 0 ? accept_encoding_weight(at + 2) : 0;
}

uh_gzip_wish_t uh_accept_encoding_gzip(const char *header)
{
    static const char between[] = ", \t";
    int gzip = NOT_NAMED, identity = NOT_NAMED, any = NOT_NAMED;
    if (header == NULL) {
        return UH_GZIP_ALLOWED;
    }
    for (header += strspn(header, between); *header != '\0'; header += strspn(header, between)) {
        size_t len = strcspn(header, ",; \t");
        int found = weight_after(header + len);
        if (uh_text_is(header, len, "gzip") || uh_text_is(header, len, "x-gzip")) {
            gzip = found;
        } else if (uh_text_is(header, len, "identity")) {
            identity = found;
        } else if (uh_text_is(header, len, "*")) {
            any = found;
        }
        header += strcspn(header, ",");
    }
    gzip = gzip != NOT_NAMED ? gzip : any;
    return gzip <= 0 ? UH_GZIP_REFUSED : gzip >= identity ? UH_GZIP_PREFERRED : UH_GZIP_ALLOWED;
}

/* --- parameters --------------------------------------------------------------------------------------------------- */

/* @return the closing quote; NULL: there is none, or a control character comes before it */
static const char *end_of_quoted(const char *text)
{
    for (; *text != '"'; text++) {
        if (*text == '\\') {
            text++;
        }
        if (!uh_field_char(*text)) {
            return NULL;
        }
    }
    return text;
}

/* @return what follows the value; NULL: malformed */
static const char *read_value(const char *at, uh_parameter_t *parameter)
{
    parameter->quoted = *at == '"';
    parameter->value = parameter->quoted ? at + 1 : at;
    const char *end = parameter->quoted ? end_of_quoted(parameter->value) : at + uh_token_len(at);
    if (end == NULL || (end == at && !parameter->quoted)) {
        return NULL;
    }
    parameter->value_len = (size_t)(end - parameter->value);
    return parameter->quoted ? end + 1 : end;
}

int uh_parameters_next(const char **at, uh_parameter_t *parameter)
{
    const char *text = uh_text_skip_blank(*at);
    if (*text != '\0' && *text != ';') {
        return -1;
    }
    while (*text == ';') { /* an empty one does not count */
        text = uh_text_skip_blank(text + 1);
    }
    *at = text;
    if (*text == '\0') {
        return 0;
    }
    parameter->name = text;
    parameter->name_len = uh_token_len(text);
    text = uh_text_skip_blank(text + parameter->name_len);
    if (parameter->name_len == 0 || *text != '=') {
        return -1;
    }
    text = read_value(uh_text_skip_blank(text + 1), parameter);
    if (text == NULL) {
        return -1;
    }
    *at = text;
    return 1;
}

bool uh_parameter_is(const uh_parameter_t *parameter, const char *name)
{
    return uh_text_is(parameter->name, parameter->name_len, name);
}

/* Whoever escapes does so with these two. Others send names with backslashes as they are. */
static bool is_escape(const char *at)
{
    return at[0] == '\\' && (at[1] == '"' || at[1] == '\\');
}

size_t uh_parameter_value(const uh_parameter_t *parameter, char *out)
{
    size_t len = 0;
    for (size_t i = 0; i < parameter->value_len; i++) {
        if (parameter->quoted && is_escape(&parameter->value[i])) {
            i++;
        }
        out[len++] = parameter->value[i];
    }
    out[len] = '\0';
    return len;
}

/* --- disposition -------------------------------------------------------------------------------------------------- */

bool uh_disposition_is(const char *value, const char *type)
{
    return uh_text_is(value, uh_token_len(value), type);
}

static bool is_text(const char *name, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)name[i] < ' ' || name[i] == 0x7f) {
            return false;
        }
    }
    return uh_utf8_is_whole(name, len);
}

/* attr-char of RFC 8187 section 3.2.1 */
static bool stands_for_itself(char c)
{
    return uh_token_char(c) && strchr("*'%", c) == NULL;
}

/* charset'language'percent-encoded. @return its length; 0: malformed, or not UTF-8 */
static size_t decode_extended(const uh_parameter_t *parameter, char *name)
{
    static const char charset[] = "UTF-8'";
    const char *text = parameter->value;
    size_t left = parameter->value_len, len = 0;
    if (parameter->quoted || left < sizeof(charset) || strncasecmp(text, charset, sizeof(charset) - 1) != 0) {
        return 0;
    }
    const char *language = text + sizeof(charset) - 1;
    const char *quote = memchr(language, '\'', left - (sizeof(charset) - 1));
    if (quote == NULL) {
        return 0;
    }
    left -= (size_t)(quote + 1 - text);
    text = quote + 1;
    while (left > 0) {
        size_t used = uh_percent_decode(text, left, &name[len++]);
        if (used == 0 || (used == 1 && !stands_for_itself(*text))) {
            return 0;
        }
        text += used;
        left -= used;
    }
    name[len] = '\0';
    return len;
}

/* "C:\data\x.txt" is where the file was on the client's computer. @return the length of its own name */
static size_t without_drive(char *name, size_t len)
{
    char letter = (char)(name[0] | 0x20);
    if (len < 3 || letter < 'a' || letter > 'z' || name[1] != ':' || name[2] != '\\') {
        return len;
    }
    const char *own = strrchr(name, '\\') + 1;
    len -= (size_t)(own - name);
    memmove(name, own, len + 1);
    return len;
}

static bool read_name(const uh_parameter_t *parameter, bool extended, char *name)
{
    size_t len = extended ? decode_extended(parameter, name) : uh_parameter_value(parameter, name);
    len = without_drive(name, len);
    return len > 0 && is_text(name, len);
}

uh_disposition_t uh_disposition_parse(const char *value, char *name)
{
    const char *at = value + uh_token_len(value);
    uh_parameter_t parameter, plain = {0}, extended = {0};
    int found = at == value ? -1 : 1;
    while (found > 0 && (found = uh_parameters_next(&at, &parameter)) > 0) {
        bool is_extended = uh_parameter_is(&parameter, "filename*");
        uh_parameter_t *kept = is_extended ? &extended : &plain;
        bool empty = parameter.quoted && parameter.value_len == 0; /* a form in which no file was chosen */
        if (is_extended || (uh_parameter_is(&parameter, "filename") && !empty)) {
            found = kept->name == NULL ? 1 : -1; /* two names: nobody knows which of them another reader believes */
            *kept = parameter;
        }
    }
    bool named = plain.name != NULL || extended.name != NULL;
    if (found == 0 && !named) {
        return UH_DISPOSITION_NAMELESS;
    }
    bool good = found == 0 && (plain.name == NULL || read_name(&plain, false, name)) &&
                (extended.name == NULL || read_name(&extended, true, name));
    return good ? UH_DISPOSITION_NAMED : UH_DISPOSITION_MALFORMED;
}

/* --- digest ------------------------------------------------------------------------------------------------------- */

#define NAME "sha-256"
#define DIGITS 43 /* of base64, before its "=" */

static const char s_key[] = "abcdefghijklmnopqrstuvwxyz0123456789_-.*";

/* `key=:base64:`. @return what follows; NULL: malformed */
static const char *read_member(const char *at, size_t *key_len, const char **digits, size_t *digits_len)
{
    *key_len = strspn(at, s_key);
    bool is_key = (*at >= 'a' && *at <= 'z') || *at == '*';
    at += *key_len;
    if (!is_key || strncmp(at, "=:", 2) != 0) {
        return NULL;
    }
    *digits = at + 2;
    *digits_len = uh_base64_len(*digits);
    at = *digits + *digits_len;
    at += strspn(at, "=");
    return *at == ':' ? at + 1 : NULL;
}

static bool digest_decode(const char *digits, size_t len, uint8_t digest[UHTTPD_SHA256_SIZE])
{
    size_t written;
    return len == DIGITS && strncmp(digits + len, "=:", 2) == 0 &&
           mbedtls_base64_decode(digest, UHTTPD_SHA256_SIZE, &written, (const unsigned char *)digits, DIGITS + 1) ==
               0 &&
           written == UHTTPD_SHA256_SIZE;
}

uh_digest_t uh_digest_parse(const char *value, uint8_t digest[UHTTPD_SHA256_SIZE])
{
    uh_digest_t result = UH_DIGEST_NONE;
    for (const char *at = value;;) {
        size_t key_len, digits_len;
        const char *key = at, *digits;
        at = read_member(at, &key_len, &digits, &digits_len);
        if (at == NULL) {
            return UH_DIGEST_MALFORMED;
        }
        if (key_len == strlen(NAME) && strncmp(key, NAME, key_len) == 0) {
            if (!digest_decode(digits, digits_len, digest)) {
                return UH_DIGEST_MALFORMED;
            }
            result = UH_DIGEST_GIVEN; /* of two the last one counts */
        }
        at = uh_text_skip_blank(at);
        if (*at == '\0') {
            return result;
        }
        if (*at != ',') {
            return UH_DIGEST_MALFORMED;
        }
        at = uh_text_skip_blank(at + 1);
    }
}

void uh_digest_format(const uint8_t digest[UHTTPD_SHA256_SIZE], char field[UH_DIGEST_FIELD_SIZE])
{
    char base64[DIGITS + 2]; /* with "=" and NUL */
    size_t len;
    mbedtls_base64_encode((unsigned char *)base64, sizeof(base64), &len, digest, UHTTPD_SHA256_SIZE);
    uh_text_t text = {.at = field, .room = UH_DIGEST_FIELD_SIZE};
    uh_text_add(&text, NAME "=:");
    uh_text_bytes(&text, base64, len);
    uh_text_add(&text, ":");
    uh_text_end(&text);
}

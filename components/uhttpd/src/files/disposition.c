/* SPDX-License-Identifier: MIT */
#include "disposition.h"

#include <string.h>
#include <strings.h>

#include "parameters.h"
#include "token.h"
#include "utf8.h"

bool uh_disposition_is(const char *value, const char *type)
{
    size_t len = uh_parameters_type(value);
    return len == strlen(type) && strncasecmp(value, type, len) == 0;
}

static bool is_text(const char *name, size_t len)
{
    uint32_t state = UH_UTF8_WHOLE;
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)name[i] < ' ' || name[i] == 0x7f) {
            return false;
        }
    }
    return uh_utf8_check_piece(&state, (const uint8_t *)name, len) && state == UH_UTF8_WHOLE;
}

/* attr-char of RFC 8187 section 3.2.1 */
static bool stands_for_itself(char c)
{
    return uh_token_char(c) && strchr("*'%", c) == NULL;
}

static bool disposition_decode_one(const char *text, size_t left, char *out)
{
    *out = text[0];
    if (text[0] != '%') {
        return stands_for_itself(text[0]);
    }
    int high = left >= 3 ? uh_hex_digit(text[1]) : -1;
    int low = high >= 0 ? uh_hex_digit(text[2]) : -1;
    if (low >= 0) {
        *out = (char)(high << 4 | low);
    }
    return low >= 0;
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
        if (!disposition_decode_one(text, left, &name[len++])) {
            return 0;
        }
        size_t used = *text == '%' ? 3 : 1;
        text += used;
        left -= used;
    }
    name[len] = '\0';
    return len;
}

static bool read_name(const uh_parameter_t *parameter, bool extended, char *name)
{
    size_t len = extended ? decode_extended(parameter, name) : uh_parameter_value(parameter, name);
    return len > 0 && is_text(name, len);
}

uh_disposition_t uh_disposition_parse(const char *value, char *name)
{
    const char *at = value + uh_parameters_type(value);
    uh_parameter_t parameter, plain = {0}, extended = {0};
    int found = at == value ? -1 : 1;
    while (found > 0 && (found = uh_parameters_next(&at, &parameter)) > 0) {
        bool is_extended = uh_parameter_is(&parameter, "filename*");
        uh_parameter_t *kept = is_extended ? &extended : &plain;
        bool empty = parameter.quoted && parameter.value_len == 0; /* a form in which no file was chosen */
        if (is_extended || (uh_parameter_is(&parameter, "filename") && !empty)) {
            found = kept->name == NULL ? 1 : -1; /* two of them: which one another reader believes is anybody's guess */
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

/* SPDX-License-Identifier: MIT */
#include "parameters.h"

#include <string.h>
#include <strings.h>

#include "token.h"

static size_t parameters_token_len(const char *text)
{
    size_t len = 0;
    while (uh_token_char(text[len])) {
        len++;
    }
    return len;
}

static const char *skip_spaces(const char *text)
{
    return text + strspn(text, " \t");
}

size_t uh_parameters_type(const char *value)
{
    return parameters_token_len(value);
}

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
    const char *end = parameter->quoted ? end_of_quoted(parameter->value) : at + parameters_token_len(at);
    if (end == NULL || (end == at && !parameter->quoted)) {
        return NULL;
    }
    parameter->value_len = (size_t)(end - parameter->value);
    return parameter->quoted ? end + 1 : end;
}

int uh_parameters_next(const char **at, uh_parameter_t *parameter)
{
    const char *text = skip_spaces(*at);
    if (*text != '\0' && *text != ';') {
        return -1;
    }
    while (*text == ';') { /* an empty one is none */
        text = skip_spaces(text + 1);
    }
    *at = text;
    if (*text == '\0') {
        return 0;
    }
    parameter->name = text;
    parameter->name_len = parameters_token_len(text);
    text = skip_spaces(text + parameter->name_len);
    if (parameter->name_len == 0 || *text != '=') {
        return -1;
    }
    text = read_value(skip_spaces(text + 1), parameter);
    if (text == NULL) {
        return -1;
    }
    *at = text;
    return 1;
}

bool uh_parameter_is(const uh_parameter_t *parameter, const char *name)
{
    return parameter->name_len == strlen(name) && strncasecmp(parameter->name, name, parameter->name_len) == 0;
}

size_t uh_parameter_value(const uh_parameter_t *parameter, char *out)
{
    size_t len = 0;
    for (size_t i = 0; i < parameter->value_len; i++) {
        if (parameter->quoted && parameter->value[i] == '\\') {
            i++;
        }
        out[len++] = parameter->value[i];
    }
    out[len] = '\0';
    return len;
}

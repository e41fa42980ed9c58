/* SPDX-License-Identifier: MIT */
#include "uhttpd_json.h"

#include <stdint.h>
#include <string.h>

#include "http/text.h"

/* What is open: a bit for each array and object, set for objects. */
typedef struct {
    const char *at;
    const char *end;
    const char *fault;
    uint64_t objects;
    unsigned depth;
} json_t;

_Static_assert(UHTTPD_JSON_DEPTH <= 64, "json_t has a bit for each level");

static bool json_fail(json_t *json, const char *fault)
{
    json->fault = fault;
    return false;
}

static bool json_fail_here(json_t *json)
{
    return json_fail(json, json->at == json->end ? "the body must be JSON: it ends early"
                                                 : "the body must be JSON: it has a character that JSON has not there");
}

static bool is_digit(const json_t *json)
{
    return json->at < json->end && *json->at >= '0' && *json->at <= '9';
}

static bool takes_char(json_t *json, char c)
{
    bool is = json->at < json->end && *json->at == c;
    json->at += is;
    return is;
}

static void skip_space(json_t *json)
{
    while (json->at < json->end && strchr(" \t\r\n", *json->at) != NULL && *json->at != '\0') {
        json->at++;
    }
}

/* --- values that are not nested ----------------------------------------------------------------------------------- */

static bool json_word(json_t *json, const char *word)
{
    for (; *word != '\0'; word++) {
        if (!takes_char(json, *word)) {
            return json_fail_here(json);
        }
    }
    return true;
}

static bool json_digits(json_t *json)
{
    if (!is_digit(json)) {
        return json_fail_here(json);
    }
    while (is_digit(json)) {
        json->at++;
    }
    return true;
}

static bool json_exponent(json_t *json)
{
    if (!takes_char(json, 'e') && !takes_char(json, 'E')) {
        return true;
    }
    if (!takes_char(json, '-')) {
        takes_char(json, '+');
    }
    return json_digits(json);
}

static bool json_number(json_t *json)
{
    const char *begin = json->at;
    takes_char(json, '-');
    bool is_number = (takes_char(json, '0') || json_digits(json)) && (!takes_char(json, '.') || json_digits(json)) &&
                     json_exponent(json);
    if (is_number && json->at - begin > UHTTPD_JSON_NUMBER) {
        return json_fail(json, "the body must be JSON: it has a number of more than 256 characters");
    }
    return is_number;
}

static bool json_escape(json_t *json)
{
    if (takes_char(json, 'u')) {
        for (int i = 0; i < 4; i++, json->at++) {
            if (json->at == json->end || uh_hex_digit(*json->at) < 0) {
                return json_fail_here(json);
            }
        }
        return true;
    }
    if (json->at == json->end || *json->at == '\0' || strchr("\"\\/bfnrt", *json->at) == NULL) {
        return json_fail_here(json);
    }
    json->at++;
    return true;
}

/* Behind its first quote. */
static bool json_string(json_t *json)
{
    while (!takes_char(json, '"')) {
        if (takes_char(json, '\\')) {
            if (!json_escape(json)) {
                return false;
            }
        } else if (json->at == json->end || (unsigned char)*json->at < ' ') {
            return json_fail_here(json);
        } else {
            json->at++;
        }
    }
    return true;
}

/* --- arrays and objects ------------------------------------------------------------------------------------------- */

static bool is_in_object(const json_t *json)
{
    return json->objects & 1;
}

static bool json_open(json_t *json, bool object)
{
    if (json->depth == UHTTPD_JSON_DEPTH) {
        return json_fail(json, "the body must be JSON: it is nested more than 64 deep");
    }
    json->depth++;
    json->objects = json->objects << 1 | object;
    return true;
}

static void json_close(json_t *json)
{
    json->depth--;
    json->objects >>= 1;
}

static bool json_key(json_t *json)
{
    skip_space(json);
    if (!takes_char(json, '"')) {
        return json_fail_here(json);
    }
    if (!json_string(json)) {
        return false;
    }
    skip_space(json);
    return takes_char(json, ':') || json_fail_here(json);
}

/* Begins an array or object. @param[out] whole  it is empty */
static bool json_begin(json_t *json, bool object, bool *whole)
{
    if (!json_open(json, object)) {
        return false;
    }
    skip_space(json);
    *whole = takes_char(json, object ? '}' : ']');
    if (*whole) {
        json_close(json);
        return true;
    }
    return !object || json_key(json);
}

/* @param[out] whole  false: another value is to follow, inside of this one */
static bool json_value(json_t *json, bool *whole)
{
    *whole = true;
    skip_space(json);
    switch (json->at < json->end ? *json->at : '\0') {
    case '{':
    case '[':
        json->at++;
        return json_begin(json, json->at[-1] == '{', whole);
    case '"':
        json->at++;
        return json_string(json);
    case 't':
        return json_word(json, "true");
    case 'f':
        return json_word(json, "false");
    case 'n':
        return json_word(json, "null");
    default:
        return json_number(json);
    }
}

/* Behind a value: closes what ends here. @param[out] more  another value is to follow */
static bool json_follow(json_t *json, bool *more)
{
    for (*more = false; json->depth > 0; json_close(json)) {
        skip_space(json);
        if (takes_char(json, ',')) {
            *more = true;
            return !is_in_object(json) || json_key(json);
        }
        if (!takes_char(json, is_in_object(json) ? '}' : ']')) {
            return json_fail_here(json);
        }
    }
    return true;
}

static bool json_check(json_t *json)
{
    bool whole, more = true;
    while (more) {
        if (!json_value(json, &whole) || (whole && !json_follow(json, &more))) {
            return false;
        }
    }
    skip_space(json);
    return json->at == json->end || json_fail(json, "the body must be JSON: something follows its value");
}

const char *uhttpd_json_fault(const char *text, size_t len)
{
    json_t json = {.at = text, .end = text + len};
    if (json_check(&json) && !uh_utf8_is_whole(text, len)) {
        json_fail(&json, "the body must be JSON: it is not UTF-8");
    }
    return json.fault;
}

/* SPDX-License-Identifier: MIT */
#include "uhttpd_internal.h"

#include <stdio.h>
#include <string.h>

#include "py/runtime.h"

#include "uhttpd_deadline.h"

/* The reasons of the codes that applications use (RFC 9110 section 15); by their class for the others. */
static const struct {
    uint16_t code;
    const char *reason;
} s_reasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {418, "I'm a teapot"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {507, "Insufficient Storage"},
};

static const char *py_response_reason_of(int code)
{
    static const char *const classes[] = {"Informational", "Success", "Redirection", "Client Error", "Server Error"};
    for (size_t i = 0; i < MP_ARRAY_SIZE(s_reasons); i++) {
        if (s_reasons[i].code == code) {
            return s_reasons[i].reason;
        }
    }
    return classes[code / 100 - 1];
}

/* "404", "404 Not Found" */
static void check_status(const char *text)
{
    bool has_number = unichar_isdigit(text[0]) && unichar_isdigit(text[1]) && unichar_isdigit(text[2]);
    if (!has_number || text[0] == '0' || (text[3] != '\0' && text[3] != ' ')) {
        mp_raise_ValueError(strchr(text, '/')
                                ? MP_ERROR_TEXT("status must begin with a number of three digits; give a type as mime=")
                                : MP_ERROR_TEXT("status must begin with a number of three digits"));
    }
}

const char *glue_response_status(mp_obj_t status)
{
    if (!mp_obj_is_int(status)) {
        const char *text = bindgen_text(MP_QSTR_status, status, BINDGEN_TEXT | BINDGEN_NONE, BINDGEN_ONE_LINE);
        if (text) {
            check_status(text);
        }
        return text;
    }
    int code = (int)mp_obj_get_int(status);
    vstr_t text;
    vstr_init(&text, 32);
    vstr_printf(&text, "%d %s", code, py_response_reason_of(code));
    return vstr_null_terminated_str(&text);
}

typedef struct {
    uhttpd_header_t *array;
    size_t count, room;
} headers_t;

static void headers_add(headers_t *headers, mp_obj_t name, mp_obj_t value)
{
    if (headers->count == headers->room) {
        headers->array = m_renew(uhttpd_header_t, headers->array, headers->room, 2 * headers->room);
        headers->room *= 2;
    }
    uhttpd_header_t *header = &headers->array[headers->count++];
    header->name = bindgen_text(MP_QSTR_headers, name, BINDGEN_TEXT, BINDGEN_ONE_LINE);
    header->value = bindgen_text(MP_QSTR_headers, value, BINDGEN_TEXT, BINDGEN_ONE_LINE);
}

/* A list of values becomes as many headers of that name. */
static void headers_add_all(headers_t *headers, mp_obj_t name, mp_obj_t value)
{
    size_t count = 1;
    mp_obj_t *values = &value;
    if (bindgen_is_list(value)) {
        mp_obj_get_array(value, &count, &values);
    }
    for (size_t i = 0; i < count; i++) {
        headers_add(headers, name, values[i]);
    }
}

static void headers_add_dict(headers_t *headers, mp_obj_t dict)
{
    const mp_map_t *map = mp_obj_dict_get_map(dict);
    for (size_t i = 0; i < map->alloc; i++) {
        if (mp_map_slot_is_filled(map, i)) {
            headers_add_all(headers, map->table[i].key, map->table[i].value);
        }
    }
}

static void headers_add_pairs(headers_t *headers, mp_obj_t list)
{
    size_t count, len = 0;
    mp_obj_t *pairs, *pair;
    mp_obj_get_array(list, &count, &pairs);
    for (size_t i = 0; i < count; i++) {
        if (bindgen_is_list(pairs[i])) {
            mp_obj_get_array(pairs[i], &len, &pair);
        }
        if (len != 2) {
            mp_raise_TypeError(MP_ERROR_TEXT("headers must be a dict, or a list of pairs (name, value)"));
        }
        headers_add_all(headers, pair[0], pair[1]);
        len = 0;
    }
}

void glue_response_headers(uhttpd_response_t *response, mp_obj_t given)
{
    if (given == mp_const_none) {
        return;
    }
    headers_t headers = {.room = 4};
    headers.array = m_new0(uhttpd_header_t, headers.room);
    if (bindgen_is_list(given)) {
        headers_add_pairs(&headers, given);
    } else {
        headers_add_dict(&headers, given);
    }
    response->headers = headers.array;
    response->header_count = headers.count;
}

static esp_err_t raise_for_header(esp_err_t err)
{
    if (err == ESP_ERR_INVALID_ARG) {
        mp_raise_ValueError(MP_ERROR_TEXT("a header is malformed or the server's own, or has a control character"));
    }
    return err;
}

static void py_response_check(esp_err_t err)
{
    if (raise_for_header(err) != ESP_OK) {
        glue_raise(err);
    }
}

/* Memory that is given to C: an empty buffer may have none, which for a chunk would mean the end. */
static const void *memory_of(const mp_buffer_info_t *data)
{
    return data->len ? data->buf : "";
}

const char *glue_response_mime(const char *mime, mp_obj_t body)
{
    return mime || !glue_is_json_data(body) ? mime : "application/json";
}

esp_err_t glue_response_write(uhttpd_req_t *req, mp_obj_t body, const uhttpd_response_t *response)
{
    mp_buffer_info_t data;
    volatile mp_obj_t kept = glue_data_of(body); /* where the collector finds it */
    mp_get_buffer_raise(kept, &data, MP_BUFFER_READ);
    glue_wait_begin();
    esp_err_t err = uhttpd_write(req, memory_of(&data), data.len, response);
    glue_wait_end();
    return raise_for_header(err);
}

esp_err_t glue_response_chunk(uhttpd_req_t *req, mp_obj_t piece, const uhttpd_response_t *response)
{
    mp_buffer_info_t data = {0};
    volatile mp_obj_t kept = glue_data_of(piece);
    if (kept != mp_const_none) {
        mp_get_buffer_raise(kept, &data, MP_BUFFER_READ);
    }
    glue_wait_begin();
    esp_err_t err = uhttpd_send_chunk(req, kept != mp_const_none ? memory_of(&data) : NULL, data.len, response);
    glue_wait_end();
    return raise_for_header(err);
}

/* An event loop must not wait for the client: a worker sends it once the callback has returned. */
static void write_later(py_uhttpd_request_t *self, const py_uhttpd_request_write_args_t *args)
{
    if (self->written != MP_OBJ_NULL) {
        glue_raise(ESP_ERR_UHTTPD_ANSWERED);
    }
    mp_obj_t status = args->status == mp_const_none ? MP_OBJ_NEW_SMALL_INT(200) : args->status;
    mp_obj_t response = py_uhttpd_response_new(glue_data_of(args->data), status, args->headers,
                                               glue_response_mime(args->mime, args->data));
    ((py_uhttpd_response_t *)MP_OBJ_TO_PTR(response))->allow_cors = args->allow_cors;
    self->written = response;
}

void py_uhttpd_request_write(py_uhttpd_request_t *self, const py_uhttpd_request_write_args_t *args)
{
    uhttpd_req_t *req = glue_request_get(self);
    if (!self->thread) {
        write_later(self, args);
        return;
    }
    uhttpd_response_t response = {
        .status = glue_response_status(args->status),
        .mime = glue_response_mime(args->mime, args->data),
        .allow_cors = args->allow_cors,
    };
    glue_response_headers(&response, args->headers);
    py_response_check(glue_response_write(req, args->data, &response));
}

void py_uhttpd_request_send_chunk(py_uhttpd_request_t *self, const py_uhttpd_request_send_chunk_args_t *args)
{
    uhttpd_req_t *req = glue_request_wait(self);
    uhttpd_response_t response = {.mime = glue_response_mime(args->mime, args->data), .allow_cors = args->allow_cors};
    if (!uhttpd_req_answered(req)) { /* in later calls they are ignored */
        response.status = glue_response_status(args->status);
        glue_response_headers(&response, args->headers);
    }
    py_response_check(glue_response_chunk(req, args->data, &response));
}

void py_uhttpd_request_send(py_uhttpd_request_t *self, const mp_buffer_info_t *data)
{
    uhttpd_req_t *req = glue_request_wait(self);
    glue_wait_begin();
    esp_err_t err = uhttpd_send(req, memory_of(data), data->len);
    glue_wait_end();
    py_response_check(err);
}

/* SPDX-License-Identifier: MIT */
#include "uhttpd_internal.h"

#include <string.h>

#include "py/runtime.h"

#include "uhttpd_deadline.h"
#include "uhttpd_hold.h"
#include "uhttpd_json.h"
#include "uhttpd_query.h"
#include "utf8_text.h"

#define READINTO_PIECE 4096
#define FIRST_PIECE 1024 /* of a body whose length is not known; then as much again as there is */
#define REMOTE_SIZE 46

py_uhttpd_request_t *glue_request_new(uhttpd_req_t *req, py_uhttpd_server_t *server)
{
    py_uhttpd_request_t *self = m_new_obj_maybe(py_uhttpd_request_t);
    if (self) {
        *self = (py_uhttpd_request_t) {
            .base = {&py_uhttpd_request_type},
            .req = req,
            .thread = mp_thread_get_state(),
            .server = server,
            .malformed = mp_const_none,
            .g = mp_const_none,
            .args = mp_const_none,
            .form = mp_const_none,
            .files = mp_const_none,
        };
    }
    return self;
}

void glue_request_end(py_uhttpd_request_t *self)
{
    self->req = NULL;
    uhttpd_parts_close(self->parts);
    self->parts = NULL;
}

void glue_request_blame(py_uhttpd_request_t *self, mp_obj_t exception, mp_obj_t text)
{
    self->malformed = exception;
    self->fault = text;
    nlr_raise(exception);
}

uhttpd_req_t *glue_request_get(py_uhttpd_request_t *self)
{
    if (!self->req) {
        mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("the request is over: its callback has returned"));
    }
    if (self->thread && self->thread != mp_thread_get_state()) {
        mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("the request belongs to the thread of its callback"));
    }
    return self->req;
}

static _Noreturn void raise_would_wait(void)
{
    mp_raise_msg(&mp_type_RuntimeError,
                 MP_ERROR_TEXT("that may wait, and an async callback must not: await req.to_thread(function, args)"));
}

uhttpd_req_t *glue_request_wait(py_uhttpd_request_t *self)
{
    uhttpd_req_t *req = glue_request_get(self);
    if (!self->thread) {
        raise_would_wait();
    }
    return req;
}

uhttpd_req_t *glue_request_body(py_uhttpd_request_t *self)
{
    uhttpd_req_t *req = glue_request_get(self);
    if (!self->thread && !uhttpd_req_is_collected(req)) {
        raise_would_wait();
    }
    return req;
}

/* --- the head ----------------------------------------------------------------------------------------------------- */

/* Clients need not send UTF-8. Other bytes are taken for Latin-1, as in early HTTP. */
mp_obj_t glue_text_object(const char *text, size_t len)
{
    if (glue_is_utf8(text, len)) {
        return mp_obj_new_str(text, len);
    }
    vstr_t utf8;
    vstr_init(&utf8, len + 8);
    for (size_t i = 0; i < len; i++) {
        vstr_add_char(&utf8, (byte)text[i]);
    }
    return mp_obj_new_str_from_vstr(&utf8);
}

mp_obj_t py_uhttpd_request_server(py_uhttpd_request_t *self)
{
    return MP_OBJ_FROM_PTR(self->server);
}

int64_t py_uhttpd_request_method(py_uhttpd_request_t *self)
{
    return uhttpd_req_method(glue_request_get(self));
}

mp_obj_t py_uhttpd_request_method_name(py_uhttpd_request_t *self)
{
    const char *name = uhttpd_req_method_name(glue_request_get(self));
    return glue_text_object(name, strlen(name));
}

mp_obj_t py_uhttpd_request_uri(py_uhttpd_request_t *self)
{
    const char *uri = uhttpd_req_uri(glue_request_get(self));
    return glue_text_object(uri, strlen(uri));
}

mp_obj_t py_uhttpd_request_path(py_uhttpd_request_t *self)
{
    size_t len;
    const char *path = uhttpd_req_path(glue_request_get(self), &len);
    return glue_text_object(path, len);
}

int64_t py_uhttpd_request_length(py_uhttpd_request_t *self)
{
    return uhttpd_req_length(glue_request_get(self));
}

mp_obj_t py_uhttpd_request_remote(py_uhttpd_request_t *self)
{
    char address[REMOTE_SIZE];
    return mp_obj_new_str(address, uhttpd_req_remote(glue_request_get(self), address, sizeof(address)));
}

mp_obj_t py_uhttpd_request_header(py_uhttpd_request_t *self, const char *name)
{
    const char *value = uhttpd_req_header(glue_request_get(self), name);
    return value ? glue_text_object(value, strlen(value)) : mp_const_none;
}

mp_obj_t py_uhttpd_request_cookie(py_uhttpd_request_t *self, const char *name)
{
    size_t len;
    const char *value = uhttpd_req_cookie(glue_request_get(self), name, &len);
    return value ? glue_text_object(value, len) : mp_const_none;
}

static mp_obj_t lower_case(const char *name)
{
    vstr_t lower;
    size_t len = strlen(name);
    vstr_init_len(&lower, len);
    for (size_t i = 0; i < len; i++) {
        lower.buf[i] = (char)unichar_tolower((byte)name[i]);
    }
    return glue_text_object(lower.buf, len);
}

/* Values of one name are joined when all are there: one by one, the first would be copied as often as there are others. */
static void py_request_collect(mp_obj_t *place, mp_obj_t value)
{
    if (*place == MP_OBJ_NULL) {
        *place = value;
        return;
    }
    if (!mp_obj_is_type(*place, &mp_type_list)) {
        *place = mp_obj_new_list(1, place);
    }
    mp_obj_list_append(*place, value);
}

static void py_request_join(mp_map_t *headers)
{
    mp_obj_t join[3];
    mp_load_method(mp_obj_new_str(", ", 2), MP_QSTR_join, join);
    for (size_t i = 0; i < headers->alloc; i++) {
        mp_obj_t *place = &headers->table[i].value;
        if (mp_map_slot_is_filled(headers, i) && mp_obj_is_type(*place, &mp_type_list)) {
            join[2] = *place;
            *place = mp_call_method_n_kw(1, 0, join);
        }
    }
}

mp_obj_t py_uhttpd_request_headers(py_uhttpd_request_t *self)
{
    uhttpd_req_t *req = glue_request_get(self);
    mp_obj_t headers = mp_obj_new_dict(8);
    const char *name;
    const char *text;
    for (size_t i = 0; uhttpd_req_header_at(req, i, &name, &text); i++) {
        mp_obj_t value = glue_text_object(text, strlen(text));
        mp_map_t *map = mp_obj_dict_get_map(headers);
        py_request_collect(&mp_map_lookup(map, lower_case(name), MP_MAP_LOOKUP_ADD_IF_NOT_FOUND)->value, value);
    }
    py_request_join(mp_obj_dict_get_map(headers));
    return headers;
}

/* --- the query string --------------------------------------------------------------------------------------------- */

static mp_obj_t py_request_decoded(const char *text, size_t len)
{
    vstr_t bytes;
    vstr_init_len(&bytes, len);
    bytes.len = uhttpd_query_decode(text, len, bytes.buf);
    return mp_obj_new_bytes_from_vstr(&bytes);
}

static mp_obj_t item_value(const uhttpd_query_item_t *item)
{
    return item->value ? py_request_decoded(item->value, item->value_len) : mp_const_true;
}

mp_obj_t py_uhttpd_request_query(py_uhttpd_request_t *self, const mp_buffer_info_t *key)
{
    size_t len;
    const char *query = uhttpd_req_query(glue_request_get(self), &len);
    uhttpd_query_item_t item;
    while (query && uhttpd_query_next(&query, &len, &item)) {
        if (uhttpd_query_equals(item.key, item.key_len, key->buf, key->len)) {
            return item_value(&item);
        }
    }
    return mp_const_none;
}

mp_obj_t py_uhttpd_request_parse_qs(py_uhttpd_request_t *self)
{
    size_t len;
    const char *query = uhttpd_req_query(glue_request_get(self), &len);
    mp_obj_t items = mp_obj_new_dict(0);
    uhttpd_query_item_t item;
    while (query && uhttpd_query_next(&query, &len, &item)) {
        mp_obj_dict_store(items, py_request_decoded(item.key, item.key_len), item_value(&item));
    }
    return items;
}

/* --- the body ----------------------------------------------------------------------------------------------------- */

void glue_request_check(const uhttpd_req_t *req, esp_err_t err)
{
    const char *reason;
    int status = err == ESP_ERR_UHTTPD_REFUSED ? uhttpd_req_fault(req, &reason) : 0;
    if (status) {
        py_uhttpd_abort(status, reason);
    }
    if (err != ESP_OK) {
        glue_raise(err);
    }
}

mp_obj_t glue_source_read(glue_source_t read, void *source, mp_int_t len, int64_t known)
{
    size_t most = len < 0 ? SIZE_MAX : (size_t)len;
    if (known >= 0 && (uint64_t)known < most) {
        most = (size_t)known;
    }
    vstr_t body;
    vstr_init(&body, known >= 0 ? most + 1 : MIN(most, FIRST_PIECE) + 1);
    for (;;) {
        size_t room = MIN(body.alloc - body.len - 1, most - body.len);
        size_t got = read(source, body.buf + body.len, room);
        body.len += got;
        if (got < room || body.len == most) {
            return mp_obj_new_bytes_from_vstr(&body);
        }
        vstr_hint_size(&body, body.len);
    }
}

/* Others may resize the buffer while this thread waits, so what comes is copied to where it is then. */
int64_t glue_source_readinto(glue_source_t read, void *source, mp_obj_t buffer)
{
    mp_buffer_info_t memory;
    mp_get_buffer_raise(buffer, &memory, MP_BUFFER_WRITE);
    char *piece = m_new(char, MIN(memory.len, READINTO_PIECE));
    size_t have = 0;
    size_t got;
    do {
        size_t room = MIN(memory.len - have, READINTO_PIECE);
        got = read(source, piece, room);
        mp_get_buffer_raise(buffer, &memory, MP_BUFFER_WRITE);
        if (memory.len < have + got) {
            mp_raise_ValueError(MP_ERROR_TEXT("buffer became too small meanwhile"));
        }
        memcpy((char *)memory.buf + have, piece, got);
        have += got;
    } while (got > 0 && have < memory.len);
    return (int64_t)have;
}

static size_t read_body(void *source, char *memory, size_t size)
{
    uhttpd_req_t *req = source;
    size_t have = 0;
    size_t got = 1;
    while (have < size && got > 0) {
        glue_wait_begin();
        esp_err_t err = uhttpd_req_read(req, memory + have, size - have, &got);
        glue_wait_end();
        glue_request_check(req, err);
        have += got;
    }
    return have;
}

mp_obj_t py_uhttpd_request_read(py_uhttpd_request_t *self, mp_int_t len)
{
    uhttpd_req_t *req = glue_request_body(self);
    self->body_taken = true;
    return glue_source_read(read_body, req, len, uhttpd_req_length(req));
}

int64_t py_uhttpd_request_readinto(py_uhttpd_request_t *self, mp_obj_t buffer)
{
    uhttpd_req_t *req = glue_request_body(self);
    self->body_taken = true;
    return glue_source_readinto(read_body, req, buffer);
}

/* --- JSON --------------------------------------------------------------------------------------------------------- */

/* What the interpreter's json takes beyond JSON is refused before. */
mp_obj_t py_uhttpd_request_json(py_uhttpd_request_t *self, mp_int_t max_size)
{
    bool is_long = uhttpd_req_length(glue_request_get(self)) > max_size;
    mp_obj_t body = is_long ? mp_const_empty_bytes : py_uhttpd_request_read(self, max_size + 1);
    mp_buffer_info_t text;
    mp_get_buffer_raise(body, &text, MP_BUFFER_READ);
    if (is_long || text.len > (size_t)max_size) {
        py_uhttpd_abort(413, "the body is longer than is allowed here");
    }
    const char *fault = uhttpd_json_fault(text.buf, text.len);
    if (fault) {
        mp_obj_t said = mp_obj_new_str(fault, strlen(fault));
        glue_request_blame(self, mp_obj_new_exception_args(&mp_type_ValueError, 1, &said), said);
    }
    return glue_json_loads(body);
}

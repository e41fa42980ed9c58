/* SPDX-License-Identifier: MIT */
#include "uhttpd_internal.h"

#include "py/mperrno.h"
#include "py/objexcept.h"
#include "py/objgenerator.h"
#include "py/runtime.h"
#include "py/stream.h"

#define PIECE_SIZE 2048 /* of a file */

typedef struct {
    mp_obj_t body, status, headers;
    const char *mime;
    bool allow_cors;
} answer_t;

/* --- understanding ------------------------------------------------------------------------------------------------ */

static _Noreturn void raise_nonsense(mp_obj_t returned)
{
    mp_raise_msg_varg(&mp_type_TypeError,
                      MP_ERROR_TEXT("the callback returned a %s: str, bytes, dict, list, None, a status, a Response, "
                                    "an iterator, a file, or (body, status, headers) expected"),
                      mp_obj_get_type_str(returned));
}

static mp_obj_t check_status_type(mp_obj_t status)
{
    return bindgen_ranged(MP_QSTR_status, status, BINDGEN_INT | BINDGEN_TEXT | BINDGEN_NONE, 100, 599);
}

static answer_t answer_of_tuple(mp_obj_t tuple)
{
    size_t len;
    mp_obj_t *items;
    mp_obj_get_array(tuple, &len, &items);
    if (len != 2 && len != 3) {
        raise_nonsense(tuple);
    }
    bool only_headers = len == 2 && glue_is_json_data(items[1]);
    mp_obj_t headers = len == 3 ? items[2] : only_headers ? items[1] : mp_const_none;
    return (answer_t) {
        .body = items[0],
        .status = only_headers ? mp_const_none : check_status_type(items[1]),
        .headers = bindgen_object(MP_QSTR_headers, headers, BINDGEN_DICT | BINDGEN_LIST | BINDGEN_NONE),
    };
}

static answer_t answer_of(mp_obj_t returned)
{
    if (mp_obj_is_type(returned, &py_uhttpd_response_type)) {
        const py_uhttpd_response_t *response = MP_OBJ_TO_PTR(returned);
        return (answer_t) {response->body, response->status, response->headers, response->mime, response->allow_cors};
    }
    if (mp_obj_is_type(returned, &mp_type_tuple)) {
        return answer_of_tuple(returned);
    }
    return (answer_t) {.body = returned, .status = mp_const_none, .headers = mp_const_none};
}

/* A number alone is a status; an error says what it means. */
static void expand_number(answer_t *answer)
{
    if (!mp_obj_is_int(answer->body)) {
        return;
    }
    answer->status = check_status_type(answer->body);
    const char *status = glue_response_status(answer->status);
    bool is_error = mp_obj_get_int(answer->status) >= 400;
    answer->body = is_error ? mp_obj_new_str(status, strlen(status)) : MP_OBJ_NEW_QSTR(MP_QSTR_);
    answer->mime = is_error ? "text/plain" : NULL;
}

static void expand_none(answer_t *answer)
{
    if (answer->body == mp_const_none) {
        answer->body = MP_OBJ_NEW_QSTR(MP_QSTR_);
        answer->status = answer->status == mp_const_none ? MP_OBJ_NEW_SMALL_INT(204) : answer->status;
    }
}

/* --- sources, which are read piece by piece ----------------------------------------------------------------------- */

static bool is_readable(mp_obj_t body)
{
    const mp_stream_p_t *stream =
        mp_obj_is_obj(body) ? MP_OBJ_TYPE_GET_SLOT_OR_NULL(mp_obj_get_type(body), protocol) : NULL;
    return stream && stream->read;
}

/* @return the next piece; None: that was all */
static mp_obj_t return_read_piece(mp_obj_t stream)
{
    vstr_t piece;
    int error;
    vstr_init_len(&piece, PIECE_SIZE);
    piece.len = mp_stream_rw(stream, piece.buf, PIECE_SIZE, &error, MP_STREAM_RW_READ | MP_STREAM_RW_ONCE);
    if (error) {
        mp_raise_OSError(error);
    }
    return piece.len ? mp_obj_new_bytes_from_vstr(&piece) : mp_const_none;
}

static mp_obj_t next_item(mp_obj_t iterator)
{
    mp_obj_t item = mp_iternext(iterator);
    return item == MP_OBJ_STOP_ITERATION ? mp_const_none : item;
}

/* An async function in a program without asyncio, which cannot have waited: it has returned its answer. */
static bool has_returned(const uhttpd_req_t *req, mp_obj_t iterator)
{
    return mp_obj_is_type(iterator, &mp_type_gen_instance) && !uhttpd_req_answered(req) &&
           MP_STATE_THREAD(stop_iteration_arg) != MP_OBJ_NULL;
}

static void return_close_source(mp_obj_t source)
{
    mp_obj_t method[2];
    mp_load_method_maybe(source, MP_QSTR_close, method);
    if (method[0] != MP_OBJ_NULL) {
        mp_call_method_n_kw(0, 0, method);
    }
}

static esp_err_t return_send_pieces(uhttpd_req_t *req, mp_obj_t source, const uhttpd_response_t *response)
{
    bool is_stream = is_readable(source);
    mp_obj_t iterator = is_stream ? source : mp_getiter(source, NULL);
    bool wants_body = uhttpd_req_method(req) != UHTTPD_HEAD;
    mp_obj_t piece;
    esp_err_t err;
    do {
        piece = !wants_body ? mp_const_none : is_stream ? return_read_piece(source) : next_item(iterator);
        if (wants_body && piece == mp_const_none && has_returned(req, iterator)) {
            return glue_return_send(req, MP_STATE_THREAD(stop_iteration_arg), 0);
        }
        err = glue_response_chunk(req, piece, response);
    } while (err == ESP_OK && piece != mp_const_none);
    return err;
}

static esp_err_t return_send_source(uhttpd_req_t *req, mp_obj_t source, const uhttpd_response_t *response)
{
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        esp_err_t err = return_send_pieces(req, source, response);
        nlr_pop();
        return_close_source(source);
        return err;
    }
    return_close_source(source);
    nlr_jump(nlr.ret_val);
}

/* --- sending ------------------------------------------------------------------------------------------------------ */

static bool is_whole_body(mp_obj_t body)
{
    mp_buffer_info_t memory;
    return glue_is_json_data(body) || mp_get_buffer(body, &memory, MP_BUFFER_READ);
}

static uhttpd_response_t head_of(const answer_t *answer)
{
    uhttpd_response_t response = {
        .status = glue_response_status(answer->status),
        .mime = glue_response_mime(answer->mime, answer->body),
        .allow_cors = answer->allow_cors,
    };
    glue_response_headers(&response, answer->headers);
    return response;
}

mp_obj_t glue_return_body(mp_obj_t returned)
{
    return answer_of(returned).body;
}

mp_obj_t glue_return_head(mp_obj_t returned, int status)
{
    answer_t answer = answer_of(returned);
    mp_obj_t own = answer.status == mp_const_none ? MP_OBJ_NEW_SMALL_INT(status) : answer.status;
    return py_uhttpd_response_new(MP_OBJ_NEW_QSTR(MP_QSTR_), own, answer.headers, answer.mime);
}

void glue_return_send_piece(uhttpd_req_t *req, mp_obj_t head, mp_obj_t piece)
{
    answer_t answer = answer_of(head);
    uhttpd_response_t response = head_of(&answer);
    esp_err_t err = glue_response_chunk(req, piece, &response);
    if (err != ESP_OK) {
        glue_raise(err);
    }
}

static answer_t answer_with(mp_obj_t returned, int status)
{
    answer_t answer = answer_of(returned);
    expand_number(&answer);
    if (status && answer.status == mp_const_none) {
        answer.status = MP_OBJ_NEW_SMALL_INT(status);
    }
    expand_none(&answer);
    if (!is_whole_body(answer.body) && !is_readable(answer.body) && !bindgen_is_iterable(answer.body)) {
        raise_nonsense(answer.body);
    }
    return answer;
}

esp_err_t glue_return_send(uhttpd_req_t *req, mp_obj_t returned, int status)
{
    answer_t answer = answer_with(returned, status);
    uhttpd_response_t response = head_of(&answer);
    return is_whole_body(answer.body) ? glue_response_write(req, answer.body, &response)
                                      : return_send_source(req, answer.body, &response);
}

mp_obj_t glue_return_response(mp_obj_t returned, int status)
{
    answer_t answer = answer_with(returned, status);
    if (!mp_obj_is_type(returned, &py_uhttpd_response_type)) {
        return py_uhttpd_response_new(answer.body, answer.status, answer.headers, answer.mime);
    }
    py_uhttpd_response_t *response = MP_OBJ_TO_PTR(returned);
    response->body = answer.body;
    response->status = answer.status;
    response->mime = answer.mime;
    return returned;
}

mp_obj_t glue_return_error(mp_obj_t status, mp_obj_t text)
{
    answer_t answer = {.body = status, .status = status};
    expand_number(&answer);
    return py_uhttpd_response_new(text == mp_const_none ? answer.body : text, answer.status, mp_const_none,
                                  "text/plain");
}

mp_obj_t glue_return_sent(int status)
{
    mp_obj_t response = py_uhttpd_response_new(mp_const_none, status ? MP_OBJ_NEW_SMALL_INT(status) : mp_const_none,
                                               mp_const_none, NULL);
    ((py_uhttpd_response_t *)MP_OBJ_TO_PTR(response))->sent = true;
    return response;
}

/* SPDX-License-Identifier: MIT */
#include "uhttpd_internal.h"

#include <errno.h>
#include <string.h>

#include "py/runtime.h"

#include "extmod/vfs.h"

#include "storage_vfs.h"
#include "uhttpd_deadline.h"
#include "uhttpd_query.h"
#include "uhttpd_upload.h"

#define SAVE_PIECE 2048 /* bytes that are written at a time */

struct py_uhttpd_part {
    mp_obj_base_t base;
    mp_obj_t name, filename, content_type;
    mp_obj_t content;             /* bytes; None: it comes from the client */
    size_t at;                    /* how much of content was read */
    py_uhttpd_request_t *request; /* of the client */
};

/* --- the query string --------------------------------------------------------------------------------------------- */

static mp_obj_t decoded_text(const char *text, size_t len)
{
    vstr_t decoded;
    vstr_init_len(&decoded, len);
    return glue_text_object(decoded.buf, uhttpd_query_decode(text, len, decoded.buf));
}

mp_obj_t py_uhttpd_request_args(py_uhttpd_request_t *self)
{
    size_t len;
    const char *query = uhttpd_req_query(glue_request_get(self), &len);
    uhttpd_query_item_t item;
    if (self->args == mp_const_none) {
        py_uhttpd_multidict_t *args = glue_multidict_new(self, "the query string has no");
        while (query && uhttpd_query_next(&query, &len, &item)) {
            glue_multidict_add(args, decoded_text(item.key, item.key_len), decoded_text(item.value, item.value_len));
        }
        self->args = MP_OBJ_FROM_PTR(args);
    }
    return self->args;
}

/* --- forms as a whole --------------------------------------------------------------------------------------------- */

static mp_obj_t forms_text(const char *text)
{
    return text ? glue_text_object(text, strlen(text)) : mp_const_none;
}

static py_uhttpd_part_t *part_new(const uhttpd_part_t *part, mp_obj_t content, py_uhttpd_request_t *request)
{
    py_uhttpd_part_t *self = mp_obj_malloc(py_uhttpd_part_t, &py_uhttpd_part_type);
    self->name = glue_text_object(part->name, part->name_len);
    self->filename = forms_text(part->filename);
    self->content_type = forms_text(part->mime);
    self->content = content;
    self->at = 0;
    self->request = request;
    return self;
}

static void take_over_form(py_uhttpd_request_t *self, const uhttpd_form_t *form)
{
    py_uhttpd_multidict_t *fields = glue_multidict_new(self, "the form has no field");
    py_uhttpd_multidict_t *files = glue_multidict_new(self, "the form has no file");
    uhttpd_part_t part;
    const char *value;
    size_t len;
    for (size_t i = 0; uhttpd_form_at(form, i, &part, &value, &len); i++) {
        mp_obj_t name = glue_text_object(part.name, part.name_len);
        if (part.filename) {
            mp_obj_t content = mp_obj_new_bytes((const byte *)value, len);
            glue_multidict_add(files, name, MP_OBJ_FROM_PTR(part_new(&part, content, NULL)));
        } else {
            glue_multidict_add(fields, name, glue_text_object(value, len));
        }
    }
    self->form = MP_OBJ_FROM_PTR(fields);
    self->files = MP_OBJ_FROM_PTR(files);
}

static void take_body(py_uhttpd_request_t *self)
{
    if (self->body_taken) {
        mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("the body has been read already"));
    }
    self->body_taken = true;
}

static void forms_read(py_uhttpd_request_t *self, mp_int_t max_size)
{
    uhttpd_req_t *req = glue_request_body(self);
    if (self->form != mp_const_none) {
        return;
    }
    take_body(self);
    uhttpd_form_t *form;
    glue_wait_begin();
    esp_err_t err = uhttpd_read_form(req, (size_t)max_size, &form);
    glue_wait_end();
    glue_request_check(req, err);
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        take_over_form(self, form);
        nlr_pop();
        uhttpd_form_free(form);
        return;
    }
    uhttpd_form_free(form);
    nlr_jump(nlr.ret_val);
}

mp_obj_t py_uhttpd_request_form(py_uhttpd_request_t *self, mp_int_t max_size)
{
    forms_read(self, max_size);
    return self->form;
}

mp_obj_t py_uhttpd_request_files(py_uhttpd_request_t *self, mp_int_t max_size)
{
    forms_read(self, max_size);
    return self->files;
}

/* --- parts as they come ------------------------------------------------------------------------------------------- */

/* An iterator. */
typedef struct {
    mp_obj_base_t base;
    py_uhttpd_request_t *request;
} parts_t;

static mp_obj_t parts_next(mp_obj_t self_in)
{
    py_uhttpd_request_t *request = ((parts_t *)MP_OBJ_TO_PTR(self_in))->request;
    uhttpd_req_t *req = glue_request_body(request);
    uhttpd_part_t part;
    request->part = NULL;
    glue_wait_begin();
    esp_err_t err = uhttpd_parts_next(request->parts, &part);
    glue_wait_end();
    if (err == ESP_ERR_NOT_FOUND) {
        return MP_OBJ_STOP_ITERATION;
    }
    glue_request_check(req, err);
    request->part = part_new(&part, mp_const_none, request);
    return MP_OBJ_FROM_PTR(request->part);
}

static MP_DEFINE_CONST_OBJ_TYPE(parts_type, MP_QSTR_parts, MP_TYPE_FLAG_ITER_IS_ITERNEXT, iter, parts_next);

mp_obj_t py_uhttpd_request_parts(py_uhttpd_request_t *self)
{
    uhttpd_req_t *req = glue_request_body(self);
    take_body(self);
    parts_t *parts = mp_obj_malloc(parts_t, &parts_type);
    parts->request = self;
    glue_request_check(req, uhttpd_parts_open(req, &self->parts));
    return MP_OBJ_FROM_PTR(parts);
}

/* --- one part ----------------------------------------------------------------------------------------------------- */

mp_obj_t py_uhttpd_part_name(py_uhttpd_part_t *self)
{
    return self->name;
}

mp_obj_t py_uhttpd_part_filename(py_uhttpd_part_t *self)
{
    return self->filename;
}

mp_obj_t py_uhttpd_part_content_type(py_uhttpd_part_t *self)
{
    return self->content_type;
}

static size_t read_content(py_uhttpd_part_t *self, char *memory, size_t size)
{
    mp_buffer_info_t content;
    mp_get_buffer_raise(self->content, &content, MP_BUFFER_READ);
    size_t got = MIN(size, content.len - self->at);
    memcpy(memory, (const char *)content.buf + self->at, got);
    self->at += got;
    return got;
}

static size_t read_part(void *source, char *memory, size_t size)
{
    py_uhttpd_part_t *self = source;
    if (self->content != mp_const_none) {
        return read_content(self, memory, size);
    }
    uhttpd_req_t *req = glue_request_body(self->request);
    if (self->request->part != self) {
        mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("the part is over: the next one was asked for"));
    }
    size_t have = 0;
    size_t got = 1;
    while (have < size && got > 0) {
        glue_wait_begin();
        esp_err_t err = uhttpd_parts_read(self->request->parts, memory + have, size - have, &got);
        glue_wait_end();
        glue_request_check(req, err);
        have += got;
    }
    return have;
}

mp_obj_t py_uhttpd_part_read(py_uhttpd_part_t *self, mp_int_t len)
{
    return glue_source_read(read_part, self, len, -1);
}

int64_t py_uhttpd_part_readinto(py_uhttpd_part_t *self, mp_obj_t buffer)
{
    return glue_source_readinto(read_part, self, buffer);
}

/* --- to a file ---------------------------------------------------------------------------------------------------- */

static void raise_file_error(int error, const char *path)
{
    if (error == EFBIG) {
        py_uhttpd_abort(413, "the file is longer than is allowed here");
    }
    if (error) {
        mp_raise_OSError_with_filename(error, path);
    }
}

/* Storage takes the GIL by itself. */
static int save_open(const char *path, mp_int_t max_size, uhttpd_upload_t **upload)
{
    const uhttpd_upload_config_t config = {.length = -1, .max_size = (uint64_t)max_size, .makes_directories = true};
    MP_THREAD_GIL_EXIT();
    int error = uhttpd_upload_begin(&glue_storage_vfs, path, upload);
    error = error ? error : uhttpd_upload_open(*upload, &config);
    MP_THREAD_GIL_ENTER();
    return error;
}

static int save_write(uhttpd_upload_t *upload, const char *piece, size_t len)
{
    MP_THREAD_GIL_EXIT();
    int error = len ? uhttpd_upload_write(upload, piece, len) : uhttpd_upload_commit(upload, NULL, NULL);
    MP_THREAD_GIL_ENTER();
    return error;
}

static void save_end(uhttpd_upload_t *upload)
{
    MP_THREAD_GIL_EXIT();
    uhttpd_upload_end(upload);
    MP_THREAD_GIL_ENTER();
}

static int64_t save_pieces(py_uhttpd_part_t *self, uhttpd_upload_t *upload, const char *path)
{
    char *piece = m_new(char, SAVE_PIECE);
    int64_t total = 0;
    size_t got;
    do {
        got = read_part(self, piece, SAVE_PIECE);
        raise_file_error(save_write(upload, piece, got), path);
        total += (int64_t)got;
    } while (got);
    return total;
}

static const char *path_in_root(const char *path)
{
    if (path[0] == '/') {
        return path;
    }
    size_t len;
    const char *directory = mp_obj_str_get_data(mp_vfs_getcwd(), &len);
    vstr_t whole;
    vstr_init(&whole, len + strlen(path) + 2);
    vstr_printf(&whole, "%s%s%s", directory, len && directory[len - 1] == '/' ? "" : "/", path);
    return vstr_null_terminated_str(&whole);
}

int64_t py_uhttpd_part_save(py_uhttpd_part_t *self, const char *path, mp_int_t max_size)
{
    read_part(self, NULL, 0); /* raises if it is over, before a file is touched */
    path = path_in_root(path);
    uhttpd_upload_t *upload;
    int error = save_open(path, max_size, &upload);
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        raise_file_error(error, path);
        int64_t total = save_pieces(self, upload, path);
        nlr_pop();
        save_end(upload);
        return total;
    }
    save_end(upload);
    nlr_jump(nlr.ret_val);
}

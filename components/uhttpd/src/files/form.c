/* SPDX-License-Identifier: MIT */
/* POST of multipart/form-data: each file in it is stored, whole or not at all. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "files/join.h"
#include "files/multipart.h"
#include "files/receive.h"
#include "files/refusal.h"
#include "files/reply.h"
#include "http/builder.h"
#include "http/status.h"
#include "uhttpd_stream.h"

#define LONGEST_REPLY 8192 /* bytes */
#define END_SIZE 128       /* bytes of it that are kept for its end */

typedef struct {
    const uh_file_receiver_t *receiver;
    const uhttpd_req_t *req;
    char *directory; /* where files go, with a slash at its end */
    uh_multipart_t multipart;
    uh_multipart_event_t last;
    uhttpd_upload_t *upload; /* NULL: none */
    char *path;              /* of the current file, as the client knows it; NULL: the part is not a file */
    int status;              /* what ended it; 0: nothing did */
    const char *reason;      /* and why; NULL: the status says enough */
    bool created;
    unsigned files;
    uh_text_t reply; /* JSON, what there is of it */
} form_t;

static void end_file(form_t *form)
{
    uhttpd_upload_end(form->upload);
    form->upload = NULL;
    free(form->path);
    form->path = NULL;
}

static void free_form(form_t *form)
{
    end_file(form);
    free(form->directory);
    free(form->reply.at);
    free(form);
}

static esp_err_t form_fail(form_t *form, int status, const char *reason)
{
    form->status = status;
    form->reason = reason;
    return ESP_FAIL;
}

static esp_err_t fail_with(form_t *form, int error)
{
    return form_fail(form, uh_refusal_of(error).status, uh_refusal_of(error).reason);
}

/* --- the reply ---------------------------------------------------------------------------------------------------- */

static void add_member(uh_text_t *reply, const char *name, const char *value)
{
    if (value != NULL) {
        uh_text_add(reply, ", \"");
        uh_text_add(reply, name);
        uh_text_add(reply, "\": ");
        uh_text_json(reply, value);
    }
}

static void form_add_entry(const form_t *form, uh_text_t *reply, int status, const char *etag, const char *digest)
{
    uh_text_add(reply, form->files > 0 ? ", {\"path\": " : "{\"files\": [{\"path\": ");
    uh_text_json(reply, form->path);
    uh_text_add(reply, ", \"status\": ");
    uh_text_decimal(reply, (unsigned)status, 3);
    add_member(reply, "etag", etag);
    add_member(reply, "digest", digest);
    uh_text_add(reply, "}");
}

/* For the longest entry that the file can have: once it is stored, the reply must not fail to say so. */
static bool form_make_room(form_t *form)
{
    char etag[UH_ETAG_SIZE], digest[UH_DIGEST_FIELD_SIZE];
    uh_etag_write(UINT64_MAX, true, etag);
    uh_digest_format((const uint8_t[UH_DIGEST_SIZE]) {0}, digest);
    uh_text_t longest = {.len = form->reply.len + END_SIZE};
    form_add_entry(form, &longest, 201, etag, digest);
    char *larger = longest.len <= LONGEST_REPLY ? realloc(form->reply.at, longest.len) : NULL;
    if (larger != NULL) {
        form->reply.at = larger;
        form->reply.room = longest.len;
    }
    return larger != NULL;
}

/* --- a part ------------------------------------------------------------------------------------------------------- */

static esp_err_t form_open_file(form_t *form)
{
    const uh_file_receiver_t *receiver = form->receiver;
    uh_file_target_t target;
    int status = uh_file_target_find(receiver, form->path, UHTTPD_ACL_WO, &target);
    if (status == 0 && target.place.as_directory) {
        status = 400; /* "dir/" is not the name of a file */
    }
    if (status != 0) {
        uh_file_target_free(&target);
        return form_fail(form, status, NULL);
    }
    char *canonical = target.canonical;
    target.canonical = NULL; /* the upload's now */
    uh_file_target_free(&target);
    int err = uh_upload_begin(receiver->tree.storage, canonical, &form->upload);
    status = err == 0 ? uh_file_target_judge(receiver, form->req, canonical) : 0;
    if (err == 0 && status == 0) {
        err = uh_file_open_upload(form->upload, receiver, -1);
    }
    return status != 0 ? form_fail(form, status, NULL) : err != 0 ? fail_with(form, err) : ESP_OK;
}

static esp_err_t begin_part(form_t *form)
{
    char *name;
    const char *reason;
    int status = uh_file_named_path(form->multipart.head, &name, &reason);
    if (status != 0 || name == NULL) { /* a part without a file name is an ordinary field */
        return status != 0 ? form_fail(form, status, reason) : ESP_OK;
    }
    form->path = UH_JOIN(UH_PIECE(form->directory), UH_PIECE(name + 1));
    free(name);
    if (form->path == NULL) {
        return fail_with(form, ENOMEM);
    }
    if (!form_make_room(form)) {
        free(form->path);
        form->path = NULL;
        return form_fail(form, 413, "too many files for one form");
    }
    return form_open_file(form);
}

static esp_err_t end_part(form_t *form)
{
    bool replaced;
    int err = uhttpd_upload_commit(form->upload, NULL, &replaced);
    if (err != 0) {
        return fail_with(form, err);
    }
    char etag[UH_ETAG_SIZE], digest[UH_DIGEST_FIELD_SIZE];
    bool tagged = uh_file_current_etag(form->receiver->tree.storage, uhttpd_upload_path(form->upload), etag);
    uh_digest_format(uhttpd_upload_digest(form->upload), digest);
    form_add_entry(form, &form->reply, replaced ? 204 : 201, tagged ? etag : NULL, digest);
    form->files++;
    form->created = form->created || !replaced;
    end_file(form);
    return ESP_OK;
}

static esp_err_t form_heed(form_t *form, const uint8_t *data, size_t len)
{
    int err;
    switch (form->last) {
    case UH_MULTIPART_PART:
        return begin_part(form);
    case UH_MULTIPART_DATA:
        err = form->path != NULL ? uhttpd_upload_write(form->upload, data, len) : 0;
        return err != 0 ? fail_with(form, err) : ESP_OK;
    case UH_MULTIPART_PART_END:
        return form->path != NULL ? end_part(form) : ESP_OK;
    case UH_MULTIPART_BAD:
        return form_fail(form, 400, "the form is malformed");
    default:
        return ESP_OK;
    }
}

/* --- the body ----------------------------------------------------------------------------------------------------- */

static esp_err_t form_write_piece(void *ctx, const void *in, size_t in_len)
{
    form_t *form = ctx;
    const uint8_t *at = in, *data;
    size_t len;
    esp_err_t err;
    do {
        form->last = uh_multipart_next(&form->multipart, &at, &in_len, &data, &len);
        err = form_heed(form, data, len);
    } while (err == ESP_OK && form->last != UH_MULTIPART_MORE && form->last != UH_MULTIPART_END);
    return err;
}

static int form_status_of(form_t *form)
{
    if (form->status == 0 && form->last != UH_MULTIPART_END) {
        form_fail(form, 400, "the form ends early");
    } else if (form->status == 0 && form->files == 0) {
        form_fail(form, 400, "no file is in the form");
    }
    return form->status != 0 ? form->status : form->created ? 201 : 200;
}

static esp_err_t form_answer(uhttpd_req_t *req, form_t *form)
{
    char line[UH_STATUS_LINE_SIZE];
    int status = form_status_of(form);
    if (form->reply.at == NULL) {
        return uh_refuse(req, status, form->reason);
    }
    if (form->path != NULL) { /* the one that failed */
        form_add_entry(form, &form->reply, status, NULL, NULL);
        end_file(form);
    }
    uh_status_line(status, line);
    uh_text_add(&form->reply, "]");
    if (form->status != 0) {
        add_member(&form->reply, "error", form->reason != NULL ? form->reason : line);
    }
    uh_text_add(&form->reply, "}");
    if (!uh_text_fits(&form->reply)) {
        return uh_refuse(req, 500, form->reason);
    }
    return uhttpd_write(req, form->reply.at, form->reply.len,
                        &(uhttpd_response_t) {.status = line, .mime = "application/json"});
}

static esp_err_t form_finish(uhttpd_req_t *req, void *ctx, esp_err_t result)
{
    form_t *form = ctx;
    bool over = result == ESP_OK || form->status != 0;
    esp_err_t err = over ? form_answer(req, form) : result;
    free_form(form);
    return err;
}

/* --- before the body ---------------------------------------------------------------------------------------------- */

/* A form is a little longer than its contents. The directory need not exist yet. @return errno */
static int form_check_space(const uh_file_receiver_t *receiver, const char *directory, int64_t length)
{
    uint64_t total, free_bytes = UINT64_MAX;
    char *path = strdup(directory);
    if (path == NULL) {
        return ENOMEM;
    }
    while (receiver->tree.storage->space(path, &total, &free_bytes) == ENOENT && strrchr(path, '/') > path) {
        *strrchr(path, '/') = '\0';
    }
    free(path);
    return length > 0 && (uint64_t)length > free_bytes ? ENOSPC : 0;
}

/* @return status */
static int form_check_directory(const uh_file_receiver_t *receiver, const char *path, int64_t length,
                                const char **reason)
{
    uh_file_target_t target;
    int status = uh_file_target_find(receiver, path, UHTTPD_ACL_WO, &target);
    int err = 0;
    if (status == 0) {
        bool is_file = target.place.exists && !target.place.info.is_directory;
        err = is_file ? ENOTDIR : form_check_space(receiver, target.canonical, length);
    }
    uh_file_target_free(&target);
    *reason = uh_refusal_of(err).reason;
    return err != 0 ? uh_refusal_of(err).status : status;
}

static int form_check_headers(const uhttpd_req_t *req, uh_multipart_t *multipart, const char **reason)
{
    *reason = NULL;
    if (!uh_multipart_init(multipart, uhttpd_req_header(req, "Content-Type"))) {
        *reason = "Content-Type has no good boundary";
    } else if (uhttpd_req_header(req, "Content-Digest") != NULL || uhttpd_req_header(req, "Repr-Digest") != NULL) {
        *reason = "a form with a digest: its files are stored before all of it has come";
    }
    return *reason != NULL ? 400 : 0;
}

esp_err_t uh_file_receive_form(uhttpd_req_t *req, const uh_file_receiver_t *receiver, const char *directory)
{
    const char *reason = NULL;
    form_t *form = calloc(1, sizeof(*form));
    if (form == NULL) {
        return uh_refuse(req, 503, NULL);
    }
    form->receiver = receiver;
    form->req = req;
    form->directory = strdup(directory);
    int status = form->directory != NULL ? form_check_headers(req, &form->multipart, &reason) : 503;
    if (status == 0 && receiver->dynamic) {
        status = form_check_directory(receiver, directory, uhttpd_req_length(req), &reason);
    }
    if (status == 0 && uhttpd_read_to(req, &(uhttpd_sink_t) {form_write_piece, form_finish, form}) == ESP_OK) {
        return ESP_OK;
    }
    free_form(form);
    return uh_refuse(req, status != 0 ? status : 503, reason);
}

/* SPDX-License-Identifier: MIT */
/* POST of multipart/form-data: each file in it is stored, whole or not at all. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "files/receive.h"
#include "files/reply.h"
#include "files/storage.h"
#include "http/multipart.h"
#include "http/status.h"
#include "http/text.h"
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
    uh_refusal_t refusal;    /* what ended it */
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
static uh_refusal_t form_make_room(form_t *form)
{
    char etag[UH_ETAG_SIZE], digest[UH_DIGEST_FIELD_SIZE];
    uh_etag_write(UINT64_MAX, true, etag);
    uh_digest_format((const uint8_t[UHTTPD_SHA256_SIZE]) {0}, digest);
    uh_text_t longest = {.len = form->reply.len + END_SIZE};
    form_add_entry(form, &longest, 201, etag, digest);
    if (longest.len > LONGEST_REPLY) {
        return (uh_refusal_t) {413, "too many files for one form"};
    }
    char *larger = realloc(form->reply.at, longest.len);
    if (larger == NULL) {
        return uh_refusal_of(ENOMEM);
    }
    form->reply.at = larger;
    form->reply.room = longest.len;
    return UH_NOT_REFUSED;
}

/* --- a part ------------------------------------------------------------------------------------------------------- */

static uh_refusal_t begin_part(form_t *form)
{
    char *name;
    uh_refusal_t refusal = uh_file_named_path(form->multipart.disposition, &name);
    if (refusal.status != 0 || name == NULL) { /* a part without a file name is an ordinary field */
        return refusal;
    }
    form->path = UH_JOIN(form->directory, name + 1);
    free(name);
    if (form->path == NULL) {
        return uh_refusal_of(ENOMEM);
    }
    refusal = form_make_room(form);
    if (refusal.status != 0) {
        free(form->path);
        form->path = NULL;
        return refusal;
    }
    return uh_file_target_upload(form->receiver, form->req, form->path, -1, &form->upload);
}

static uh_refusal_t end_part(form_t *form)
{
    bool replaced;
    uh_refusal_t refusal = uh_refusal_of(uhttpd_upload_commit(form->upload, NULL, &replaced));
    if (refusal.status != 0) {
        return refusal;
    }
    char etag[UH_ETAG_SIZE], digest[UH_DIGEST_FIELD_SIZE];
    const char *tag = uh_file_current_etag(form->receiver->tree.storage, uhttpd_upload_path(form->upload), etag);
    uh_digest_format(uhttpd_upload_digest(form->upload), digest);
    form_add_entry(form, &form->reply, replaced ? 204 : 201, tag, digest);
    form->files++;
    form->created = form->created || !replaced;
    end_file(form);
    return refusal;
}

static uh_refusal_t form_heed(form_t *form, const uint8_t *data, size_t len)
{
    switch (form->last) {
    case UH_MULTIPART_PART:
        return begin_part(form);
    case UH_MULTIPART_DATA:
        return uh_refusal_of(form->path != NULL ? uhttpd_upload_write(form->upload, data, len) : 0);
    case UH_MULTIPART_PART_END:
        return form->path != NULL ? end_part(form) : UH_NOT_REFUSED;
    case UH_MULTIPART_BAD:
        return (uh_refusal_t) {form->multipart.too_long ? 413 : 400, form->multipart.fault};
    default:
        return UH_NOT_REFUSED;
    }
}

/* --- the body ----------------------------------------------------------------------------------------------------- */

static esp_err_t form_write_piece(void *ctx, const void *in, size_t in_len)
{
    form_t *form = ctx;
    const uint8_t *at = in, *data;
    size_t len;
    do {
        form->last = uh_multipart_next(&form->multipart, &at, &in_len, &data, &len);
        form->refusal = form_heed(form, data, len);
    } while (form->refusal.status == 0 && form->last != UH_MULTIPART_MORE && form->last != UH_MULTIPART_END);
    return form->refusal.status == 0 ? ESP_OK : ESP_FAIL;
}

static uh_refusal_t judge_form(const form_t *form)
{
    if (form->refusal.status == 0 && form->last != UH_MULTIPART_END) {
        return (uh_refusal_t) {400, "the form ends early"};
    }
    if (form->refusal.status == 0 && form->files == 0) {
        return (uh_refusal_t) {400, "no file is in the form"};
    }
    return form->refusal;
}

static esp_err_t form_answer(uhttpd_req_t *req, form_t *form)
{
    char line[UH_STATUS_LINE_SIZE];
    uh_refusal_t refusal = judge_form(form);
    if (form->reply.at == NULL) { /* no file had begun */
        return uh_refuse(req, refusal);
    }
    int status = refusal.status != 0 ? refusal.status : form->created ? 201 : 200;
    if (form->path != NULL) { /* the one that failed */
        form_add_entry(form, &form->reply, status, NULL, NULL);
        end_file(form);
    }
    uh_status_line(status, line);
    uh_text_add(&form->reply, "]");
    if (refusal.status != 0) {
        const char *reason = uh_refusal_reason(refusal);
        add_member(&form->reply, "error", reason != NULL ? reason : line);
    }
    uh_text_add(&form->reply, "}");
    if (!uh_text_fits(&form->reply)) {
        return uh_refuse(req, (uh_refusal_t) {500, refusal.reason});
    }
    return uhttpd_write(req, form->reply.at, form->reply.len,
                        &(uhttpd_response_t) {.status = line, .mime = "application/json"});
}

static esp_err_t form_finish(uhttpd_req_t *req, void *ctx, esp_err_t result)
{
    form_t *form = ctx;
    bool over = result == ESP_OK || form->refusal.status != 0;
    esp_err_t err = over ? form_answer(req, form) : result;
    free_form(form);
    return err;
}

/* --- before the body ---------------------------------------------------------------------------------------------- */

/* A form is a little longer than its contents. */
static uh_refusal_t form_check_directory(const uh_file_receiver_t *receiver, const char *path, int64_t length)
{
    uh_file_target_t target;
    const uhttpd_storage_t *storage = receiver->tree.storage;
    uh_refusal_t refusal = uh_file_target_find(receiver, path, UHTTPD_ACL_WO, &target);
    if (refusal.status == 0) {
        bool is_file = target.place.exists && !target.place.info.is_directory;
        refusal = uh_refusal_of(is_file ? ENOTDIR : uh_file_directory_room(storage, target.canonical, length));
    }
    uh_file_target_free(&target);
    return refusal;
}

static uh_refusal_t form_check_headers(const uhttpd_req_t *req, uh_multipart_t *multipart)
{
    const char *reason = NULL;
    if (!uh_multipart_init(multipart, uhttpd_req_header(req, "Content-Type"))) {
        reason = "Content-Type has no good boundary";
    } else if (uhttpd_req_header(req, "Content-Digest") != NULL || uhttpd_req_header(req, "Repr-Digest") != NULL) {
        reason = "a form with a digest: its files are stored before all of it has come";
    }
    return (uh_refusal_t) {reason != NULL ? 400 : 0, reason};
}

esp_err_t uh_file_receive_form(uhttpd_req_t *req, const uh_file_receiver_t *receiver, const char *directory)
{
    form_t *form = calloc(1, sizeof(*form));
    if (form == NULL) {
        return uh_refuse(req, uh_refusal_of(ENOMEM));
    }
    form->receiver = receiver;
    form->req = req;
    form->directory = strdup(directory);
    uh_refusal_t refusal = form->directory != NULL ? form_check_headers(req, &form->multipart) : uh_refusal_of(ENOMEM);
    if (refusal.status == 0 && receiver->dynamic) {
        refusal = form_check_directory(receiver, directory, uhttpd_req_length(req));
    }
    if (refusal.status == 0 && uhttpd_read_to(req, &(uhttpd_sink_t) {form_write_piece, form_finish, form}) == ESP_OK) {
        return ESP_OK;
    }
    free_form(form);
    return uh_refuse(req, refusal.status != 0 ? refusal : uh_refusal_of(ENOMEM));
}

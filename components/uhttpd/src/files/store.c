/* SPDX-License-Identifier: MIT */
/* POST and PUT: a body becomes a file. */
#include <stdlib.h>
#include <string.h>

#include "file_directory.h"
#include "file_receive.h"
#include "uhttpd_stream.h"

typedef struct {
    const file_receiver_t *receiver;
    file_upload_t upload;
    bool verifies;
    uint8_t wanted[DIGEST_SIZE];
    int error; /* errno that ended it */
} store_t;

static void free_store(store_t *store)
{
    file_upload_end(&store->upload);
    free(store);
}

/* --- the body ----------------------------------------------------------------------------------------------------- */

static esp_err_t write_piece(void *ctx, const void *data, size_t len)
{
    store_t *store = ctx;
    store->error = file_upload_write(&store->upload, data, len);
    return store->error == 0 ? ESP_OK : ESP_FAIL;
}

/* Who has been told of the new file may change it again: nobody holds it any more by then. */
static esp_err_t answer(uhttpd_req_t *req, store_t *store, bool replaced)
{
    size_t len;
    char etag[ETAG_SIZE], digest[DIGEST_FIELD_SIZE];
    const char *url = uhttpd_req_path(req, &len);
    char *location = store->receiver->dynamic ? strndup(url, len) : NULL;
    bool tagged = file_current_etag(store->upload.storage, store->upload.path, etag);
    digest_format(store->upload.digest, digest);
    free_store(store);
    esp_err_t err = file_answer_done(req, !replaced, location, tagged ? etag : NULL, digest);
    free(location);
    return err;
}

static esp_err_t finish(uhttpd_req_t *req, void *ctx, esp_err_t result)
{
    store_t *store = ctx;
    bool replaced;
    if (result == ESP_OK) {
        store->error = file_upload_commit(&store->upload, store->verifies ? store->wanted : NULL, &replaced);
        if (store->error == 0) {
            return answer(req, store, replaced);
        }
    }
    int error = store->error;
    free_store(store); /* nothing is left behind when the client hears of it */
    return error != 0 ? file_answer_error(req, error) : result;
}

/* --- before the body ---------------------------------------------------------------------------------------------- */

/* The body is the whole representation: both fields say the same of it. */
static digest_t read_digest(const uhttpd_req_t *req, const char *name, uint8_t digest[DIGEST_SIZE])
{
    const char *field = uhttpd_req_header(req, name);
    return field != NULL ? digest_parse(field, digest) : DIGEST_NONE;
}

static const char *check_digests(const uhttpd_req_t *req, store_t *store)
{
    uint8_t other[DIGEST_SIZE];
    digest_t content = read_digest(req, "Content-Digest", store->wanted);
    digest_t repr = read_digest(req, "Repr-Digest", content == DIGEST_GIVEN ? other : store->wanted);
    store->verifies = content == DIGEST_GIVEN || repr == DIGEST_GIVEN;
    if (content == DIGEST_MALFORMED || repr == DIGEST_MALFORMED) {
        return content == DIGEST_MALFORMED ? "Content-Digest is malformed" : "Repr-Digest is malformed";
    }
    bool both = content == DIGEST_GIVEN && repr == DIGEST_GIVEN;
    return both && memcmp(store->wanted, other, DIGEST_SIZE) != 0 ? "Content-Digest and Repr-Digest differ" : NULL;
}

/* @return status */
static int check_headers(const uhttpd_req_t *req, store_t *store, const char **reason)
{
    *reason = check_digests(req, store);
    if (uhttpd_req_header(req, "Content-Range") != NULL) {
        *reason = "a part of a file cannot be stored"; /* RFC 9110 section 14.5 */
    }
    return *reason != NULL ? 400 : 0;
}

/* Everything that can be told now is told before the client is asked for the body. */
static esp_err_t begin(uhttpd_req_t *req, store_t *store, char *canonical)
{
    const file_receiver_t *receiver = store->receiver;
    int err = file_upload_begin(&store->upload, receiver->tree.storage, canonical);
    int status = err == 0 ? file_target_judge(receiver, req, canonical) : 0;
    if (err == 0 && status == 0) {
        err = file_upload_open(&store->upload, uhttpd_req_length(req), receiver->max_size);
    }
    if (err == 0 && status == 0 && uhttpd_read_to(req, &(uhttpd_sink_t) {write_piece, finish, store}) == ESP_OK) {
        return ESP_OK;
    }
    free_store(store);
    return err != 0 ? file_answer_error(req, err) : file_answer_refusal(req, status != 0 ? status : 503, NULL);
}

esp_err_t file_receive_upload(uhttpd_req_t *req, const file_receiver_t *receiver, const char *path)
{
    store_t *store = calloc(1, sizeof(*store));
    if (store == NULL) {
        return file_answer_refusal(req, 503, NULL);
    }
    store->receiver = receiver;
    const char *reason;
    file_target_t target = {0};
    int status = check_headers(req, store, &reason);
    if (status == 0) {
        status = file_target_find(receiver, path, UHTTPD_ACL_WO, &target);
    }
    char *canonical = target.canonical;
    target.canonical = NULL; /* the upload's now */
    file_target_free(&target);
    if (status != 0) {
        free(canonical);
        free(store);
        return file_answer_refusal(req, status, reason);
    }
    return begin(req, store, canonical);
}

/* --- directories -------------------------------------------------------------------------------------------------- */

esp_err_t file_receive_directory(uhttpd_req_t *req, const file_receiver_t *receiver, const char *path)
{
    file_target_t target;
    const uhttpd_storage_t *storage = receiver->tree.storage;
    int status = file_target_find(receiver, path, UHTTPD_ACL_WO, &target);
    if (status == 0) {
        status = file_target_judge(receiver, req, target.canonical);
    }
    if (status != 0) {
        file_target_free(&target);
        return file_answer_refusal(req, status, NULL);
    }
    unsigned made;
    int err = file_directory_make(storage, target.canonical, &made);
    if (err != 0) {
        file_directory_unmake(storage, target.canonical, made);
    }
    file_target_free(&target);
    size_t len;
    const char *url = uhttpd_req_path(req, &len);
    char *location = made > 0 && receiver->dynamic ? strndup(url, len) : NULL;
    esp_err_t result = err != 0 ? file_answer_error(req, err) : file_answer_done(req, made > 0, location, NULL, NULL);
    free(location);
    return result;
}

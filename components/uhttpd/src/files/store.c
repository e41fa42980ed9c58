/* SPDX-License-Identifier: MIT */
/* POST and PUT: a body becomes a file. */
#include <stdlib.h>
#include <string.h>

#include "files/directory.h"
#include "files/receive.h"
#include "files/reply.h"
#include "uhttpd_stream.h"

typedef struct {
    const uh_file_receiver_t *receiver;
    uhttpd_upload_t *upload; /* NULL: not begun */
    bool verifies;
    uint8_t wanted[UH_DIGEST_SIZE];
    int error; /* errno that ended it */
} store_t;

static void free_store(store_t *store)
{
    uhttpd_upload_end(store->upload);
    free(store);
}

/* --- the body ----------------------------------------------------------------------------------------------------- */

static esp_err_t store_write_piece(void *ctx, const void *data, size_t len)
{
    store_t *store = ctx;
    store->error = uhttpd_upload_write(store->upload, data, len);
    return store->error == 0 ? ESP_OK : ESP_FAIL;
}

/* Who has been told of the new file may change it again: nobody holds it any more by then. */
static esp_err_t store_answer(uhttpd_req_t *req, store_t *store, bool replaced)
{
    size_t len;
    char etag[UH_ETAG_SIZE], digest[UH_DIGEST_FIELD_SIZE];
    const char *url = uhttpd_req_path(req, &len);
    char *location = store->receiver->dynamic ? strndup(url, len) : NULL;
    bool tagged = uh_file_current_etag(store->receiver->tree.storage, uhttpd_upload_path(store->upload), etag);
    uh_digest_format(uhttpd_upload_digest(store->upload), digest);
    free_store(store);
    esp_err_t err = uh_file_answer_done(req, !replaced, location, tagged ? etag : NULL, digest);
    free(location);
    return err;
}

static esp_err_t store_finish(uhttpd_req_t *req, void *ctx, esp_err_t result)
{
    store_t *store = ctx;
    bool replaced;
    if (result == ESP_OK) {
        store->error = uhttpd_upload_commit(store->upload, store->verifies ? store->wanted : NULL, &replaced);
        if (store->error == 0) {
            return store_answer(req, store, replaced);
        }
    }
    int error = store->error;
    free_store(store); /* nothing is left behind when the client hears of it */
    return error != 0 ? uh_refuse_error(req, error) : result;
}

/* --- before the body ---------------------------------------------------------------------------------------------- */

/* The body is the whole representation: both fields say the same of it. */
static uh_digest_t read_digest(const uhttpd_req_t *req, const char *name, uint8_t digest[UH_DIGEST_SIZE])
{
    const char *field = uhttpd_req_header(req, name);
    return field != NULL ? uh_digest_parse(field, digest) : UH_DIGEST_NONE;
}

static const char *check_digests(const uhttpd_req_t *req, store_t *store)
{
    uint8_t other[UH_DIGEST_SIZE];
    uh_digest_t content = read_digest(req, "Content-Digest", store->wanted);
    uh_digest_t repr = read_digest(req, "Repr-Digest", content == UH_DIGEST_GIVEN ? other : store->wanted);
    store->verifies = content == UH_DIGEST_GIVEN || repr == UH_DIGEST_GIVEN;
    if (content == UH_DIGEST_MALFORMED || repr == UH_DIGEST_MALFORMED) {
        return content == UH_DIGEST_MALFORMED ? "Content-Digest is malformed" : "Repr-Digest is malformed";
    }
    bool both = content == UH_DIGEST_GIVEN && repr == UH_DIGEST_GIVEN;
    return both && memcmp(store->wanted, other, UH_DIGEST_SIZE) != 0 ? "Content-Digest and Repr-Digest differ" : NULL;
}

/* @return status */
static int store_check_headers(const uhttpd_req_t *req, store_t *store, const char **reason)
{
    *reason = check_digests(req, store);
    if (uhttpd_req_header(req, "Content-Range") != NULL) {
        *reason = "a part of a file cannot be stored"; /* RFC 9110 section 14.5 */
    }
    return *reason != NULL ? 400 : 0;
}

/* Everything that can be told now is told before the client is asked for the body. */
static esp_err_t store_begin(uhttpd_req_t *req, store_t *store, char *canonical)
{
    const uh_file_receiver_t *receiver = store->receiver;
    int err = uh_upload_begin(receiver->tree.storage, canonical, &store->upload);
    int status = err == 0 ? uh_file_target_judge(receiver, req, canonical) : 0;
    if (err == 0 && status == 0) {
        err = uh_file_open_upload(store->upload, receiver, uhttpd_req_length(req));
    }
    if (err == 0 && status == 0 &&
        uhttpd_read_to(req, &(uhttpd_sink_t) {store_write_piece, store_finish, store}) == ESP_OK) {
        return ESP_OK;
    }
    free_store(store);
    return err != 0 ? uh_refuse_error(req, err) : uh_refuse(req, status != 0 ? status : 503, NULL);
}

esp_err_t uh_file_receive_upload(uhttpd_req_t *req, const uh_file_receiver_t *receiver, const char *path)
{
    store_t *store = calloc(1, sizeof(*store));
    if (store == NULL) {
        return uh_refuse(req, 503, NULL);
    }
    store->receiver = receiver;
    const char *reason;
    uh_file_target_t target = {0};
    int status = store_check_headers(req, store, &reason);
    if (status == 0) {
        status = uh_file_target_find(receiver, path, UHTTPD_ACL_WO, &target);
    }
    char *canonical = target.canonical;
    target.canonical = NULL; /* the upload's now */
    uh_file_target_free(&target);
    if (status != 0) {
        free(canonical);
        free(store);
        return uh_refuse(req, status, reason);
    }
    return store_begin(req, store, canonical);
}

/* --- directories -------------------------------------------------------------------------------------------------- */

esp_err_t uh_file_receive_directory(uhttpd_req_t *req, const uh_file_receiver_t *receiver, const char *path)
{
    uh_file_target_t target;
    const uhttpd_storage_t *storage = receiver->tree.storage;
    int status = uh_file_target_find(receiver, path, UHTTPD_ACL_WO, &target);
    if (status == 0) {
        status = uh_file_target_judge(receiver, req, target.canonical);
    }
    if (status != 0) {
        uh_file_target_free(&target);
        return uh_refuse(req, status, NULL);
    }
    unsigned made;
    int err = uh_file_directory_make(storage, target.canonical, &made);
    if (err != 0) {
        uh_file_directory_unmake(storage, target.canonical, made);
    }
    uh_file_target_free(&target);
    size_t len;
    const char *url = uhttpd_req_path(req, &len);
    char *location = made > 0 && receiver->dynamic ? strndup(url, len) : NULL;
    esp_err_t result = err != 0 ? uh_refuse_error(req, err) : uh_file_answer_done(req, made > 0, location, NULL, NULL);
    free(location);
    return result;
}

/* SPDX-License-Identifier: MIT */
/* POST and PUT: a body becomes a file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "files/storage.h"
#include "files/receive.h"
#include "files/reply.h"
#include "exchange.h"
#include "uhttpd_stream.h"

typedef struct {
    const uh_file_receiver_t *receiver;
    uhttpd_upload_t *upload; /* NULL: it has not begun */
    bool verifies;
    uint8_t wanted[UHTTPD_SHA256_SIZE];
    uh_refusal_t refusal; /* what ended it */
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
    store->refusal = uh_refusal_of(uhttpd_upload_write(store->upload, data, len));
    return store->refusal.status == 0 ? ESP_OK : ESP_FAIL;
}

/* The URL of the request, in the heap. NULL: it is not the URL of the file, or there is no memory. */
static char *location_of(const uhttpd_req_t *req, const uh_file_receiver_t *receiver)
{
    size_t len;
    const char *url = uhttpd_req_path(req, &len);
    return receiver->dynamic ? strndup(url, len) : NULL;
}

/* A client that has been told of the new file may change it at once: the claim on it is given up first. */
static esp_err_t store_answer(uhttpd_req_t *req, store_t *store, bool replaced)
{
    char etag[UH_ETAG_SIZE], digest[UH_DIGEST_FIELD_SIZE];
    char *location = location_of(req, store->receiver);
    const char *tag = uh_file_current_etag(store->receiver->tree.storage, uhttpd_upload_path(store->upload), etag);
    uh_digest_format(uhttpd_upload_digest(store->upload), digest);
    free_store(store);
    esp_err_t err = uh_file_answer_done(req, !replaced, location, tag, digest);
    free(location);
    return err;
}

static esp_err_t store_finish(uhttpd_req_t *req, void *ctx, esp_err_t result)
{
    store_t *store = ctx;
    bool replaced;
    if (result == ESP_OK) {
        const uint8_t *wanted = store->verifies ? store->wanted : NULL;
        store->refusal = uh_refusal_of(uhttpd_upload_commit(store->upload, wanted, &replaced));
        if (store->refusal.status == 0) {
            return store_answer(req, store, replaced);
        }
    }
    uh_refusal_t refusal = store->refusal;
    free_store(store); /* first, so that the client finds nothing left behind */
    return refusal.status != 0 ? uh_refuse(req, refusal) : result;
}

/* --- before the body ---------------------------------------------------------------------------------------------- */

/* The body is the whole representation, so both fields have the same digest. */
static uh_digest_t read_digest(const uhttpd_req_t *req, const char *name, uint8_t digest[UHTTPD_SHA256_SIZE])
{
    const char *field = uhttpd_req_header(req, name);
    return field != NULL ? uh_digest_parse(field, digest) : UH_DIGEST_NONE;
}

static const char *check_digests(const uhttpd_req_t *req, store_t *store)
{
    uint8_t other[UHTTPD_SHA256_SIZE];
    uh_digest_t content = read_digest(req, "Content-Digest", store->wanted);
    uh_digest_t repr = read_digest(req, "Repr-Digest", content == UH_DIGEST_GIVEN ? other : store->wanted);
    store->verifies = content == UH_DIGEST_GIVEN || repr == UH_DIGEST_GIVEN;
    if (content == UH_DIGEST_MALFORMED || repr == UH_DIGEST_MALFORMED) {
        return content == UH_DIGEST_MALFORMED ? "Content-Digest is malformed" : "Repr-Digest is malformed";
    }
    bool both = content == UH_DIGEST_GIVEN && repr == UH_DIGEST_GIVEN;
    return both && memcmp(store->wanted, other, UHTTPD_SHA256_SIZE) != 0 ? "Content-Digest and Repr-Digest differ"
                                                                         : NULL;
}

static uh_refusal_t store_check_headers(const uhttpd_req_t *req, store_t *store)
{
    const char *reason = check_digests(req, store);
    return (uh_refusal_t) {reason != NULL ? 400 : 0, reason};
}

/* Whatever can be refused is refused before the client is asked for the body. */
esp_err_t uh_file_receive_upload(uhttpd_req_t *req, const uh_file_receiver_t *receiver, const char *path)
{
    store_t *store = calloc(1, sizeof(*store));
    if (store == NULL) {
        return uh_refuse(req, uh_refusal_of(ENOMEM));
    }
    store->receiver = receiver;
    uh_refusal_t refusal = store_check_headers(req, store);
    if (refusal.status == 0) {
        refusal = uh_file_target_upload(receiver, req, path, uhttpd_req_length(req), &store->upload);
    }
    if (refusal.status == 0 &&
        uhttpd_read_to(req, &(uhttpd_sink_t) {store_write_piece, store_finish, store}) == ESP_OK) {
        return ESP_OK;
    }
    free_store(store);
    return uh_refuse(req, refusal.status != 0 ? refusal : uh_refusal_of(ENOMEM));
}

/* --- directories -------------------------------------------------------------------------------------------------- */

/* Whoever has sent a file here is told that none was stored. */
static esp_err_t answer_directory_with_body(uhttpd_req_t *req, bool made, const char *location)
{
    return uh_respond(req, made ? 201 : 200,
                      "the body is not stored: this is a directory, by the slash at the URL's end",
                      &(uhttpd_header_t) {"Location", location}, 1);
}

static esp_err_t store_answer_directory(uhttpd_req_t *req, const uh_file_receiver_t *receiver, bool made)
{
    char *location = made ? location_of(req, receiver) : NULL;
    esp_err_t err = uhttpd_req_length(req) != 0 ? answer_directory_with_body(req, made, location)
                                                : uh_file_answer_done(req, made, location, NULL, NULL);
    free(location);
    return err;
}

esp_err_t uh_file_receive_directory(uhttpd_req_t *req, const uh_file_receiver_t *receiver, const char *path)
{
    uh_file_target_t target;
    const uhttpd_storage_t *storage = receiver->tree.storage;
    unsigned made = 0;
    uhttpd_claim_t claim = {0};
    uh_refusal_t refusal = uh_file_target_find(receiver, path, UHTTPD_ACL_WO, &target);
    if (refusal.status == 0 && !uh_claim_take(&claim, target.canonical, UH_CLAIM_MAKE)) {
        refusal = uh_refusal_of(EBUSY);
    }
    if (refusal.status == 0) {
        refusal = uh_file_target_judge(receiver, req, target.canonical);
    }
    if (refusal.status == 0) {
        refusal = uh_refusal_of(uh_file_directory_make(storage, target.canonical, &made));
    }
    if (refusal.status != 0 && made > 0) {
        uh_file_directory_unmake(storage, &claim, target.canonical, made);
    }
    uh_claim_release(&claim);
    uh_file_target_free(&target);
    return refusal.status != 0 ? uh_refuse(req, refusal) : store_answer_directory(req, receiver, made > 0);
}

/* SPDX-License-Identifier: MIT */
#include "second/file.h"

#include <errno.h>
#include <string.h>

#include "bytes.h"
#include "errcode.h"
#include "second/list.h"
#include "second/reply.h"

bool wr_file_op_pending(const wr_file_op_t *op)
{
    return op->is_open || op->dir != NULL || op->upload != NULL;
}

void wr_file_op_free(wr_file_op_t *op)
{
    uhttpd_sha256_free(op->hash);
    op->hash = NULL;
}

/* Beginnings and ends */

void wr_file_op_close(wr_file_op_t *op)
{
    if (op->is_open) {
        op->storage->close(op->file);
        op->is_open = false;
    }
    uhttpd_claim_release(op->claim);
    op->claim = NULL;
}

static void close_all(wr_file_op_t *op)
{
    wr_file_op_close(op);
    if (op->dir != NULL) {
        op->storage->close_directory(op->dir);
        op->dir = NULL;
    }
}

void wr_file_op_end(wr_file_op_t *op, int err)
{
    close_all(op);
    uhttpd_upload_end(op->upload);
    op->upload = NULL;
    op->over = true;
    /* "No such type of message" is what the number means here. */
    op->code = err == ENOSYS ? WR_CODE_EOPNOTSUPP : wr_errcode(err);
    op->value_len = err == 0 ? op->value_len : 0;
}

static void second_file_give_up(wr_file_op_t *op)
{
    if (op->flags & WR_PUT_RESUME) {
        uhttpd_upload_keep(op->upload, op->keep_ms);
        op->upload = NULL;
    }
    wr_file_op_end(op, ECANCELED);
}

/* Digests */

int wr_file_op_start_hash(wr_file_op_t *op)
{
    uhttpd_sha256_free(op->hash); /* of the entry before, in a listing */
    op->hash = uhttpd_sha256_begin();
    return op->hash != NULL ? 0 : ENOMEM;
}

static int add_to_hash(wr_file_op_t *op, size_t len)
{
    return op->hash == NULL || uhttpd_sha256_add(op->hash, op->data, len) ? 0 : EIO;
}

static int finish_hash(wr_file_op_t *op)
{
    if (op->hash == NULL) {
        return 0;
    }
    op->value_len = UHTTPD_SHA256_SIZE;
    return uhttpd_sha256_end(op->hash, op->value) ? 0 : EIO;
}

/* Contents */

int wr_file_op_open(wr_file_op_t *op, const char *path)
{
    int err = op->storage->stat(path, &op->info);
    if (err == 0) {
        err = op->info.is_directory ? EISDIR : uhttpd_claim_read(op->storage, path, &op->info, &op->claim);
    }
    if (err == 0) {
        err = op->storage->open(path, UHTTPD_FILE_READ, &op->file);
        op->is_open = err == 0;
    }
    return err;
}

static void begin_sha256(wr_file_op_t *op)
{
    int err = wr_file_op_open(op, op->path);
    if (err == 0) {
        err = wr_file_op_start_hash(op);
    }
    op->size = UINT64_MAX;
    if (err != 0) {
        wr_file_op_end(op, err);
    }
}

static void begin_get(wr_file_op_t *op)
{
    int err = wr_file_op_open(op, op->path);
    if (err == 0 && (op->flags & WR_GET_DIGEST)) {
        err = wr_file_op_start_hash(op);
    }
    /* No more than OPENED announces, even if the file grows. */
    uint64_t left = op->offset < op->info.size ? op->info.size - op->offset : 0;
    op->size = op->size < left ? op->size : left;
    if (err == 0 && left > 0 && op->offset > 0) {
        err = op->storage->seek(op->file, op->offset);
    }
    if (err != 0) {
        wr_file_op_end(op, err);
        return;
    }
    wr_record_file(op->record, false, op->info.size, op->info.modified, 0);
}

static void second_file_read_some(wr_file_op_t *op)
{
    size_t size = op->size < op->len ? (size_t)op->size : op->len;
    int err = size > 0 ? op->storage->read(op->file, op->data, size, &op->done) : 0;
    err = err == 0 ? add_to_hash(op, op->done) : err;
    if (err != 0) {
        op->done = 0;
        wr_file_op_end(op, err);
        return;
    }
    if (op->type == WR_GET && op->done == 0 && op->size > 0) {
        wr_file_op_end(op, EIO); /* shorter than OPENED has announced */
        return;
    }
    op->size -= op->done;
    if (op->done == 0 || op->size == 0) {
        wr_file_op_end(op, finish_hash(op));
    }
}

/* Uploads */

/* What was kept is read once more, in as many steps as that takes: its digest is needed. */
static int reread_kept(wr_file_op_t *op)
{
    int err = uhttpd_upload_reread(op->upload, op->data, op->len, &op->again);
    op->offset = uhttpd_upload_size(op->upload);
    return err;
}

static int begin_upload(wr_file_op_t *op)
{
    int err = uhttpd_upload_begin(op->storage, op->path, &op->upload);
    return err != 0 ? err
                    : uhttpd_upload_open(op->upload, &(uhttpd_upload_config_t) {
                                                         .length = (int64_t)op->size,
                                                         .has_digest = op->flags & WR_PUT_DIGEST,
                                                         .resumes = op->flags & WR_PUT_RESUME,
                                                     });
}

static void begin_put(wr_file_op_t *op)
{
    int err = op->upload == NULL ? begin_upload(op) : 0;
    if (err == 0) {
        err = reread_kept(op);
    }
    if (err != 0) {
        wr_file_op_end(op, err);
    }
}

static void second_file_write_some(wr_file_op_t *op)
{
    int err = uhttpd_upload_write(op->upload, op->data, op->len);
    op->done = op->len;
    if (err != 0) {
        wr_file_op_end(op, err);
    }
}

static void finish_put(wr_file_op_t *op)
{
    int err = uhttpd_upload_commit(op->upload, op->flags & WR_PUT_DIGEST ? op->expected : NULL, NULL);
    wr_file_op_end(op, err == EILSEQ ? EBADMSG : err);
}

/* What is done at once */

static int do_stat(wr_file_op_t *op)
{
    int err = op->storage->stat(op->path, &op->info);
    if (err == 0) {
        wr_record_file(op->value, op->info.is_directory, op->info.size, op->info.modified, 0);
        op->value_len = WR_FILE_RECORD_SIZE;
    }
    return err;
}

static int do_remove(wr_file_op_t *op, bool directory)
{
    int err = uhttpd_claim_change(op->storage, op->path, &op->claim);
    if (err != 0) {
        return err;
    }
    /* An entry without information, such as a link that leads nowhere, can be removed. */
    err = op->storage->stat(op->path, &op->info);
    if (err == 0 && op->info.is_directory != directory && (directory || !wr_list_has_link(op))) {
        return directory ? ENOTDIR : EISDIR;
    }
    return directory ? op->storage->remove_directory(op->path) : op->storage->remove(op->path);
}

static int do_space(wr_file_op_t *op)
{
    uint64_t total = 0, free = 0;
    int err = op->storage->space(op->path, &total, &free);
    wr_put64(op->value, total);
    wr_put64(op->value + 8, free);
    op->value_len = 16;
    return err;
}

/* Steps. An operation that has no case in second_file_begin() does not compile. */

static void second_file_begin(wr_file_op_t *op)
{
    switch (op->type) {
    case WR_LIST:
        wr_list_begin(op);
        break;
    case WR_GET:
        begin_get(op);
        break;
    case WR_PUT:
        begin_put(op);
        break;
    case WR_SHA256:
        begin_sha256(op);
        break;
    case WR_STAT:
        wr_file_op_end(op, do_stat(op));
        break;
    case WR_REMOVE:
        wr_file_op_end(op, do_remove(op, false));
        break;
    case WR_RMDIR:
        wr_file_op_end(op, do_remove(op, true));
        break;
    case WR_RENAME:
        wr_file_op_end(op, uhttpd_claimed_rename(op->storage, op->path, op->to));
        break;
    case WR_MKDIR:
        wr_file_op_end(op, uhttpd_claimed_make_directory(op->storage, op->path));
        break;
    case WR_SPACE:
        wr_file_op_end(op, do_space(op));
        break;
    }
}

/* Operations that continue after their first step. */
static void second_file_move(wr_file_op_t *op)
{
    if (op->type == WR_PUT) {
        second_file_write_some(op);
    } else if (op->type == WR_LIST) {
        wr_list_some(op);
    } else {
        second_file_read_some(op);
    }
}

void wr_file_op_do(wr_file_op_t *op, wr_file_step_t step)
{
    op->done = 0;
    switch (step) {
    case WR_FILE_BEGIN:
        second_file_begin(op);
        break;
    case WR_FILE_MOVE:
        second_file_move(op);
        break;
    case WR_FILE_FINISH:
        finish_put(op);
        break;
    case WR_FILE_GIVE_UP:
        second_file_give_up(op);
        break;
    }
}

/* SPDX-License-Identifier: MIT */
#include "second/file.h"

#include <errno.h>
#include <string.h>

#include "bytes.h"
#include "errcode.h"
#include "second/kept.h"
#include "second/reply.h"
#include "uhttpd_temporary.h"

void wr_file_op_init(wr_file_op_t *op)
{
    mbedtls_md_init(&op->hash);
}

bool wr_file_op_pending(const wr_file_op_t *op)
{
    return op->is_open || op->dir != NULL || op->has_temporary;
}

void wr_file_op_free(wr_file_op_t *op)
{
    mbedtls_md_free(&op->hash);
}

/* Beginnings and ends */

static int second_file_open_file(wr_file_op_t *op, const char *path, uhttpd_file_mode_t mode)
{
    int err = op->storage->open(path, mode, &op->file);
    op->is_open = err == 0;
    return err;
}

static int second_file_close_file(wr_file_op_t *op)
{
    if (!op->is_open) {
        return 0;
    }
    op->is_open = false;
    return op->storage->close(op->file);
}

static void close_all(wr_file_op_t *op)
{
    second_file_close_file(op);
    if (op->dir != NULL) {
        op->storage->close_directory(op->dir);
        op->dir = NULL;
    }
}

static void remove_temporary(wr_file_op_t *op)
{
    if (op->has_temporary) {
        op->has_temporary = false;
        op->storage->remove(op->temporary);
    }
    if (op->holds) {
        op->holds = false;
        uhttpd_temporary_release(op->temporary);
    }
}

static void second_file_end(wr_file_op_t *op, int err)
{
    close_all(op);
    remove_temporary(op);
    op->over = true;
    /* "No such type of message" is what the number means here. */
    op->code = err == ENOSYS ? WR_CODE_EOPNOTSUPP : wr_errcode(err);
    op->value_len = err == 0 ? op->value_len : 0;
}

static void second_file_give_up(wr_file_op_t *op)
{
    if (op->has_temporary && (op->flags & WR_PUT_RESUME)) {
        op->has_temporary = second_file_close_file(op) != 0;
        if (!op->has_temporary) {
            op->holds = false;
            wr_kept_add(op->storage, op->temporary);
        }
    }
    second_file_end(op, ECANCELED);
}

/* Digests */

static int second_file_start_hash(wr_file_op_t *op)
{
    const mbedtls_md_info_t *sha256 = mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
    if (sha256 == NULL) {
        return ENOTSUP;
    }
    op->hashes = true;
    return mbedtls_md_setup(&op->hash, sha256, 0) == 0 && mbedtls_md_starts(&op->hash) == 0 ? 0 : ENOMEM;
}

static void add_to_hash(wr_file_op_t *op, size_t len)
{
    if (op->hashes) {
        mbedtls_md_update(&op->hash, op->data, len);
    }
}

static void finish_hash(wr_file_op_t *op)
{
    if (op->hashes) {
        mbedtls_md_finish(&op->hash, op->value);
        op->value_len = WR_DIGEST_SIZE;
    }
}

/* Contents */

static int begin_reading(wr_file_op_t *op)
{
    int err = op->storage->stat(op->path, &op->info);
    if (err == 0 && op->info.is_directory) {
        err = EISDIR;
    }
    return err == 0 ? second_file_open_file(op, op->path, UHTTPD_FILE_READ) : err;
}

static void begin_sha256(wr_file_op_t *op)
{
    int err = begin_reading(op);
    if (err == 0) {
        err = second_file_start_hash(op);
    }
    op->size = UINT64_MAX;
    if (err != 0) {
        second_file_end(op, err);
    }
}

static void begin_get(wr_file_op_t *op)
{
    int err = begin_reading(op);
    if (err == 0 && (op->flags & WR_GET_DIGEST)) {
        err = second_file_start_hash(op);
    }
    if (op->offset >= op->info.size) {
        op->size = 0;
    } else if (err == 0 && op->offset > 0) {
        err = op->storage->seek(op->file, op->offset);
    }
    if (err != 0) {
        second_file_end(op, err);
        return;
    }
    wr_record_file(op->record, false, op->info.size, op->info.modified, 0);
}

static void second_file_read_some(wr_file_op_t *op)
{
    size_t size = op->size < op->len ? (size_t)op->size : op->len;
    int err = size > 0 ? op->storage->read(op->file, op->data, size, &op->done) : 0;
    if (err != 0) {
        op->done = 0;
        second_file_end(op, err);
        return;
    }
    op->size -= op->done;
    add_to_hash(op, op->done);
    if (op->done == 0 || op->size == 0) {
        finish_hash(op);
        second_file_end(op, 0);
    }
}

/* Uploads */

static int second_file_check_target(wr_file_op_t *op)
{
    int err = op->storage->stat(op->path, &op->info);
    if (err == 0 && op->info.is_directory) {
        return EISDIR;
    }
    return err == ENOENT ? 0 : err;
}

static int open_temporary(wr_file_op_t *op, uhttpd_file_mode_t mode)
{
    int err = second_file_open_file(op, op->temporary, mode);
    op->has_temporary = op->has_temporary || err == 0;
    return err;
}

/* Kept bytes are useful if they can be the beginning of the file. The digest at the end decides whether they are. */
static bool find_kept(wr_file_op_t *op)
{
    bool there = (op->flags & WR_PUT_RESUME) && op->storage->stat(op->temporary, &op->info) == 0 &&
                 !op->info.is_directory && op->info.size > 0 && op->info.size <= op->size;
    return there && open_temporary(op, UHTTPD_FILE_READ) == 0;
}

static void begin_put(wr_file_op_t *op)
{
    wr_kept_sweep();
    uhttpd_temporary_path(op->path, op->temporary);
    int err = uhttpd_temporary_hold(op->temporary);
    op->holds = err == 0;
    wr_kept_forget(op->temporary);
    op->offset = 0;
    err = err == 0 ? second_file_check_target(op) : err;
    if (err == 0 && (op->flags & WR_PUT_DIGEST)) {
        err = second_file_start_hash(op);
    }
    if (err == 0) {
        op->rereads = op->again = find_kept(op);
        err = op->again ? 0 : open_temporary(op, UHTTPD_FILE_WRITE);
    }
    if (err != 0) {
        second_file_end(op, err);
    }
}

static void reread_kept(wr_file_op_t *op)
{
    int err = op->storage->read(op->file, op->data, op->len, &op->done);
    if (err == 0 && op->done > 0) {
        op->offset += op->done;
        add_to_hash(op, op->done);
        op->done = 0;
        return;
    }
    op->rereads = op->again = false;
    second_file_close_file(op);
    err = err == 0 ? open_temporary(op, UHTTPD_FILE_APPEND) : err;
    if (err != 0) {
        second_file_end(op, err);
    }
}

static void second_file_write_some(wr_file_op_t *op)
{
    add_to_hash(op, op->len);
    int err = op->storage->write(op->file, op->data, op->len);
    op->done = op->len;
    if (err != 0) {
        second_file_end(op, err);
    }
}

static void finish_put(wr_file_op_t *op)
{
    finish_hash(op);
    int err = second_file_close_file(op);
    if (err == 0 && op->hashes && memcmp(op->value, op->expected, WR_DIGEST_SIZE) != 0) {
        err = EBADMSG;
    }
    if (err == 0) {
        err = op->storage->rename(op->temporary, op->path);
        op->has_temporary = err != 0;
    }
    op->value_len = 0;
    second_file_end(op, err);
}

/* Directories */

static void begin_list(wr_file_op_t *op)
{
    int err = op->storage->open_directory(op->path, &op->dir);
    if (err != 0) {
        op->dir = NULL;
        second_file_end(op, err);
    }
}

/* @return true: it fitted */
static bool second_file_add_entry(wr_file_op_t *op)
{
    size_t len = strlen(op->name);
    if (op->len - op->done < WR_FILE_RECORD_SIZE + len) {
        return false;
    }
    uint8_t *record = op->data + op->done;
    wr_record_file(record, op->info.is_directory, op->info.size, op->info.modified, len);
    memcpy(record + WR_FILE_RECORD_SIZE, op->name, len);
    op->done += WR_FILE_RECORD_SIZE + len;
    op->entries++;
    return true;
}

static void list_some(wr_file_op_t *op)
{
    int err = 0;
    for (;;) {
        if (!op->has_entry) {
            op->info = (uhttpd_file_info_t) {0};
            err = op->storage->read_directory(op->dir, op->name, sizeof op->name, &op->info);
        }
        if (err != 0) {
            break;
        }
        op->has_entry = !second_file_add_entry(op);
        if (op->has_entry) {
            return;
        }
    }
    wr_put32(op->value, op->entries);
    op->value_len = 4;
    second_file_end(op, err == ENOENT ? 0 : err);
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
    /* An entry without information, such as a link that leads nowhere, can be removed. */
    int err = op->storage->stat(op->path, &op->info);
    if (err == 0 && op->info.is_directory != directory) {
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
        begin_list(op);
        break;
    case WR_GET:
        begin_get(op);
        break;
    case WR_PUT:
        if (op->rereads) {
            reread_kept(op);
        } else {
            begin_put(op);
        }
        break;
    case WR_SHA256:
        begin_sha256(op);
        break;
    case WR_STAT:
        second_file_end(op, do_stat(op));
        break;
    case WR_REMOVE:
        second_file_end(op, do_remove(op, false));
        break;
    case WR_RMDIR:
        second_file_end(op, do_remove(op, true));
        break;
    case WR_RENAME:
        second_file_end(op, op->storage->rename(op->path, op->to));
        break;
    case WR_MKDIR:
        second_file_end(op, op->storage->make_directory(op->path));
        break;
    case WR_SPACE:
        second_file_end(op, do_space(op));
        break;
    }
}

/* Operations that continue after their first step. */
static void second_file_move(wr_file_op_t *op)
{
    if (op->type == WR_PUT) {
        second_file_write_some(op);
    } else if (op->type == WR_LIST) {
        list_some(op);
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

/* SPDX-License-Identifier: MIT */
#include "second/list.h"

#include <errno.h>
#include <string.h>

#include "bytes.h"
#include "second/reply.h"

#define READS_MAX 16    /* reads for digests in one step, which a CANCEL has to wait for */
#define SCRATCH_MIN 512 /* bytes of room that are worth a read */

void wr_list_begin(wr_file_op_t *op)
{
    int err = op->storage->open_directory(op->path, &op->dir);
    if (err != 0) {
        op->dir = NULL;
        wr_file_op_end(op, err);
    }
}

/* Digests of entries */

static const char *inner_path(const wr_file_op_t *op)
{
    size_t len = strlen(op->path);
    memcpy(op->inner, op->path, len);
    if (op->path[len - 1] != '/') {
        op->inner[len++] = '/';
    }
    memcpy(op->inner + len, op->name, strlen(op->name) + 1);
    return op->inner;
}

/* An entry whose file cannot be read now has no digest. */
static void begin_digest(wr_file_op_t *op)
{
    uhttpd_file_info_t listed = op->info;
    if (wr_file_op_open(op, inner_path(op)) != 0 || wr_file_op_start_hash(op) != 0) {
        wr_file_op_close(op);
    }
    op->info.is_link = listed.is_link;
    if (!op->is_open) {
        op->info = listed;
    }
}

static void end_digest(wr_file_op_t *op, bool is_good)
{
    op->has_digest = is_good && uhttpd_sha256_end(op->hash, op->value);
    wr_file_op_close(op);
}

/* Reads into the part of the buffer that has no records. @return false: this step has read enough */
static bool finish_digest(wr_file_op_t *op, int *reads)
{
    uint8_t *scratch = op->data + op->done;
    size_t room = op->len - op->done, got = 0;
    bool is_good;
    do {
        if (room < SCRATCH_MIN || (*reads)-- == 0) {
            return false;
        }
        is_good = op->storage->read(op->file, scratch, room, &got) == 0 && uhttpd_sha256_add(op->hash, scratch, got);
    } while (is_good && got > 0);
    end_digest(op, is_good);
    return true;
}

/* Records */

static int second_list_next(wr_file_op_t *op)
{
    int err;
    op->has_digest = false;
    do {
        op->info = (uhttpd_file_info_t) {0};
        err = op->storage->read_directory(op->dir, op->name, sizeof op->name, &op->info);
    } while (err == 0 && !op->info.is_directory && uhttpd_name_is_temporary(op->name));
    op->has_entry = err == 0;
    if (op->has_entry && (op->flags & WR_LIST_DIGEST) && !op->info.is_directory) {
        begin_digest(op);
    }
    return err;
}

/* @return true: it fitted */
static bool second_list_add_entry(wr_file_op_t *op)
{
    size_t name = strlen(op->name), digest = op->has_digest ? UHTTPD_SHA256_SIZE : 0;
    if (op->len - op->done < WR_FILE_RECORD_SIZE + name + digest) {
        return false;
    }
    uint8_t *record = op->data + op->done;
    wr_record_file(record, op->info.is_directory, op->info.size, op->info.modified, name);
    wr_record_mark(record, op->info.is_link, op->has_digest);
    memcpy(record + WR_FILE_RECORD_SIZE, op->name, name);
    memcpy(record + WR_FILE_RECORD_SIZE + name, op->value, digest);
    op->done += WR_FILE_RECORD_SIZE + name + digest;
    op->entries++;
    return true;
}

void wr_list_some(wr_file_op_t *op)
{
    int err = 0, reads = READS_MAX;
    while (op->has_entry || (err = second_list_next(op)) == 0) {
        if ((op->is_open && !finish_digest(op, &reads)) || !second_list_add_entry(op)) {
            return;
        }
        op->has_entry = false;
    }
    wr_put32(op->value, op->entries);
    op->value_len = 4;
    wr_file_op_end(op, err == ENOENT ? 0 : err);
}

/* Links */

static bool finds_link(wr_file_op_t *op, void *dir, const char *name)
{
    uhttpd_file_info_t info = {0};
    while (op->storage->read_directory(dir, op->name, sizeof op->name, &info) == 0) {
        if (strcmp(op->name, name) == 0) {
            return info.is_link;
        }
    }
    return false;
}

bool wr_list_has_link(wr_file_op_t *op)
{
    char *slash = strrchr(op->path, '/');
    const char *outer = slash == NULL ? "." : slash == op->path ? "/" : op->path;
    void *dir;
    if (slash != NULL && slash != op->path) {
        *slash = '\0';
    }
    int err = op->storage->open_directory(outer, &dir);
    if (slash != NULL) {
        *slash = '/';
    }
    if (err != 0) {
        return false;
    }
    bool found = finds_link(op, dir, slash == NULL ? op->path : slash + 1);
    op->storage->close_directory(dir);
    return found;
}

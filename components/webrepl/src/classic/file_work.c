/* SPDX-License-Identifier: MIT */
#include "classic/file_work.h"

#include <errno.h>

static int file_work_close_file(wr_file_work_t *work)
{
    int err = work->is_open ? work->files->close(work->file) : 0;
    work->is_open = false;
    uhttpd_claim_release(work->claim);
    work->claim = NULL;
    return err;
}

static void file_work_end_upload(wr_file_work_t *work)
{
    uhttpd_upload_end(work->upload);
    work->upload = NULL;
}

bool wr_file_work_pending(const wr_file_work_t *work)
{
    return work->is_open || work->upload != NULL;
}

void wr_file_work_abandon(wr_file_work_t *work)
{
    file_work_close_file(work);
    file_work_end_upload(work);
}

static int file_work_read_some(wr_file_work_t *work, const wr_classic_t *classic, size_t *got)
{
    int err = work->files->read(work->file, classic->data, WR_CLASSIC_STORE, got);
    if (err == 0 && *got > 0) {
        return 0;
    }
    *got = 0;
    file_work_close_file(work);
    return err;
}

static int open_read(wr_file_work_t *work, const wr_classic_t *classic, size_t *got)
{
    uhttpd_file_info_t info;
    int err = work->files->stat(classic->name, &info);
    if (err == 0) {
        err = info.is_directory ? EISDIR : uhttpd_claim_read(work->files, classic->name, &info, &work->claim);
    }
    if (err == 0) {
        err = work->files->open(classic->name, UHTTPD_FILE_READ, &work->file);
        work->is_open = err == 0;
    }
    if (err != 0) {
        file_work_close_file(work);
        return err;
    }
    return file_work_read_some(work, classic, got);
}

static int open_write(wr_file_work_t *work, const wr_classic_t *classic)
{
    int err = uhttpd_upload_begin(work->files, classic->name, &work->upload);
    if (err == 0) {
        err = uhttpd_upload_open(work->upload, &(uhttpd_upload_config_t) {.length = -1});
    }
    if (err != 0) {
        file_work_end_upload(work);
    }
    return err;
}

static int file_work_write_some(wr_file_work_t *work, const wr_classic_t *classic)
{
    int err = classic->len > 0 ? uhttpd_upload_write(work->upload, classic->data, classic->len) : 0;
    if (err == 0 && classic->last) {
        err = uhttpd_upload_commit(work->upload, NULL, NULL);
    }
    if (err != 0 || classic->last) {
        file_work_end_upload(work);
    }
    return err;
}

int wr_file_work_do(wr_file_work_t *work, const wr_classic_t *classic, size_t *got)
{
    *got = 0;
    if (classic->work == WR_WORK_OPEN_READ || classic->work == WR_WORK_OPEN_WRITE) {
        wr_file_work_abandon(work); /* what came before may have been cancelled before a worker had it */
    }
    switch (classic->work) {
    case WR_WORK_OPEN_READ:
        return open_read(work, classic, got);
    case WR_WORK_READ:
        return file_work_read_some(work, classic, got);
    case WR_WORK_OPEN_WRITE:
        return open_write(work, classic);
    default:
        return file_work_write_some(work, classic);
    }
}

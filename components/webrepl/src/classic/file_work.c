/* SPDX-License-Identifier: MIT */
#include "classic/file_work.h"

static int file_work_close_file(wr_file_work_t *work)
{
    if (!work->is_open) {
        return 0;
    }
    work->is_open = false;
    return work->files->close(work->file);
}

static void forget_temporary(wr_file_work_t *work)
{
    uhttpd_temporary_release(work->temporary);
    work->temporary[0] = '\0';
}

bool wr_file_work_pending(const wr_file_work_t *work)
{
    return work->is_open || work->temporary[0] != '\0';
}

void wr_file_work_abandon(wr_file_work_t *work)
{
    file_work_close_file(work);
    if (work->temporary[0] != '\0') {
        work->files->remove(work->temporary);
        forget_temporary(work);
    }
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
    int err = work->files->open(classic->name, UHTTPD_FILE_READ, &work->file);
    if (err != 0) {
        return err;
    }
    work->is_open = true;
    return file_work_read_some(work, classic, got);
}

static int open_write(wr_file_work_t *work, const wr_classic_t *classic)
{
    uhttpd_temporary_path(classic->name, work->temporary);
    int err = uhttpd_temporary_hold(work->temporary);
    if (err != 0) {
        work->temporary[0] = '\0';
        return err;
    }
    err = work->files->open(work->temporary, UHTTPD_FILE_WRITE, &work->file);
    if (err != 0) {
        forget_temporary(work);
        return err;
    }
    work->is_open = true;
    return 0;
}

static int file_work_finish(wr_file_work_t *work, const char *name)
{
    int err = file_work_close_file(work);
    if (err == 0) {
        err = work->files->rename(work->temporary, name);
    }
    if (err == 0) {
        forget_temporary(work);
    }
    return err;
}

static int file_work_write_some(wr_file_work_t *work, const wr_classic_t *classic)
{
    int err = classic->len > 0 ? work->files->write(work->file, classic->data, classic->len) : 0;
    if (err == 0 && classic->last) {
        err = file_work_finish(work, classic->name);
    }
    if (err != 0) {
        wr_file_work_abandon(work);
    }
    return err;
}

int wr_file_work_do(wr_file_work_t *work, const wr_classic_t *classic, size_t *got)
{
    *got = 0;
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

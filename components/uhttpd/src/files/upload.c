/* SPDX-License-Identifier: MIT */
#include "files/upload.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "files/directory.h"
#include "files/temporary.h"

char *uh_file_upload_temporary(const char *path)
{
    size_t directory = (size_t)(strrchr(path, '/') + 1 - path);
    char *temporary = malloc(directory + UH_FILE_TEMPORARY_SIZE);
    if (temporary != NULL) {
        memcpy(temporary, path, directory);
        uh_file_temporary_name(path + directory, temporary + directory);
    }
    return temporary;
}

int uh_file_upload_begin(uh_file_upload_t *upload, const uhttpd_storage_t *storage, char *path)
{
    *upload = (uh_file_upload_t) {.storage = storage, .path = path};
    mbedtls_md_init(&upload->hash);
    char *temporary = uh_file_upload_temporary(path);
    if (temporary == NULL) {
        return ENOMEM;
    }
    if (!uh_file_claim_take(&upload->claim, temporary)) {
        free(temporary);
        return EBUSY;
    }
    return 0;
}

/* --- before the body ---------------------------------------------------------------------------------------------- */

static int upload_check_target(uh_file_upload_t *upload, bool *exists)
{
    uhttpd_file_info_t info;
    int err = upload->storage->stat(upload->path, &info);
    *exists = err == 0;
    if (err == 0 && info.is_directory) {
        return EISDIR;
    }
    return err == ENOENT ? 0 : err;
}

/* The old file takes its room until the new one is in its place. */
static int upload_check_space(uh_file_upload_t *upload, const char *directory, int64_t length)
{
    uint64_t total, free;
    if (length <= 0 || upload->storage->space(directory, &total, &free) != 0) {
        return 0; /* then writing will tell */
    }
    return (uint64_t)length > free ? ENOSPC : 0;
}

static int prepare_directory(uh_file_upload_t *upload, int64_t length)
{
    char *slash = strrchr(upload->path, '/');
    char first = slash[1];
    slash[slash == upload->path] = '\0'; /* the directory, or "/" */
    unsigned made;
    int err = uh_file_directory_make(upload->storage, upload->path, &made);
    upload->made += made;
    if (err == 0) {
        err = upload_check_space(upload, upload->path, length);
    }
    slash[0] = '/';
    slash[1] = first;
    return err;
}

static int upload_start_hash(uh_file_upload_t *upload)
{
    const mbedtls_md_info_t *sha256 = mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
    bool started = mbedtls_md_setup(&upload->hash, sha256, 0) == 0 && mbedtls_md_starts(&upload->hash) == 0;
    return started ? 0 : ENOMEM;
}

/* Nobody else writes under this name: what is there was left by a power cut. */
static int upload_create(uh_file_upload_t *upload)
{
    const char *temporary = upload->claim.path;
    int err = upload->storage->open(temporary, UHTTPD_FILE_CREATE, &upload->file);
    if (err == EEXIST) {
        err = upload->storage->remove(temporary);
        if (err == 0) {
            err = upload->storage->open(temporary, UHTTPD_FILE_CREATE, &upload->file);
        }
    }
    upload->created = err == 0;
    if (err != 0) {
        upload->file = NULL;
    }
    return err;
}

static bool upload_is_too_long(const uh_file_upload_t *upload, uint64_t size)
{
    return upload->max_size != 0 && size > upload->max_size;
}

int uh_file_upload_open(uh_file_upload_t *upload, int64_t length, uint64_t max_size)
{
    bool exists;
    upload->max_size = max_size;
    if (length > 0 && upload_is_too_long(upload, (uint64_t)length)) {
        return EFBIG;
    }
    int err = upload_check_target(upload, &exists);
    if (err == 0) {
        err = upload_start_hash(upload);
    }
    if (err != 0) {
        return err;
    }
    /* An upload that fails just now may take back the directory that it has made. */
    for (int tries = 0; tries == 0 || (err == ENOENT && tries < 3); tries++) {
        err = prepare_directory(upload, length);
        err = err == 0 ? upload_create(upload) : err;
    }
    return err;
}

/* --- the body ----------------------------------------------------------------------------------------------------- */

int uh_file_upload_write(uh_file_upload_t *upload, const void *data, size_t len)
{
    upload->size += len;
    if (upload_is_too_long(upload, upload->size)) {
        return EFBIG;
    }
    if (mbedtls_md_update(&upload->hash, data, len) != 0) {
        return EIO;
    }
    return upload->storage->write(upload->file, data, len);
}

static int upload_close_file(uh_file_upload_t *upload)
{
    void *file = upload->file;
    upload->file = NULL;
    return file != NULL ? upload->storage->close(file) : 0;
}

static bool is_there(const uh_file_upload_t *upload)
{
    uhttpd_file_info_t info;
    return upload->storage->stat(upload->path, &info) == 0;
}

/* FAT replaces no file: the old one goes, then the new one comes, and a power cut between the two must not cost both. So
 * by then the new one has a name that is no leftover's. */
static int upload_replace(uh_file_upload_t *upload)
{
    const uhttpd_storage_t *storage = upload->storage;
    char *kept = strdup(upload->claim.path);
    if (kept == NULL) {
        return ENOMEM;
    }
    uh_file_name_as_kept(kept);
    int err = storage->rename(upload->claim.path, kept);
    if (err == 0) {
        upload->created = false;
        err = storage->rename(kept, upload->path);
        if (err != 0 && is_there(upload)) {
            storage->remove(kept);
        }
    }
    free(kept);
    return err;
}

int uh_file_upload_commit(uh_file_upload_t *upload, const uint8_t *wanted, bool *replaced)
{
    if (mbedtls_md_finish(&upload->hash, upload->digest) != 0) {
        return EIO;
    }
    if (wanted != NULL && memcmp(wanted, upload->digest, UH_DIGEST_SIZE) != 0) {
        return EILSEQ;
    }
    int err = upload_close_file(upload);
    if (err == 0) {
        err = upload_check_target(upload, replaced);
    }
    if (err == 0) {
        err = *replaced ? upload_replace(upload) : upload->storage->rename(upload->claim.path, upload->path);
    }
    if (err == 0) {
        upload->created = false;
        upload->made = 0;
    }
    return err;
}

static void remove_traces(uh_file_upload_t *upload)
{
    upload_close_file(upload);
    if (upload->created) {
        upload->storage->remove(upload->claim.path);
    }
    if (upload->made > 0) {
        *strrchr(upload->path, '/') = '\0';
        uh_file_directory_unmake(upload->storage, upload->path, upload->made);
    }
}

void uh_file_upload_end(uh_file_upload_t *upload)
{
    if (upload->path != NULL) {
        remove_traces(upload);
    }
    mbedtls_md_free(&upload->hash);
    uh_file_claim_release(&upload->claim);
    free(upload->path);
    upload->path = NULL;
}

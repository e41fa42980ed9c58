/* SPDX-License-Identifier: MIT */
#include "files/change.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "files/storage.h"
#include "uhttpd_digest.h"
#include "uhttpd_os.h"

#define KEPT_MAX 4 /* uploads; one more ends the oldest */

struct uhttpd_upload {
    const uhttpd_storage_t *storage;
    char *path; /* of the file that it becomes, in the heap */
    uhttpd_claim_t claim;
    uh_temporary_t *temporary; /* the name until then */
    bool created;              /* the temporary file exists */
    void *file;
    bool is_open;
    bool rereads;  /* what was kept must be read before more is written */
    unsigned made; /* how many directories were made for it */
    uint64_t size; /* bytes so far */
    uint64_t max_size;
    int64_t modified;      /* 0: when it is written */
    uhttpd_sha256_t *hash; /* NULL: no digest is wanted */
    uint8_t digest[UHTTPD_SHA256_SIZE];
    uint64_t until; /* a kept upload ends at this time */
    struct uhttpd_upload *next;
};

static uhttpd_upload_t *s_kept; /* interrupted ones that may continue, the newest first; under the global lock */

const char *uhttpd_upload_path(const uhttpd_upload_t *upload)
{
    return upload->path;
}

uint64_t uhttpd_upload_size(const uhttpd_upload_t *upload)
{
    return upload->size;
}

const uint8_t *uhttpd_upload_digest(const uhttpd_upload_t *upload)
{
    return upload->digest;
}

/* --- beginning and end -------------------------------------------------------------------------------------------- */

static void free_upload(uhttpd_upload_t *upload)
{
    uhttpd_sha256_free(upload->hash);
    if (upload->temporary != NULL) {
        uh_temporary_free(upload->temporary);
    }
    uh_claim_release(&upload->claim);
    free(upload->path);
    free(upload);
}

int uh_upload_begin(const uhttpd_storage_t *storage, char *path, uhttpd_upload_t **upload)
{
    uhttpd_upload_t *begun = *upload = calloc(1, sizeof(*begun));
    if (begun == NULL) {
        free(path);
        return ENOMEM;
    }
    begun->storage = storage;
    begun->path = path;
    bool claimed = uh_claim_take(&begun->claim, path, UH_CLAIM_UPLOAD);
    begun->temporary = claimed ? uh_temporary_create(path) : NULL;
    if (begun->temporary == NULL) {
        free_upload(begun);
        *upload = NULL;
        return claimed ? ENOMEM : EBUSY;
    }
    return 0;
}

int uhttpd_upload_begin(const uhttpd_storage_t *storage, const char *path, uhttpd_upload_t **upload)
{
    char *identity;
    size_t len = strlen(path);
    *upload = NULL;
    if (len > 0 && path[len - 1] == '/') {
        return EISDIR;
    }
    int err = uh_file_identity(storage, path, &identity);
    return err == 0 ? uh_upload_begin(storage, identity, upload) : err;
}

static int close_temporary(uhttpd_upload_t *upload)
{
    if (!upload->is_open) {
        return 0;
    }
    upload->is_open = false;
    return upload->storage->close(upload->file);
}

/* In the heap; NULL without memory. */
static char *directory_of(const uhttpd_upload_t *upload)
{
    size_t len = (size_t)(strrchr(upload->path, '/') - upload->path);
    return strndup(upload->path, len > 0 ? len : 1);
}

void uhttpd_upload_end(uhttpd_upload_t *upload)
{
    if (upload == NULL) {
        return;
    }
    close_temporary(upload);
    if (upload->created) {
        upload->storage->remove(upload->temporary->path);
    }
    uh_file_directory_unmake(upload->storage, &upload->claim, upload->path, upload->made);
    free_upload(upload);
}

/* --- what is kept ------------------------------------------------------------------------------------------------- */

/* From here on its file is nobody's, and whoever claims the file finds it in the list.
 * @return the one for which there is no place any more; NULL: none */
static uhttpd_upload_t *add_kept(uhttpd_upload_t *upload)
{
    uhttpd_upload_t **link = &s_kept;
    uhttpd_os_global_lock();
    uh_claim_unlink(&upload->claim);
    upload->next = s_kept;
    s_kept = upload;
    for (int i = 0; *link != NULL && i < KEPT_MAX; i++) {
        link = &(*link)->next;
    }
    uhttpd_upload_t *oldest = *link;
    *link = NULL;
    uhttpd_os_global_unlock();
    return oldest;
}

typedef bool (*kept_test_t)(const uhttpd_upload_t *kept, const void *wanted);

static bool kept_is_of_file(const uhttpd_upload_t *kept, const void *upload)
{
    const uhttpd_upload_t *same = upload;
    return kept->storage == same->storage && strcmp(kept->path, same->path) == 0;
}

static bool kept_is_over(const uhttpd_upload_t *kept, const void *now)
{
    return kept->until <= *(const uint64_t *)now;
}

static bool kept_is_below(const uhttpd_upload_t *kept, const void *path)
{
    return uh_claim_covers(path, kept->path) && strcmp(path, kept->path) != 0;
}

/* Takes one from the list. */
static uhttpd_upload_t *take_kept(kept_test_t test, const void *wanted)
{
    uhttpd_upload_t **link = &s_kept, *kept;
    uhttpd_os_global_lock();
    while ((kept = *link) != NULL && !test(kept, wanted)) {
        link = &kept->next;
    }
    if (kept != NULL) {
        *link = kept->next;
    }
    uhttpd_os_global_unlock();
    return kept;
}

/* An upload whose last bytes the storage could not write is not continued. */
void uhttpd_upload_keep(uhttpd_upload_t *upload, uint32_t keep_ms)
{
    if (upload != NULL && close_temporary(upload) == 0 && upload->created) {
        uhttpd_sha256_free(upload->hash);
        upload->hash = NULL;
        upload->made = 0; /* the directories stay */
        upload->until = uhttpd_os_now() + keep_ms;
        upload = add_kept(upload);
    }
    uhttpd_upload_end(upload);
}

static void end_all_kept(kept_test_t test, const void *wanted)
{
    for (uhttpd_upload_t *kept; (kept = take_kept(test, wanted)) != NULL;) {
        uhttpd_upload_end(kept);
    }
}

void uh_upload_end_kept(void)
{
    end_all_kept(kept_is_over, &(uint64_t) {uhttpd_os_now()});
}

void uh_upload_end_kept_below(const char *path)
{
    end_all_kept(kept_is_below, path);
}

/* --- before the contents ------------------------------------------------------------------------------------------ */

static int check_target(uhttpd_upload_t *upload, bool *exists)
{
    uhttpd_file_info_t info;
    int err = upload->storage->stat(upload->path, &info);
    *exists = err == 0;
    if (err == 0 && info.is_directory) {
        return EISDIR;
    }
    return err == ENOENT ? 0 : err;
}

static int prepare_directory(uhttpd_upload_t *upload, const uhttpd_upload_config_t *config)
{
    char *directory = directory_of(upload);
    unsigned made = 0;
    if (directory == NULL) {
        return ENOMEM;
    }
    int err = config->makes_directories ? uh_file_directory_make(upload->storage, directory, &made) : 0;
    upload->made += made;
    if (err == 0 && config->checks_space) { /* the old file takes its room until the new one is in its place */
        err = uh_file_directory_room(upload->storage, directory, config->length);
    }
    free(directory);
    return err;
}

static int start_hash(uhttpd_upload_t *upload)
{
    upload->hash = uhttpd_sha256_begin();
    return upload->hash != NULL ? 0 : ENOMEM;
}

static int open_temporary(uhttpd_upload_t *upload, uhttpd_file_mode_t mode)
{
    int err = upload->storage->open(upload->temporary->path, mode, &upload->file);
    upload->is_open = err == 0;
    upload->created = upload->created || upload->is_open;
    return err;
}

/* Before it has any contents: whoever may not read the old file may not read the new one either. */
static int copy_permissions(const uhttpd_upload_t *upload)
{
    const uhttpd_storage_t *storage = upload->storage;
    return storage->copy_mode != NULL ? storage->copy_mode(upload->path, upload->temporary->path) : 0;
}

/* No other upload has this name. Whatever has it was left by a power cut. */
static int create_temporary(uhttpd_upload_t *upload)
{
    uh_file_clear(upload->storage, upload->temporary->path, upload->path);
    return open_temporary(upload, UHTTPD_FILE_CREATE);
}

static bool is_too_long(const uhttpd_upload_t *upload, uint64_t size)
{
    return upload->max_size != 0 && size > upload->max_size;
}

static int make_temporary(uhttpd_upload_t *upload, const uhttpd_upload_config_t *config)
{
    int err;
    int tries = 0;
    do { /* another upload that fails may remove the directory that it made */
        err = prepare_directory(upload, config);
        err = err == 0 ? create_temporary(upload) : err;
    } while (err == ENOENT && config->makes_directories && ++tries < 3);
    return err == 0 ? copy_permissions(upload) : err;
}

/* It may be the beginning of the file if it is not too long. The digest tells whether it is. */
static bool open_kept(uhttpd_upload_t *upload, int64_t length)
{
    uhttpd_file_info_t info;
    bool fits = upload->storage->stat(upload->temporary->path, &info) == 0 && !info.is_directory && info.size > 0 &&
                (length < 0 || info.size <= (uint64_t)length);
    return fits && open_temporary(upload, UHTTPD_FILE_READ) == 0;
}

/* The kept file of the same path becomes the temporary file. A client that does not resume overwrites it. */
static void adopt_kept(uhttpd_upload_t *upload, const uhttpd_upload_config_t *config)
{
    uhttpd_upload_t *kept = take_kept(kept_is_of_file, upload);
    if (kept != NULL) {
        uh_temporary_t *own = upload->temporary;
        upload->temporary = kept->temporary;
        upload->created = true;
        kept->temporary = own;
        kept->created = false;
        uhttpd_upload_end(kept);
        upload->rereads = config->resumes && open_kept(upload, config->length);
    }
}

int uhttpd_upload_open(uhttpd_upload_t *upload, const uhttpd_upload_config_t *config)
{
    bool exists;
    upload->max_size = config->max_size;
    upload->modified = config->modified;
    if (config->length > 0 && is_too_long(upload, (uint64_t)config->length)) {
        return EFBIG;
    }
    int err = check_target(upload, &exists);
    if (err == 0 && config->has_digest) {
        err = start_hash(upload);
    }
    if (err != 0) {
        return err;
    }
    uh_upload_end_kept();
    adopt_kept(upload, config);
    return upload->rereads ? 0 : make_temporary(upload, config);
}

/* --- the contents ------------------------------------------------------------------------------------------------- */

static int hash_piece(uhttpd_upload_t *upload, const void *data, size_t len)
{
    return upload->hash != NULL && !uhttpd_sha256_add(upload->hash, data, len) ? EIO : 0;
}

int uhttpd_upload_reread(uhttpd_upload_t *upload, void *buf, size_t size, bool *more)
{
    size_t got = 0;
    *more = false;
    if (!upload->rereads) {
        return 0;
    }
    int err = upload->storage->read(upload->file, buf, size, &got);
    if (err == 0 && got > 0) {
        upload->size += got;
        *more = true;
        return hash_piece(upload, buf, got);
    }
    upload->rereads = false;
    close_temporary(upload);
    return err == 0 ? open_temporary(upload, UHTTPD_FILE_APPEND) : err;
}

int uhttpd_upload_write(uhttpd_upload_t *upload, const void *data, size_t len)
{
    upload->size += len;
    if (is_too_long(upload, upload->size)) {
        return EFBIG;
    }
    int err = hash_piece(upload, data, len);
    return err == 0 ? upload->storage->write(upload->file, data, len) : err;
}

/* --- the commit --------------------------------------------------------------------------------------------------- */

static int check_digest(uhttpd_upload_t *upload, const uint8_t *wanted)
{
    if (upload->hash != NULL && !uhttpd_sha256_end(upload->hash, upload->digest)) {
        return EIO;
    }
    return wanted != NULL && memcmp(wanted, upload->digest, UHTTPD_SHA256_SIZE) != 0 ? EILSEQ : 0;
}

static int set_time(const uhttpd_upload_t *upload)
{
    const uhttpd_storage_t *storage = upload->storage;
    if (upload->modified == 0 || storage->set_modified == NULL) {
        return 0;
    }
    int err = storage->set_modified(upload->temporary->path, upload->modified);
    return err == ENOSYS ? 0 : err;
}

/* The file must be as long as what was written: a write may have fallen short, and others may have cut the file. */
static int check_written(uhttpd_upload_t *upload, uhttpd_file_info_t *info)
{
    int err = close_temporary(upload);
    if (err == 0) {
        err = set_time(upload);
    }
    if (err == 0) {
        err = upload->storage->stat(upload->temporary->path, info);
    }
    return err == 0 && info->size != upload->size ? EIO : err;
}

static int put_in_place(uhttpd_upload_t *upload, const uhttpd_file_info_t *info)
{
    bool left;
    if (!uh_claim_change(&upload->claim)) {
        return EBUSY;
    }
    const char *temporary = upload->temporary->path;
    int err = uh_file_replace(upload->storage, temporary, info, upload->path, temporary, &left);
    if (err == 0 || left) {
        upload->created = false;
        upload->made = 0;
    }
    return err;
}

int uhttpd_upload_commit(uhttpd_upload_t *upload, const uint8_t *wanted, bool *replaced)
{
    uhttpd_file_info_t info;
    bool exists;
    int err = check_digest(upload, wanted);
    if (err == 0) {
        err = check_written(upload, &info);
    }
    if (err == 0) {
        err = check_target(upload, &exists);
    }
    if (err == 0) {
        err = put_in_place(upload, &info);
    }
    if (replaced != NULL) {
        *replaced = err == 0 && exists;
    }
    return err;
}

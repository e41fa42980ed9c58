/* SPDX-License-Identifier: MIT */
#include "files/replace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "files/claim.h"
#include "files/identity.h"
#include "files/join.h"

#define NOTE_MAX 8192 /* bytes */
#define PIECE 1024    /* bytes that are copied at a time */

/* What a note is about. FAT's directory may name one file twice when the power goes while it is renamed; of a copy that
 * is known not to be so. */
typedef enum { NOTE_BAD = 0, NOTE_FILE = 'f', NOTE_COPY = 'c' } note_kind_t;

typedef struct {
    note_kind_t kind;
    char *from, *to; /* in the heap */
} note_t;

/* --- notes -------------------------------------------------------------------------------------------------------- */

static const char *name_in(const char *path)
{
    return strrchr(path, '/') + 1;
}

/* As it is written: names that lie beside the note without their directory, which may be mounted elsewhere next time. */
static const char *path_in_note(const char *path, const char *note)
{
    size_t len = (size_t)(name_in(note) - note);
    return strncmp(path, note, len) == 0 && strchr(path + len, '/') == NULL ? path + len : path;
}

static int write_note(const uhttpd_storage_t *storage, const char *note, note_kind_t kind, const char *from,
                      const char *to)
{
    from = path_in_note(from, note);
    to = path_in_note(to, note);
    const char first = (char)kind;
    size_t from_size = strlen(from) + 1, to_size = strlen(to) + 1;
    char *text = UH_JOIN({&first, 1}, {from, from_size}, {to, to_size});
    if (text == NULL) {
        return ENOMEM;
    }
    void *file;
    int err = storage->open(note, UHTTPD_FILE_WRITE, &file);
    if (err == 0) {
        err = storage->write(file, text, 1 + from_size + to_size);
        int close_err = storage->close(file);
        err = err != 0 ? err : close_err;
        if (err != 0) {
            storage->remove(note);
        }
    }
    free(text);
    return err;
}

static char *path_from_note(const char *name, const char *note)
{
    size_t directory = *name == '/' ? 0 : (size_t)(name_in(note) - note);
    return UH_JOIN({note, directory}, UH_PIECE(name));
}

/* One that was not written to its end is bad. */
static void take_note_apart(const char *text, size_t len, const char *note, note_t *taken)
{
    const char *from = text + 1, *to = len > 1 ? from + strnlen(from, len - 1) + 1 : NULL;
    size_t to_len = to != NULL && to < text + len ? strnlen(to, (size_t)(text + len - to)) : 0;
    bool whole = to_len > 0 && text[len - 1] == '\0' && to + to_len + 1 == text + len && *from != '\0';
    if (whole && (text[0] == NOTE_FILE || text[0] == NOTE_COPY)) {
        taken->kind = (note_kind_t)text[0];
        taken->from = path_from_note(from, note);
        taken->to = path_from_note(to, note);
    }
}

static int read_whole(const uhttpd_storage_t *storage, const char *path, char *buf, size_t size, size_t *len)
{
    void *file;
    size_t got = 1;
    int err = storage->open(path, UHTTPD_FILE_READ, &file);
    if (err != 0) {
        return err;
    }
    for (*len = 0; err == 0 && got > 0 && *len < size; *len += got) {
        err = storage->read(file, buf + *len, size - *len, &got);
    }
    storage->close(file);
    return err;
}

/* @return 0 for a bad one, too; an errno if it cannot be read now */
static int read_note(const uhttpd_storage_t *storage, const char *note, note_t *taken)
{
    *taken = (note_t) {0};
    uhttpd_file_info_t info;
    size_t len;
    int err = storage->stat(note, &info);
    if (err != 0 || info.size > NOTE_MAX) {
        return err;
    }
    char *text = malloc((size_t)info.size + 1);
    err = text != NULL ? read_whole(storage, note, text, (size_t)info.size, &len) : ENOMEM;
    if (err == 0) {
        take_note_apart(text, len, note, taken);
        err = taken->kind != NOTE_BAD && (taken->from == NULL || taken->to == NULL) ? ENOMEM : 0;
    }
    free(text);
    return err;
}

static void free_note(note_t *note)
{
    free(note->from);
    free(note->to);
}

/* --- replacing ---------------------------------------------------------------------------------------------------- */

static bool path_leads_somewhere(const uhttpd_storage_t *storage, const char *path)
{
    uhttpd_file_info_t info;
    return !uh_file_is_absent(storage->stat(path, &info));
}

static void remove_for_sure(const uhttpd_storage_t *storage, const char *path)
{
    if (storage->remove(path) != 0) {
        storage->remove(path);
    }
}

static int replace_with_note(const uhttpd_storage_t *storage, const char *from, const char *to, const char *note,
                             bool replaces, bool *left)
{
    int err = write_note(storage, note, NOTE_FILE, from, to);
    if (err != 0) {
        return err;
    }
    err = storage->rename(from, to);
    if (err != 0 && replaces && !path_leads_somewhere(storage, to)) { /* the old one has gone */
        err = storage->rename(from, to);
        *left = err != 0;
    }
    if (!*left) {
        remove_for_sure(storage, note);
    }
    return err;
}

int uh_file_replace(const uhttpd_storage_t *storage, const char *from, const uhttpd_file_info_t *info, const char *to,
                    const char *temporary, bool *left)
{
    *left = false;
    if (info->is_directory || (info->traits & UHTTPD_STORAGE_REPLACES)) {
        return storage->rename(from, to);
    }
    bool replaces = path_leads_somewhere(storage, to);
    if (!replaces && info->size == 0) { /* nothing can be lost, not even on a disk that is full */
        return storage->rename(from, to);
    }
    char *note = uh_temporary_with(temporary, uh_temporary_note);
    int err = note != NULL ? replace_with_note(storage, from, to, note, replaces, left) : ENOMEM;
    free(note);
    return err;
}

int uh_file_move(const uhttpd_storage_t *storage, const char *from, const char *to)
{
    uhttpd_file_info_t info;
    bool left;
    if (storage->stat(from, &info) != 0) {
        return storage->rename(from, to); /* such as a link that leads nowhere */
    }
    uh_temporary_t *temporary = uh_temporary_create(to);
    if (temporary == NULL) {
        return ENOMEM;
    }
    int err = uh_file_replace(storage, from, &info, to, temporary->path, &left);
    uh_temporary_free(temporary);
    return err;
}

/* Of two paths that are one, or one in the other, one claim is enough; the storage says what it thinks of them. */
static int rename_claimed(const uhttpd_storage_t *storage, const char *from, const char *to, const char *target)
{
    uhttpd_claim_t claim;
    if (uh_claim_covers(from, target) || uh_claim_covers(target, from)) {
        return storage->rename(from, to);
    }
    if (!uh_claim_take(&claim, target, UH_CLAIM_CHANGE)) {
        return EBUSY;
    }
    int err = uh_file_move(storage, from, target);
    uh_claim_release(&claim);
    return err;
}

int uhttpd_claimed_rename(const uhttpd_storage_t *storage, const char *from, const char *to)
{
    uhttpd_claim_t *claim;
    char *target;
    int err = uh_file_identity(storage, to, &target);
    if (err != 0) {
        return err;
    }
    err = uhttpd_claim_change(storage, from, &claim);
    if (err == 0) {
        err = rename_claimed(storage, claim->path, to, target);
        uhttpd_claim_release(claim);
    }
    free(target);
    return err;
}

/* --- after a power cut -------------------------------------------------------------------------------------------- */

static bool pieces_are_equal(const uhttpd_storage_t *storage, void *one, void *other, char *buf)
{
    size_t got_one, got_other;
    do {
        if (storage->read(one, buf, PIECE, &got_one) != 0) {
            return false;
        }
        for (size_t at = 0; at < got_one; at += got_other) {
            if (storage->read(other, buf + PIECE, got_one - at, &got_other) != 0 || got_other == 0 ||
                memcmp(buf + at, buf + PIECE, got_other) != 0) {
                return false;
            }
        }
    } while (got_one > 0);
    return true;
}

/* Two names of one file, or, which comes to the same, two files with one content. */
static bool contents_are_equal(const uhttpd_storage_t *storage, const char *one, const char *other, char *buf)
{
    void *one_file, *other_file;
    if (storage->open(one, UHTTPD_FILE_READ, &one_file) != 0) {
        return false;
    }
    bool equal = storage->open(other, UHTTPD_FILE_READ, &other_file) == 0;
    if (equal) {
        equal = pieces_are_equal(storage, one_file, other_file, buf);
        storage->close(other_file);
    }
    storage->close(one_file);
    return equal;
}

static int copy_pieces(const uhttpd_storage_t *storage, void *from, void *to, char *buf)
{
    size_t got;
    int err;
    do {
        err = storage->read(from, buf, PIECE, &got);
        if (err == 0 && got > 0) {
            err = storage->write(to, buf, got);
        }
    } while (err == 0 && got > 0);
    return err;
}

static int copy_file(const uhttpd_storage_t *storage, const char *from, const char *to, char *buf)
{
    void *from_file, *to_file;
    int err = storage->open(from, UHTTPD_FILE_READ, &from_file);
    if (err != 0) {
        return err;
    }
    err = storage->open(to, UHTTPD_FILE_WRITE, &to_file);
    if (err == 0) {
        err = copy_pieces(storage, from_file, to_file, buf);
        int close_err = storage->close(to_file);
        err = err != 0 ? err : close_err;
    }
    storage->close(from_file);
    return err;
}

/* From here on the copy is the file: whatever blocks both names had, only it has blocks of its own for sure. */
static int replace_by_copy(const uhttpd_storage_t *storage, const note_t *note, const char *path, const char *copy,
                           const char *copy_note)
{
    int err = write_note(storage, copy_note, NOTE_COPY, copy, note->to);
    if (err == 0) {
        storage->remove(note->from);
        storage->remove(path);
        err = storage->rename(copy, note->to);
    }
    if (err == 0) {
        storage->remove(copy_note);
    }
    return err;
}

static int settle_doubtful(const uhttpd_storage_t *storage, const note_t *note, const char *path, char *buf)
{
    uh_temporary_t *copy = uh_temporary_create(path);
    char *copy_note = copy != NULL ? uh_temporary_with(copy->path, uh_temporary_note) : NULL;
    int err = copy_note != NULL ? copy_file(storage, note->from, copy->path, buf) : ENOMEM;
    err = err == 0 ? replace_by_copy(storage, note, path, copy->path, copy_note) : err;
    free(copy_note);
    if (copy != NULL) {
        uh_temporary_free(copy);
    }
    return err;
}

/* Both are there: the old one has not gone, or both names are those of the new one. */
static int settle_two(const uhttpd_storage_t *storage, const note_t *note, const char *path)
{
    char *buf = malloc(2 * PIECE);
    if (buf == NULL) {
        return ENOMEM;
    }
    int err = 0;
    if (contents_are_equal(storage, note->from, note->to, buf)) {
        err = settle_doubtful(storage, note, path, buf);
    } else if (uh_file_is_temporary(name_in(note->from))) {
        err = storage->remove(note->from);
    }
    free(buf);
    return err;
}

static int settle_note(const uhttpd_storage_t *storage, const note_t *note, const char *path)
{
    if (note->kind == NOTE_BAD || !path_leads_somewhere(storage, note->from)) {
        return 0;
    }
    if (note->kind == NOTE_COPY || !path_leads_somewhere(storage, note->to)) {
        return storage->rename(note->from, note->to);
    }
    return settle_two(storage, note, path);
}

static void settle_path(const uhttpd_storage_t *storage, const char *path, const char *claimed)
{
    note_t note;
    uhttpd_claim_t *claim = NULL;
    if (read_note(storage, path, &note) == 0) {
        bool own = note.kind == NOTE_BAD || (claimed != NULL && strcasecmp(note.to, claimed) == 0);
        int err = own ? 0 : uhttpd_claim_change(storage, note.to, &claim);
        if (err == 0 && settle_note(storage, &note, path) == 0) {
            storage->remove(path);
        }
    }
    uhttpd_claim_release(claim);
    free_note(&note);
}

bool uh_file_has_note(const uhttpd_storage_t *storage, const char *temporary)
{
    char *note = uh_temporary_with(temporary, uh_temporary_note);
    bool has = note == NULL || path_leads_somewhere(storage, note);
    free(note);
    return has;
}

void uh_file_clear(const uhttpd_storage_t *storage, const char *path, const char *claimed)
{
    char *file = uh_temporary_with(path, uh_temporary_file), *note = uh_temporary_with(path, uh_temporary_note);
    if (file != NULL && note != NULL) {
        bool has_note = path_leads_somewhere(storage, note);
        if (has_note) {
            settle_path(storage, note, claimed);
            has_note = path_leads_somewhere(storage, note);
        }
        if (!has_note) {
            storage->remove(uh_temporary_is(name_in(path), uh_temporary_note) ? file : path);
        }
    }
    free(file);
    free(note);
}

/* SPDX-License-Identifier: MIT */
#include "files/change.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "files/storage.h"

#define NOTE_MAX 4096 /* bytes */
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

static int write_string(const uhttpd_storage_t *storage, void *file, const char *string)
{
    return storage->write(file, string, strlen(string) + 1);
}

/* @return what went wrong first */
static int close_written(const uhttpd_storage_t *storage, void *file, int err)
{
    int close_err = storage->close(file);
    return err != 0 ? err : close_err;
}

static int write_note(const uhttpd_storage_t *storage, const char *note, note_kind_t kind, const char *from,
                      const char *to)
{
    const char first = (char)kind;
    void *file;
    int err = storage->open(note, UHTTPD_FILE_WRITE, &file);
    if (err != 0) {
        return err;
    }
    err = storage->write(file, &first, 1);
    err = err == 0 ? write_string(storage, file, path_in_note(from, note)) : err;
    err = err == 0 ? write_string(storage, file, path_in_note(to, note)) : err;
    err = close_written(storage, file, err);
    if (err != 0) {
        storage->remove(note);
    }
    return err;
}

static char *path_from_note(const char *name, const char *note)
{
    if (*name == '/') {
        return strdup(name);
    }
    char *path = UH_JOIN(note, name);
    if (path != NULL) { /* the name takes the place of the note's */
        memmove(path + (name_in(note) - note), path + strlen(note), strlen(name) + 1);
    }
    return path;
}

/* One that was not written to its end is bad. @param text  ends with a NUL of its own */
static int take_note_apart(const char *text, size_t len, const char *note, note_t *taken)
{
    const char *from = text + 1, *to = from + strlen(from) + 1, *end = text + len;
    bool known = text[0] == NOTE_FILE || text[0] == NOTE_COPY;
    if (!known || *from == '\0' || to >= end || *to == '\0' || to + strlen(to) + 1 != end) {
        return 0;
    }
    taken->kind = (note_kind_t)text[0];
    taken->from = path_from_note(from, note);
    taken->to = path_from_note(to, note);
    return taken->from != NULL && taken->to != NULL ? 0 : ENOMEM;
}

/* As much as there is, and has room: a read may give less. */
static int read_fully(const uhttpd_storage_t *storage, void *file, char *buf, size_t size, size_t *len)
{
    size_t got = 1;
    int err = 0;
    for (*len = 0; err == 0 && got > 0 && *len < size; *len += got) {
        err = storage->read(file, buf + *len, size - *len, &got);
    }
    return err;
}

/* @return 0 for a bad one, too; an errno if it cannot be read now */
static int read_note(const uhttpd_storage_t *storage, const char *note, note_t *taken)
{
    *taken = (note_t) {0};
    void *file;
    size_t len = 0;
    int err = storage->open(note, UHTTPD_FILE_READ, &file);
    if (err != 0) {
        return err;
    }
    char *text = calloc(1, NOTE_MAX + 2); /* a text too long is not whole */
    err = text != NULL ? read_fully(storage, file, text, NOTE_MAX, &len) : ENOMEM;
    storage->close(file);
    err = err == 0 ? take_note_apart(text, len, note, taken) : err;
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
    if (!*left && storage->remove(note) != 0) {
        storage->remove(note); /* one that stayed would be heeded after the next start */
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

/* --- after a power cut -------------------------------------------------------------------------------------------- */

/* Whether both have one content. @param buf  room for a piece of each */
static int compare_pieces(const uhttpd_storage_t *storage, void *one, void *other, char *buf, bool *equal)
{
    size_t len, other_len = 0;
    int err;
    do {
        err = read_fully(storage, one, buf, PIECE, &len);
        err = err == 0 ? read_fully(storage, other, buf + PIECE, PIECE, &other_len) : err;
        *equal = err == 0 && len == other_len && memcmp(buf, buf + PIECE, len) == 0;
    } while (*equal && len > 0);
    return err;
}

static int copy_pieces(const uhttpd_storage_t *storage, void *from, void *to, char *buf)
{
    size_t len;
    int err;
    do {
        err = read_fully(storage, from, buf, PIECE, &len);
        err = err == 0 && len > 0 ? storage->write(to, buf, len) : err;
    } while (err == 0 && len > 0);
    return err;
}

/* Compares two files, or copies one to the other if @p equal is NULL. */
static int read_two(const uhttpd_storage_t *storage, const char *one, const char *other, bool *equal)
{
    void *one_file, *other_file;
    char *buf = malloc(2 * PIECE);
    int err = buf != NULL ? storage->open(one, UHTTPD_FILE_READ, &one_file) : ENOMEM;
    if (err == 0) {
        err = storage->open(other, equal != NULL ? UHTTPD_FILE_READ : UHTTPD_FILE_WRITE, &other_file);
        if (err == 0) {
            err = equal != NULL ? compare_pieces(storage, one_file, other_file, buf, equal)
                                : copy_pieces(storage, one_file, other_file, buf);
            err = close_written(storage, other_file, err);
        }
        storage->close(one_file);
    }
    free(buf);
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

static int settle_doubtful(const uhttpd_storage_t *storage, const note_t *note, const char *path)
{
    uh_temporary_t *copy = uh_temporary_create(path);
    char *copy_note = copy != NULL ? uh_temporary_with(copy->path, uh_temporary_note) : NULL;
    int err = copy_note != NULL ? read_two(storage, note->from, copy->path, NULL) : ENOMEM;
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
    bool equal = false;
    int err = read_two(storage, note->from, note->to, &equal);
    if (err == 0 && equal) {
        return settle_doubtful(storage, note, path);
    }
    return err == 0 && uhttpd_name_is_temporary(name_in(note->from)) ? storage->remove(note->from) : err;
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
        int err = own ? 0 : uh_claim_make(storage, note.to, UH_CLAIM_CHANGE, &claim);
        if (err == 0 && settle_note(storage, &note, path) == 0) {
            storage->remove(path);
        }
    }
    uhttpd_claim_release(claim);
    free_note(&note);
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

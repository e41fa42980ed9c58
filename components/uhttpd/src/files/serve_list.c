/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "files/path.h"
#include "files/serve.h"
#include "files/reply.h"
#include "files/change.h"
#include "http/text.h"
#include "uhttpd_stream.h"

/*
 * A directory as JSON, written entry by entry, so that it takes the same memory however many entries there are. The
 * list is unsorted. It has whatever a client can ask for.
 */
#define NAME_SIZE 256 /* bytes, NUL included: what file systems allow */
#define ESCAPE 3      /* bytes for each */

typedef struct {
    const uh_file_tree_t *tree;
    void *dir;
    bool exact;      /* any name means itself there */
    size_t root_len; /* of the tree, in path */
    size_t dir_len;  /* of the directory, in path, with a slash at its end */
    char *path;      /* in the storage, with room for a name */
    enum { LIST_PARENT, LIST_ENTRIES, LIST_END, LIST_OVER } stage;
    bool separated; /* the next entry has one before it */
    size_t at;      /* what of the text has been sent */
    uh_text_t text; /* one entry at a time */
    char entry[];
} list_t;

/* --- one piece at a time ------------------------------------------------------------------------------------------ */

static void list_add_beginning(uh_text_t *text, const char *path)
{
    uh_text_add(text, "{\"path\": ");
    uh_text_json(text, path);
    uh_text_add(text, ", \"list\": [");
}

static void list_add_escaped(uh_text_t *text, const char *name)
{
    static const char digits[] = "0123456789ABCDEF";
    for (; *name != '\0'; name++) {
        uint8_t byte = (uint8_t)*name;
        char escape[] = {'%', digits[byte >> 4], digits[byte & 15]};
        bool plain = isalnum(byte) || byte == '.';
        uh_text_bytes(text, plain ? name : escape, plain ? 1 : ESCAPE);
    }
}

/* JSON is text: a name that is none has its URL, too. */
static void list_add_name(uh_text_t *text, const char *name)
{
    uh_text_json(text, name);
    if (!uh_utf8_is_whole(name, strlen(name))) {
        uh_text_add(text, ", \"url\": \"");
        list_add_escaped(text, name);
        uh_text_add(text, "\"");
    }
}

static void list_add_entry(uh_text_t *text, bool separated, const char *name, const uhttpd_file_info_t *info)
{
    uh_text_add(text, separated ? ",\n{\"path\": " : "\n{\"path\": ");
    list_add_name(text, name);
    uh_text_add(text,
                info->is_directory ? ", \"type\": \"directory\", \"size\": " : ", \"type\": \"file\", \"size\": ");
    uh_text_decimal(text, info->is_directory ? 0 : info->size, 1);
    if (info->modified > 0) {
        uh_text_add(text, ", \"modified\": ");
        uh_text_decimal(text, (uint64_t)info->modified, 1);
    }
    uh_text_add(text, "}");
}

static void list_add_next(list_t *list, const char *name, const uhttpd_file_info_t *info)
{
    list_add_entry(&list->text, list->separated, name, info);
    list->separated = true;
}

/* Leaves out files that are just being received, and names and links that no URL can follow. */
static bool is_hidden(list_t *list, const uhttpd_file_info_t *info)
{
    const char *name = list->path + list->dir_len;
    if ((!info->is_directory && uhttpd_name_is_temporary(name)) || (!list->exact && !uh_file_path_is_clean(name))) {
        return true;
    }
    return info->is_link && uh_file_tree_confine(list->tree, list->path, list->root_len).status != 0;
}

/* @return errno */
static int add_next_entry(list_t *list)
{
    uhttpd_file_info_t info;
    char *name = list->path + list->dir_len;
    int err = list->tree->storage->read_directory(list->dir, name, NAME_SIZE, &info);
    if (err == ENOENT) {
        list->stage = LIST_END;
        return 0;
    }
    if (err == 0 && !is_hidden(list, &info)) {
        list_add_next(list, name, &info);
    }
    return err;
}

/* May write nothing. @return errno */
static int list_write_piece(list_t *list)
{
    int err = 0;
    list->at = list->text.len = 0;
    switch (list->stage) {
    case LIST_PARENT:
        list_add_next(list, "..", &(uhttpd_file_info_t) {.is_directory = true});
        list->stage = LIST_ENTRIES;
        break;
    case LIST_ENTRIES:
        err = add_next_entry(list);
        break;
    default:
        uh_text_add(&list->text, "\n]}\n");
        list->stage = LIST_OVER;
    }
    return uh_text_fits(&list->text) ? err : EOVERFLOW;
}

/* --- a source ----------------------------------------------------------------------------------------------------- */

static esp_err_t read_list(void *ctx, void *buf, size_t size, size_t *got)
{
    list_t *list = ctx;
    *got = 0;
    while (list->at == list->text.len && list->stage != LIST_OVER) {
        if (list_write_piece(list) != 0) {
            return ESP_FAIL;
        }
    }
    size_t left = list->text.len - list->at;
    *got = left < size ? left : size;
    memcpy(buf, list->text.at + list->at, *got);
    list->at += *got;
    return ESP_OK;
}

static void close_list(void *ctx, esp_err_t result)
{
    (void)result;
    list_t *list = ctx;
    list->tree->storage->close_directory(list->dir);
    free(list->path);
    free(list);
}

/* Bytes of the longest piece: the beginning, or an entry. */
static size_t list_room(const char *path)
{
    uh_text_t beginning = {0}, entry = {0};
    list_add_beginning(&beginning, path);
    list_add_entry(&entry, true, "\xff", &(uhttpd_file_info_t) {.size = UINT64_MAX, .modified = INT64_MAX});
    entry.len += (UH_TEXT_JSON_GROWTH + ESCAPE) * NAME_SIZE;
    return beginning.len > entry.len ? beginning.len : entry.len;
}

static list_t *serve_list_create(const uh_file_tree_t *tree, const uh_file_place_t *place, const char *path)
{
    size_t dir_len = strlen(place->path), room = list_room(path);
    list_t *list = malloc(sizeof(*list) + room);
    char *entry = malloc(dir_len + 1 + NAME_SIZE);
    if (list == NULL || entry == NULL) {
        free(list);
        free(entry);
        return NULL;
    }
    memcpy(entry, place->path, dir_len);
    if (entry[dir_len - 1] != '/') {
        entry[dir_len++] = '/';
    }
    bool at_root = strcmp(path, "/") == 0;
    *list = (list_t) {.tree = tree,
                      .exact = place->info.traits & UHTTPD_STORAGE_EXACT,
                      .root_len = place->root_len,
                      .dir_len = dir_len,
                      .path = entry,
                      .stage = at_root ? LIST_ENTRIES : LIST_PARENT,
                      .text = {.at = list->entry, .room = room}};
    list_add_beginning(&list->text, path);
    return list;
}

esp_err_t uh_serve_list(uhttpd_req_t *req, const uh_serve_t *serve, const uh_file_place_t *place, const char *path)
{
    list_t *list = serve_list_create(&serve->tree, place, path);
    if (list == NULL) {
        return uh_refuse(req, uh_refusal_of(ENOMEM));
    }
    int err = serve->tree.storage->open_directory(place->path, &list->dir);
    if (err != 0) {
        free(list->path);
        free(list);
        return uh_refuse(req, uh_refusal_of(err));
    }
    static const uhttpd_header_t headers[] = {
        {"Cache-Control", "no-store"}, /* nothing shows whether it has changed */
        {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
    };
    uhttpd_response_t response = {.mime = "application/json", .headers = headers, .header_count = 3};
    uhttpd_source_t source = {.read = read_list, .close = close_list, .ctx = list};
    if (uhttpd_write_from(req, -1, &source, &response) != ESP_OK) {
        close_list(list, ESP_FAIL);
        return uh_refuse(req, uh_refusal_of(ENOMEM));
    }
    return ESP_OK;
}

/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "files/serve.h"
#include "files/status.h"
#include "files/temporary.h"
#include "http/text.h"
#include "uhttpd_stream.h"

/*
 * A directory as JSON, written entry by entry, so that it takes the same memory however many entries there are. The
 * list is unsorted and complete. It includes names that no URL can have, because a disk may have them.
 */
#define NAME_SIZE 256 /* bytes, NUL included: what file systems allow */
#define AROUND 80     /* most bytes that an entry or the beginning has beside its name */

typedef struct {
    const uh_file_tree_t *tree;
    void *dir;
    size_t root_len; /* of the tree, in path */
    size_t dir_len;  /* of the directory, in path, with a slash at its end */
    char *path;      /* in the storage, with room for a name */
    enum { LIST_PARENT, LIST_ENTRIES, LIST_END, LIST_OVER } stage;
    bool separated; /* the next entry has one before it */
    size_t at, len; /* the part of text that waits to be sent */
    char text[];    /* one entry at a time */
} list_t;

/* --- one piece at a time ------------------------------------------------------------------------------------------ */

static void serve_list_add(list_t *list, const char *text)
{
    size_t len = strlen(text);
    memcpy(list->text + list->len, text, len);
    list->len += len;
}

static void add_name(list_t *list, const char *name)
{
    list->len += uh_json_text_write(name, strlen(name), list->text + list->len);
}

static void serve_list_add_entry(list_t *list, const char *name, const uhttpd_file_info_t *info)
{
    char size[UH_DECIMAL_SIZE];
    uh_decimal_write(info->is_directory ? 0 : info->size, size);
    serve_list_add(list, list->separated ? ",\n{\"path\": \"" : "\n{\"path\": \"");
    add_name(list, name);
    serve_list_add(list, info->is_directory ? "\", \"type\": \"directory\", \"size\": "
                                            : "\", \"type\": \"file\", \"size\": ");
    serve_list_add(list, size);
    serve_list_add(list, "}");
    list->separated = true;
}

/* Leaves out files that are just being received, and links that no URL can follow. */
static bool is_hidden(list_t *list, const uhttpd_file_info_t *info)
{
    const char *name = list->path + list->dir_len;
    if (!info->is_directory && uh_file_is_temporary(name)) {
        return true;
    }
    return info->is_link && uh_file_tree_confine(list->tree, list->path, list->root_len) != 0;
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
        serve_list_add_entry(list, name, &info);
    }
    return err;
}

/* May write nothing. @return errno */
static int serve_list_write_piece(list_t *list)
{
    list->at = list->len = 0;
    switch (list->stage) {
    case LIST_PARENT:
        serve_list_add_entry(list, "..", &(uhttpd_file_info_t) {.is_directory = true});
        list->stage = LIST_ENTRIES;
        return 0;
    case LIST_ENTRIES:
        return add_next_entry(list);
    default:
        serve_list_add(list, "\n]}\n");
        list->stage = LIST_OVER;
        return 0;
    }
}

/* --- a source ----------------------------------------------------------------------------------------------------- */

static esp_err_t read_list(void *ctx, void *buf, size_t size, size_t *got)
{
    list_t *list = ctx;
    *got = 0;
    while (list->at == list->len && list->stage != LIST_OVER) {
        if (serve_list_write_piece(list) != 0) {
            return ESP_FAIL;
        }
    }
    size_t left = list->len - list->at;
    *got = left < size ? left : size;
    memcpy(buf, list->text + list->at, *got);
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

static list_t *serve_list_create(const uh_file_tree_t *tree, const uh_file_place_t *place, const char *path)
{
    size_t name = strlen(path) > NAME_SIZE ? strlen(path) : NAME_SIZE;
    size_t dir_len = strlen(place->path);
    list_t *list = malloc(sizeof(*list) + UH_JSON_TEXT_GROWTH * name + AROUND);
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
                      .root_len = place->root_len,
                      .dir_len = dir_len,
                      .path = entry,
                      .stage = at_root ? LIST_ENTRIES : LIST_PARENT};
    serve_list_add(list, "{\"path\": \"");
    add_name(list, path);
    serve_list_add(list, "\", \"list\": [");
    return list;
}

esp_err_t uh_serve_list(uhttpd_req_t *req, const uh_serve_t *serve, const uh_file_place_t *place, const char *path)
{
    list_t *list = serve_list_create(&serve->tree, place, path);
    if (list == NULL) {
        return uh_file_refuse(req, 503);
    }
    int err = serve->tree.storage->open_directory(place->path, &list->dir);
    if (err != 0) {
        free(list->path);
        free(list);
        return uh_file_refuse(req, uh_file_status(err));
    }
    static const uhttpd_header_t headers[] = {
        {"Cache-Control", "no-store"}, /* nothing shows whether it has changed */
        {"X-Content-Type-Options", "nosniff"},
    };
    uhttpd_response_t response = {.mime = "application/json", .headers = headers, .header_count = 2};
    uhttpd_source_t source = {.read = read_list, .close = close_list, .ctx = list};
    if (uhttpd_write_from(req, -1, &source, &response) != ESP_OK) {
        close_list(list, ESP_FAIL);
        return uh_file_refuse(req, 503);
    }
    return ESP_OK;
}

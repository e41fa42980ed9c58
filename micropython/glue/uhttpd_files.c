/* SPDX-License-Identifier: MIT */
/* Files of MicroPython's VFS as the answer of a callback. Read only, in constant memory. */
#include "uhttpd_internal.h"

#include <string.h>

#include "py/builtin.h"
#include "py/mperrno.h"
#include "py/runtime.h"
#include "py/stream.h"
#include "py/unicode.h"

#include "extmod/vfs.h"

#define PIECE_SIZE 4096 /* read and sent at a time; what fits into one leaves in one write */
#define LISTING_PIECE 1024

typedef struct {
    mp_obj_base_t base;
    const char *prefix; /* of the url; '' or without a slash at its end, as root and ext_path */
    const char *root;
    const char *ext_path; /* tried in front of root, or NULL */
    bool dirs;
} files_t;

/* --- from url to file --------------------------------------------------------------------------------------------- */

static int hex(char digit)
{
    return unichar_isxdigit((byte)digit) ? (int)unichar_xdigit_value((byte)digit) : -1;
}

/* Decodes percent escapes, once. False: one is malformed. */
static bool decode(const char *text, size_t len, vstr_t *out)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] != '%') {
            vstr_add_byte(out, (byte)text[i]);
            continue;
        }
        if (i + 2 >= len || hex(text[i + 1]) < 0 || hex(text[i + 2]) < 0) {
            return false;
        }
        vstr_add_byte(out, (byte)(hex(text[i + 1]) << 4 | hex(text[i + 2])));
        i += 2;
    }
    return true;
}

static bool has_dot_segment(const char *path)
{
    while (path) {
        path++; /* the slash */
        size_t len = strcspn(path, "/");
        if ((len == 1 && path[0] == '.') || (len == 2 && path[0] == '.' && path[1] == '.')) {
            return true;
        }
        path = strchr(path, '/');
    }
    return false;
}

/* What could mean something else to a file system than it looks like here is refused. */
static bool is_safe(vstr_t *path)
{
    const char *text = vstr_null_terminated_str(path);
    return text[0] == '/' && strlen(text) == path->len && !strchr(text, '\\') && !has_dot_segment(text) &&
           utf8_check((const byte *)text, path->len);
}

typedef enum { NOTHING, REGULAR, DIRECTORY } kind_t;

typedef struct {
    mp_obj_t path; /* in the file system */
    kind_t kind;
    mp_obj_t size;
} found_t;

static bool is_os_error(const mp_obj_base_t *exception)
{
    return mp_obj_is_subclass_fast(MP_OBJ_FROM_PTR(exception->type), MP_OBJ_FROM_PTR(&mp_type_OSError));
}

static kind_t kind_of(mp_int_t mode)
{
    switch (mode & 0xf000) {
    case MP_S_IFDIR:
        return DIRECTORY;
    case MP_S_IFREG:
        return REGULAR;
    default:
        return NOTHING;
    }
}

static found_t look_at(const char *front, const char *root, const char *path)
{
    vstr_t full;
    vstr_init(&full, 64);
    vstr_printf(&full, "%s%s%s", front, root, path);
    found_t found = {.path = mp_obj_new_str_from_vstr(&full), .kind = NOTHING, .size = MP_OBJ_NEW_SMALL_INT(0)};
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_obj_t *stat;
        mp_obj_get_array_fixed_n(mp_vfs_stat(found.path), 10, &stat);
        found.kind = kind_of(mp_obj_get_int(stat[0]));
        found.size = stat[6];
        nlr_pop();
    } else if (!is_os_error(nlr.ret_val)) {
        nlr_jump(nlr.ret_val);
    }
    return found;
}

static found_t find(const files_t *self, const char *path)
{
    if (self->ext_path) {
        found_t found = look_at(self->ext_path, self->root, path);
        if (found.kind != NOTHING) {
            return found;
        }
    }
    return look_at("", self->root, path);
}

/* --- files -------------------------------------------------------------------------------------------------------- */

static const char *mime_of(const char *path)
{
    static const struct {
        const char *extension;
        const char *mime;
    } types[] = {
        {"html", "text/html; charset=utf-8"},
        {"htm", "text/html; charset=utf-8"},
        {"css", "text/css; charset=utf-8"},
        {"js", "text/javascript; charset=utf-8"},
        {"mjs", "text/javascript; charset=utf-8"},
        {"txt", "text/plain; charset=utf-8"},
        {"py", "text/plain; charset=utf-8"},
        {"csv", "text/csv; charset=utf-8"},
        {"md", "text/markdown; charset=utf-8"},
        {"json", "application/json"},
        {"xml", "application/xml"},
        {"pdf", "application/pdf"},
        {"wasm", "application/wasm"},
        {"svg", "image/svg+xml"},
        {"png", "image/png"},
        {"jpg", "image/jpeg"},
        {"jpeg", "image/jpeg"},
        {"gif", "image/gif"},
        {"webp", "image/webp"},
        {"ico", "image/x-icon"},
        {"woff2", "font/woff2"},
        {"mp3", "audio/mpeg"},
        {"mp4", "video/mp4"},
    };
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < MP_ARRAY_SIZE(types); i++) {
        if (strcmp(dot + 1, types[i].extension) == 0) {
            return types[i].mime;
        }
    }
    return "application/octet-stream";
}

static size_t read_piece(mp_obj_t file, byte *piece)
{
    int error = 0;
    mp_uint_t got = mp_stream_rw(file, piece, PIECE_SIZE, &error, MP_STREAM_RW_READ);
    if (error != 0) {
        mp_raise_OSError(error);
    }
    return got;
}

static void send_open_file(uhttpd_req_t *req, mp_obj_t file, const uhttpd_response_t *response)
{
    byte *piece = m_new(byte, PIECE_SIZE);
    size_t got = read_piece(file, piece);
    if (got < PIECE_SIZE) {
        uhttpd_response_write(req, piece, got, response);
        return;
    }
    uhttpd_response_chunk(req, piece, got, response);
    bool wants_body = uhttpd_req_method(req) != UHTTPD_HEAD;
    while (wants_body && (got = read_piece(file, piece)) > 0) {
        uhttpd_response_chunk(req, piece, got, NULL);
    }
    uhttpd_response_chunk(req, NULL, 0, NULL);
}

static void send_file(uhttpd_req_t *req, mp_obj_t path)
{
    uhttpd_response_t response = {.mime = mime_of(mp_obj_str_get_str(path))};
    mp_obj_t args[] = {path, MP_OBJ_NEW_QSTR(MP_QSTR_rb)};
    mp_map_t no_keywords;
    mp_map_init(&no_keywords, 0);
    mp_obj_t file = mp_vfs_open(MP_ARRAY_SIZE(args), args, &no_keywords);
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        send_open_file(req, file, &response);
        nlr_pop();
        mp_stream_close(file);
    } else {
        mp_stream_close(file);
        nlr_jump(nlr.ret_val);
    }
}

/* --- directories -------------------------------------------------------------------------------------------------- */

static void print_entry(const mp_print_t *print, mp_obj_t name, bool directory, mp_obj_t size)
{
    mp_print_str(print, "{\"path\": ");
    mp_obj_print_helper(print, name, PRINT_JSON);
    mp_printf(print, ", \"type\": \"%s\", \"size\": ", directory ? "directory" : "file");
    mp_obj_print_helper(print, size, PRINT_JSON);
    mp_print_str(print, "}");
}

/* Sizes are not in the listings of every file system. */
static void print_listed(const mp_print_t *print, const char *directory, mp_obj_t entry)
{
    size_t len;
    mp_obj_t *item;
    mp_obj_get_array(entry, &len, &item);
    bool is_directory = kind_of(mp_obj_get_int(item[1])) == DIRECTORY;
    mp_obj_t size = MP_OBJ_NEW_SMALL_INT(0);
    if (!is_directory) {
        size = len > 3 ? item[3] : look_at("", directory, mp_obj_str_get_str(item[0])).size;
    }
    print_entry(print, item[0], is_directory, size);
}

static void flush(uhttpd_req_t *req, vstr_t *piece, size_t limit)
{
    if (piece->len > limit) {
        uhttpd_response_chunk(req, piece->buf, piece->len, &(uhttpd_response_t) {.mime = "application/json"});
        vstr_reset(piece);
    }
}

static void send_listing(uhttpd_req_t *req, const char *url_path, mp_obj_t directory)
{
    mp_obj_t entries = mp_vfs_ilistdir(1, &directory);
    vstr_t piece;
    mp_print_t print;
    vstr_init_print(&piece, LISTING_PIECE + 256, &print);
    mp_print_str(&print, "{\"path\": ");
    mp_obj_print_helper(&print, mp_obj_new_str(url_path, strlen(url_path)), PRINT_JSON);
    mp_print_str(&print, ", \"list\": [");
    const char *separator = "";
    if (url_path[1] != '\0') {
        print_entry(&print, mp_obj_new_str("..", 2), true, MP_OBJ_NEW_SMALL_INT(0));
        separator = ", ";
    }
    mp_obj_t entry;
    while ((entry = mp_iternext(entries)) != MP_OBJ_STOP_ITERATION) {
        mp_print_str(&print, separator);
        separator = ", ";
        print_listed(&print, mp_obj_str_get_str(directory), entry);
        flush(req, &piece, LISTING_PIECE);
    }
    mp_print_str(&print, "]}");
    flush(req, &piece, 0);
    uhttpd_response_chunk(req, NULL, 0, NULL);
}

/* --- the callback ------------------------------------------------------------------------------------------------- */

static void refuse(uhttpd_req_t *req, const char *status)
{
    uhttpd_response_write(req, status, strlen(status),
                          &(uhttpd_response_t) {.status = status, .mime = "text/plain; charset=utf-8"});
}

static void serve(const files_t *self, uhttpd_req_t *req)
{
    size_t len;
    const char *url = uhttpd_req_path(req, &len);
    size_t prefix_len = strlen(self->prefix);
    vstr_t path;
    vstr_init(&path, len + 1);
    if (len < prefix_len || !decode(url + prefix_len, len - prefix_len, &path) || !is_safe(&path)) {
        refuse(req, "400 Bad Request");
        return;
    }
    const char *text = vstr_null_terminated_str(&path);
    bool listing = text[path.len - 1] == '/';
    found_t found = find(self, text);
    if (listing && found.kind == DIRECTORY && self->dirs) {
        send_listing(req, text, found.path);
    } else if (!listing && found.kind == REGULAR) {
        send_file(req, found.path);
    } else {
        refuse(req, "404 Not Found");
    }
}

static mp_obj_t files_call(mp_obj_t self, size_t n_args, size_t n_kw, const mp_obj_t *args)
{
    mp_arg_check_num(n_args, n_kw, 1, 1, false);
    serve(MP_OBJ_TO_PTR(self), uhttpd_request_get(bindgen_self(args[0], &py_uhttpd_request_type)));
    return mp_const_none;
}

static MP_DEFINE_CONST_OBJ_TYPE(files_type, MP_QSTR_files, MP_TYPE_FLAG_NONE, call, files_call);

mp_obj_t uhttpd_files_new(const char *prefix, const char *root, const char *ext_path, bool dirs)
{
    files_t *self = mp_obj_malloc(files_t, &files_type);
    self->prefix = prefix;
    self->root = root ? root : "";
    self->ext_path = ext_path;
    self->dirs = dirs;
    return MP_OBJ_FROM_PTR(self);
}

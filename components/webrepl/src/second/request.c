/* SPDX-License-Identifier: MIT */
#include "second/request.h"

#include <string.h>

#include "bytes.h"
#include "errcode.h"

/* What is left to be read of a message. */
typedef struct {
    const uint8_t *at;
    size_t left;
    uint16_t code; /* the first thing that was wrong */
} cursor_t;

static void second_request_fail(cursor_t *cursor, uint16_t code)
{
    cursor->code = cursor->code != WR_CODE_OK ? cursor->code : code;
}

/* Bytes of a field; a field that is not there reads as zeros. */
static const uint8_t *second_request_field(cursor_t *cursor, size_t size)
{
    static const uint8_t nothing[UHTTPD_SHA256_SIZE];
    if (cursor->code != WR_CODE_OK || cursor->left < size) {
        second_request_fail(cursor, WR_CODE_EINVAL);
        return nothing;
    }
    const uint8_t *at = cursor->at;
    cursor->at += size;
    cursor->left -= size;
    return at;
}

static uint16_t second_request_field16(cursor_t *cursor)
{
    return wr_get16(second_request_field(cursor, 2));
}

static uint32_t second_request_field32(cursor_t *cursor)
{
    return wr_get32(second_request_field(cursor, 4));
}

static uint64_t second_request_field64(cursor_t *cursor)
{
    return wr_get64(second_request_field(cursor, 8));
}

/* Code that compares paths would take two names of one file for two files, so only the plainest name is a path. */
static bool is_segment(const uint8_t *at, size_t len)
{
    bool dots = (len == 1 && at[0] == '.') || (len == 2 && at[0] == '.' && at[1] == '.');
    return len > 0 && !dots && memchr(at, '\0', len) == NULL;
}

static bool is_path(const uint8_t *path, size_t len)
{
    if (len == 1 && (path[0] == '/' || path[0] == '.')) {
        return true;
    }
    const uint8_t *end = path + len;
    const uint8_t *at = len > 0 && path[0] == '/' ? path + 1 : path;
    for (;;) {
        const uint8_t *slash = at < end ? memchr(at, '/', (size_t)(end - at)) : NULL;
        const uint8_t *stop = slash != NULL ? slash : end;
        if (!is_segment(at, (size_t)(stop - at))) {
            return false;
        }
        if (slash == NULL) {
            return true;
        }
        at = slash + 1;
    }
}

static const uint8_t *path_field(cursor_t *cursor, uint16_t *len)
{
    *len = second_request_field16(cursor);
    if (*len > WR_PATH_MAX) {
        second_request_fail(cursor, WR_CODE_ENAMETOOLONG);
        *len = 0;
    }
    const uint8_t *path = cursor->left >= *len ? cursor->at : NULL;
    if (path == NULL || !is_path(path, *len)) {
        second_request_fail(cursor, WR_CODE_EINVAL);
        return NULL;
    }
    cursor->at += *len;
    cursor->left -= *len;
    return path;
}

static void read_field(wr_request_t *request, cursor_t *cursor, wr_field_t which)
{
    switch (which) {
    case WR_HAS_NONCE:
        request->nonce = second_request_field(cursor, WR_NONCE_SIZE);
        break;
    case WR_HAS_PROOF:
        request->proof = second_request_field(cursor, UHTTPD_SHA256_SIZE);
        break;
    case WR_HAS_COLUMNS:
        request->columns = second_request_field16(cursor);
        break;
    case WR_HAS_ROWS:
        request->rows = second_request_field16(cursor);
        break;
    case WR_HAS_CREDIT:
        request->credit = second_request_field32(cursor);
        break;
    case WR_HAS_OFFSET:
        request->offset = second_request_field64(cursor);
        break;
    case WR_HAS_LENGTH:
    case WR_HAS_SIZE:
        request->size = second_request_field64(cursor);
        break;
    case WR_HAS_DIGEST:
        request->digest = second_request_field(cursor, UHTTPD_SHA256_SIZE);
        break;
    case WR_HAS_PATH:
        request->path = path_field(cursor, &request->path_len);
        break;
    case WR_HAS_TO:
        request->to = path_field(cursor, &request->to_len);
        break;
    }
}

/* Messages of clients */

typedef struct {
    uint8_t type;
    uint8_t flags; /* that it may have */
    uint16_t fields;
    bool is_file_operation;
} layout_t;

#define LAYOUT_client(name, fields, flags) {WR_##name, flags, fields, false},
#define LAYOUT_both LAYOUT_client
#define LAYOUT_server(...)
#define SESSION_LAYOUT(name, number, from, id, meaning, fields, flags) LAYOUT_##from(name, fields, flags)
#define FILE_LAYOUT(name, number, meaning, fields, flags) {WR_##name, flags, fields, true},

static const layout_t s_layouts[] = {WR_SESSION_MESSAGES(SESSION_LAYOUT) WR_FILE_OPERATIONS(FILE_LAYOUT)};

/* @return NULL: no client sends it. */
static const layout_t *layout_of(uint8_t type)
{
    for (size_t i = 0; i < sizeof s_layouts / sizeof s_layouts[0]; i++) {
        if (s_layouts[i].type == type) {
            return &s_layouts[i];
        }
    }
    return NULL;
}

bool wr_is_file_operation(uint8_t type)
{
    const layout_t *layout = layout_of(type);
    return layout != NULL && layout->is_file_operation;
}

static bool has_sense(uint8_t type, uint8_t flags)
{
    switch (type) {
    case WR_ATTACH:
        return flags != (WR_ATTACH_WATCH | WR_ATTACH_TAKEOVER);
    case WR_PUT:
        /* Only the server knows where a resumed upload begins, so nothing can be sent before it says so. */
        return !(flags & WR_PUT_RESUME) || ((flags & WR_PUT_DIGEST) && !(flags & WR_PUT_EARLY));
    default:
        return true;
    }
}

uint16_t wr_request_read(wr_request_t *request, const uint8_t *message, size_t len)
{
    *request = (wr_request_t) {.type = message[0], .flags = message[1], .id = wr_get16(message + 2)};
    const layout_t *layout = layout_of(request->type);
    if (layout == NULL) {
        return WR_CODE_ENOSYS;
    }
    if ((request->flags & ~layout->flags) != 0 || !has_sense(request->type, request->flags)) {
        return WR_CODE_EINVAL;
    }
    cursor_t cursor = {.at = message + WR_MESSAGE_HEADER, .left = len - WR_MESSAGE_HEADER};
    for (unsigned bit = 1; bit <= layout->fields; bit <<= 1) {
        if (layout->fields & bit) {
            read_field(request, &cursor, (wr_field_t)bit);
        }
    }
    return cursor.code;
}

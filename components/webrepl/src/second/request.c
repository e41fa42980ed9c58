/* SPDX-License-Identifier: MIT */
#include "second_request.h"

#include <string.h>

#include "bytes.h"
#include "errcode.h"

/* What is left to be read of a message. */
typedef struct {
    const uint8_t *at;
    size_t left;
    uint16_t code; /* the first thing that was wrong */
} cursor_t;

static void fail(cursor_t *cursor, uint16_t code)
{
    cursor->code = cursor->code != WR_CODE_OK ? cursor->code : code;
}

/* Bytes of a field; a field that is not there reads as zeros. */
static const uint8_t *field(cursor_t *cursor, size_t size)
{
    static const uint8_t nothing[WR_DIGEST_SIZE];
    if (cursor->code != WR_CODE_OK || cursor->left < size) {
        fail(cursor, WR_CODE_EINVAL);
        return nothing;
    }
    const uint8_t *at = cursor->at;
    cursor->at += size;
    cursor->left -= size;
    return at;
}

static uint16_t field16(cursor_t *cursor)
{
    return wr_get16(field(cursor, 2));
}

static uint32_t field32(cursor_t *cursor)
{
    return wr_get32(field(cursor, 4));
}

static uint64_t field64(cursor_t *cursor)
{
    return wr_get64(field(cursor, 8));
}

/* Two names of one file would be two files to whoever compares them: only the plainest is a path. */
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
    *len = field16(cursor);
    if (*len > WR_PATH_MAX) {
        fail(cursor, WR_CODE_ENAMETOOLONG);
        *len = 0;
    }
    const uint8_t *path = cursor->left >= *len ? cursor->at : NULL;
    if (path == NULL || !is_path(path, *len)) {
        fail(cursor, WR_CODE_EINVAL);
        return NULL;
    }
    cursor->at += *len;
    cursor->left -= *len;
    return path;
}

static void read_put(wr_request_t *request, cursor_t *cursor)
{
    request->size = field64(cursor);
    request->digest = field(cursor, WR_DIGEST_SIZE);
    if ((request->flags & WR_PUT_RESUME) && !(request->flags & WR_PUT_DIGEST)) {
        fail(cursor, WR_CODE_EINVAL);
    }
}

static void read_fields(wr_request_t *request, cursor_t *cursor)
{
    switch (request->type) {
    case WR_LOGIN:
        request->nonce = field(cursor, WR_NONCE_SIZE);
        request->proof = field(cursor, WR_DIGEST_SIZE);
        break;
    case WR_ATTACH:
    case WR_SIZE:
        request->columns = field16(cursor);
        request->rows = field16(cursor);
        request->credit = request->type == WR_ATTACH ? field32(cursor) : 0;
        break;
    case WR_CREDIT:
    case WR_LIST:
        request->credit = field32(cursor);
        break;
    case WR_GET:
        request->credit = field32(cursor);
        request->offset = field64(cursor);
        request->size = field64(cursor);
        break;
    case WR_PUT:
        read_put(request, cursor);
        break;
    default:
        break;
    }
    if (request->type >= WR_LIST && request->type <= WR_SHA256) {
        request->path = path_field(cursor, &request->path_len);
    }
    if (request->type == WR_RENAME) {
        request->to = path_field(cursor, &request->to_len);
    }
}

/* Flags that a client's message may have; -1: it is none. */
static int flags_of(uint8_t type)
{
    switch (type) {
    case WR_ATTACH:
        return WR_ATTACH_WATCH | WR_ATTACH_TAKEOVER;
    case WR_INTERRUPT:
        return WR_INTERRUPT_DISCARD;
    case WR_RESET:
        return WR_RESET_HARD;
    case WR_GET:
        return WR_GET_DIGEST;
    case WR_PUT:
        return WR_PUT_DIGEST | WR_PUT_RESUME;
    case WR_LOGIN:
    case WR_PING:
    case WR_WHO:
    case WR_DETACH:
    case WR_SIZE:
    case WR_CREDIT:
    case WR_CANCEL:
        return 0;
    default:
        return type >= WR_LIST && type <= WR_SHA256 ? 0 : -1;
    }
}

uint16_t wr_request_read(wr_request_t *request, const uint8_t *message, size_t len)
{
    *request = (wr_request_t) {.type = message[0], .flags = message[1], .id = wr_get16(message + 2)};
    int flags = flags_of(request->type);
    if (flags < 0) {
        return WR_CODE_ENOSYS;
    }
    if ((request->flags & ~flags) != 0 ||
        (request->type == WR_ATTACH && request->flags == (WR_ATTACH_WATCH | WR_ATTACH_TAKEOVER))) {
        return WR_CODE_EINVAL;
    }
    cursor_t cursor = {.at = message + WR_MESSAGE_HEADER, .left = len - WR_MESSAGE_HEADER};
    read_fields(request, &cursor);
    return cursor.code;
}

/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * @file
 * Messages of the protocol's second edition (docs/webrepl-protocol.md, section 2.2), and how they are put together from
 * the pieces that a WebSocket hands on. Pure.
 */
enum {
    WR_HELLO = 0x01,
    WR_RESULT = 0x02,
    WR_LOGIN = 0x03,
    WR_PING = 0x04,
    WR_WHO = 0x05,
    WR_ATTACH = 0x10,
    WR_DETACH = 0x11,
    WR_SIZE = 0x12,
    WR_INTERRUPT = 0x13,
    WR_RESET = 0x14,
    WR_LOST = 0x15,
    WR_OPENED = 0x20,
    WR_DATA = 0x21,
    WR_CREDIT = 0x22,
    WR_CANCEL = 0x23,
    WR_LIST = 0x30,
    WR_STAT = 0x31,
    WR_GET = 0x32,
    WR_PUT = 0x33,
    WR_REMOVE = 0x34,
    WR_RENAME = 0x35,
    WR_MKDIR = 0x36,
    WR_RMDIR = 0x37,
    WR_SPACE = 0x38,
    WR_SHA256 = 0x39,
};

enum {
    WR_ATTACH_WATCH = 1,
    WR_ATTACH_TAKEOVER = 2,
    WR_INTERRUPT_DISCARD = 1,
    WR_RESET_HARD = 1,
    WR_GET_DIGEST = 1,
    WR_PUT_DIGEST = 1,
    WR_PUT_RESUME = 2,
};

enum {
    WR_FEATURE_FILES = 1,
    WR_FEATURE_SOFT_RESET = 2,
    WR_FEATURE_HARD_RESET = 4,
};

#define WR_MESSAGE_HEADER 4
#define WR_MESSAGE_MAX 4100 /* bytes of a message; the limit is the client's, ours are shorter */
#define WR_PATH_MAX 512     /* bytes of a path */
#define WR_NONCE_SIZE 16
#define WR_SALT_SIZE 16
#define WR_DIGEST_SIZE 32        /* of SHA-256 */
#define WR_REQUEST_MAX 1032      /* bytes of the longest request, RENAME: a header and two paths with their lengths */
#define WR_CREDIT_MAX 0x7fffffff /* bytes of a stream that may be under way */

typedef enum {
    WR_PIECE_NONE,    /* more is to come */
    WR_PIECE_MESSAGE, /* a whole one: the reader's `front`, as much as fits in there */
    WR_PIECE_DATA,    /* bytes of stream `id`, of a DATA message that need not be whole */
    WR_PIECE_ERROR,   /* `close` is the code to close the connection with */
} wr_piece_kind_t;

typedef struct {
    wr_piece_kind_t kind;
    uint16_t id;
    uint16_t close;
    const uint8_t *data; /* DATA: within what was given to wr_reader_input() */
    size_t len;          /* DATA: at least 1 */
} wr_piece_t;

typedef struct {
    uint8_t front[WR_REQUEST_MAX]; /* what stands behind is of a later edition, and not looked at */
    size_t have;                   /* bytes in it */
    size_t total;                  /* bytes of the message so far */
    bool whole;                    /* the next byte begins another message */
} wr_reader_t;

/** @brief Takes a piece of a message. @param final  It ends the message. */
void wr_reader_input(wr_reader_t *reader, const uint8_t *data, size_t len, bool final, wr_piece_t *piece);

/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "second/types.h"

/**
 * @file
 * Assembles messages of the protocol's second edition (docs/webrepl-protocol.md, section 2.2) from the pieces that a
 * WebSocket delivers. Pure.
 */
enum {
    WR_FEATURE_FILES = 1,
    WR_FEATURE_SOFT_RESET = 2,
    WR_FEATURE_HARD_RESET = 4,
};

#define WR_MINOR 1 /* of the edition: with digests in LIST, links, and EARLY */
#define WR_MESSAGE_HEADER 4
#define WR_MESSAGE_MAX 4100 /* bytes of a client's message; ours are shorter */
#define WR_PATH_MAX 512     /* bytes of a path */
#define WR_NONCE_SIZE 16
#define WR_SALT_SIZE 16
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
    uint8_t front[WR_REQUEST_MAX]; /* anything after it belongs to a later edition and is ignored */
    size_t have;                   /* bytes in it */
    size_t total;                  /* bytes of the message so far */
    bool whole;                    /* the next byte begins another message */
} wr_reader_t;

/** @brief Takes a piece of a message. @param final  It ends the message. */
void wr_reader_input(wr_reader_t *reader, const uint8_t *data, size_t len, bool final, wr_piece_t *piece);

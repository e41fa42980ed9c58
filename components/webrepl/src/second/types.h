/* SPDX-License-Identifier: MIT */
#pragma once

/**
 * @file
 * All messages of the protocol's second edition: the one table of their numbers, and of what clients send in them.
 * `make generate` writes those of both clients, and of docs/webrepl-protocol.md, from it (tools/messages.py).
 */
typedef enum {
    WR_ATTACH_WATCH = 1,
    WR_ATTACH_TAKEOVER = 2,
    WR_INTERRUPT_DISCARD = 1,
    WR_RESET_HARD = 1,
    WR_LIST_DIGEST = 1,
    WR_GET_DIGEST = 1,
    WR_PUT_DIGEST = 1,
    WR_PUT_RESUME = 2,
    WR_PUT_EARLY = 4,
} wr_flags_t;

/* clang-format off */

/* Fields of a client's messages. They stand in this order, whichever of them a message has.
 *
 * X(name, bit, bytes or 0 for a path, meaning) */
#define WR_FIELDS(X) \
    X(NONCE,   0x001, 16, "random, new for every connection") \
    X(PROOF,   0x002, 32, "any bytes if auth is 0") \
    X(COLUMNS, 0x004, 2,  "of the client's window; 0: not known") \
    X(ROWS,    0x008, 2,  "as columns") \
    X(CREDIT,  0x010, 4,  "bytes of the stream that may be sent") \
    X(OFFSET,  0x020, 8,  "where to begin") \
    X(LENGTH,  0x040, 8,  "at most so many bytes; 2^64 - 1: all") \
    X(SIZE,    0x080, 8,  "of the whole file") \
    X(DIGEST,  0x100, 32, "SHA-256 of the whole file; any bytes without DIGEST") \
    X(PATH,    0x200, 0,  "") \
    X(TO,      0x400, 0,  "another path, right behind it")

/* X(name, number, who sends it, what its id is, meaning, fields, flags that it may have) */
#define WR_SESSION_MESSAGES(X) \
    X(HELLO,     0x01, server, 0,         "first message of a connection", 0, 0) \
    X(RESULT,    0x02, server, operation, "an operation has ended", 0, 0) \
    X(LOGIN,     0x03, client, operation, "first message of the client", WR_HAS_NONCE | WR_HAS_PROOF, 0) \
    X(PING,      0x04, client, operation, "is anybody there?", 0, 0) \
    X(WHO,       0x05, client, operation, "who holds the terminal?", 0, 0) \
    X(ATTACH,    0x10, client, operation, "hold or watch the terminal", \
      WR_HAS_COLUMNS | WR_HAS_ROWS | WR_HAS_CREDIT, WR_ATTACH_WATCH | WR_ATTACH_TAKEOVER) \
    X(DETACH,    0x11, client, operation, "let it go", 0, 0) \
    X(SIZE,      0x12, client, 0,         "the terminal's window has changed", WR_HAS_COLUMNS | WR_HAS_ROWS, 0) \
    X(INTERRUPT, 0x13, client, operation, "Ctrl-C, at once", 0, WR_INTERRUPT_DISCARD) \
    X(RESET,     0x14, client, operation, "start the program, or the board, again", 0, WR_RESET_HARD) \
    X(LOST,      0x15, server, 0,         "a watcher has missed output", 0, 0) \
    X(OPENED,    0x20, server, operation, "a get or put begins", 0, 0) \
    X(DATA,      0x21, both,   stream,    "bytes of a stream", 0, 0) \
    X(CREDIT,    0x22, both,   stream,    "so many more bytes may be sent", WR_HAS_CREDIT, 0) \
    X(CANCEL,    0x23, client, operation, "end it", 0, 0)

/* Operations of clients on files. A worker does them: file.c has a case for each.
 *
 * X(name, number, meaning, fields, flags that it may have) */
#define WR_FILE_OPERATIONS(X) \
    X(LIST,   0x30, "entries of a directory", WR_HAS_CREDIT | WR_HAS_PATH, WR_LIST_DIGEST) \
    X(STAT,   0x31, "what is known of a file or directory", WR_HAS_PATH, 0) \
    X(GET,    0x32, "contents of a file", WR_HAS_CREDIT | WR_HAS_OFFSET | WR_HAS_LENGTH | WR_HAS_PATH, WR_GET_DIGEST) \
    X(PUT,    0x33, "a new file, or new contents", WR_HAS_SIZE | WR_HAS_DIGEST | WR_HAS_PATH, \
      WR_PUT_DIGEST | WR_PUT_RESUME | WR_PUT_EARLY) \
    X(REMOVE, 0x34, "a file", WR_HAS_PATH, 0) \
    X(RENAME, 0x35, "a file or directory", WR_HAS_PATH | WR_HAS_TO, 0) \
    X(MKDIR,  0x36, "a new directory", WR_HAS_PATH, 0) \
    X(RMDIR,  0x37, "an empty directory", WR_HAS_PATH, 0) \
    X(SPACE,  0x38, "total and free bytes", WR_HAS_PATH, 0) \
    X(SHA256, 0x39, "digest of a file", WR_HAS_PATH, 0)

/* clang-format on */

#define WR_ENUMERATOR(name, number, ...) WR_##name = number,
#define WR_FIELD(name, bit, ...) WR_HAS_##name = bit,

/** A switch that has a case for each of these, and no default, does not compile when one is added and forgotten. */
typedef enum { WR_SESSION_MESSAGES(WR_ENUMERATOR) } wr_session_type_t;
typedef enum { WR_FILE_OPERATIONS(WR_ENUMERATOR) } wr_file_type_t;
typedef enum { WR_FIELDS(WR_FIELD) } wr_field_t;

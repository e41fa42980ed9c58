/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * @file
 * File transfer of the classic WebREPL protocol, sans-I/O: bytes come in; frames to be sent and work on files come out.
 *
 * The client's binary frames are one stream: 82-byte headers, contents of files, and one byte for each block it asks
 * for. The machine asks for one thing at a time:
 *
 *     for (;;) switch (classic->want) {
 *         WR_CLASSIC_INPUT:  wr_classic_input(), with what the client has sent
 *         WR_CLASSIC_SEND:   send classic->frame as one binary frame, then wr_classic_sent()
 *         WR_CLASSIC_WORK:   do classic->work, then wr_classic_worked()
 *     }
 *
 * A reply is `WB` and a code of errcode.h. Beside what a file system says: EINVAL: the header does not begin with `WA`,
 * or names no file; ENAMETOOLONG: the name has more than 64 bytes; ENOSYS: no such operation; EOPNOTSUPP: no files
 * here. A refused header ends with its reply, and the next 82 bytes are a header again.
 */
#define WR_CLASSIC_HEADER 82
#define WR_CLASSIC_NAME 64    /* bytes; all of them may be used */
#define WR_CLASSIC_BLOCK 1024 /* bytes of a file in one frame; clients take any up to 64 KiB */
#define WR_CLASSIC_STORE 4096 /* bytes of a file handed to or got from one piece of work: a sector of flash */

typedef enum { WR_CLASSIC_INPUT, WR_CLASSIC_SEND, WR_CLASSIC_WORK } wr_classic_want_t;

typedef enum {
    WR_WORK_OPEN_READ,  /* open `name`, then as READ */
    WR_WORK_READ,       /* up to WR_CLASSIC_STORE bytes to `data`. At the end or with an error: the file is closed */
    WR_WORK_OPEN_WRITE, /* a temporary file that will become `name` */
    WR_WORK_WRITE,      /* `len` bytes of `data`; if `last`, make it `name`. With an error: the temporary is removed */
} wr_work_t;

typedef struct {
    wr_classic_want_t want;

    const uint8_t *frame; /* SEND */
    size_t frame_len;

    wr_work_t work; /* WORK */
    char name[WR_CLASSIC_NAME + 1];
    uint8_t *data;
    size_t len;
    bool last;

    /* the rest is the machine's own */
    bool has_files;
    uint8_t version[3];
    uint8_t step;
    uint8_t after; /* the step after a frame */
    uint8_t header[WR_CLASSIC_HEADER];
    uint8_t header_have;
    uint8_t reply[4];
    uint16_t code;                       /* of the operation so far */
    uint32_t left;                       /* bytes of a file to come from the client */
    size_t sent;                         /* bytes of the store that were sent to the client */
    bool at_end;                         /* nothing more to read */
    uint8_t store[2 + WR_CLASSIC_STORE]; /* a block's length stands right before it */
} wr_classic_t;

/** @brief At the beginning of a session. */
void wr_classic_init(wr_classic_t *classic, bool has_files, const uint8_t version[3]);

/** @brief Takes bytes as long as it wants input. @return how many. */
size_t wr_classic_input(wr_classic_t *classic, const uint8_t *data, size_t len);

void wr_classic_sent(wr_classic_t *classic);

/** @param code  Of errcode.h. @param got  Bytes read. */
void wr_classic_worked(wr_classic_t *classic, uint16_t code, size_t got);

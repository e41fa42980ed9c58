/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "second/message.h"
#include "uhttpd_digest.h"
#include "uhttpd_upload.h"

/**
 * @file
 * One file operation of the second edition, done by a worker in steps, each of which may block.
 *
 * A step that ends the operation sets `over`, and leaves nothing open and no upload.
 */
typedef enum {
    WR_FILE_BEGIN,   /* everything that can be done at once; `again`: to be done once more */
    WR_FILE_MOVE,    /* GET, LIST: up to `len` bytes to `data`. PUT: `len` bytes of `data`. SHA256: `data` is room */
    WR_FILE_FINISH,  /* PUT: everything has been moved */
    WR_FILE_GIVE_UP, /* PUT with RESUME: keeps what has arrived */
} wr_file_step_t;

typedef struct {
    const uhttpd_storage_t *storage; /* set once, down to the blank line */
    wr_file_type_t type;
    uint8_t flags;
    uint64_t offset; /* GET; PUT: where it begins, once BEGIN is done */
    uint64_t size;   /* GET: at most so many bytes; PUT: of the whole file */
    uint8_t expected[UHTTPD_SHA256_SIZE];
    char *path;
    char *inner; /* LIST with DIGEST: room for the path of an entry */
    const char *to;
    uint32_t keep_ms; /* PUT with RESUME */

    uint8_t *data; /* set for each step */
    size_t len;

    size_t done;                       /* the result of a step: bytes moved */
    bool again;                        /* BEGIN */
    bool over;                         /* nothing is left to be done */
    uint16_t code;                     /* of the operation, when it is over */
    uint8_t value[UHTTPD_SHA256_SIZE]; /* to be sent with the result, or (GET) when it is opened */
    uint8_t value_len;
    uint8_t record[20]; /* GET: a file record */

    void *file; /* the rest is its own: what is open */
    void *dir;
    bool is_open;            /* file */
    uhttpd_claim_t *claim;   /* on it */
    uhttpd_upload_t *upload; /* PUT; NULL: none */
    uint32_t entries;        /* LIST: so far */
    bool has_entry;          /* one that is not in the stream yet */
    bool has_digest;         /* of it, in `value` */
    uhttpd_file_info_t info;
    uhttpd_sha256_t *hash; /* NULL: nothing is hashed */
    char name[256];        /* of that entry */
} wr_file_op_t;

/** @brief Does a step. Worker. */
void wr_file_op_do(wr_file_op_t *op, wr_file_step_t step);

/** @brief True while a file or directory is open, or an upload under way: GIVE_UP is needed. */
bool wr_file_op_pending(const wr_file_op_t *op);

/** @brief Frees what it has taken of memory. Nothing must be pending. Any task. */
void wr_file_op_free(wr_file_op_t *op);

/** @name For the operations in other files. Worker
 *  @{ */
/** @brief Ends it, with nothing left open. @param err  0 or an errno. */
void wr_file_op_end(wr_file_op_t *op, int err);

/** @brief Opens and claims a file for reading; its facts are in `info`. @return 0 or an errno. */
int wr_file_op_open(wr_file_op_t *op, const char *path);

/** @brief Closes the file that is open, if any. */
void wr_file_op_close(wr_file_op_t *op);

/** @brief Begins a SHA-256 in `hash`. @return 0 or an errno. */
int wr_file_op_start_hash(wr_file_op_t *op);
/** @} */

/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "second/message.h"
#include "uhttpd_digest.h"

/**
 * @file
 * A client's request, read from a whole message of the second edition. Pure.
 */
typedef struct {
    uint8_t type;
    uint8_t flags;
    uint16_t id;
    uint16_t columns, rows; /* ATTACH, SIZE */
    uint32_t credit;        /* ATTACH, LIST, GET, CREDIT */
    uint64_t offset;        /* GET */
    uint64_t size;          /* GET: at most so many bytes; PUT: of the whole file */
    const uint8_t *digest;  /* PUT: UHTTPD_SHA256_SIZE bytes, here and below within the message */
    const uint8_t *nonce;   /* LOGIN */
    const uint8_t *proof;   /* LOGIN: UHTTPD_SHA256_SIZE bytes */
    const uint8_t *path;    /* not ended by NUL */
    const uint8_t *to;      /* RENAME */
    uint16_t path_len, to_len;
} wr_request_t;

/**
 * @brief Reads a message of at least WR_MESSAGE_HEADER bytes. type and id are set in any case.
 * @return a code of errcode.h: EINVAL: too short for its type, a flag without meaning, or an invalid path;
 *         ENAMETOOLONG; ENOSYS: no such type.
 */
uint16_t wr_request_read(wr_request_t *request, const uint8_t *message, size_t len);

/** @brief True for operations on files: those of wr_file_type_t. */
bool wr_is_file_operation(uint8_t type);

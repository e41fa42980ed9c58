/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "second/message.h"

/**
 * @file
 * A server's messages in the second edition. Each function writes a message, or a part of one, and returns its length.
 * Pure.
 */
#define WR_HELLO_SIZE 56
#define WR_RESULT_SIZE 8        /* without a value */
#define WR_FILE_RECORD_SIZE 20  /* without name and digest */
#define WR_HOLDER_RECORD_SIZE 8 /* without the address */
#define WR_OPENED_PUT_SIZE 16
#define WR_CREDIT_SIZE 8

typedef struct {
    bool auth; /* a password is asked for */
    uint16_t max_operations;
    uint16_t features;
    uint32_t iterations;
    uint32_t early; /* bytes of a PUT with EARLY that are taken before it is opened */
    const uint8_t *salt;
    const uint8_t *nonce;
} wr_hello_t;

size_t wr_reply_hello(uint8_t out[WR_HELLO_SIZE], const wr_hello_t *hello);
size_t wr_reply_result(uint8_t out[WR_RESULT_SIZE], uint16_t id, uint16_t code); /* a value may follow */
size_t wr_reply_opened(uint8_t out[WR_MESSAGE_HEADER], uint16_t id);             /* a file record follows */
size_t wr_reply_opened_put(uint8_t out[WR_OPENED_PUT_SIZE], uint16_t id, uint64_t offset, uint32_t credit);
size_t wr_reply_data(uint8_t out[WR_MESSAGE_HEADER], uint16_t id); /* bytes follow */
size_t wr_reply_credit(uint8_t out[WR_CREDIT_SIZE], uint16_t id, uint32_t more);
size_t wr_reply_lost(uint8_t out[WR_CREDIT_SIZE], uint32_t count);

/** @brief A file record; its name, of @p name_len bytes, follows. */
size_t wr_record_file(uint8_t out[WR_FILE_RECORD_SIZE], bool is_directory, uint64_t size, int64_t modified,
                      size_t name_len);

/** @brief Says more about an entry of a directory: its digest follows the name. */
void wr_record_mark(uint8_t record[WR_FILE_RECORD_SIZE], bool is_link, bool has_digest);

/** @brief Length of the record that stands at @p record, with its name and digest. */
size_t wr_record_file_len(const uint8_t record[WR_FILE_RECORD_SIZE]);

typedef struct {
    bool held, silent, classic;
    uint8_t watchers;
    uint32_t since;      /* seconds */
    const char *address; /* NULL: none */
} wr_holder_record_t;

/** @param out  WR_HOLDER_RECORD_SIZE and the length of the address. */
size_t wr_record_holder(uint8_t *out, const wr_holder_record_t *holder);

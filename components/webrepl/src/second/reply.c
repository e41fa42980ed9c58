/* SPDX-License-Identifier: MIT */
#include "second/reply.h"

#include <string.h>

#include "bytes.h"
#include "uhttpd_digest.h"

static size_t second_reply_header(uint8_t *out, uint8_t type, uint16_t id)
{
    out[0] = type;
    out[1] = 0;
    wr_put16(out + 2, id);
    return WR_MESSAGE_HEADER;
}

size_t wr_reply_hello(uint8_t out[WR_HELLO_SIZE], const wr_hello_t *hello)
{
    memset(out, 0, WR_HELLO_SIZE);
    second_reply_header(out, WR_HELLO, 0);
    out[4] = WR_MINOR;
    out[5] = hello->auth;
    wr_put16(out + 6, hello->max_operations);
    wr_put32(out + 8, WR_MESSAGE_MAX);
    wr_put16(out + 12, WR_PATH_MAX);
    wr_put16(out + 14, hello->features);
    wr_put32(out + 16, hello->iterations);
    wr_put32(out + 20, hello->early);
    memcpy(out + 24, hello->salt, WR_SALT_SIZE);
    memcpy(out + 40, hello->nonce, WR_NONCE_SIZE);
    return WR_HELLO_SIZE;
}

size_t wr_reply_result(uint8_t out[WR_RESULT_SIZE], uint16_t id, uint16_t code)
{
    second_reply_header(out, WR_RESULT, id);
    wr_put16(out + 4, code);
    wr_put16(out + 6, 0);
    return WR_RESULT_SIZE;
}

size_t wr_reply_opened(uint8_t out[WR_MESSAGE_HEADER], uint16_t id)
{
    return second_reply_header(out, WR_OPENED, id);
}

size_t wr_reply_opened_put(uint8_t out[WR_OPENED_PUT_SIZE], uint16_t id, uint64_t offset, uint32_t credit)
{
    second_reply_header(out, WR_OPENED, id);
    wr_put64(out + 4, offset);
    wr_put32(out + 12, credit);
    return WR_OPENED_PUT_SIZE;
}

size_t wr_reply_data(uint8_t out[WR_MESSAGE_HEADER], uint16_t id)
{
    return second_reply_header(out, WR_DATA, id);
}

size_t wr_reply_credit(uint8_t out[WR_CREDIT_SIZE], uint16_t id, uint32_t more)
{
    second_reply_header(out, WR_CREDIT, id);
    wr_put32(out + 4, more);
    return WR_CREDIT_SIZE;
}

size_t wr_reply_lost(uint8_t out[WR_CREDIT_SIZE], uint32_t count)
{
    second_reply_header(out, WR_LOST, 0);
    wr_put32(out + 4, count);
    return WR_CREDIT_SIZE;
}

enum { KIND_FILE = 1, KIND_DIRECTORY = 2, AT_MARKS = 1, MARK_LINK = 1, MARK_DIGEST = 2, AT_NAME_LEN = 2 };

size_t wr_record_file(uint8_t out[WR_FILE_RECORD_SIZE], bool is_directory, uint64_t size, int64_t modified,
                      size_t name_len)
{
    out[0] = is_directory ? KIND_DIRECTORY : KIND_FILE;
    out[1] = 0;
    wr_put16(out + AT_NAME_LEN, (uint16_t)name_len);
    wr_put64(out + 4, is_directory ? 0 : size);
    wr_put64(out + 12, (uint64_t)modified);
    return WR_FILE_RECORD_SIZE;
}

void wr_record_mark(uint8_t record[WR_FILE_RECORD_SIZE], bool is_link, bool has_digest)
{
    record[AT_MARKS] = (uint8_t)((is_link ? MARK_LINK : 0) | (has_digest ? MARK_DIGEST : 0));
}

size_t wr_record_file_len(const uint8_t record[WR_FILE_RECORD_SIZE])
{
    size_t digest = record[AT_MARKS] & MARK_DIGEST ? UHTTPD_SHA256_SIZE : 0;
    return WR_FILE_RECORD_SIZE + wr_get16(record + AT_NAME_LEN) + digest;
}

size_t wr_record_holder(uint8_t *out, const wr_holder_record_t *holder)
{
    size_t len = holder->address != NULL ? strlen(holder->address) : 0;
    out[0] = (uint8_t)(holder->held | holder->silent << 1 | holder->classic << 2);
    out[1] = holder->watchers;
    wr_put16(out + 2, (uint16_t)len);
    wr_put32(out + 4, holder->since);
    if (len > 0) {
        memcpy(out + WR_HOLDER_RECORD_SIZE, holder->address, len);
    }
    return WR_HOLDER_RECORD_SIZE + len;
}

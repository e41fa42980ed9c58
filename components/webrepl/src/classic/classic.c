/* SPDX-License-Identifier: MIT */
#include "classic/classic.h"

#include <string.h>

#include "errcode.h"

/* Offsets in the header; numbers are little endian. No client uses the flag byte and the 64-bit offset in between. */
enum { AT_SIGNATURE = 0, AT_OPERATION = 2, AT_SIZE = 12, AT_NAME_LEN = 16, AT_NAME = 18 };

enum { OP_PUT = 1, OP_GET = 2, OP_GET_VERSION = 3 };

enum {
    STEP_HEADER,  /* input: a header */
    STEP_PUT,     /* input: contents */
    STEP_SWALLOW, /* input: contents that are no longer wanted */
    STEP_GET,     /* input: a byte asks for a block */
    STEP_BEGIN_PUT,
    STEP_END_GET,
};

static void want_input(wr_classic_t *classic, uint8_t step)
{
    classic->want = WR_CLASSIC_INPUT;
    classic->step = step;
}

static void want_sent(wr_classic_t *classic, const uint8_t *frame, size_t len, uint8_t after)
{
    classic->want = WR_CLASSIC_SEND;
    classic->frame = frame;
    classic->frame_len = len;
    classic->after = after;
}

static void want_work(wr_classic_t *classic, wr_work_t work)
{
    classic->want = WR_CLASSIC_WORK;
    classic->work = work;
    classic->data = classic->store + 2;
}

static void classic_reply(wr_classic_t *classic, uint16_t code, uint8_t after)
{
    memcpy(classic->reply, (uint8_t[]) {'W', 'B', (uint8_t)code, (uint8_t)(code >> 8)}, sizeof classic->reply);
    want_sent(classic, classic->reply, sizeof classic->reply, after);
}

void wr_classic_init(wr_classic_t *classic, bool has_files, const uint8_t version[3])
{
    memset(classic, 0, offsetof(wr_classic_t, store));
    classic->has_files = has_files;
    memcpy(classic->version, version, sizeof classic->version);
    want_input(classic, STEP_HEADER);
}

static uint16_t classic_get16(const uint8_t *at)
{
    return (uint16_t)(at[0] | at[1] << 8);
}

static uint32_t classic_get32(const uint8_t *at)
{
    return classic_get16(at) | (uint32_t)classic_get16(at + 2) << 16;
}

/*
 * Clients fill 64 bytes, with zeros after a shorter name, and also send the length; some send 0. A length beyond the
 * field means that the client cut the name off, so it would be another file.
 */
static uint16_t take_name(wr_classic_t *classic)
{
    if (classic_get16(classic->header + AT_NAME_LEN) > WR_CLASSIC_NAME) {
        return WR_CODE_ENAMETOOLONG;
    }
    memcpy(classic->name, classic->header + AT_NAME, WR_CLASSIC_NAME);
    classic->name[WR_CLASSIC_NAME] = '\0';
    return classic->name[0] != '\0' ? WR_CODE_OK : WR_CODE_EINVAL;
}

static uint16_t check_header(wr_classic_t *classic)
{
    if (memcmp(classic->header + AT_SIGNATURE, "WA", 2) != 0) {
        return WR_CODE_EINVAL;
    }
    switch (classic->header[AT_OPERATION]) {
    case OP_GET_VERSION:
        return WR_CODE_OK;
    case OP_PUT:
    case OP_GET:
        return classic->has_files ? take_name(classic) : WR_CODE_EOPNOTSUPP;
    default:
        return WR_CODE_ENOSYS;
    }
}

static void classic_begin(wr_classic_t *classic)
{
    classic->header_have = 0;
    classic->code = check_header(classic);
    if (classic->code != WR_CODE_OK) {
        classic_reply(classic, classic->code, STEP_HEADER);
        return;
    }
    switch (classic->header[AT_OPERATION]) {
    case OP_PUT:
        classic->left = classic_get32(classic->header + AT_SIZE);
        want_work(classic, WR_WORK_OPEN_WRITE);
        break;
    case OP_GET:
        classic->at_end = false;
        want_work(classic, WR_WORK_OPEN_READ);
        break;
    default:
        want_sent(classic, classic->version, sizeof classic->version, STEP_HEADER);
        break;
    }
}

static size_t classic_min(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t input_header(wr_classic_t *classic, const uint8_t *data, size_t len)
{
    len = classic_min(len, (size_t)(WR_CLASSIC_HEADER - classic->header_have));
    memcpy(classic->header + classic->header_have, data, len);
    classic->header_have += (uint8_t)len;
    if (classic->header_have == WR_CLASSIC_HEADER) {
        classic_begin(classic);
    }
    return len;
}

static void want_contents(wr_classic_t *classic)
{
    classic->len = 0;
    want_input(classic, STEP_PUT);
}

static void want_written(wr_classic_t *classic)
{
    classic->last = classic->left == 0;
    want_work(classic, WR_WORK_WRITE);
}

static size_t input_put(wr_classic_t *classic, const uint8_t *data, size_t len)
{
    len = classic_min(classic_min(len, classic->left), WR_CLASSIC_STORE - classic->len);
    memcpy(classic->store + 2 + classic->len, data, len);
    classic->len += len;
    classic->left -= (uint32_t)len;
    if (classic->left == 0 || classic->len == WR_CLASSIC_STORE) {
        want_written(classic);
    }
    return len;
}

static size_t input_swallow(wr_classic_t *classic, size_t len)
{
    len = classic_min(len, classic->left);
    classic->left -= (uint32_t)len;
    if (classic->left == 0) {
        classic_reply(classic, classic->code, STEP_HEADER);
    }
    return len;
}

/* The next block of the store, in one frame with its length before it; 0 ends the file. */
static void want_block_sent(wr_classic_t *classic)
{
    size_t len = classic_min(WR_CLASSIC_BLOCK, classic->len - classic->sent);
    uint8_t *frame = classic->store + classic->sent;
    frame[0] = (uint8_t)len;
    frame[1] = (uint8_t)(len >> 8);
    classic->sent += len;
    want_sent(classic, frame, 2 + len, len != 0 ? STEP_GET : STEP_END_GET);
}

/* Any byte asks for a block. Clients send 0, but MicroPython's server accepts any. */
static size_t input_get(wr_classic_t *classic)
{
    if (classic->sent == classic->len && !classic->at_end) {
        want_work(classic, WR_WORK_READ);
    } else {
        want_block_sent(classic);
    }
    return 1;
}

size_t wr_classic_input(wr_classic_t *classic, const uint8_t *data, size_t len)
{
    size_t used = 0;
    while (used < len && classic->want == WR_CLASSIC_INPUT) {
        switch (classic->step) {
        case STEP_HEADER:
            used += input_header(classic, data + used, len - used);
            break;
        case STEP_PUT:
            used += input_put(classic, data + used, len - used);
            break;
        case STEP_SWALLOW:
            used += input_swallow(classic, len - used);
            break;
        default:
            used += input_get(classic);
            break;
        }
    }
    return used;
}

void wr_classic_sent(wr_classic_t *classic)
{
    if (classic->after == STEP_END_GET) {
        classic_reply(classic, classic->code, STEP_HEADER);
    } else if (classic->after == STEP_BEGIN_PUT) {
        want_contents(classic);
        if (classic->left == 0) {
            want_written(classic);
        }
    } else {
        want_input(classic, classic->after);
    }
}

static void classic_got(wr_classic_t *classic, uint16_t code, size_t len)
{
    classic->code = code;
    classic->len = code == WR_CODE_OK ? len : 0;
    classic->sent = 0;
    classic->at_end = classic->len == 0;
}

static void classic_written(wr_classic_t *classic, uint16_t code)
{
    classic->code = code;
    if (classic->last) {
        classic_reply(classic, code, STEP_HEADER);
    } else if (code == WR_CODE_OK) {
        want_contents(classic);
    } else {
        want_input(classic, STEP_SWALLOW);
    }
}

void wr_classic_worked(wr_classic_t *classic, uint16_t code, size_t len)
{
    switch (classic->work) {
    case WR_WORK_OPEN_READ:
        classic_got(classic, code, len);
        classic_reply(classic, code, code == WR_CODE_OK ? STEP_GET : STEP_HEADER);
        break;
    case WR_WORK_READ:
        classic_got(classic, code, len);
        want_block_sent(classic);
        break;
    case WR_WORK_OPEN_WRITE:
        classic_reply(classic, code, code == WR_CODE_OK ? STEP_BEGIN_PUT : STEP_HEADER);
        break;
    case WR_WORK_WRITE:
        classic_written(classic, code);
        break;
    }
}

/* SPDX-License-Identifier: MIT */
/* The server's end of a WebSocket, as a stream over a connection that a program has accepted itself. */
#include <string.h>

#include "py/mperrno.h"
#include "py/runtime.h"

#include "_webrepl_bindings.h"
#include "inner_stream.h"
#include "uhttpd_ws_codec.h"

#define PIECE 512          /* bytes; also of a frame's beginning, which leaves in one write with its header */
#define CLOSE_RESTART 1012 /* clients reconnect by themselves */
#define UNREAD_PIECE 128   /* bytes */
#define UNREAD_PIECES 128  /* that are read at most before the connection is closed */

struct py__webrepl_websocket {
    mp_obj_base_t base;
    mp_obj_t stream;
    uhttpd_ws_decoder_t decoder;
    uint8_t kind_read;  /* of the last bytes: UHTTPD_WS_OP_TEXT or UHTTPD_WS_OP_BINARY */
    uint8_t kind_write; /* of messages to come */
    uint16_t close_code;
    bool over;     /* nothing more is read or written */
    bool reading;  /* some thread is within read() ... */
    bool writing;  /* ... and within a frame */
    uint8_t *from; /* what was received and not decoded, within `received` */
    size_t left;
    const uint8_t *message; /* what was decoded and not read, within `received` */
    size_t message_left;
    uint8_t received[PIECE];
    uint8_t sent[PIECE];
};

mp_obj_t py__webrepl_websocket_new(mp_obj_t stream)
{
    glue_inner_stream_check(stream);
    py__webrepl_websocket_t *self = mp_obj_malloc(py__webrepl_websocket_t, &py__webrepl_websocket_type);
    memset((char *)self + sizeof self->base, 0, sizeof *self - sizeof self->base);
    self->stream = stream;
    self->kind_read = self->kind_write = UHTTPD_WS_OP_TEXT;
    self->close_code = CLOSE_RESTART;
    uhttpd_ws_decoder_init(&self->decoder, true, 0);
    return MP_OBJ_FROM_PTR(self);
}

/* --- output ------------------------------------------------------------------------------------------------------- */

static int write_frame(py__webrepl_websocket_t *self, uint8_t opcode, const uint8_t *data, size_t len)
{
    size_t header = uhttpd_ws_encode_header(self->sent, opcode, true, len);
    size_t first = MIN(len, sizeof self->sent - header);
    memcpy(self->sent + header, data, first);
    int error = glue_inner_stream_write(self->stream, self->sent, header + first);
    return error || first == len ? error : glue_inner_stream_write(self->stream, data + first, len - first);
}

/* @return 0 or an errno; a frame that has left in part only ends the WebSocket. */
static int py_repl_websocket_send_frame(py__webrepl_websocket_t *self, uint8_t opcode, const uint8_t *data, size_t len)
{
    if (!glue_inner_stream_lock(&self->writing)) {
        return MP_EAGAIN;
    }
    int error = self->over ? MP_ECONNRESET : write_frame(self, opcode, data, len);
    self->over = self->over || error;
    self->writing = false;
    return error;
}

static void send_close(py__webrepl_websocket_t *self, uint16_t code)
{
    const uint8_t payload[] = {(uint8_t)(code >> 8), (uint8_t)code};
    py_repl_websocket_send_frame(self, UHTTPD_WS_OP_CLOSE, payload,
                                 uhttpd_ws_close_code_valid(code) ? sizeof payload : 0);
    self->over = true;
}

mp_uint_t py__webrepl_websocket_stream_write(mp_obj_t self_in, const void *buf, mp_uint_t size, int *errcode)
{
    py__webrepl_websocket_t *self = MP_OBJ_TO_PTR(self_in);
    *errcode = py_repl_websocket_send_frame(self, self->kind_write, buf, size);
    return *errcode ? MP_STREAM_ERROR : size;
}

/* --- input -------------------------------------------------------------------------------------------------------- */

static void py_repl_websocket_take_event(py__webrepl_websocket_t *self, const uhttpd_ws_event_t *event)
{
    switch (event->kind) {
    case UHTTPD_WS_EVENT_DATA:
        self->kind_read = event->type;
        self->message = event->payload;
        self->message_left = event->len;
        break;
    case UHTTPD_WS_EVENT_PING:
        py_repl_websocket_send_frame(self, UHTTPD_WS_OP_PONG, event->payload, event->len);
        break;
    case UHTTPD_WS_EVENT_CLOSE:
    case UHTTPD_WS_EVENT_ERROR:
        send_close(self, event->code);
        break;
    default:
        break;
    }
}

static void py_repl_websocket_decode(py__webrepl_websocket_t *self)
{
    uhttpd_ws_event_t event;
    size_t used = uhttpd_ws_decode(&self->decoder, self->from, self->left, &event);
    self->from += used;
    self->left -= used;
    py_repl_websocket_take_event(self, &event);
}

static size_t py_repl_websocket_take_message(py__webrepl_websocket_t *self, void *buf, size_t size)
{
    size_t len = MIN(size, self->message_left);
    memcpy(buf, self->message, len);
    self->message += len;
    self->message_left -= len;
    return len;
}

static mp_uint_t read_message(py__webrepl_websocket_t *self, void *buf, mp_uint_t size, int *errcode)
{
    while (size > 0 && self->message_left == 0 && !self->over) {
        if (self->left == 0) {
            mp_uint_t got = glue_inner_stream_read(self->stream, self->received, sizeof self->received, errcode);
            if (got == MP_STREAM_ERROR || got == 0) {
                self->over = got == 0 || !mp_is_nonblocking_error(*errcode);
                return got;
            }
            self->from = self->received;
            self->left = got;
        }
        py_repl_websocket_decode(self);
    }
    return py_repl_websocket_take_message(self, buf, size);
}

mp_uint_t py__webrepl_websocket_stream_read(mp_obj_t self_in, void *buf, mp_uint_t size, int *errcode)
{
    py__webrepl_websocket_t *self = MP_OBJ_TO_PTR(self_in);
    if (self->reading) {
        *errcode = MP_EAGAIN;
        return MP_STREAM_ERROR;
    }
    self->reading = true;
    mp_uint_t got = read_message(self, buf, size, errcode);
    self->reading = false;
    return got;
}

/* --- control ------------------------------------------------------------------------------------------------------ */

static bool has_unread_input(const py__webrepl_websocket_t *self)
{
    int error;
    return glue_inner_stream_ioctl(self->stream, MP_STREAM_POLL, MP_STREAM_POLL_RD, &error) == MP_STREAM_POLL_RD;
}

/* If a socket is closed with unread input, TCP resets the connection, and the peer can lose what was sent last. */
static void discard_input(const py__webrepl_websocket_t *self)
{
    uint8_t piece[UNREAD_PIECE];
    for (int i = 0; i < UNREAD_PIECES && has_unread_input(self); i++) {
        int error;
        mp_uint_t got = glue_inner_stream_read(self->stream, piece, sizeof piece, &error);
        if (got == MP_STREAM_ERROR || got == 0) {
            return;
        }
    }
}

static mp_uint_t close_connection(py__webrepl_websocket_t *self, int *errcode)
{
    if (!self->over) {
        send_close(self, self->close_code);
    }
    discard_input(self);
    return glue_inner_stream_ioctl(self->stream, MP_STREAM_CLOSE, 0, errcode);
}

static mp_uint_t py_repl_websocket_poll(py__webrepl_websocket_t *self, uintptr_t flags, int *errcode)
{
    if (self->message_left > 0 || self->left > 0 || self->over) {
        return flags & (MP_STREAM_POLL_RD | MP_STREAM_POLL_WR);
    }
    return glue_inner_stream_ioctl(self->stream, MP_STREAM_POLL, flags, errcode);
}

mp_uint_t py__webrepl_websocket_stream_ioctl(mp_obj_t self_in, mp_uint_t request, uintptr_t arg, int *errcode)
{
    py__webrepl_websocket_t *self = MP_OBJ_TO_PTR(self_in);
    uint8_t before = self->kind_write;
    switch (request) {
    case MP_STREAM_CLOSE:
        return close_connection(self, errcode);
    case MP_STREAM_POLL:
        return py_repl_websocket_poll(self, arg, errcode);
    case INNER_STREAM_GET_DESCRIPTOR:
        return (mp_uint_t)glue_inner_stream_descriptor(self->stream);
    case INNER_STREAM_SET_CLOSE_CODE:
        self->close_code = (uint16_t)arg;
        return 0;
    case MP_STREAM_GET_DATA_OPTS:
        return self->kind_read;
    case MP_STREAM_SET_DATA_OPTS:
        if (arg == UHTTPD_WS_OP_TEXT || arg == UHTTPD_WS_OP_BINARY) {
            self->kind_write = (uint8_t)arg;
            return before;
        }
        break;
    default:
        break;
    }
    *errcode = MP_EINVAL;
    return MP_STREAM_ERROR;
}

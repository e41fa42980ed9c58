/* SPDX-License-Identifier: MIT */
/* sys.stdin, sys.stdout and sys.stderr as on boards: the REPL's own streams, local or on the network. */

#include <errno.h>
#include <unistd.h>

#include "py/mperrno.h"
#include "py/mphal.h"
#include "py/runtime.h"
#include "py/stream.h"

#include "desktop.h"

typedef struct {
    mp_obj_base_t base;
    int fd;
    mp_const_obj_t buffer; /* the same stream for bytes; MP_OBJ_NULL in that one itself */
} stdio_t;

static void print_stdio(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind)
{
    (void)kind;
    const stdio_t *self = MP_OBJ_TO_PTR(self_in);
    mp_printf(print, "<io.%s %d>", mp_obj_get_type_str(self_in), self->fd);
}

static mp_uint_t desktop_stdio_fail(int error, int *errcode)
{
    *errcode = error;
    return MP_STREAM_ERROR;
}

static mp_uint_t read_stdin(mp_obj_t self_in, void *buf, mp_uint_t size, desktop_source_t *source, int *errcode)
{
    const stdio_t *self = MP_OBJ_TO_PTR(self_in);
    if (self->fd != STDIN_FILENO) {
        return desktop_stdio_fail(MP_EBADF, errcode);
    }
    for (;;) {
        ssize_t got = desktop_read(buf, size, source);
        if (got >= 0) {
            return (mp_uint_t)got;
        }
        mp_handle_pending(true);
    }
}

static mp_uint_t read_bytes(mp_obj_t self_in, void *buf, mp_uint_t size, int *errcode)
{
    desktop_source_t source;
    return read_stdin(self_in, buf, size, &source, errcode);
}

/* A terminal that is served over the network sends what its Enter key sends; the local one has been translated. */
static mp_uint_t read_text(mp_obj_t self_in, void *buf, mp_uint_t size, int *errcode)
{
    desktop_source_t source;
    mp_uint_t got = read_stdin(self_in, buf, size, &source, errcode);
    if (got != MP_STREAM_ERROR && source == DESKTOP_FROM_NETWORK) {
        for (mp_uint_t i = 0; i < got; i++) {
            char *c = (char *)buf + i;
            *c = *c == '\r' ? '\n' : *c;
        }
    }
    return got;
}

static mp_uint_t write_stdio(mp_obj_t self_in, const void *buf, mp_uint_t size, bool cooked, int *errcode)
{
    const stdio_t *self = MP_OBJ_TO_PTR(self_in);
    if (self->fd == STDIN_FILENO) {
        return desktop_stdio_fail(MP_EBADF, errcode);
    }
    for (;;) {
        ssize_t done = desktop_write(self->fd, buf, size, cooked);
        if (done >= 0) {
            return (mp_uint_t)done;
        }
        if (errno != EINTR) {
            return desktop_stdio_fail(errno, errcode);
        }
        mp_handle_pending(true);
    }
}

static mp_uint_t desktop_stdio_write_bytes(mp_obj_t self_in, const void *buf, mp_uint_t size, int *errcode)
{
    return write_stdio(self_in, buf, size, false, errcode);
}

static mp_uint_t write_text(mp_obj_t self_in, const void *buf, mp_uint_t size, int *errcode)
{
    return write_stdio(self_in, buf, size, true, errcode);
}

/* Closing is left to the end of the program, as on boards; there is nothing to flush. */
static mp_uint_t desktop_stdio_control(mp_obj_t self_in, mp_uint_t request, uintptr_t arg, int *errcode)
{
    (void)arg;
    const stdio_t *self = MP_OBJ_TO_PTR(self_in);
    switch (request) {
    case MP_STREAM_FLUSH:
    case MP_STREAM_CLOSE:
        return 0;
    case MP_STREAM_GET_FILENO:
        return (mp_uint_t)(self->fd == STDIN_FILENO ? desktop_input_fd() : self->fd);
    default:
        return desktop_stdio_fail(MP_EINVAL, errcode);
    }
}

static mp_obj_t stdio_fileno(mp_obj_t self_in)
{
    const stdio_t *self = MP_OBJ_TO_PTR(self_in);
    return MP_OBJ_NEW_SMALL_INT(self->fd);
}
static MP_DEFINE_CONST_FUN_OBJ_1(stdio_fileno_obj, stdio_fileno);

static const mp_rom_map_elem_t locals_table[] = {
    {MP_ROM_QSTR(MP_QSTR_fileno), MP_ROM_PTR(&stdio_fileno_obj)},
    {MP_ROM_QSTR(MP_QSTR_read), MP_ROM_PTR(&mp_stream_read_obj)},
    {MP_ROM_QSTR(MP_QSTR_readinto), MP_ROM_PTR(&mp_stream_readinto_obj)},
    {MP_ROM_QSTR(MP_QSTR_readline), MP_ROM_PTR(&mp_stream_unbuffered_readline_obj)},
    {MP_ROM_QSTR(MP_QSTR_readlines), MP_ROM_PTR(&mp_stream_unbuffered_readlines_obj)},
    {MP_ROM_QSTR(MP_QSTR_write), MP_ROM_PTR(&mp_stream_write_obj)},
    {MP_ROM_QSTR(MP_QSTR_flush), MP_ROM_PTR(&mp_stream_flush_obj)},
    {MP_ROM_QSTR(MP_QSTR_close), MP_ROM_PTR(&mp_stream_close_obj)},
    {MP_ROM_QSTR(MP_QSTR___enter__), MP_ROM_PTR(&mp_identity_obj)},
    {MP_ROM_QSTR(MP_QSTR___exit__), MP_ROM_PTR(&mp_stream___exit___obj)},
};
static MP_DEFINE_CONST_DICT(locals, locals_table);

static void stdio_attr(mp_obj_t self_in, qstr attr, mp_obj_t *dest)
{
    const stdio_t *self = MP_OBJ_TO_PTR(self_in);
    if (dest[0] != MP_OBJ_NULL) {
        return;
    }
    if (attr == MP_QSTR_buffer && self->buffer != MP_OBJ_NULL) {
        dest[0] = (mp_obj_t)self->buffer;
    } else {
        dest[1] = MP_OBJ_SENTINEL;
    }
}

static const mp_stream_p_t s_bytes = {
    .read = read_bytes, .write = desktop_stdio_write_bytes, .ioctl = desktop_stdio_control};
static const mp_stream_p_t s_text = {
    .read = read_text, .write = write_text, .ioctl = desktop_stdio_control, .is_text = true};

static MP_DEFINE_CONST_OBJ_TYPE(bytes_type, MP_QSTR_FileIO, MP_TYPE_FLAG_ITER_IS_STREAM, print, print_stdio, protocol,
                                &s_bytes, locals_dict, &locals);
static MP_DEFINE_CONST_OBJ_TYPE(text_type, MP_QSTR_TextIOWrapper, MP_TYPE_FLAG_ITER_IS_STREAM, print, print_stdio, attr,
                                stdio_attr, protocol, &s_text, locals_dict, &locals);

static const stdio_t s_stdin_buffer = {{&bytes_type}, STDIN_FILENO, MP_OBJ_NULL};
static const stdio_t s_stdout_buffer = {{&bytes_type}, STDOUT_FILENO, MP_OBJ_NULL};
static const stdio_t s_stderr_buffer = {{&bytes_type}, STDERR_FILENO, MP_OBJ_NULL};

extern const stdio_t __wrap_mp_sys_stdin_obj, __wrap_mp_sys_stdout_obj, __wrap_mp_sys_stderr_obj;
const stdio_t __wrap_mp_sys_stdin_obj = {{&text_type}, STDIN_FILENO, &s_stdin_buffer};
const stdio_t __wrap_mp_sys_stdout_obj = {{&text_type}, STDOUT_FILENO, &s_stdout_buffer};
const stdio_t __wrap_mp_sys_stderr_obj = {{&text_type}, STDERR_FILENO, &s_stderr_buffer};

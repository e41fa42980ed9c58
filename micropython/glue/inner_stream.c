/* SPDX-License-Identifier: MIT */
#include "inner_stream.h"

#include "py/mperrno.h"
#include "py/mpstate.h"
#include "py/mpthread.h"
#include "py/runtime.h"

#include "_webrepl_bindings.h"
#include "uhttpd_os.h"

#define PATIENCE_MS 2000
#define LONGEST_NAP_MS 16

static const mp_stream_p_t *protocol_of(mp_obj_t stream)
{
    return MP_OBJ_TYPE_GET_SLOT_OR_NULL(mp_obj_get_type(stream), protocol);
}

void glue_inner_stream_check(mp_obj_t stream)
{
    const mp_stream_p_t *protocol = mp_obj_is_obj(stream) ? protocol_of(stream) : NULL;
    if (!protocol || !protocol->read || !protocol->write || !protocol->ioctl) {
        mp_raise_msg(&mp_type_TypeError,
                     MP_ERROR_TEXT("stream: a stream expected, to be read, written and controlled"));
    }
}

/* --- exceptions --------------------------------------------------------------------------------------------------- */

static int inner_errno_of(mp_obj_t exception)
{
    mp_int_t number = 0;
    if (mp_obj_exception_match(exception, MP_OBJ_FROM_PTR(&mp_type_OSError))) {
        mp_obj_get_int_maybe(mp_obj_exception_get_value(exception), &number);
    } else if (!mp_obj_exception_match(exception, MP_OBJ_FROM_PTR(&mp_type_Exception))) {
        mp_sched_exception(exception);
    }
    return number > 0 ? (int)number : MP_EIO;
}

typedef enum { READ, WRITE, IOCTL } call_t;

static mp_uint_t inner_stream_call(call_t which, mp_obj_t stream, void *buf, mp_uint_t size, uintptr_t arg,
                                   int *errcode)
{
    const mp_stream_p_t *protocol = protocol_of(stream);
    mp_uint_t result;
    nlr_buf_t nlr;
    if (nlr_push(&nlr) != 0) {
        *errcode = inner_errno_of(MP_OBJ_FROM_PTR(nlr.ret_val));
        return MP_STREAM_ERROR;
    }
    *errcode = 0;
    if (which == READ) {
        result = protocol->read(stream, buf, size, errcode);
    } else if (which == WRITE) {
        result = protocol->write(stream, buf, size, errcode);
    } else {
        result = protocol->ioctl(stream, size, arg, errcode);
    }
    nlr_pop();
    return result;
}

mp_uint_t glue_inner_stream_read(mp_obj_t stream, void *buf, mp_uint_t size, int *errcode)
{
    return inner_stream_call(READ, stream, buf, size, 0, errcode);
}

mp_uint_t glue_inner_stream_ioctl(mp_obj_t stream, mp_uint_t request, uintptr_t arg, int *errcode)
{
    return inner_stream_call(IOCTL, stream, NULL, request, arg, errcode);
}

int glue_inner_stream_descriptor(mp_obj_t stream)
{
    bool ours =
        mp_obj_is_type(stream, &py__webrepl__webrepl_type) || mp_obj_is_type(stream, &py__webrepl_websocket_type);
    int error;
    mp_uint_t request = ours ? INNER_STREAM_GET_DESCRIPTOR : MP_STREAM_GET_FILENO;
    mp_uint_t descriptor = glue_inner_stream_ioctl(stream, request, 0, &error);
    return descriptor == MP_STREAM_ERROR ? -1 : (int)descriptor;
}

void glue_inner_stream_set_close_code(mp_obj_t stream, uint16_t code)
{
    int error;
    if (mp_obj_is_type(stream, &py__webrepl_websocket_type)) {
        glue_inner_stream_ioctl(stream, INNER_STREAM_SET_CLOSE_CODE, code, &error);
    }
}

/* --- waiting ------------------------------------------------------------------------------------------------------ */

/* A finaliser writes: no other thread may touch the heap before the collection is over. */
static bool may_wait(void)
{
    return MP_STATE_THREAD(gc_lock_depth) == 0;
}

static void inner_stream_nap(uint32_t *ms)
{
    MP_THREAD_GIL_EXIT();
    uhttpd_os_sleep(*ms);
    MP_THREAD_GIL_ENTER();
    *ms = MIN(2 * *ms, LONGEST_NAP_MS);
}

int glue_inner_stream_write(mp_obj_t stream, const void *data, size_t len)
{
    const uint8_t *from = data;
    uint64_t limit = uhttpd_os_now() + PATIENCE_MS + len;
    uint32_t nap_ms = 1;
    while (len > 0) {
        int error;
        mp_uint_t done = inner_stream_call(WRITE, stream, (void *)from, len, 0, &error);
        if (done == MP_STREAM_ERROR && !mp_is_nonblocking_error(error)) {
            return error;
        }
        if (done == MP_STREAM_ERROR || done == 0) {
            if (!may_wait() || uhttpd_os_now() >= limit) {
                return MP_ETIMEDOUT;
            }
            inner_stream_nap(&nap_ms);
            continue;
        }
        from += done;
        len -= done;
        nap_ms = 1;
    }
    return 0;
}

bool glue_inner_stream_lock(bool *taken)
{
    uint32_t nap_ms = 1;
    while (*taken) {
        if (!may_wait()) {
            return false;
        }
        inner_stream_nap(&nap_ms);
    }
    *taken = true;
    return true;
}

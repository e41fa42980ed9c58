/* SPDX-License-Identifier: MIT */
#pragma once

#include "py/obj.h"
#include "py/stream.h"

/**
 * @file
 * Calls the stream below a stream from C, without raising. For Python threads that hold the GIL.
 *
 * The errno of an OSError becomes the error code; other exceptions become EIO. An exception that is not about the
 * stream, such as KeyboardInterrupt, is raised in the main thread a moment later.
 */

/** @brief Raises TypeError unless @p stream can be read, written and controlled. */
void glue_inner_stream_check(mp_obj_t stream);

/** @return bytes, 0 at the end; MP_STREAM_ERROR with @p errcode. */
mp_uint_t glue_inner_stream_read(mp_obj_t stream, void *buf, mp_uint_t size, int *errcode);

/**
 * @brief Writes all of it. Waits without the GIL for a stream that takes nothing for a while: 2 s altogether, plus a
 *        millisecond per byte. During a collection it does not wait.
 * @return 0 or an errno.
 */
int glue_inner_stream_write(mp_obj_t stream, const void *data, size_t len);

/** @return as the stream does; MP_STREAM_ERROR with @p errcode. */
mp_uint_t glue_inner_stream_ioctl(mp_obj_t stream, mp_uint_t request, uintptr_t arg, int *errcode);

/** @brief The descriptor at the very bottom, for a port that waits for it. @return -1: there is none. */
int glue_inner_stream_descriptor(mp_obj_t stream);

/**
 * @brief The request that asks this project's streams for it. They do not answer MP_STREAM_GET_FILENO, because
 *        select.poll() would then look at the descriptor and miss what they have already read from it.
 */
#define INNER_STREAM_GET_DESCRIPTOR (0x1000)

/** @brief Has a _webrepl.WebSocket close with @p code in place of 1012. Other streams are not told. */
void glue_inner_stream_set_close_code(mp_obj_t stream, uint16_t code);

/** @brief The request that does so. */
#define INNER_STREAM_SET_CLOSE_CODE (0x1001)

/** @brief Takes a flag that another thread may have. @return false: not while collecting. */
bool glue_inner_stream_lock(bool *taken);

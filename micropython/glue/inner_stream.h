/* SPDX-License-Identifier: MIT */
#pragma once

#include "py/obj.h"
#include "py/stream.h"

/**
 * @file
 * The stream below a stream, called from C: nothing raises. For Python threads that hold the GIL.
 *
 * What an OSError carries becomes the error code, and all else EIO; an exception that is not about the stream, such as
 * KeyboardInterrupt, is raised in the main thread a moment later.
 */

/** @brief Raises TypeError unless @p stream can be read, written and controlled. */
void glue_inner_stream_check(mp_obj_t stream);

/** @return bytes, 0 at the end; MP_STREAM_ERROR with @p errcode. */
mp_uint_t glue_inner_stream_read(mp_obj_t stream, void *buf, mp_uint_t size, int *errcode);

/**
 * @brief Writes all of it. A stream that takes nothing for a while is waited for without the GIL: 2 s altogether, and a
 *        millisecond for each byte; during a collection not at all.
 * @return 0 or an errno.
 */
int glue_inner_stream_write(mp_obj_t stream, const void *data, size_t len);

/** @return as the stream does; MP_STREAM_ERROR with @p errcode. */
mp_uint_t glue_inner_stream_ioctl(mp_obj_t stream, mp_uint_t request, uintptr_t arg, int *errcode);

/** @brief The descriptor at the very bottom, for a port that waits for it. @return -1: there is none. */
int glue_inner_stream_descriptor(mp_obj_t stream);

/**
 * @brief What asks the streams of this project for it. They do not answer MP_STREAM_GET_FILENO: select.poll() would then
 *        look at the descriptor, and miss what they have read from it.
 */
#define INNER_STREAM_GET_DESCRIPTOR (0x1000)

/** @brief Takes a flag that somebody else may have. @return false: not while collecting. */
bool glue_inner_stream_lock(bool *taken);

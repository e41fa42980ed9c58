/* SPDX-License-Identifier: MIT */
#pragma once

#include "py/unicode.h"

/** @brief Whether text is UTF-8. The interpreter's function for that has another name since 1.29. */
static inline bool glue_is_utf8(const char *text, size_t len)
{
#if MICROPY_VERSION < MICROPY_MAKE_VERSION(1, 29, 0)
    return utf8_check((const byte *)text, len);
#else
    return unicode_encoding_check(MP_ENCODING_UTF8, (const byte *)text, len);
#endif
}

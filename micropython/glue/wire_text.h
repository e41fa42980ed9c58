/* SPDX-License-Identifier: MIT */
#pragma once

#include "py/obj.h"

/**
 * @brief Makes a str UTF-8 before it leaves the interpreter: its strings may hold halves of characters, which JSON writes
 *        as two escapes (RFC 8259 section 7), and no peer takes them.
 *
 * Two halves become their character, and whatever else is no UTF-8 becomes U+FFFD. May raise MemoryError.
 *
 * @return the str itself if it needs no change
 */
mp_obj_t glue_wire_text(mp_obj_t str);

/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief Random bytes for keys, salts and nonces.
 *
 * Of a chip's generator alone no key is to be made while neither Wi-Fi nor Bluetooth is on: it may be weak then. So the
 * bytes are digests of what the generator gives, of the clock, and of all that went into earlier calls. Any task; does not
 * wait for others.
 *
 * @param out  @p len bytes, to be filled
 * @return false: there is no memory, or digests do not work; nothing of @p out may be used
 */
bool uhttpd_random_key(void *out, size_t len);

#ifdef __cplusplus
}
#endif

/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

/**
 * @file
 * The terminal page, packed by gzip. The build embeds it under these names.
 */
extern const uint8_t webrepl_page_start[];
extern const uint8_t webrepl_page_end[];

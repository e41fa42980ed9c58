/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

/**
 * @file
 * The terminal page and its editor, packed by gzip. The build embeds them under these names. A firmware without the
 * editor has nothing there.
 */
extern const uint8_t webrepl_page_start[];
extern const uint8_t webrepl_page_end[];
extern const uint8_t webrepl_editor_start[];
extern const uint8_t webrepl_editor_end[];

/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdint.h>

/**
 * @file
 * The terminal page, packed by gzip. ESP-IDF's way to embed files names these symbols; the build for a desktop follows
 * it.
 */
extern const uint8_t webrepl_page_start[] __asm__("_binary_page_html_gz_start");
extern const uint8_t webrepl_page_end[] __asm__("_binary_page_html_gz_end");

/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * @file
 * Numbers of 64 bits as text, which not every printf() knows, pure.
 */
#define UH_DECIMAL_SIZE 21 /* bytes, NUL included */

/** @brief Writes a number. @return its length */
size_t uh_decimal_write(uint64_t number, char text[UH_DECIMAL_SIZE]);

/**
 * @brief Reads the digits at @p *text and moves beyond them. What is too great becomes UINT64_MAX.
 * @return false: there is none.
 */
bool uh_decimal_read(const char **text, uint64_t *number);

/** @brief Writes the last @p digits hexadecimal digits of a number, without NUL. */
void uh_hex_write(uint64_t number, int digits, char *text);

/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/builder.h"

/**
 * @file
 * Events as text (WHATWG HTML, section 9.2.5). Pure.
 *
 * An event ends with its only empty line, so that a buffer of them can be cut at "\n\n".
 */

/** @brief True when @p text can be a field's value: no CR, no LF. NULL can. */
bool uh_event_field_is_valid(const char *text);

/**
 * @brief Adds an event to a text.
 *
 * @param data   lines ended by CR, LF or CRLF become a field each.
 * @param event  NULL: none.
 * @param id     NULL: none.
 * @param retry  0: none.
 */
void uh_event_format(uh_text_t *text, const char *data, size_t len, const char *event, const char *id, uint32_t retry);

/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/**
 * @file
 * What the server itself needs of the account that uhttpd_guesses.h is about: uh_guesses_ask() and uh_guesses_answer().
 * Any task; they do not block.
 */

uint32_t uh_guesses_account_ask(uint64_t from);
void uh_guesses_account_answer(uint64_t from, uint32_t cost, bool wrong);

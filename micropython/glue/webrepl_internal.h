/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "py/obj.h"

/** @brief Ends sessions whose objects were collected in the middle of a transfer. @param alone  No other thread is left. */
void glue_webrepl_end_orphans(bool alone);

/** @brief Raises ValueError when a password that is one line is empty: a forgotten one. @param name  Of the argument. */
void glue_webrepl_check_password(qstr name, const char *password);

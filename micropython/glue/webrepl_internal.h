/* SPDX-License-Identifier: MIT */
#pragma once

/** @brief Raises ValueError when a password that is one line is empty: a forgotten one. */
void glue_webrepl_check_password(const char *password);

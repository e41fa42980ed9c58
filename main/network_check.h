/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/** @file What network_set_up() accepts. Pure. */
bool network_name_is_valid(const char *name);
bool network_password_is_valid(const char *password);

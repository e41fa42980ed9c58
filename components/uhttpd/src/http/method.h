/* SPDX-License-Identifier: MIT */
#pragma once

/**
 * @file
 * The methods of HTTP, pure.
 */
#define UH_METHOD_LIST_SIZE 64

/** @brief The names of methods, as in Allow; all of them when UHTTPD_ANY is included. */
void uh_method_list(unsigned methods, char out[UH_METHOD_LIST_SIZE]);

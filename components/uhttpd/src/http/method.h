/* SPDX-License-Identifier: MIT */
#pragma once

/**
 * @file
 * The methods of HTTP, pure.
 */
#define UH_METHOD_LIST_SIZE 64

/** @brief The names of methods, as in Allow; of all when UHTTPD_ANY is among them. */
void uh_method_list(unsigned methods, char out[UH_METHOD_LIST_SIZE]);

/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

/**
 * @file
 * Both ends of a connection as text, without port. @return the length; 0 (and "") when the connection is gone.
 */
#define UH_ADDRESS_SIZE 46 /* bytes of an IPv6 address as text, NUL included */

size_t uh_remote_address(int fd, char *text, size_t size);
size_t uh_local_address(int fd, char *text, size_t size);

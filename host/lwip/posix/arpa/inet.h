/* SPDX-License-Identifier: MIT */
#pragma once

#include <sys/socket.h>

#include "lwip/inet.h"

#define inet_ntop(family, address, text, size) lwip_inet_ntop(family, address, text, size)
#define inet_pton(family, text, address) lwip_inet_pton(family, text, address)

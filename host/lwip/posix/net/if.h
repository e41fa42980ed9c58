/* SPDX-License-Identifier: MIT */
#pragma once

#include <sys/socket.h> /* has struct ifreq, too */

#include "lwip/if_api.h"

/* SPDX-License-Identifier: MIT */
#pragma once

#include <sys/socket.h>

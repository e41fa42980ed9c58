/* SPDX-License-Identifier: MIT */
#pragma once

#include <sys/socket.h>

int hl_poll(struct pollfd *fds, nfds_t count, int timeout);
#define poll hl_poll

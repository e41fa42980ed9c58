/* SPDX-License-Identifier: MIT */
#pragma once

#include "esp_vfs_eventfd.h"

#define EFD_CLOEXEC 0
#define EFD_NONBLOCK 1

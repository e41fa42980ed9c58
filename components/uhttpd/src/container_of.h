/* SPDX-License-Identifier: MIT */
#pragma once

#include <stddef.h>

/** @brief The struct that @p pointer is the member @p member of. */
#define UH_CONTAINER_OF(pointer, type, member) ((type *)((char *)(pointer) - offsetof(type, member)))

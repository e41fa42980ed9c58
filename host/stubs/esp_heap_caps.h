/* SPDX-License-Identifier: MIT */
/* There is one kind of memory. */
#pragma once

#define MALLOC_CAP_8BIT (1 << 2)
#define MALLOC_CAP_SPIRAM (1 << 10)
#define MALLOC_CAP_INTERNAL (1 << 11)

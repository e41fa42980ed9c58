/* SPDX-License-Identifier: MIT */
/* A chip whose generator gives the same word again and again. */
#include "uhttpd_os.h"

uint32_t uhttpd_os_random(void)
{
    return 0;
}

void uhttpd_os_global_lock(void)
{
}

void uhttpd_os_global_unlock(void)
{
}

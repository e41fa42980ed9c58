/* SPDX-License-Identifier: MIT */
#include "console_stdout.h"

void console_stdout_redirect(void)
{
}

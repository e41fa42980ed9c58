/* SPDX-License-Identifier: MIT */
#pragma once

#include "sdkconfig.h"

/**
 * @file
 * The numbers that the default configurations begin with. With Kconfig they come from there.
 * Without it, as on a desktop, they are Kconfig's defaults. Written by `make generate`: do not
 * edit.
 */
#ifndef CONFIG_WEBREPL_INPUT_BYTES
#define CONFIG_WEBREPL_INPUT_BYTES 512
#define CONFIG_WEBREPL_OUTPUT_BYTES 2048
#define CONFIG_WEBREPL_LOGIN_TIMEOUT_MS 30000
#define CONFIG_WEBREPL_KEEP_UPLOADS_MS 600000
#define CONFIG_WEBREPL_SESSIONS 4
#define CONFIG_WEBREPL_OPERATIONS 4
#endif

/* SPDX-License-Identifier: MIT */
#pragma once

/** @file Ends the build with a sentence where MicroPython is too old. */

#include "py/mpconfig.h"

#if MICROPY_VERSION < MICROPY_MAKE_VERSION(1, 25, 0)
#error "The modules uhttpd and webrepl need MicroPython 1.25 or later."
#elif defined(ESP_PLATFORM) && MICROPY_VERSION < MICROPY_MAKE_VERSION(1, 28, 0)
#error \
    "On chips the modules need MicroPython 1.28 or later: before it, the esp32 port's prompt reads only its own UART."
#endif

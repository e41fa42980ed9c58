/* SPDX-License-Identifier: MIT */
#pragma once

#include "webrepl.h"

/** @brief WebREPL's files in MicroPython's own VFS. To be called in Python threads that do not hold the GIL. */
extern const webrepl_files_t files_vfs;

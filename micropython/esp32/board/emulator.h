/* SPDX-License-Identifier: MIT */
#pragma once

/** @brief Brings the network of Espressif's emulator up, once; after each start of the interpreter. */
void emulator_start_ethernet(void);

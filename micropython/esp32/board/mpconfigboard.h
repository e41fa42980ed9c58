/* SPDX-License-Identifier: MIT */
/* Any ESP32 with 4 MB of flash. */
#include "sdkconfig.h"

#define MICROPY_HW_BOARD_NAME "Board with uhttpd"
#define MICROPY_HW_MCU_NAME CONFIG_IDF_TARGET

/* The prompt is at the UART as well as at the chip's USB. */
#define MICROPY_HW_ENABLE_UART_REPL (1)

/* A program that has switched Ctrl-C off is not told from the prompt otherwise. */
void board_program_has_ended(void);
#define MICROPY_BOARD_AFTER_PYTHON_EXEC(input_kind, exec_flags, exception, result) board_program_has_ended()

/* An emulator has no radio. */
#if CONFIG_APP_NO_BLOBS
#define MICROPY_PY_NETWORK_WLAN (0)
#define MICROPY_PY_ESPNOW (0)
#define MICROPY_PY_BLUETOOTH (0)
#endif

#if CONFIG_ETH_USE_OPENETH
#include "emulator.h"
#define MICROPY_PORT_INIT_FUNC emulator_start_ethernet()
#endif

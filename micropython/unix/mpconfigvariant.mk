# SPDX-License-Identifier: MIT
# The desktop variant of MicroPython's unix port: one prompt shared by the terminal and the network.

PROG = upython
FROZEN_MANIFEST ?= $(VARIANT_DIR)/manifest.py

# The manifest takes nothing from micropython-lib, which a source package lacks; the port insists on a README there.
MPY_LIB_DIR = $(TOP)

COPT ?= $(if $(SANITIZE),-O1,-O2)
STRIP =

# Before 1.28 the Makefile switches the GIL off on the command line; mpconfigvariant.h has the last word.
MICROPY_PY_THREAD = 1
MICROPY_PY_THREAD_GIL = 1

MICROPY_PY_BTREE = 0
MICROPY_PY_FFI = 0

# The system's Mbed TLS: not the copy that the port would compile, which a source package lacks.
MICROPY_SSL_MBEDTLS = 0
LDFLAGS_EXTRA += -lmbedtls -lmbedx509 -lmbedcrypto

# Releases before 1.27 do not compile the REPL that boards have, with its raw and raw-paste modes.
ifeq ($(shell grep -c runtime/pyexec.c Makefile),0)
SHARED_SRC_C_EXTRA += runtime/pyexec.c
endif

# What the port does itself and the desktop does differently, see the file named on the right.
wrap = $(foreach symbol,$(1),-Wl,--wrap=$(symbol))
LDFLAGS_EXTRA += $(call wrap, main mp_thread_deinit)                                       # process.c
LDFLAGS_EXTRA += $(call wrap, prompt_read_history)                                         # repl.c
LDFLAGS_EXTRA += $(call wrap, mp_hal_set_interrupt_char sem_wait)                          # interrupt.c
LDFLAGS_EXTRA += $(call wrap, mp_hal_stdio_mode_raw mp_hal_stdio_mode_orig)                # tty.c
LDFLAGS_EXTRA += $(call wrap, mp_hal_stdin_rx_chr)                                         # console_in.c
LDFLAGS_EXTRA += $(call wrap, mp_hal_stdout_tx_str mp_hal_stdout_tx_strn)                  # console_out.c
LDFLAGS_EXTRA += $(call wrap, mp_hal_stdout_tx_strn_cooked mp_stderr_print)                # console_out.c
LDFLAGS_EXTRA += $(call wrap, mp_sys_stdin_obj mp_sys_stdout_obj mp_sys_stderr_obj)        # stdio.c
LDFLAGS_EXTRA += $(call wrap, mp_event_wait_ms mp_event_wait_indefinite select)            # sleep.c
LDFLAGS_EXTRA += $(call wrap, mbedtls_debug_set_threshold)                                 # tls.c

# Flags of the sanitizers, for tests; empty otherwise.
CFLAGS_EXTRA += $(SANITIZE)
LDFLAGS_EXTRA += $(SANITIZE)

# How many open files FAT knows of, for tests; usually empty, as it knows of none on boards.
ifneq ($(FAT_LOCKS),)
$(BUILD)/%.o: CFLAGS += -UFFCONF_H -DFFCONF_H=\"$(VARIANT_DIR)/fat_locks.h\" -DFAT_LOCKS=$(FAT_LOCKS)
endif

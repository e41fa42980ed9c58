/* SPDX-License-Identifier: MIT */

/*
 * The network's terminal beside the port's own. It is read and written where the port does so for os.dupterm(), by
 * functions linked in place of extmod's; os.dupterm() itself stays free for programs.
 */
#include <stdatomic.h>

#include "esp_system.h"

#include "py/mphal.h"
#include "py/runtime.h"
#include "py/stream.h"
#include "shared/runtime/interrupt_char.h"

#include "glue/terminal.h"
#include "uhttpd_os.h"

int __real_mp_os_dupterm_rx_chr(void);
int __wrap_mp_os_dupterm_rx_chr(void);
int __real_mp_os_dupterm_tx_strn(const char *str, size_t len);
int __wrap_mp_os_dupterm_tx_strn(const char *str, size_t len);
uintptr_t __real_mp_os_dupterm_poll(uintptr_t flags);
uintptr_t __wrap_mp_os_dupterm_poll(uintptr_t flags);
void __real_mp_hal_set_interrupt_char(int c);
void __wrap_mp_hal_set_interrupt_char(int c);
void board_program_has_ended(void);

#define CTRL_C 3
#define INTERRUPTED (-2) /* as extmod's: no character, an exception is pending */

int __wrap_mp_os_dupterm_rx_chr(void)
{
    uint8_t byte;
    bool at_prompt = mp_interrupt_char < 0; /* or where a program wants no Ctrl-C, which it then gets once */
    if (at_prompt) {
        glue_terminal_clear_prompt(true);
    }
    if (!glue_terminal_read(&byte, 1)) {
        if (at_prompt) {
            glue_terminal_clear_prompt(true);
        }
        return __real_mp_os_dupterm_rx_chr();
    }
    /* It may have arrived when nothing could be interrupted, and be read by a program that can be. */
    return glue_terminal_port_interrupts(byte) ? INTERRUPTED : byte;
}

int __wrap_mp_os_dupterm_tx_strn(const char *str, size_t len)
{
    bool connected = glue_terminal_connected();
    glue_terminal_write(str, len);
    int written = __real_mp_os_dupterm_tx_strn(str, len);
    return connected && written < 0 ? (int)len : written;
}

uintptr_t __wrap_mp_os_dupterm_poll(uintptr_t flags)
{
    uintptr_t ready = __real_mp_os_dupterm_poll(flags);
    return glue_terminal_available() ? ready | (flags & MP_STREAM_POLL_RD) : ready;
}

void glue_terminal_port_input(void)
{
    mp_hal_wake_main_task();
}

/* The interpreter says -1 when a program ends as well as when it wants no interrupts. */
static atomic_bool s_switched_off;

void __wrap_mp_hal_set_interrupt_char(int c)
{
    atomic_store(&s_switched_off, c < 0 && mp_interrupt_char >= 0);
    __real_mp_hal_set_interrupt_char(c);
}

void board_program_has_ended(void)
{
    atomic_store(&s_switched_off, false);
    mp_interrupt_char = -1;
}

void glue_terminal_port_left(void)
{
    if (atomic_exchange(&s_switched_off, false)) {
        mp_interrupt_char = CTRL_C;
    }
}

bool glue_terminal_port_interrupts(uint8_t byte)
{
    if (byte != mp_interrupt_char) {
        return false;
    }
    mp_sched_keyboard_interrupt();
    mp_hal_wake_main_task();
    return true;
}

#define LEAVE_MS 200 /* output from before a reset is sent within this time */

/* What ends a program, or else a line or a block that is being typed; Ctrl-B leaves the raw REPL; Ctrl-D resets. */
static void soft_reset(void *ctx)
{
    (void)ctx;
    glue_terminal_port_left();
    glue_terminal_port_interrupts(CTRL_C);
    webrepl_overtake("\x03\x02\x04", 3);
}

static void chip_terminal_port_restart(void *arg)
{
    (void)arg;
    uhttpd_os_sleep(LEAVE_MS);
    esp_restart();
}

static void chip_terminal_port_hard_reset(void *ctx)
{
    (void)ctx;
    const uhttpd_os_task_config_t task = {.stack = 2560, .priority = 5, .core = UHTTPD_OS_ANY_CORE};
    if (uhttpd_os_task_spawn("reset", chip_terminal_port_restart, NULL, &task) != ESP_OK) {
        esp_restart();
    }
}

void glue_terminal_port_resets(webrepl_terminal_events_t *events)
{
    events->soft_reset = soft_reset;
    events->hard_reset = chip_terminal_port_hard_reset;
}

/* SPDX-License-Identifier: MIT */
/* The functions that glue/terminal.c needs from a port. */

#include "desktop.h"
#include "glue/terminal.h"

void glue_terminal_port_input(void)
{
    desktop_network_changed();
}

void glue_terminal_port_left(void)
{
    desktop_switch_interrupts_on();
}

bool glue_terminal_port_interrupts(uint8_t byte)
{
    return desktop_interrupt(byte);
}

/* Ctrl-D ends the program here, because nothing would start it again. */
void glue_terminal_port_resets(webrepl_terminal_events_t *events)
{
    (void)events;
}

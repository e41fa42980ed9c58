/* SPDX-License-Identifier: MIT */
/* What glue/terminal.c asks of a port. */

#include "desktop.h"
#include "glue/terminal.h"

void glue_terminal_port_input(void)
{
    desktop_network_changed();
}

bool glue_terminal_port_interrupts(uint8_t byte)
{
    return desktop_interrupt(byte);
}

/* Ctrl-D ends the program here: there is nothing that would begin it again. */
void glue_terminal_port_resets(webrepl_terminal_events_t *events)
{
    (void)events;
}

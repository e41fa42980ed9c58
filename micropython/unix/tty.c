/* SPDX-License-Identifier: MIT */
/* The terminal's modes: raw while a line is edited, and as it was found while a program runs. */

#include <stdbool.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

void __wrap_mp_hal_stdio_mode_raw(void);
void __wrap_mp_hal_stdio_mode_orig(void);

static struct termios s_found;
static bool s_is_raw;

/* The port's own version forgets the mode it found when it is called twice, and discards what was typed ahead. */
void __wrap_mp_hal_stdio_mode_raw(void)
{
    static bool restores_at_exit;
    if (s_is_raw || tcgetattr(STDIN_FILENO, &s_found) != 0) {
        return;
    }
    if (!restores_at_exit) {
        restores_at_exit = atexit(__wrap_mp_hal_stdio_mode_orig) == 0;
    }
    struct termios raw = s_found;
    raw.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | INPCK | ISTRIP | IXON);
    raw.c_cflag = (raw.c_cflag & ~(tcflag_t)(CSIZE | PARENB)) | CS8;
    raw.c_lflag = 0;
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    s_is_raw = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
}

void __wrap_mp_hal_stdio_mode_orig(void)
{
    if (s_is_raw) {
        s_is_raw = false;
        tcsetattr(STDIN_FILENO, TCSANOW, &s_found);
    }
}

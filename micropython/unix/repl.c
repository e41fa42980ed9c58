/* SPDX-License-Identifier: MIT */
/* The REPL that boards have, with its raw and raw-paste modes, in place of the port's own. */

#include "py/mphal.h"
#include "py/objexcept.h"
#include "py/runtime.h"

#include "shared/runtime/pyexec.h"

#include "desktop.h"

static bool s_runs;
static int s_exit_status; /* of the program that ended last */

void __real_prompt_read_history(void);
void __wrap_prompt_read_history(void);

bool desktop_repl_runs(void)
{
    return s_runs;
}

bool desktop_at_prompt(void)
{
    return s_runs && !desktop_program_runs() && mp_thread_is_main_thread();
}

static int exit_status(mp_obj_t system_exit)
{
    mp_obj_t value = mp_obj_exception_get_value(system_exit);
    mp_int_t status = 0;
    if (value != mp_const_none && !mp_obj_get_int_maybe(value, &status)) {
        status = 1;
    }
    return (int)status & 0xff;
}

void desktop_after_exec(void *exception, int *result)
{
    bool exits = (*result & PYEXEC_FORCED_EXIT) && exception != NULL;
    desktop_program_has_ended();
    s_exit_status = exits ? exit_status(MP_OBJ_FROM_PTR(exception)) : 0;
}

static int desktop_repl_repl(void)
{
    return pyexec_mode_kind == PYEXEC_MODE_RAW_REPL ? pyexec_raw_repl() : pyexec_friendly_repl();
}

/* main() calls this when it is about to start its own REPL, and only then. */
void __wrap_prompt_read_history(void)
{
    __real_prompt_read_history();
    s_runs = true;
    mp_hal_set_interrupt_char(-1);
    desktop_program_has_ended();
    while (!(desktop_repl_repl() & PYEXEC_FORCED_EXIT)) {
    }
    /* Ctrl-D and sys.exit() end the program for its owner. A network client gets a soft reset, as on a board. */
    if (desktop_last_source() == DESKTOP_FROM_NETWORK && !desktop_terminating()) {
        desktop_restart();
    }
    desktop_exit(s_exit_status);
}

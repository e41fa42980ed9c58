/* SPDX-License-Identifier: MIT */
/* Begin and end of the desktop program. */

#define _GNU_SOURCE /* close_range, O_PATH */
#include <errno.h>  /* program_invocation_short_name */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "py/builtin.h"
#include "py/mphal.h"
#include "py/mpthread.h"
#include "py/runtime.h"

#include "desktop.h"
#include "glue/terminal.h"
#include "glue/uhttpd_glue.h"
#include "input.h"

static char **s_argv;
static int s_start_directory;

/* The port's default is 2 MB; a megabyte of code that is pasted into the raw REPL needs several times its size. */
#define HEAP_SIZE (16 * 1024 * 1024)
extern long heap_size;

int __real_main(int argc, char **argv);
void __real_mp_thread_deinit(void);

int __wrap_main(int argc, char **argv)
{
    s_argv = argv;
    heap_size = HEAP_SIZE;
    /* A program that has started itself again would be listed as "exe". */
    prctl(PR_SET_NAME, program_invocation_short_name);
    s_start_directory = open(".", O_PATH | O_CLOEXEC);
    desktop_interrupt_init();
    desktop_hold_signals(false); /* as the previous run has left them, see desktop_restart() */
    desktop_input_init();
    desktop_local_init();
    return __real_main(argc, argv);
}

void __wrap_mp_thread_deinit(void)
{
    /* The port cancels threads wherever they are, and then frees their memory, so servers are stopped properly
     * before. */
    glue_deinit();
    __real_mp_thread_deinit();
    glue_forget_threads();
}

static void call_exit_handler(void)
{
    mp_obj_t handler = MP_STATE_VM(sys_exitfunc);
    if (handler == MP_OBJ_NULL || !mp_obj_is_callable(handler)) {
        return;
    }
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        mp_call_function_0(handler);
        nlr_pop();
    } else {
        mp_obj_print_exception(&mp_plat_print, MP_OBJ_FROM_PTR(nlr.ret_val));
    }
}

static void end_python(void)
{
    call_exit_handler();
    prompt_write_history();
    mp_hal_stdio_mode_orig();
    mp_thread_deinit();
}

void desktop_exit(int status)
{
    end_python();
    mp_deinit();
    exit(status & 0xff);
}

void desktop_restart(void)
{
    mp_hal_stdout_tx_str("MPY: soft reboot\r\n");
    glue_terminal_flush();
    end_python();

    /* The new program starts where this one did and inherits nothing: open sockets would keep their ports. */
    if (fchdir(s_start_directory) != 0) {
        perror("soft reboot: cannot go back to the first directory");
    }
    close_range(STDERR_FILENO + 1, ~0U, 0);
    /* A signal that ends the program must neither be lost with this run nor hit the next one before it is ready. */
    desktop_hold_signals(true);
    if (desktop_terminating()) {
        exit(0);
    }
    execv("/proc/self/exe", s_argv);
    perror("soft reboot: cannot start again");
    _exit(1);
}

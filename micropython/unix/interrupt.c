/* SPDX-License-Identifier: MIT */
/* Ctrl-C from the terminal and the network, termination, and waking the main thread for either. */

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "py/mphal.h"
#include "py/mpstate.h"
#include "py/objexcept.h"
#include "py/runtime.h"

#include "desktop.h"
#include "glue/uhttpd_glue.h"

/* Only ends the system call that a thread is in. The collector uses SIGRTMIN + 5. */
#define WAKE_SIGNAL (SIGRTMIN + 4)

/* How often Ctrl-C may be typed into a program that ignores it before the program is killed. */
#define PATIENCE 3

int __real_sem_wait(sem_t *sem);
int __wrap_sem_wait(sem_t *sem);

/* The character that interrupts the program that runs, or: */
enum {
    NO_PROGRAM = -1,   /* none runs */
    SWITCHED_OFF = -2, /* the one that runs wants none */
};
static atomic_int s_interrupt_char = CHAR_CTRL_C;

static pthread_t s_main;
static sem_t s_poke;
static volatile sig_atomic_t s_terminating;

static bool keyboard_interrupt_pending(void)
{
    return MP_STATE_MAIN_THREAD(mp_pending_exception) == MP_OBJ_FROM_PTR(&MP_STATE_VM(mp_kbd_exception));
}

/*
 * One signal is not enough, because it may arrive between the main thread's last check for pending exceptions and its
 * system call. So it is sent until the exception has been taken. Runs in a separate thread.
 */
static void *poke_main_thread(void *arg)
{
    (void)arg;
    for (;;) {
        while (sem_wait(&s_poke) != 0) {
        }
        long pause_us = 1000;
        while (MP_STATE_MAIN_THREAD(mp_pending_exception) != MP_OBJ_NULL) {
            pthread_kill(s_main, WAKE_SIGNAL);
            nanosleep(&(struct timespec) {.tv_nsec = pause_us * 1000}, NULL);
            pause_us = pause_us < 50000 ? 2 * pause_us : pause_us;
        }
    }
    return NULL;
}

static void start_poking(void)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    if (pthread_create(&thread, NULL, poke_main_thread, NULL) == 0) {
        pthread_detach(thread);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void interrupt_program(void)
{
    mp_sched_keyboard_interrupt();
    sem_post(&s_poke);
}

bool desktop_interrupt(uint8_t byte)
{
    if (byte != atomic_load(&s_interrupt_char)) {
        return false;
    }
    interrupt_program();
    return true;
}

bool desktop_program_runs(void)
{
    return atomic_load(&s_interrupt_char) != NO_PROGRAM;
}

void desktop_switch_interrupts_on(void)
{
    atomic_compare_exchange_strong(&s_interrupt_char, &(int) {SWITCHED_OFF}, CHAR_CTRL_C);
}

/* The interpreter says -1 when a program ends as well as when it wants no interrupts. */
void desktop_program_has_ended(void)
{
    atomic_store(&s_interrupt_char, NO_PROGRAM);
}

bool desktop_take_interrupt(void)
{
    if (!mp_thread_is_main_thread() || !keyboard_interrupt_pending()) {
        return false;
    }
    MP_STATE_MAIN_THREAD(mp_pending_exception) = MP_OBJ_NULL;
    return true;
}

bool desktop_terminating(void)
{
    return s_terminating;
}

void desktop_hold_signals(bool hold)
{
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGHUP);
    pthread_sigmask(hold ? SIG_BLOCK : SIG_UNBLOCK, &ending, NULL);
}

static void on_terminate(int signal)
{
    (void)signal;
    s_terminating = 1;
    MP_STATE_VM(desktop_system_exit).traceback_data = NULL;
    mp_sched_exception(MP_OBJ_FROM_PTR(&MP_STATE_VM(desktop_system_exit)));
    sem_post(&s_poke);
}

static void on_interrupt(int signal)
{
    static volatile sig_atomic_t ignored;
    if (!desktop_program_runs()) {
        on_terminate(signal);
        return;
    }
    ignored = keyboard_interrupt_pending() ? ignored + 1 : 0;
    if (ignored == PATIENCE) {
        _exit(128 + SIGINT);
    }
    interrupt_program();
}

static void on_wake(int signal)
{
    (void)signal;
}

/* No SA_RESTART anywhere: system calls are to end. */
static void desktop_interrupt_handle(int signal, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigaction(signal, &action, NULL);
}

void desktop_interrupt_init(void)
{
    s_main = pthread_self();
    MP_STATE_VM(desktop_system_exit).base.type = &mp_type_SystemExit;
    MP_STATE_VM(desktop_system_exit).args = (mp_obj_tuple_t *)&mp_const_empty_tuple_obj;
    sem_init(&s_poke, 0, 0);
    start_poking();
    desktop_interrupt_handle(WAKE_SIGNAL, on_wake, 0);
    desktop_interrupt_handle(SIGINT, on_interrupt, 0);
    /* A second signal ends a program that ignores the first. */
    desktop_interrupt_handle(SIGTERM, on_terminate, SA_RESETHAND);
    desktop_interrupt_handle(SIGHUP, on_terminate, SA_RESETHAND);
}

/* The collector waits here until each thread has scanned its stack. When a signal cut that short, such as Ctrl-C's, it
 * freed what callbacks were using, and then waited for one thread too few each time. */
int __wrap_sem_wait(sem_t *sem)
{
    int result;
    do {
        result = __real_sem_wait(sem);
    } while (result != 0 && errno == EINTR);
    return result;
}

uintptr_t glue_port_thread(void)
{
    return (uintptr_t)pthread_self();
}

void glue_port_wake(uintptr_t thread)
{
    pthread_kill((pthread_t)thread, WAKE_SIGNAL);
}

void glue_port_wake_main(void)
{
    pthread_kill(s_main, WAKE_SIGNAL);
}

void __wrap_mp_hal_set_interrupt_char(char c)
{
    int wanted = (signed char)c; /* -1 is none. NOLINT(bugprone-signed-char-misuse,cert-str34-c) */
    bool switched_off = wanted < 0 && desktop_program_runs();
    atomic_store(&s_interrupt_char, switched_off ? SWITCHED_OFF : wanted);
    if (!desktop_repl_runs()) {
        return;
    }
    if (wanted >= 0) {
        mp_hal_stdio_mode_orig();
    } else {
        mp_hal_stdio_mode_raw();
    }
}

/* Not allocated, since a signal handler raises it; but its traceback is. */
MP_REGISTER_ROOT_POINTER(mp_obj_exception_t desktop_system_exit);

/* SPDX-License-Identifier: MIT */
/* Input from the terminal and the network as one stream: for the REPL, input() and sys.stdin. */

#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "py/mphal.h"
#include "py/mpstate.h"
#include "py/mpthread.h"
#include "py/runtime.h"

#include "desktop.h"
#include "glue/terminal.h"
#include "glue/uhttpd_glue.h"

/* While only the network can end a wait for input: how often to see whether anything is still served. */
#define SERVING_CHECK_MS 1000

/* How often to look at a stream of the program's: one that cannot say when it is to be read, and one that can, since it
 * may wait for a time as well. */
#define DUPTERM_LOOK_MS 20
#define DUPTERM_TIME_MS 200

static bool s_terminal_open;     /* false: standard input has come to its end, or was never there */
static bool s_terminal_pollable; /* a plain file is not: it is always ready */
static int s_network_event;      /* readable while glue_terminal_available() > 0, or until looked at */
static int s_wake_event;
static int s_poll_set;      /* an epoll descriptor: the terminal and s_network_event */
static bool s_dupterm_idle; /* it was readable, but had nothing for the program */
static desktop_source_t s_last_source;

static void set_event(int event)
{
    ssize_t done;
    do {
        done = write(event, &(uint64_t) {1}, sizeof(uint64_t));
    } while (done < 0 && errno == EINTR);
}

static void clear_event(int event)
{
    uint64_t count;
    ssize_t done;
    do {
        done = read(event, &count, sizeof count);
    } while (done < 0 && errno == EINTR);
}

void desktop_input_watch(int fd, bool watched)
{
    epoll_ctl(s_poll_set, watched ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, fd, &(struct epoll_event) {.events = EPOLLIN});
}

static bool desktop_console_in_watch(int fd)
{
    return epoll_ctl(s_poll_set, EPOLL_CTL_ADD, fd, &(struct epoll_event) {.events = EPOLLIN}) == 0;
}

static bool is_somewhere(int fd)
{
    struct stat file, nowhere;
    bool is_nowhere = stat("/dev/null", &nowhere) == 0 && fstat(fd, &file) == 0 && file.st_rdev == nowhere.st_rdev;
    return !is_nowhere;
}

void desktop_input_init(void)
{
    s_network_event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    s_wake_event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    s_poll_set = epoll_create1(EPOLL_CLOEXEC);
    desktop_console_in_watch(s_network_event);
    s_terminal_open = is_somewhere(STDIN_FILENO);
    s_terminal_pollable = s_terminal_open && desktop_console_in_watch(STDIN_FILENO);
}

void desktop_wake_input(void)
{
    set_event(s_wake_event);
}

void desktop_network_changed(void)
{
    if (glue_terminal_available() > 0) {
        set_event(s_network_event);
    }
    set_event(s_wake_event);
}

int desktop_input_fd(void)
{
    return s_terminal_open && !s_terminal_pollable ? STDIN_FILENO : s_poll_set;
}

desktop_source_t desktop_last_source(void)
{
    return s_last_source;
}

static size_t read_network(void *buf, size_t size)
{
    size_t got = glue_terminal_read(buf, size);
    if (glue_terminal_available() == 0) {
        clear_event(s_network_event);
        if (glue_terminal_available() > 0) {
            set_event(s_network_event);
        }
    }
    return got;
}

static size_t read_elsewhere(void *buf, size_t size)
{
    bool at_prompt = desktop_at_prompt();
    if (at_prompt) { /* before the keys of the next client, which may be there already */
        glue_terminal_clear_prompt(s_last_source == DESKTOP_FROM_NETWORK);
    }
    size_t got = read_network(buf, size);
    if (got == 0 && at_prompt) {
        glue_terminal_clear_prompt(s_last_source == DESKTOP_FROM_NETWORK);
        got = read_network(buf, size);
    }
    if (got == 0 && size > 0 && desktop_dupterm_read(buf)) {
        s_dupterm_idle = false;
        if (desktop_dupterm_has_more()) {
            set_event(s_network_event); /* it is no longer in the descriptor, where poll() would see it */
        }
        return 1;
    }
    return got;
}

/* End of file at a terminal is a key that was typed; elsewhere it is final. */
static void note_end_of_file(void)
{
    if (!isatty(STDIN_FILENO)) {
        s_terminal_open = false;
        epoll_ctl(s_poll_set, EPOLL_CTL_DEL, STDIN_FILENO, NULL);
    }
}

static ssize_t read_terminal(void *buf, size_t size)
{
    MP_THREAD_GIL_EXIT();
    ssize_t got = read(STDIN_FILENO, buf, size);
    int error = errno;
    MP_THREAD_GIL_ENTER();
    if (got > 0) {
        return got;
    }
    if (got < 0 && (error == EINTR || error == EAGAIN)) {
        return -1;
    }
    note_end_of_file();
    return 0;
}

typedef enum { TERMINAL_READY, OTHER_READY } wait_result_t;

static wait_result_t wait_for_input(void)
{
    struct pollfd fds[] = {
        {.fd = s_terminal_open ? STDIN_FILENO : -1, .events = POLLIN},
        {.fd = s_network_event, .events = POLLIN},
        {.fd = s_wake_event, .events = POLLIN},
        {.fd = s_dupterm_idle ? -1 : desktop_dupterm_fd(), .events = POLLIN},
    };
    int limit_ms = s_terminal_open ? -1 : SERVING_CHECK_MS;
    if (desktop_dupterm_attached()) {
        limit_ms = fds[3].fd < 0 ? DUPTERM_LOOK_MS : DUPTERM_TIME_MS;
    }
    MP_THREAD_GIL_EXIT();
    int ready = poll(fds, MP_ARRAY_SIZE(fds), limit_ms);
    MP_THREAD_GIL_ENTER();
    s_dupterm_idle = ready > 0 && fds[3].revents;
    if (ready > 0 && fds[2].revents) {
        clear_event(s_wake_event);
    }
    return ready > 0 && fds[0].revents ? TERMINAL_READY : OTHER_READY;
}

static void run_scheduled_callbacks(void)
{
    if (MP_STATE_VM(sched_state) == MP_SCHED_PENDING && MP_STATE_THREAD(mp_pending_exception) == MP_OBJ_NULL) {
        mp_handle_pending(false);
    }
}

/*
 * At the end of standard input, the prompt waits for the network as long as a client may connect. A program that reads
 * waits only for a client that is connected, because `program < file` must see the end of the file.
 */
static bool network_may_type(void)
{
    return glue_terminal_connected() || desktop_dupterm_attached() || (desktop_at_prompt() && glue_serving());
}

ssize_t desktop_read(void *buf, size_t size, desktop_source_t *source)
{
    for (;;) {
        size_t from_network = read_elsewhere(buf, size);
        if (from_network > 0) {
            *source = DESKTOP_FROM_NETWORK;
            return (ssize_t)from_network;
        }
        *source = DESKTOP_FROM_TERMINAL;
        if (MP_STATE_THREAD(mp_pending_exception) != MP_OBJ_NULL) {
            return -1;
        }
        if (!s_terminal_open && !network_may_type()) {
            return 0;
        }
        if (wait_for_input() == TERMINAL_READY) {
            ssize_t from_terminal = read_terminal(buf, size);
            if (from_terminal > 0 || (from_terminal == 0 && s_terminal_open)) {
                return from_terminal;
            }
        }
        run_scheduled_callbacks();
    }
}

/* At the prompt there is nothing that could catch an exception: this returns a byte or ends the program. */
int __wrap_mp_hal_stdin_rx_chr(void)
{
    unsigned char c;
    bool ends = desktop_at_prompt() && desktop_terminating();
    desktop_source_t source;
    ssize_t got = ends ? -1 : desktop_read(&c, 1, &source);
    if (got == 1) {
        s_last_source = source;
        return c == '\n' && s_last_source == DESKTOP_FROM_TERMINAL ? '\r' : c;
    }
    if (got < 0 && desktop_take_interrupt()) {
        return CHAR_CTRL_C;
    }
    if (desktop_at_prompt()) {
        desktop_exit(0);
    }
    return CHAR_CTRL_D;
}

/* SPDX-License-Identifier: MIT */
/*
 * One set of descriptors, as ESP-IDF's VFS makes it: lwIP's sockets have the highest numbers, eventfds the ones below,
 * and what is lower is the computer's. The linker has close(), fcntl(), read(), write() and
 * select() come here (--wrap).
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hl.h"
#include "hl_orders.h"
#include "lwip/sys.h"
#include "lwip/tcpip.h"

#define MAX_EVENTFDS 16
#define FIRST_SOCKET LWIP_SOCKET_OFFSET
#define FIRST_EVENTFD (FIRST_SOCKET - MAX_EVENTFDS)

static bool is_socket(int fd)
{
    return fd >= FIRST_SOCKET;
}

static bool is_eventfd(int fd)
{
    return fd >= FIRST_EVENTFD && fd < FIRST_SOCKET;
}

/* --- lwIP --------------------------------------------------------------------------------------------------------- */

static void start_stack(void)
{
    tcpip_init(NULL, NULL);
    hl_relay_start();
}

static void need_stack(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_stack);
}

/* --- eventfds ----------------------------------------------------------------------------------------------------- */

typedef struct waiter {
    sys_sem_t *sem;
    fd_set wanted; /* eventfds */
    struct waiter *next, **link;
} waiter_t;

static pthread_mutex_t s_lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    bool used;
    uint64_t count;
} s_eventfds[MAX_EVENTFDS];
static waiter_t *s_waiters;

esp_err_t esp_vfs_eventfd_register(const esp_vfs_eventfd_config_t *config)
{
    (void)config;
    return ESP_OK;
}

int hl_eventfd(unsigned initial, int flags)
{
    (void)flags;
    int fd = -1;
    need_stack();
    pthread_mutex_lock(&s_lock);
    for (int i = 0; i < MAX_EVENTFDS && fd < 0; i++) {
        if (!s_eventfds[i].used) {
            s_eventfds[i].used = true;
            s_eventfds[i].count = initial;
            fd = FIRST_EVENTFD + i;
        }
    }
    pthread_mutex_unlock(&s_lock);
    errno = fd < 0 ? ENOMEM : 0;
    return fd;
}

static void eventfd_close(int fd)
{
    pthread_mutex_lock(&s_lock);
    s_eventfds[fd - FIRST_EVENTFD].used = false;
    pthread_mutex_unlock(&s_lock);
}

static ssize_t eventfd_write(int fd, const uint64_t *count)
{
    pthread_mutex_lock(&s_lock);
    s_eventfds[fd - FIRST_EVENTFD].count += *count;
    for (waiter_t *waiter = s_waiters; waiter; waiter = waiter->next) {
        if (FD_ISSET(fd, &waiter->wanted)) {
            sys_sem_signal(waiter->sem);
        }
    }
    pthread_mutex_unlock(&s_lock);
    return sizeof(*count);
}

static ssize_t eventfd_read(int fd, uint64_t *count)
{
    pthread_mutex_lock(&s_lock);
    *count = s_eventfds[fd - FIRST_EVENTFD].count;
    s_eventfds[fd - FIRST_EVENTFD].count = 0;
    pthread_mutex_unlock(&s_lock);
    errno = *count ? 0 : EAGAIN;
    return *count ? (ssize_t)sizeof(*count) : -1;
}

/* Under lock. */
static bool eventfd_is_ready(int fd)
{
    return s_eventfds[fd - FIRST_EVENTFD].count > 0;
}

/* Its eventfds end the wait of this thread in lwIP. */
static void waiter_begin(waiter_t *waiter)
{
    waiter->sem = hl_thread_sem();
    waiter->next = s_waiters;
    waiter->link = &s_waiters;
    if (waiter->next) {
        waiter->next->link = &waiter->next;
    }
    s_waiters = waiter;
}

static void waiter_end(waiter_t *waiter)
{
    *waiter->link = waiter->next;
    if (waiter->next) {
        waiter->next->link = waiter->link;
    }
    hl_sem_clear(waiter->sem); /* the next call of lwIP would take it for its own */
}

/* --- select() and poll() ------------------------------------------------------------------------------------------ */

static fd_set take_eventfds(int count, fd_set *set)
{
    fd_set taken;
    FD_ZERO(&taken);
    for (int fd = FIRST_EVENTFD; set && fd < FIRST_SOCKET && fd < count; fd++) {
        if (FD_ISSET(fd, set)) {
            FD_SET(fd, &taken);
            FD_CLR(fd, set);
        }
    }
    return taken;
}

/* Under lock. @return how many are ready; those are put into `set`, where there is one */
static int put_ready(const fd_set *wanted, fd_set *set)
{
    int ready = 0;
    for (int fd = FIRST_EVENTFD; fd < FIRST_SOCKET; fd++) {
        if (FD_ISSET(fd, wanted) && eventfd_is_ready(fd)) {
            ready++;
            if (set) {
                FD_SET(fd, set);
            }
        }
    }
    return ready;
}

/* ESP-IDF's select() takes memory for each wait; lwIP's own does not. */
static atomic_bool s_starved;
static atomic_uint s_waits;

void hl_starve_select(bool on)
{
    atomic_store(&s_starved, on);
}

unsigned hl_waits(void)
{
    return atomic_load(&s_waits);
}

int __wrap_select(int count, fd_set *reads, fd_set *writes, fd_set *errors, struct timeval *timeout);
int __wrap_select(int count, fd_set *reads, fd_set *writes, fd_set *errors, struct timeval *timeout)
{
    atomic_fetch_add(&s_waits, 1);
    if (atomic_load(&s_starved)) {
        errno = ENOMEM;
        return -1;
    }
    struct timeval at_once = {0};
    waiter_t waiter = {.wanted = take_eventfds(count, reads)};
    pthread_mutex_lock(&s_lock);
    waiter_begin(&waiter);
    bool some = put_ready(&waiter.wanted, NULL);
    pthread_mutex_unlock(&s_lock);
    int ready = lwip_select(count, reads, writes, errors, some ? &at_once : timeout);
    pthread_mutex_lock(&s_lock);
    waiter_end(&waiter);
    ready += ready < 0 ? 0 : put_ready(&waiter.wanted, reads);
    pthread_mutex_unlock(&s_lock);
    return ready;
}

/* Under lock. @return how many eventfds are ready */
static int poll_eventfds(struct pollfd *fds, nfds_t count)
{
    int ready = 0;
    for (nfds_t i = 0; i < count; i++) {
        if (is_eventfd(fds[i].fd)) {
            fds[i].revents = eventfd_is_ready(fds[i].fd) ? fds[i].events & POLLIN : 0;
            ready += fds[i].revents != 0;
        }
    }
    return ready;
}

#define MAX_POLLED (MAX_EVENTFDS + MEMP_NUM_NETCONN)

int hl_poll(struct pollfd *fds, nfds_t count, int timeout)
{
    struct pollfd sockets[MAX_POLLED];
    LWIP_ASSERT("not more than there are", count <= MAX_POLLED);
    memcpy(sockets, fds, count * sizeof(*fds));
    for (nfds_t i = 0; i < count; i++) {
        sockets[i].fd = is_eventfd(fds[i].fd) ? -1 : fds[i].fd;
    }
    waiter_t waiter = {.sem = NULL};
    for (nfds_t i = 0; i < count; i++) {
        if (is_eventfd(fds[i].fd)) {
            FD_SET(fds[i].fd, &waiter.wanted);
        }
    }
    pthread_mutex_lock(&s_lock);
    waiter_begin(&waiter);
    bool some = poll_eventfds(fds, count);
    pthread_mutex_unlock(&s_lock);
    int ready = lwip_poll(sockets, count, some ? 0 : timeout);
    for (nfds_t i = 0; i < count; i++) {
        fds[i].revents = sockets[i].revents;
    }
    pthread_mutex_lock(&s_lock);
    waiter_end(&waiter);
    ready += ready < 0 ? 0 : poll_eventfds(fds, count);
    pthread_mutex_unlock(&s_lock);
    return ready;
}

/* --- listening sockets, which the computer can reach -------------------------------------------------------------- */

/* Sockets that are bound to a TCP port; the computer's port of the same number is taken meanwhile. */
static struct {
    uint16_t port;
    bool listens;
} s_bound[MEMP_NUM_NETCONN];

static struct {
    uint16_t port;
    int fd; /* of the computer; the relay's once it listens */
    unsigned users, listeners;
} s_ports[MEMP_NUM_NETCONN];

static pthread_mutex_t s_ports_lock = PTHREAD_MUTEX_INITIALIZER;

static int place_of(uint16_t port)
{
    for (int i = 0; i < MEMP_NUM_NETCONN; i++) {
        if (s_ports[i].users && s_ports[i].port == port) {
            return i;
        }
    }
    return -1;
}

static int free_place(void)
{
    int i = 0;
    while (s_ports[i].users) {
        i++;
    }
    return i;
}

/* The engine listens on a port that another socket has found to be free. No other process may take it between the two. */
static void keep_port(uint16_t port)
{
    static int kept = -1;
    if (kept >= 0) {
        hl_computer_close(kept);
    }
    kept = hl_computer_bind(&port);
}

/* Where this process has the port already, it is lwIP that judges. @return false: another process has it */
static bool port_take(uint16_t *port)
{
    bool any = *port == 0;
    int place = any ? -1 : place_of(*port);
    if (place < 0) {
        int fd = hl_computer_bind(port);
        if (fd < 0) {
            return false;
        }
        if (any) {
            keep_port(*port);
        }
        place = free_place();
        s_ports[place].port = *port;
        s_ports[place].fd = fd;
        s_ports[place].listeners = 0;
    }
    s_ports[place].users++;
    return true;
}

static void port_leave(uint16_t port, bool listens)
{
    int place = place_of(port);
    if (listens && --s_ports[place].listeners == 0) {
        hl_relay_unlisten(port);
        s_ports[place].fd = -1;
    }
    if (--s_ports[place].users == 0 && s_ports[place].fd >= 0) {
        hl_computer_close(s_ports[place].fd);
    }
}

static void port_listen(uint16_t port)
{
    int place = place_of(port);
    if (s_ports[place].listeners++ == 0) {
        bool listens = hl_computer_listen(s_ports[place].fd);
        LWIP_ASSERT("the computer's port is no other program's", listens);
        hl_relay_listen(s_ports[place].fd, port);
    }
}

/* Of both families it is the second field. */
static u16_t *port_in(struct sockaddr_storage *address)
{
    return &((struct sockaddr_in *)address)->sin_port;
}

static bool is_stream(int fd)
{
    int type = 0;
    socklen_t len = sizeof(type);
    return lwip_getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 && type == SOCK_STREAM;
}

int hl_bind(int fd, const struct sockaddr *wanted, socklen_t len)
{
    if (!is_stream(fd)) {
        return lwip_bind(fd, wanted, len);
    }
    struct sockaddr_storage address = {0};
    memcpy(&address, wanted, len);
    uint16_t port = lwip_ntohs(*port_in(&address));
    pthread_mutex_lock(&s_ports_lock);
    int failed = port_take(&port) ? 0 : -1;
    *port_in(&address) = lwip_htons(port);
    if (!failed) {
        failed = lwip_bind(fd, (struct sockaddr *)&address, len);
        int why = errno;
        if (failed) {
            port_leave(port, false);
        } else {
            s_bound[fd - FIRST_SOCKET].port = port;
        }
        errno = why;
    }
    pthread_mutex_unlock(&s_ports_lock);
    return failed;
}

int hl_listen(int fd, int backlog)
{
    if (lwip_listen(fd, backlog)) {
        return -1;
    }
    pthread_mutex_lock(&s_ports_lock);
    s_bound[fd - FIRST_SOCKET].listens = true;
    port_listen(s_bound[fd - FIRST_SOCKET].port);
    pthread_mutex_unlock(&s_ports_lock);
    return 0;
}

static int descriptor_close_socket(int fd)
{
    pthread_mutex_lock(&s_ports_lock);
    uint16_t port = s_bound[fd - FIRST_SOCKET].port;
    if (port) {
        port_leave(port, s_bound[fd - FIRST_SOCKET].listens);
        memset(&s_bound[fd - FIRST_SOCKET], 0, sizeof(s_bound[0]));
    }
    int failed = lwip_close(fd);
    pthread_mutex_unlock(&s_ports_lock);
    return failed;
}

/* --- sockets ------------------------------------------------------------------------------------------------------ */

#define KINDS (SOCK_CLOEXEC | SOCK_NONBLOCK)

static int descriptor_set_kind(int fd, int kind)
{
    if (fd >= 0 && kind & SOCK_NONBLOCK) {
        lwip_fcntl(fd, F_SETFL, lwip_fcntl(fd, F_GETFL, 0) | O_NONBLOCK);
    }
    return fd;
}

int hl_socket(int domain, int type, int protocol)
{
    need_stack();
    return descriptor_set_kind(lwip_socket(domain, type & ~KINDS, protocol), type);
}

int hl_accept4(int fd, struct sockaddr *address, socklen_t *len, int flags)
{
    return descriptor_set_kind(lwip_accept(fd, address, len), flags);
}

unsigned hl_sockets(void)
{
    unsigned open = 0;
    for (int fd = FIRST_SOCKET; fd < FIRST_SOCKET + MEMP_NUM_NETCONN; fd++) {
        int type;
        socklen_t len = sizeof(type);
        open += lwip_getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0;
    }
    return open;
}

/* --- what every descriptor can ------------------------------------------------------------------------------------ */

int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd)
{
    if (is_socket(fd)) {
        return descriptor_close_socket(fd);
    }
    if (!is_eventfd(fd)) {
        return __real_close(fd);
    }
    eventfd_close(fd);
    return 0;
}

/* ESP-IDF's engine asks so whether there is such a socket. */
int __real_fcntl(int fd, int command, long value);
int __wrap_fcntl(int fd, int command, long value);
int __wrap_fcntl(int fd, int command, long value)
{
    return is_socket(fd) ? lwip_fcntl(fd, command, (int)value) : __real_fcntl(fd, command, value);
}

ssize_t __real_read(int fd, void *buf, size_t size);
ssize_t __wrap_read(int fd, void *buf, size_t size);
ssize_t __wrap_read(int fd, void *buf, size_t size)
{
    if (is_socket(fd)) {
        return lwip_read(fd, buf, size);
    }
    return is_eventfd(fd) ? eventfd_read(fd, buf) : __real_read(fd, buf, size);
}

ssize_t __real_write(int fd, const void *buf, size_t size);
ssize_t __wrap_write(int fd, const void *buf, size_t size);
ssize_t __wrap_write(int fd, const void *buf, size_t size)
{
    if (is_socket(fd)) {
        return lwip_write(fd, buf, size);
    }
    return is_eventfd(fd) ? eventfd_write(fd, buf) : __real_write(fd, buf, size);
}

/* SPDX-License-Identifier: MIT */
/*
 * Carries connections between the computer's network and lwIP's loopback: bytes, half closes and resets. It takes
 * nothing from one side before the other has room for it. So clients see what they would see of a chip.
 *
 * Everything belongs to lwIP's thread. A thread of the relay only waits for the computer's sockets, and lwIP's thread
 * serves those that are ready.
 */
#include "hl.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/poll.h>
#include <unistd.h>

#include "lwip/priv/tcp_priv.h"
#include "lwip/prot/tcp.h"
#include "lwip/priv/tcpip_priv.h"
#include "lwip/tcp.h"

#define PIECE 2048 /* bytes that are moved at a time */

typedef struct link link_t;

struct link {
    int fd;               /* of the computer; -1: closed */
    struct tcp_pcb *pcb;  /* NULL: closed */
    struct pbuf *pending; /* bytes that lwIP has sent and the computer's socket had no room for */
    bool connected;
    bool client_ended, server_ended; /* no more comes from there */
    bool finished;                   /* the client knows it */
    bool broken;                     /* the server has reset the connection, or refused it */
    bool aborted;                    /* the relay has reset it: a callback of lwIP must report it */
    bool due;                        /* the relay's thread is to serve it, whatever its socket says */
    short wanted, polled;
    link_t *next;
};

typedef struct port port_t;

struct port {
    int fd;
    uint16_t number;
    port_t *next;
};

static link_t *s_links;
static port_t *s_ports;
static int s_wake[2];

static void relay_wake(void)
{
    (void)!write(s_wake[1], "", 1);
}

/* --- the ends of a connection ------------------------------------------------------------------------------------- */

static void link_leave_server(link_t *link)
{
    if (link->pcb) {
        tcp_arg(link->pcb, NULL);
        tcp_recv(link->pcb, NULL);
        tcp_sent(link->pcb, NULL);
        tcp_err(link->pcb, NULL);
    }
}

static void link_drop_pending(link_t *link)
{
    if (link->pending) {
        pbuf_free(link->pending);
        link->pending = NULL;
    }
}

static void link_abort_server(link_t *link)
{
    struct tcp_pcb *pcb = link->pcb;
    link_leave_server(link);
    link->pcb = NULL;
    if (pcb) {
        link->aborted = true;
        tcp_abort(pcb);
    }
}

/* The client has reset the connection, so the relay resets it too. */
static void link_abort(link_t *link)
{
    link_drop_pending(link);
    hl_computer_close(link->fd);
    link->fd = -1;
    link_abort_server(link);
}

/* Both sides have sent everything. lwIP continues to acknowledge by itself. */
static void link_close(link_t *link)
{
    hl_computer_close(link->fd);
    link->fd = -1;
    if (link->pcb && tcp_close(link->pcb) != ERR_OK) {
        link_abort_server(link);
    }
    link_leave_server(link);
    link->pcb = NULL;
}

static void link_reset_client(link_t *link)
{
    hl_computer_reset(link->fd);
    link->fd = -1;
}

/* --- bytes -------------------------------------------------------------------------------------------------------- */

static bool passes_by_itself(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/* @return false: the client has gone */
static bool move_to_client(link_t *link)
{
    while (link->pending) {
        ssize_t sent = hl_computer_write(link->fd, link->pending->payload, link->pending->len);
        if (sent < 0) {
            return passes_by_itself();
        }
        link->pending = pbuf_free_header(link->pending, (u16_t)sent);
        if (link->pcb) {
            tcp_recved(link->pcb, (u16_t)sent);
        }
    }
    return true;
}

static size_t link_room(const link_t *link)
{
    if (!link->connected || !link->pcb || link->client_ended || tcp_sndqueuelen(link->pcb) + 4 > TCP_SND_QUEUELEN) {
        return 0;
    }
    return tcp_sndbuf(link->pcb) < PIECE ? tcp_sndbuf(link->pcb) : PIECE;
}

/* @return false: the client has gone */
static bool move_to_server(link_t *link)
{
    char piece[PIECE];
    size_t room;
    while ((room = link_room(link)) > 0) {
        ssize_t got = hl_computer_peek(link->fd, piece, room);
        if (got < 0) {
            return passes_by_itself();
        }
        if (got == 0) {
            link->client_ended = true;
            tcp_shutdown(link->pcb, 0, 1);
            return true;
        }
        if (tcp_write(link->pcb, piece, (u16_t)got, TCP_WRITE_FLAG_COPY) != ERR_OK) {
            return true;
        }
        hl_computer_read(link->fd, piece, (size_t)got);
        tcp_output(link->pcb);
    }
    return true;
}

static void link_finish(link_t *link)
{
    if (link->pending) {
        return;
    }
    if (link->broken) {
        link_reset_client(link);
    } else if (link->server_ended && !link->finished) {
        hl_computer_finish(link->fd);
        link->finished = true;
    }
}

static short events_wanted(const link_t *link)
{
    return (short)((link_room(link) ? POLLIN : 0) | (link->pending ? POLLOUT : 0));
}

/* Moves what can be moved. */
static void link_pump(link_t *link)
{
    if (link->fd < 0) {
        return;
    }
    if (!move_to_client(link) || !move_to_server(link)) {
        link_abort(link);
        return;
    }
    link_finish(link);
    if (link->fd >= 0 && link->client_ended && link->finished) {
        link_close(link);
    }
    link->wanted = link->fd >= 0 ? events_wanted(link) : 0;
}

/* Called by lwIP. The relay's thread may now have to wait for something else. */
static err_t link_pump_from_stack(link_t *link)
{
    link_pump(link);
    if (link->wanted != link->polled || link->fd < 0) {
        relay_wake();
    }
    return link->aborted ? ERR_ABRT : ERR_OK;
}

/* --- what lwIP calls ---------------------------------------------------------------------------------------------- */

static err_t on_received(void *arg, struct tcp_pcb *pcb, struct pbuf *data, err_t err)
{
    (void)pcb, (void)err;
    link_t *link = arg;
    if (!data) {
        link->server_ended = true;
    } else if (link->pending) {
        pbuf_cat(link->pending, data);
    } else {
        link->pending = data;
    }
    return link_pump_from_stack(link);
}

/* What came with the acknowledgement has yet to be received. lwIP would lose it if this aborted the connection. */
static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
    (void)pcb, (void)len;
    link_t *link = arg;
    link->due = !move_to_server(link) || link->client_ended;
    link->wanted = events_wanted(link);
    if (link->due || link->wanted != link->polled) {
        relay_wake();
    }
    return ERR_OK;
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
    (void)err;
    ((link_t *)arg)->connected = true;
    return on_sent(arg, pcb, 0);
}

/* The pcb is gone by now. */
static void on_error(void *arg, err_t err)
{
    link_t *link = arg;
    link->pcb = NULL;
    if (err == ERR_CLSD) {
        link->server_ended = link->client_ended = true;
    } else {
        link->broken = true;
        fprintf(stderr, "relay: lwIP has reset a connection, error %d\n", err); /* explains a test that fails */
    }
    link_pump_from_stack(link);
}

/* --- new connections ---------------------------------------------------------------------------------------------- */

static bool link_connect(link_t *link, uint16_t port)
{
    ip_addr_t address = IPADDR4_INIT_BYTES(127, 0, 0, 1);
    link->pcb = tcp_new_ip_type(IPADDR_TYPE_V4);
    if (!link->pcb) {
        return false;
    }
    tcp_arg(link->pcb, link);
    tcp_recv(link->pcb, on_received);
    tcp_sent(link->pcb, on_sent);
    tcp_err(link->pcb, on_error);
    tcp_nagle_disable(link->pcb);
    return tcp_connect(link->pcb, &address, port, on_connected) == ERR_OK;
}

static void relay_accept(const port_t *port)
{
    int fd = hl_computer_accept(port->fd);
    if (fd < 0) {
        return;
    }
    link_t *link = calloc(1, sizeof(*link));
    LWIP_ASSERT("memory of the relay", link);
    link->fd = fd;
    link->next = s_links;
    s_links = link;
    if (!link_connect(link, port->number)) {
        fputs("relay: lwIP cannot connect\n", stderr);
        link->broken = true;
        link_abort_server(link);
        link_pump(link);
    }
}

/* --- waiting for the computer's sockets --------------------------------------------------------------------------- */

typedef struct {
    struct tcpip_api_call_data call;
    struct pollfd *fds;
    void **owners; /* of each of fds: a port or a link */
    size_t count, size;
    size_t ports; /* which come first, after the wake-up */
} round_t;

static void forget_closed(void)
{
    for (link_t **at = &s_links; *at;) {
        link_t *link = *at;
        if (link->fd < 0) {
            *at = link->next;
            free(link);
        } else {
            at = &link->next;
        }
    }
}

static void round_add(round_t *round, int fd, short events, void *owner)
{
    if (round->count == round->size) {
        round->size = round->size * 2 + 16;
        round->fds = realloc(round->fds, round->size * sizeof(*round->fds));
        round->owners = realloc(round->owners, round->size * sizeof(*round->owners));
    }
    round->fds[round->count] = (struct pollfd) {.fd = fd, .events = events};
    round->owners[round->count++] = owner;
}

/* A socket whose directions have both ended is always ready, but for nothing useful. */
static int polled_fd(const link_t *link)
{
    return link->wanted || !link->finished ? link->fd : -1;
}

static void round_fill(round_t *round)
{
    round->count = 0;
    round_add(round, s_wake[0], POLLIN, NULL);
    for (port_t *port = s_ports; port; port = port->next) {
        round_add(round, port->fd, POLLIN, port);
    }
    round->ports = round->count - 1;
    for (link_t *link = s_links; link; link = link->next) {
        link->polled = link->wanted;
        round_add(round, polled_fd(link), link->wanted, link);
    }
}

static bool port_is_there(const port_t *wanted)
{
    const port_t *port = s_ports;
    while (port && port != wanted) {
        port = port->next;
    }
    return port;
}

static void serve_link(link_t *link, short events)
{
    if (!events && !link->due) {
        return;
    }
    link->due = false;
    link_pump(link);
    if (link->fd >= 0 && events & POLLERR && hl_computer_is_broken(link->fd)) {
        link_abort(link);
    }
}

/* In lwIP's thread. */
static err_t round_serve(struct tcpip_api_call_data *call)
{
    round_t *round = (round_t *)call;
    for (size_t i = 1; i < round->count; i++) {
        short events = round->fds[i].revents;
        if (i > round->ports) {
            serve_link(round->owners[i], events);
        } else if (events && port_is_there(round->owners[i])) {
            relay_accept(round->owners[i]);
        }
    }
    forget_closed();
    round_fill(round);
    return ERR_OK;
}

static void *relay_run(void *unused)
{
    round_t round = {0};
    for (;;) {
        char bin[64];
        tcpip_api_call(round_serve, &round.call);
        ppoll(round.fds, round.count, NULL, NULL);
        while (read(s_wake[0], bin, sizeof(bin)) > 0) {
        }
    }
    return unused;
}

/* --- what other threads ask ---------------------------------------------------------------------------------------- */

typedef struct {
    struct tcpip_api_call_data call;
    struct tcp_pcb *pcb;
} abort_call_t;

static err_t abort_pcb(struct tcpip_api_call_data *call)
{
    struct tcp_pcb *pcb = ((abort_call_t *)call)->pcb;
    tcp_err(pcb, NULL);
    tcp_abort(pcb);
    return ERR_OK;
}

void hl_tcp_abort(struct tcp_pcb *pcb)
{
    abort_call_t call = {.pcb = pcb};
    tcpip_api_call(abort_pcb, &call.call);
}

/* --- two ends in one stack ---------------------------------------------------------------------------------------- */

/* lwIP acknowledges each segment beyond its window, even an acknowledgement that says nothing new. A computer does not;
 * two lwIPs that both have a full window never come to an end of it. */
err_t hl_judge_segment(const struct tcp_pcb *pcb, const struct tcp_hdr *head, const struct pbuf *data)
{
    if (pcb->state < ESTABLISHED || TCPH_FLAGS(head) != TCP_ACK || data->tot_len > 0) {
        return ERR_OK;
    }
    bool is_beyond = TCP_SEQ_GEQ(head->seqno, pcb->rcv_nxt + pcb->rcv_wnd);
    bool says_nothing = head->ackno == pcb->lastack && head->wnd == pcb->snd_wnd;
    return is_beyond && says_nothing ? ERR_VAL : ERR_OK;
}

/* --- ports -------------------------------------------------------------------------------------------------------- */

typedef struct {
    struct tcpip_api_call_data call;
    int fd;
    uint16_t number;
} port_call_t;

static err_t port_add(struct tcpip_api_call_data *call)
{
    const port_call_t *asked = (port_call_t *)call;
    port_t *port = malloc(sizeof(*port));
    LWIP_ASSERT("memory of the relay", port);
    *port = (port_t) {.fd = asked->fd, .number = asked->number, .next = s_ports};
    s_ports = port;
    return ERR_OK;
}

static err_t port_remove(struct tcpip_api_call_data *call)
{
    port_t **at = &s_ports;
    while ((*at)->number != ((port_call_t *)call)->number) {
        at = &(*at)->next;
    }
    port_t *port = *at;
    *at = port->next;
    hl_computer_unlisten(port->fd);
    free(port);
    return ERR_OK;
}

void hl_relay_listen(int fd, uint16_t port)
{
    port_call_t call = {.fd = fd, .number = port};
    tcpip_api_call(port_add, &call.call);
    relay_wake();
}

void hl_relay_unlisten(uint16_t port)
{
    port_call_t call = {.number = port};
    tcpip_api_call(port_remove, &call.call);
    relay_wake();
}

void hl_relay_start(void)
{
    pthread_t thread;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    LWIP_ASSERT("a pipe", hl_computer_open_pipe(s_wake));
    LWIP_ASSERT("a thread", pthread_create(&thread, NULL, relay_run, NULL) == 0);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_setname_np(thread, "relay");
    pthread_detach(thread);
}

/* SPDX-License-Identifier: MIT */
#include "port/port.h"

#include <stdatomic.h>

#include "lwip/api.h"
#include "lwip/priv/sockets_priv.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/priv/tcpip_priv.h"
#include "lwip/tcp.h"

/* There are no signals, and lwIP's sendmsg(), unlike its send(), refuses MSG_NOSIGNAL with EOPNOTSUPP. */
ssize_t uh_wire_port_send(int fd, const struct msghdr *message)
{
    return sendmsg(fd, message, MSG_DONTWAIT);
}

void uh_wire_port_tune(int fd)
{
    (void)fd;
}

void uh_wire_port_give_up_after(int fd, uint32_t ms)
{
    (void)fd, (void)ms;
}

typedef struct {
    struct tcpip_api_call_data call;
    int fd;
} wire_call_t;

/* In lwIP's thread. */
static err_t wire_abort(struct tcpip_api_call_data *call)
{
    const struct lwip_sock *sock = lwip_socket_dbg_get_socket(((wire_call_t *)call)->fd);
    if (sock && sock->conn && sock->conn->pcb.tcp) {
        tcp_abort(sock->conn->pcb.tcp); /* whoever waits for the socket sees ECONNABORTED */
    }
    return ERR_OK;
}

/* lwIP has no other way to send a reset: ESP-IDF builds it without SO_LINGER by default. */
void uh_wire_port_break(int fd)
{
    wire_call_t call = {.fd = fd};
    tcpip_api_call(wire_abort, &call.call);
}

/* --- connections that are closed ---------------------------------------------------------------------------------- */

/* Who closes first keeps about 250 bytes of the connection for twice CONFIG_LWIP_TCP_MSL, in case that a packet comes
 * late: with ESP-IDF's minute that is all memory, if clients ask for `Connection: close` five times a second. What is
 * forgotten early costs a reset for a packet that nobody needs any more. */
#define MOST_WAITING 16
#define CLOSES 8 /* between two looks: each costs a message to lwIP's thread */

typedef struct {
    struct tcpip_api_call_data call;
    uint16_t port;
} wire_port_t;

/* Nobody's: its socket is closed, too. */
static bool only_waits(const struct tcp_pcb *pcb, uint16_t port)
{
    return pcb->local_port == port && !pcb->callback_arg;
}

/* In lwIP's thread. The list begins with the newest. */
static err_t forget_oldest(struct tcpip_api_call_data *call)
{
    unsigned count = 0;
    for (struct tcp_pcb *pcb = tcp_tw_pcbs, *next; pcb; pcb = next) {
        next = pcb->next;
        if (only_waits(pcb, ((wire_port_t *)call)->port) && ++count > MOST_WAITING) {
            tcp_abort(pcb);
        }
    }
    return ERR_OK;
}

void uh_wire_port_closed(uint16_t port)
{
    static atomic_uint s_closes;
    if (atomic_fetch_add(&s_closes, 1) % CLOSES == 0) {
        wire_port_t wanted = {.port = port};
        tcpip_api_call(forget_oldest, &wanted.call);
    }
}

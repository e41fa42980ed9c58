/* SPDX-License-Identifier: MIT */
#include "port/port.h"

#include "lwip/api.h"
#include "lwip/priv/sockets_priv.h"
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

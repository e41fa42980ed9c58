/* SPDX-License-Identifier: MIT */
#include "lwip/priv/tcp_priv.h"
#include "lwip/priv/tcpip_priv.h"

#include "hl_orders.h"

typedef struct {
    struct tcpip_api_call_data call;
    uint16_t port;
    unsigned count;
} count_t;

/* In lwIP's thread. */
static err_t count_waiting(struct tcpip_api_call_data *call)
{
    count_t *count = (count_t *)call;
    for (const struct tcp_pcb *pcb = tcp_tw_pcbs; pcb; pcb = pcb->next) {
        count->count += pcb->local_port == count->port;
    }
    return ERR_OK;
}

unsigned hl_waiting(uint16_t port)
{
    count_t count = {.port = port};
    tcpip_api_call(count_waiting, &count.call);
    return count.count;
}

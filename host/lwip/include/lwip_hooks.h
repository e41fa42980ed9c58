/* SPDX-License-Identifier: MIT */
#pragma once

struct tcp_pcb;
struct tcp_hdr;
struct pbuf;

/** @return ERR_OK, or the segment is dropped (relay.c) */
signed char hl_judge_segment(const struct tcp_pcb *pcb, const struct tcp_hdr *head, const struct pbuf *data);
#define LWIP_HOOK_TCP_INPACKET_PCB(pcb, head, optlen, opt1len, opt2, data) hl_judge_segment(pcb, head, data)

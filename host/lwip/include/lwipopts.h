/* SPDX-License-Identifier: MIT */
/*
 * lwIP as ESP-IDF builds it. Each CONFIG_LWIP_... is a setting of ESP-IDF, with ESP-IDF's default; the build brings the
 * settings of a project. If a value differs from a chip's, the comment says why.
 */
#pragma once

#include "sdkconfig.h"

#ifndef CONFIG_LWIP_TCP_RECVMBOX_SIZE
#define CONFIG_LWIP_TCP_RECVMBOX_SIZE 6
#endif
#ifndef CONFIG_LWIP_TCP_MSL
#define CONFIG_LWIP_TCP_MSL 60000
#endif
#ifndef CONFIG_LWIP_TCP_SND_BUF_DEFAULT
#define CONFIG_LWIP_TCP_SND_BUF_DEFAULT 5760
#endif
#ifndef CONFIG_LWIP_TCP_WND_DEFAULT
#define CONFIG_LWIP_TCP_WND_DEFAULT 5760
#endif
#ifdef CONFIG_LWIP_SO_LINGER
#define LWIP_SO_LINGER 1
#else
#define LWIP_SO_LINGER 0
#endif

/* --- tasks and memory --------------------------------------------------------------------------------------------- */

#define LWIP_TCPIP_CORE_LOCKING 0
#define LWIP_TCPIP_CORE_LOCKING_INPUT 0
#define SYS_LIGHTWEIGHT_PROT 1
#define TCPIP_THREAD_NAME "tiT"
#define TCPIP_MBOX_SIZE 32
#define DEFAULT_TCP_RECVMBOX_SIZE CONFIG_LWIP_TCP_RECVMBOX_SIZE
#define DEFAULT_UDP_RECVMBOX_SIZE CONFIG_LWIP_UDP_RECVMBOX_SIZE
#define DEFAULT_ACCEPTMBOX_SIZE CONFIG_LWIP_TCP_ACCEPTMBOX_SIZE
#define DEFAULT_RAW_RECVMBOX_SIZE 6

/* Each packet and each connection is a separate block, which AddressSanitizer watches. */
#define MEM_LIBC_MALLOC 1
#define MEMP_MEM_MALLOC 1
#define MEM_ALIGNMENT 8 /* a pointer's */
#define MEMP_NUM_NETCONN CONFIG_LWIP_MAX_SOCKETS
#define MEMP_NUM_TCP_PCB 16
#define MEMP_NUM_TCP_PCB_LISTEN 16
#define MEMP_NUM_UDP_PCB 16
#define MEMP_NUM_SYS_TIMEOUT (LWIP_NUM_SYS_TIMEOUT_INTERNAL + 3)

/* --- protocols ---------------------------------------------------------------------------------------------------- */

#define LWIP_IPV4 1
#define LWIP_IPV6 CONFIG_LWIP_IPV6
#define LWIP_IPV6_NUM_ADDRESSES 3
#define IPV6_FRAG_COPYHEADER 1 /* pointers are longer than a chip's */
#define LWIP_DNS 1
#define LWIP_RAW 1
#define LWIP_UDP 1
#define LWIP_TCP 1
#define TCP_WND CONFIG_LWIP_TCP_WND_DEFAULT
#define TCP_SND_BUF CONFIG_LWIP_TCP_SND_BUF_DEFAULT
#define TCP_MSS 1440
#define TCP_OVERSIZE TCP_MSS
#define TCP_MAXRTX 12
#define TCP_SYNMAXRTX 12
#define TCP_QUEUE_OOSEQ 1
#define TCP_LISTEN_BACKLOG 1
#define TCP_TMR_INTERVAL 250
#define TCP_MSL CONFIG_LWIP_TCP_MSL
#define LWIP_TCP_RTO_TIME 1500

/* The loopback interface is the only one. It represents a network that loses nothing; a chip's holds 8 packets. */
#define LWIP_HAVE_LOOPIF 1
#define LWIP_NETIF_LOOPBACK 1
#define LWIP_LOOPBACK_MAX_PBUFS 0
#define LWIP_NETIF_TX_SINGLE_PBUF 1
#define LWIP_NETIF_API 1
#define LWIP_HOOK_FILENAME "lwip_hooks.h"
#define LWIP_ARP 0

/* --- sockets ------------------------------------------------------------------------------------------------------ */

#define LWIP_NETCONN 1
#define LWIP_NETCONN_SEM_PER_THREAD 1
#define LWIP_NETCONN_FULLDUPLEX 1
#define LWIP_SOCKET 1
#define LWIP_COMPAT_SOCKETS 0
#define LWIP_POSIX_SOCKETS_IO_NAMES 0
#define LWIP_SOCKET_OFFSET (FD_SETSIZE - CONFIG_LWIP_MAX_SOCKETS)
#define LWIP_SO_SNDTIMEO 1
#define LWIP_SO_RCVTIMEO 1
#define LWIP_SO_RCVBUF 0
#define LWIP_TCP_KEEPALIVE 1
#define SO_REUSE 1
#define SO_REUSE_RXTOALL 1

#define LWIP_STATS 0

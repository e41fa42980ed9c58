/* SPDX-License-Identifier: MIT */
/* The compiler and the C library, for lwIP. */
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/select.h>
#include <sys/time.h>

typedef int sys_prot_t;

#define LWIP_ERRNO_STDINCLUDE
#define LWIP_TIMEVAL_PRIVATE 0
#define LWIP_NO_UNISTD_H 0

uint32_t esp_random(void);
#define LWIP_RAND esp_random

/* tcp_abort() for threads that are not lwIP's (relay.c) */
struct tcp_pcb;
void hl_tcp_abort(struct tcp_pcb *pcb);

#define LWIP_PLATFORM_DIAG(what) \
    do { \
        printf what; \
    } while (0)

#define LWIP_PLATFORM_ASSERT(what) \
    do { \
        fprintf(stderr, "lwIP: %s at %s:%d\n", what, __FILE__, __LINE__); \
        abort(); \
    } while (0)

/* As in ESP-IDF, wrong arguments are errors and do not end the program. */
#define LWIP_ERROR(message, expression, handler) \
    do { \
        if (!(expression)) { \
            handler; \
        } \
    } while (0)

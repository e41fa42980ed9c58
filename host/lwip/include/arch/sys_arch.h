/* SPDX-License-Identifier: MIT */
/* Threads, semaphores and mailboxes, for lwIP: as in ESP-IDF, a mailbox has the requested size. */
#pragma once

#include <pthread.h>

typedef struct hl_sem *sys_sem_t;
typedef struct hl_mbox *sys_mbox_t;
typedef pthread_mutex_t *sys_mutex_t;
typedef pthread_t sys_thread_t;

#define sys_sem_valid(sem) (*(sem) != NULL)
#define sys_sem_set_invalid(sem) (*(sem) = NULL)
#define sys_mbox_valid(mbox) (*(mbox) != NULL)
#define sys_mbox_set_invalid(mbox) (*(mbox) = NULL)
#define sys_mutex_valid(mutex) (*(mutex) != NULL)
#define sys_mutex_set_invalid(mutex) (*(mutex) = NULL)

/* LWIP_NETCONN_SEM_PER_THREAD */
sys_sem_t *hl_thread_sem(void);
#define LWIP_NETCONN_THREAD_SEM_GET() hl_thread_sem()
#define LWIP_NETCONN_THREAD_SEM_ALLOC()
#define LWIP_NETCONN_THREAD_SEM_FREE()

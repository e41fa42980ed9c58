/* SPDX-License-Identifier: MIT */
#pragma once

#include "session.h"

/**
 * @file
 * What other tasks tell the HTTP task. All of it goes through one socket of the engine, which holds six messages; most
 * versions of ESP-IDF lose the seventh without a word, and the newest make its sender wait. So the server keeps count,
 * and a session that returns when four are on their way waits here until the HTTP task has seen those.
 */
typedef struct {
    uhttpd_os_mutex_t lock;
    uhttpd_os_sem_t passed;
    uh_session_t *first, **end; /* sessions that wait to be handed back */
    unsigned unseen;            /* handed back, and perhaps not seen by the HTTP task */
    unsigned covered;           /* of these, seen when the receipt comes */
    bool untold;                /* of one of these the engine was not told: a receipt wakes it */
    uint64_t asked;             /* when a receipt was asked for; 0: none is on its way */
} uh_mailbox_t;

/** @return ESP_OK or ESP_ERR_NO_MEM. Call uh_mailbox_deinit() in any case. */
esp_err_t uh_mailbox_init(uh_mailbox_t *mailbox);
void uh_mailbox_deinit(uh_mailbox_t *mailbox);

/** @brief Gives the engine its session back, soon. Any task; does not block. The session may be gone afterwards. */
void uh_mailbox_hand_back(uh_session_t *session);

/**
 * @brief Asks again for what was lost for want of memory. Any task.
 * @return when to ask again, in terms of uhttpd_os_now(); 0: when something changes.
 */
uint64_t uh_mailbox_check(struct uhttpd_server *server);

/** @brief Waits until the HTTP task has seen all that it was told before. Not from the HTTP task. */
void uh_mailbox_pass(struct uhttpd_server *server);

/* SPDX-License-Identifier: MIT */
#include "mailbox.h"

#include "port/engine.h"
#include "server.h"

#define MOST_UNSEEN 4       /* of six messages; the others are the receipt, and one of uhttpd_stop() */
#define RECEIPT_LATE_MS 200 /* then it was lost, or an inline handler takes its time */
#define PASS_LATE_MS 1000
#define PASS_TRIES 4 /* they may all be in the mailbox in the end, and httpd_stop() needs a place */
#define STEP_MS 20

esp_err_t uh_mailbox_init(uh_mailbox_t *mailbox)
{
    *mailbox = (uh_mailbox_t) {.lock = uhttpd_os_mutex_create(), .passed = uhttpd_os_sem_create()};
    mailbox->end = &mailbox->first;
    return mailbox->lock && mailbox->passed ? ESP_OK : ESP_ERR_NO_MEM;
}

void uh_mailbox_deinit(uh_mailbox_t *mailbox)
{
    if (mailbox->lock) {
        uhttpd_os_mutex_destroy(mailbox->lock);
    }
    if (mailbox->passed) {
        uhttpd_os_sem_destroy(mailbox->passed);
    }
}

/* --- sessions ----------------------------------------------------------------------------------------------------- */

/* From the engine's call on the session belongs to the engine. @return whether the engine was told that it is there */
static bool complete_session(uh_session_t *session)
{
    struct uhttpd_server *server = session->server;
    httpd_req_t *detached = session->detached;
    session->detached = NULL;
    bool told = httpd_req_async_handler_complete(detached) == ESP_OK && uh_engine_notices_completion();
    atomic_fetch_add(&server->returned, 1);
    atomic_fetch_sub(&server->detached, 1);
    return told;
}

static void mailbox_post(struct uhttpd_server *server);

/* In the HTTP task, after it has seen all that was sent before. */
static void mailbox_receipt(void *arg)
{
    struct uhttpd_server *server = arg;
    uh_mailbox_t *mailbox = &server->mailbox;
    uhttpd_os_lock(mailbox->lock);
    mailbox->unseen -= mailbox->covered;
    mailbox->covered = 0;
    mailbox->asked = 0;
    mailbox_post(server);
    uhttpd_os_unlock(mailbox->lock);
}

/* A receipt also wakes the engine, on versions that do not notice a completion by themselves. Under the lock. */
static void mailbox_ask(struct uhttpd_server *server)
{
    uh_mailbox_t *mailbox = &server->mailbox;
    uint64_t now = uhttpd_os_now();
    if (mailbox->asked && now - mailbox->asked < RECEIPT_LATE_MS) {
        return;
    }
    mailbox->covered = mailbox->unseen;
    mailbox->untold = false;
    mailbox->asked = now ? now : 1;
    if (httpd_queue_work(server->engine, mailbox_receipt, server) != ESP_OK) {
        uh_io_wake(&server->keeper); /* it checks again, later */
    }
}

/* Under the lock. */
static void mailbox_post(struct uhttpd_server *server)
{
    uh_mailbox_t *mailbox = &server->mailbox;
    while (mailbox->first && mailbox->unseen < MOST_UNSEEN) {
        uh_session_t *session = mailbox->first;
        mailbox->first = session->next_returned;
        mailbox->end = mailbox->first ? mailbox->end : &mailbox->first;
        mailbox->unseen++;
        mailbox->untold = !complete_session(session) || mailbox->untold;
    }
    if (mailbox->untold || mailbox->unseen == MOST_UNSEEN) {
        mailbox_ask(server);
    }
}

void uh_mailbox_hand_back(uh_session_t *session)
{
    struct uhttpd_server *server = session->server;
    uh_mailbox_t *mailbox = &server->mailbox;
    uhttpd_os_lock(mailbox->lock);
    session->next_returned = NULL;
    *mailbox->end = session;
    mailbox->end = &session->next_returned;
    mailbox_post(server);
    uhttpd_os_unlock(mailbox->lock);
}

uint64_t uh_mailbox_check(struct uhttpd_server *server)
{
    uh_mailbox_t *mailbox = &server->mailbox;
    uhttpd_os_lock(mailbox->lock);
    if (mailbox->asked) {
        mailbox_ask(server);
    }
    uint64_t due = mailbox->asked ? mailbox->asked + RECEIPT_LATE_MS : 0;
    uhttpd_os_unlock(mailbox->lock);
    return due;
}

/* --- stopping ----------------------------------------------------------------------------------------------------- */

static void http_task_passes(void *passed)
{
    uhttpd_os_sem_give(passed);
}

static void mailbox_send_pass(struct uhttpd_server *server)
{
    while (httpd_queue_work(server->engine, http_task_passes, server->mailbox.passed) != ESP_OK) {
        uhttpd_os_sleep(STEP_MS);
    }
}

void uh_mailbox_pass(struct uhttpd_server *server)
{
    mailbox_send_pass(server);
    for (int tries = 1; !uhttpd_os_sem_take(server->mailbox.passed, PASS_LATE_MS);) {
        if (tries++ < PASS_TRIES) {
            mailbox_send_pass(server);
        }
    }
}

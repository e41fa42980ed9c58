/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "esp_err.h"
#include "login.h"
#include "second/proof.h"
#include "uhttpd_ws.h"

/**
 * @file
 * Sessions: which of them may log in, which one holds the terminal, and how they use a WebSocket. The edition of the
 * protocol decides what they send: classic/session.c, second/session.c. Everything belongs to the I/O task.
 */

/** One way to log in. It lives for ever, because nothing reports the end of a route. */
typedef struct wr_door {
    struct wr_door *next;
    bool open;       /* no password is asked for */
    wr_key_t key;    /* the second edition's key for the password */
    char password[]; /* ends with NUL */
} wr_door_t;

#define WR_SUBPROTOCOL "webrepl.2" /* of the second edition */

#define WR_LOGINS_MAX 3 /* sessions that are logging in at a time. A further one makes another give way */

typedef enum {
    WR_PHASE_LOGIN,   /* waits for a password, or a proof of it */
    WR_PHASE_WAITS,   /* it has arrived, but too many from there were wrong */
    WR_PHASE_DENIED,  /* it was wrong, which is answered later */
    WR_PHASE_IN,      /* logged in. In the classic edition this is to hold the terminal */
    WR_PHASE_CLOSING, /* closed by us, until the peer agrees */
} wr_phase_t;

typedef struct wr_session wr_session_t;
typedef struct wr_second wr_second_t;

/** The functions of one edition of the protocol. */
typedef struct {
    bool (*open)(wr_session_t *session); /* begins; false: there is no memory for it */
    size_t (*input)(wr_session_t *session, uhttpd_ws_type_t type, const uint8_t *data, size_t len, bool final);
    bool (*is_right)(const wr_session_t *session);      /* WAITS: whether the client has proved itself */
    void (*enter)(wr_session_t *session);               /* IN from now on */
    void (*deny)(wr_session_t *session);                /* answers that it was wrong; then it is closed */
    void (*serve)(wr_session_t *session, uint64_t now); /* IN: continues; sets the deadline */
    void (*lose_terminal)(wr_session_t *session);       /* holds it no more */
    void (*end)(wr_session_t *session);
} wr_edition_t;

struct wr_session {
    wr_session_t *next; /* older */
    wr_phase_t phase;
    uint64_t from; /* as uhttpd_guesses_from() */
    bool is_known; /* as uhttpd_guesses_knows(), when it came */
    const wr_edition_t *edition;
    uhttpd_ws_t *ws;
    const wr_door_t *door;
    uint64_t due;        /* LOGIN: the end of the time to log in; DENIED: when to answer */
    uint32_t turn;       /* WAITS: the lowest is judged next */
    bool paused;         /* input was not taken */
    wr_login_t login;    /* the classic edition's */
    bool after_cr;       /* the same: a line feed that follows belongs to the password */
    wr_second_t *second; /* the second edition's */
};

extern const wr_edition_t wr_classic_edition, wr_second_edition;

/** @brief The callbacks of a WebSocket route whose context is a #wr_door_t. */
extern const uhttpd_ws_events_t wr_session_events;

/** @brief Before anything else, once. Any task. */
void wr_session_init(unsigned max_sessions);

/** @brief For sessions to come. Any task. */
void wr_session_set_login_timeout(uint32_t login_timeout_ms);

/** @brief The password or proof has arrived. Judges it, or makes it wait if too many from there were wrong. */
void wr_session_judge(wr_session_t *session);

/** @brief Closes the session. What it held is free from now on, even if its peer is slow to confirm the end. */
void wr_session_close(wr_session_t *session, uint16_t code, const char *reason);

/** @brief Closes all that are logged in. */
void wr_session_close_all(uint16_t code, const char *reason);

/** @brief Sessions of an edition that are logged in. */
unsigned wr_session_count(const wr_edition_t *edition);

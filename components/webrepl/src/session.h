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
 * Sessions: who may try to log in, who holds the terminal, and what each of them does with a WebSocket. What they say is
 * up to the edition of the protocol: session_classic.c, session_second.c. All is the I/O task's.
 */

/** One way in: lives for ever, because routes have no end that it could hear of. */
typedef struct wr_door {
    struct wr_door *next;
    bool open;       /* no password is asked for */
    wr_key_t key;    /* what the second edition makes of the password */
    char password[]; /* ends with NUL */
} wr_door_t;

#define WR_SUBPROTOCOL "webrepl.2" /* of the second edition */

#define WR_LOGINS_MAX 3 /* sessions that are logging in at a time */

typedef enum {
    WR_PHASE_FREE,
    WR_PHASE_LOGIN,   /* a password, or a proof of it, is coming */
    WR_PHASE_WAITS,   /* it has come; the gate is closed */
    WR_PHASE_DENIED,  /* it was wrong; that is said when the gate opens */
    WR_PHASE_IN,      /* logged in. In the classic edition this is to hold the terminal */
    WR_PHASE_CLOSING, /* closed by us, until the peer agrees */
} wr_phase_t;

typedef struct wr_session wr_session_t;
typedef struct wr_second wr_second_t;

/** How an edition of the protocol goes about it. */
typedef struct {
    bool (*open)(wr_session_t *session); /* begins; false: there is no memory for it */
    size_t (*input)(wr_session_t *session, uhttpd_ws_type_t type, const uint8_t *data, size_t len, bool final);
    bool (*is_right)(const wr_session_t *session);      /* WAITS: what has come proves that the password is known */
    void (*enter)(wr_session_t *session);               /* IN from now on */
    void (*deny)(wr_session_t *session);                /* says that it was wrong; the session is closed behind it */
    void (*serve)(wr_session_t *session, uint64_t now); /* IN: goes on; sets the deadline */
    void (*lose_terminal)(wr_session_t *session);       /* holds it no more */
    void (*end)(wr_session_t *session);
} wr_edition_t;

struct wr_session {
    wr_phase_t phase;
    const wr_edition_t *edition;
    uhttpd_ws_t *ws;
    const wr_door_t *door;
    uint64_t due;        /* LOGIN: the end of patience; DENIED: when to say so */
    uint32_t turn;       /* WAITS: the lowest is judged next */
    bool paused;         /* input was not taken */
    wr_login_t login;    /* the classic edition's */
    bool after_cr;       /* the same: a line feed that comes next belongs to the password */
    wr_second_t *second; /* the second edition's */
};

extern const wr_edition_t wr_classic_edition, wr_second_edition;

/** @brief The callbacks of a WebSocket route whose context is a #wr_door_t. */
extern const uhttpd_ws_events_t wr_session_events;

/** @brief Before anything else, once. Any task. */
esp_err_t wr_session_init(unsigned max_sessions);

/** @brief For sessions to come. Any task. */
void wr_session_set_login_timeout(uint32_t login_timeout_ms);

/** @brief What is to be proved has come. Judges it, or has it wait until the gate opens. */
void wr_session_judge(wr_session_t *session);

/** @brief Closes it. What it held is free from now on, even if its peer is slow to agree that it is over. */
void wr_session_close(wr_session_t *session, uint16_t code, const char *reason);

/** @brief Closes all that are logged in. */
void wr_session_close_all(uint16_t code, const char *reason);

/** @brief Sessions of an edition that are logged in. */
unsigned wr_session_count(const wr_edition_t *edition);

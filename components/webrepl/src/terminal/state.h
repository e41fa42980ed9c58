/* SPDX-License-Identifier: MIT */
#pragma once

#include "terminal/framing.h"
#include "terminal/ring.h"
#include "terminal/terminal.h"
#include "uhttpd_os.h"

/**
 * @file
 * What terminal.c, input.c, output.c and watch.c share.
 */
#define WR_COALESCE_MS 10 /* how long output waits for more */
#define WR_SCAN_SIZE 1024 /* bytes of input that are scanned before the ring takes them, a power of 2 */
#define WR_URGENT_MAX 8   /* bytes that overtake all others */

/* Bits of input that was offered but not taken, by position modulo WR_SCAN_SIZE. I/O task. */
typedef struct {
    uint32_t at;      /* position of the next byte to be taken */
    uint32_t scanned; /* bytes behind it that intercept() has seen */
    uint8_t swallowed[WR_SCAN_SIZE / 8];
} wr_scan_t;

/* What the I/O task knows about output. */
typedef struct {
    wr_framing_t framing;
    uint32_t goal; /* everything up to this position is due */
    size_t held;   /* bytes that wait for the end of their character */
    uint64_t held_until;
    uint64_t unsent_since; /* 0: nothing was there */
    uint8_t frame[WR_FRAME_MAX];
} wr_output_t;

typedef struct {
    uhttpd_os_mutex_t lock; /* of all down to the blank line */
    uhttpd_os_sem_t room;   /* given to writers that wait */
    uhttpd_os_sem_t news;   /* given to the program if it waits */
    bool program_waits;     /* and has been given nothing */
    webrepl_terminal_events_t events;
    uhttpd_ws_t *ws;  /* NULL: nobody holds the terminal */
    uint32_t session; /* number of the session */
    wr_watcher_t *watchers;
    wr_ring_t input;
    wr_ring_t output;
    uint8_t urgent[WR_URGENT_MAX]; /* input before all of the ring */
    uint8_t urgent_len;
    uint16_t columns, rows; /* of the client's window; 0: not known */
    uint32_t flush;         /* the program waits: output up to this position is due */
    uint32_t left_at;       /* a session has ended, and this is the end of its input; with left */
    bool left;              /* the program has not been told of that end */
    bool output_known;      /* the I/O task will fetch the output by itself */
    bool input_waits;       /* the I/O task has more input than there was room for, or credit to give for room */
    unsigned writers;       /* that wait for room and have been given none */
    uint16_t close_code;    /* 0: stay */
    char close_reason[WR_REASON_MAX + 1];

    bool raw;         /* the holder speaks the second edition; this and below are the I/O task's */
    uint32_t credit;  /* raw: bytes of output that may be sent */
    uint32_t granted; /* raw: bytes of input that may come */
    wr_scan_t scan;
    wr_output_t out;
} wr_terminal_t;

/** @brief NULL before wr_terminal_init(). */
extern wr_terminal_t *wr_the_terminal;

webrepl_terminal_events_t wr_terminal_events(void);

/** @brief Notifies the program. No lock is held. */
void wr_terminal_notify(bool connected);

/** @brief Wakes the holder. With the lock held: uhttpd_ws_wake() needs a session that cannot end meanwhile. */
void wr_terminal_wake_locked(wr_terminal_t *t);

void wr_terminal_release_writers_locked(wr_terminal_t *t);

/** @brief Passes output on to the watchers, after the holder or without one. */
void wr_terminal_wake_watchers_locked(wr_terminal_t *t);

/** @brief Output without a holder: for the watchers alone, if there are any. */
void wr_terminal_show_locked(wr_terminal_t *t, const uint8_t *data, size_t len);

/** @brief Sends output written so far at once. */
void wr_terminal_flush_locked(wr_terminal_t *t);

/** @brief Bytes of output that are worth a frame. */
size_t wr_terminal_threshold(const wr_terminal_t *t);

/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/**
 * @file
 * How often passwords may be guessed, pure. Each wrong password costs its address some time, and nobody else. An address
 * has credit, so a right password passes while wrong ones of the same address are still being paid for. What addresses
 * cost together is bounded, too, because one guesser may have many. Times are in milliseconds.
 */

#define UH_GUESSES_PLACES 16      /* addresses that are remembered: those that guessed last, and those that got in */
#define UH_GUESSES_FIRST_COST 500 /* of the first wrong password; each further one costs twice as much ... */
#define UH_GUESSES_LAST_COST 8000 /* ... up to this */
#define UH_GUESSES_CREDIT 4000    /* an address that owes more than this has to wait */
#define UH_GUESSES_FORGIVEN 60000 /* after so long without owing anything an address begins with the first cost again */
#define UH_GUESSES_SHARED_COST 250 /* of each wrong password to all that have not been let in before; credit as above */
#define UH_GUESSES_FIRSTS 256      /* addresses whose first guess does not wait for the others, ... */
#define UH_GUESSES_PERIOD 256000   /* ... in so long */

/** An address, and what it owes. */
typedef struct {
    uint64_t from;
    uint64_t paid_at; /* when it owes nothing any more */
    uint32_t asking;  /* what the passwords cost that are being judged, if they are wrong */
    uint8_t asked;    /* how many those are */
    uint8_t wrong;    /* passwords in a row, as far as costs go */
    bool known;       /* it has given the right password */
} uh_guesser_t;

typedef struct {
    uh_guesser_t guessers[UH_GUESSES_PLACES];
    uint64_t all_paid_at;
    uint32_t all_asking;
    uint32_t erred[UH_GUESSES_FIRSTS]; /* addresses that have been wrong in this period, folded */
    uint16_t erred_count;
    uint64_t erred_since;
} uh_guesses_t;

/** @brief What tells addresses apart: an IPv4 address; of IPv6 the network (/64), all of which one guesser may have. */
uint64_t uh_guesses_from(const char *remote);

/** @brief Whether a right password has come from there, among those that are remembered. */
bool uh_guesses_knows(const uh_guesses_t *guesses, uint64_t from);

/** @brief How long a password from there must wait before it is judged; 0: not at all. */
uint32_t uh_guesses_wait(const uh_guesses_t *guesses, uint64_t from, uint64_t now);

/** @brief Notes a wrong password. @return how long until it is paid for. Who can, answers no sooner. */
uint32_t uh_guesses_wrong(uh_guesses_t *guesses, uint64_t from, uint64_t now);

/**
 * @brief Before a password is judged that may take a while: notes what it costs if it is wrong. So of many that come at
 *        once no more are judged than of as many that come one after the other.
 * @return for uh_guesses_answer(); 0: those that are being judged may use up the credit, so ask again soon
 */
uint32_t uh_guesses_ask(uh_guesses_t *guesses, uint64_t from, uint64_t now);

/** @brief Notes that it was wrong, or else not: it costs nothing then. */
void uh_guesses_answer(uh_guesses_t *guesses, uint64_t from, uint32_t cost, bool wrong, uint64_t now);

/** @brief Notes a right password. What its address owes it still owes, or others there could go on guessing. */
void uh_guesses_right(uh_guesses_t *guesses, uint64_t from, uint64_t now);

/* SPDX-License-Identifier: MIT */
#include "guesses.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

/* --- addresses ---------------------------------------------------------------------------------------------------- */

static uint64_t guesses_number(const uint8_t *bytes, int count)
{
    uint64_t number = 0;
    for (int i = 0; i < count; i++) {
        number = number << 8 | bytes[i];
    }
    return number;
}

/* Link-local neighbours share their network, and a machine has but one address in that of ::1. */
static bool network_is_shared(uint64_t network)
{
    return network == 0 || network >> 54 == 0xfe80 >> 6;
}

uint64_t uh_guesses_from(const char *remote)
{
    uint8_t bytes[16];
    if (inet_pton(AF_INET, remote, bytes) == 1) {
        return guesses_number(bytes, 4);
    }
    if (inet_pton(AF_INET6, remote, bytes) != 1) {
        return 0;
    }
    uint64_t network = guesses_number(bytes, 8);
    return network_is_shared(network) ? guesses_number(bytes + 8, 8) : network;
}

/* --- what they owe ------------------------------------------------------------------------------------------------ */

static uint64_t guesses_later(uint64_t one, uint64_t other)
{
    return one > other ? one : other;
}

static const uh_guesser_t *find_guesser(const uh_guesses_t *guesses, uint64_t from)
{
    for (int i = 0; i < UH_GUESSES_PLACES; i++) {
        if (guesses->guessers[i].from == from) {
            return &guesses->guessers[i];
        }
    }
    return NULL;
}

static bool gives_way_before(const uh_guesser_t *one, const uh_guesser_t *other)
{
    return one->known != other->known ? other->known : one->paid_at < other->paid_at;
}

static uh_guesser_t *take_guesser(uh_guesses_t *guesses, uint64_t from)
{
    uh_guesser_t *guesser = (uh_guesser_t *)find_guesser(guesses, from);
    if (guesser) {
        return guesser;
    }
    guesser = guesses->guessers;
    for (int i = 1; i < UH_GUESSES_PLACES; i++) {
        if (gives_way_before(&guesses->guessers[i], guesser)) {
            guesser = &guesses->guessers[i];
        }
    }
    *guesser = (uh_guesser_t) {.from = from};
    return guesser;
}

static uint32_t beyond_credit(uint64_t paid_at, uint64_t now)
{
    uint64_t until = now + UH_GUESSES_CREDIT;
    return paid_at > until ? (uint32_t)(paid_at - until) : 0;
}

bool uh_guesses_knows(const uh_guesses_t *guesses, uint64_t from)
{
    const uh_guesser_t *guesser = find_guesser(guesses, from);
    return guesser && guesser->known;
}

/* --- first guesses ------------------------------------------------------------------------------------------------ */

/* An IPv4 address is folded into itself. */
static uint32_t fold_address(uint64_t from)
{
    return (uint32_t)(from ^ from >> 32);
}

static unsigned erred_now(const uh_guesses_t *guesses, uint64_t now)
{
    return now - guesses->erred_since < UH_GUESSES_PERIOD ? guesses->erred_count : 0;
}

/* @return whether there is room for one more, and this one is not among them */
static bool would_be_first(const uh_guesses_t *guesses, uint64_t from, uint64_t now)
{
    unsigned count = erred_now(guesses, now);
    for (unsigned i = 0; i < count; i++) {
        if (guesses->erred[i] == fold_address(from)) {
            return false;
        }
    }
    return count < UH_GUESSES_FIRSTS;
}

static void note_erred(uh_guesses_t *guesses, uint64_t from, uint64_t now)
{
    if (!would_be_first(guesses, from, now)) {
        return;
    }
    guesses->erred_count = (uint16_t)erred_now(guesses, now);
    guesses->erred_since = guesses->erred_count ? guesses->erred_since : now;
    guesses->erred[guesses->erred_count++] = fold_address(from);
}

/* --- judging ------------------------------------------------------------------------------------------------------ */

static bool waits_for_all(const uh_guesses_t *guesses, uint64_t from, uint64_t now)
{
    return !uh_guesses_knows(guesses, from) && !would_be_first(guesses, from, now);
}

uint32_t uh_guesses_wait(const uh_guesses_t *guesses, uint64_t from, uint64_t now)
{
    const uh_guesser_t *guesser = find_guesser(guesses, from);
    uint32_t own = guesser ? beyond_credit(guesser->paid_at, now) : 0;
    uint32_t shared = waits_for_all(guesses, from, now) ? beyond_credit(guesses->all_paid_at, now) : 0;
    return own > shared ? own : shared;
}

static uint32_t next_cost(const uh_guesser_t *guesser)
{
    uint32_t cost = UH_GUESSES_FIRST_COST;
    for (unsigned i = 0; i < guesser->wrong + guesser->asked && cost < UH_GUESSES_LAST_COST; i++) {
        cost *= 2;
    }
    return cost;
}

uint32_t uh_guesses_wrong(uh_guesses_t *guesses, uint64_t from, uint64_t now)
{
    uh_guesser_t *guesser = take_guesser(guesses, from);
    if (now >= guesser->paid_at + UH_GUESSES_FORGIVEN) {
        guesser->wrong = 0;
    }
    uint32_t cost = (uint32_t)UH_GUESSES_FIRST_COST << guesser->wrong;
    guesser->wrong += cost < UH_GUESSES_LAST_COST;
    guesser->paid_at = guesses_later(guesser->paid_at, now) + cost;
    if (!beyond_credit(guesses->all_paid_at, now)) { /* or else first guesses would have all others wait for a minute */
        guesses->all_paid_at = guesses_later(guesses->all_paid_at, now) + UH_GUESSES_SHARED_COST;
    }
    note_erred(guesses, from, now);
    return (uint32_t)(guesser->paid_at - now);
}

uint32_t uh_guesses_ask(uh_guesses_t *guesses, uint64_t from, uint64_t now)
{
    uh_guesser_t *guesser = take_guesser(guesses, from);
    bool own = beyond_credit(guesses_later(guesser->paid_at, now) + guesser->asking, now);
    bool shared = waits_for_all(guesses, from, now) &&
                  beyond_credit(guesses_later(guesses->all_paid_at, now) + guesses->all_asking, now);
    if (own || shared || guesser->asked == UINT8_MAX) {
        return 0;
    }
    uint32_t cost = next_cost(guesser);
    guesser->asking += cost;
    guesser->asked++;
    guesses->all_asking += UH_GUESSES_SHARED_COST;
    return cost;
}

void uh_guesses_answer(uh_guesses_t *guesses, uint64_t from, uint32_t cost, bool wrong, uint64_t now)
{
    uh_guesser_t *guesser = (uh_guesser_t *)find_guesser(guesses, from);
    if (guesser && guesser->asked) { /* it may have been forgotten meanwhile */
        guesser->asked--;
        guesser->asking -= guesser->asking > cost ? cost : guesser->asking;
    }
    guesses->all_asking -= UH_GUESSES_SHARED_COST;
    if (wrong) {
        uh_guesses_wrong(guesses, from, now);
    }
}

void uh_guesses_right(uh_guesses_t *guesses, uint64_t from, uint64_t now)
{
    uh_guesser_t *guesser = take_guesser(guesses, from);
    guesser->known = true;
    guesser->paid_at = guesses_later(guesser->paid_at, now);
}

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

uint32_t uh_guesses_wait(const uh_guesses_t *guesses, uint64_t from, uint64_t now)
{
    const uh_guesser_t *guesser = find_guesser(guesses, from);
    uint32_t own = guesser ? beyond_credit(guesser->paid_at, now) : 0;
    uint32_t shared = uh_guesses_knows(guesses, from) ? 0 : beyond_credit(guesses->all_paid_at, now);
    return own > shared ? own : shared;
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
    guesses->all_paid_at = guesses_later(guesses->all_paid_at, now) + UH_GUESSES_SHARED_COST;
    return (uint32_t)(guesser->paid_at - now);
}

void uh_guesses_right(uh_guesses_t *guesses, uint64_t from, uint64_t now)
{
    uh_guesser_t *guesser = take_guesser(guesses, from);
    guesser->known = true;
    guesser->paid_at = guesses_later(guesser->paid_at, now);
}

/* SPDX-License-Identifier: MIT */
#include "guesses_account.h"

#include "guesses.h"
#include "uhttpd_guesses.h"
#include "uhttpd_os.h"

static uh_guesses_t s_guesses; /* of all servers and protocols; under uhttpd_os_global_lock() */

uint64_t uhttpd_guesses_from(const char *remote)
{
    return uh_guesses_from(remote);
}

bool uhttpd_guesses_knows(uint64_t from)
{
    uhttpd_os_global_lock();
    bool known = uh_guesses_knows(&s_guesses, from);
    uhttpd_os_global_unlock();
    return known;
}

uint32_t uhttpd_guesses_wait(uint64_t from)
{
    uhttpd_os_global_lock();
    uint32_t wait = uh_guesses_wait(&s_guesses, from, uhttpd_os_now());
    uhttpd_os_global_unlock();
    return wait;
}

uint32_t uhttpd_guesses_wrong(uint64_t from)
{
    uhttpd_os_global_lock();
    uint32_t wait = uh_guesses_wrong(&s_guesses, from, uhttpd_os_now());
    uhttpd_os_global_unlock();
    return wait;
}

uint32_t uh_guesses_account_ask(uint64_t from)
{
    uhttpd_os_global_lock();
    uint32_t cost = uh_guesses_ask(&s_guesses, from, uhttpd_os_now());
    uhttpd_os_global_unlock();
    return cost;
}

void uh_guesses_account_answer(uint64_t from, uint32_t cost, bool wrong)
{
    uhttpd_os_global_lock();
    uh_guesses_answer(&s_guesses, from, cost, wrong, uhttpd_os_now());
    uhttpd_os_global_unlock();
}

void uhttpd_guesses_right(uint64_t from)
{
    uhttpd_os_global_lock();
    uh_guesses_right(&s_guesses, from, uhttpd_os_now());
    uhttpd_os_global_unlock();
}

/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file
 * How often passwords may be guessed, for all servers and protocols of a firmware together. Any task; does not block.
 *
 * A wrong password delays its own address: the first one by half a second, each further one by twice as much, up to 8 s.
 * An address may owe 4 s before its next password has to wait, so a person may err a few times. All addresses together
 * get four wrong passwords a second; an address that has given a right one does not wait for the others, and neither does
 * the first password from an address, as long as no more than 256 addresses within four minutes have been wrong.
 *
 * uhttpd_config_t::basic_auth, uhttpd_config_t::auth and the terminal of webrepl do all this by themselves. This is for
 * programs that ask for passwords in another way, such as a form:
 * @code{c}
 * char remote[46];
 * uhttpd_req_remote(req, remote, sizeof(remote));
 * uint64_t from = uhttpd_guesses_from(remote);
 * if (uhttpd_guesses_wait(from)) {
 *     return refuse(req); // 429, without a look at the password
 * }
 * if (!is_right(password)) {
 *     uhttpd_guesses_wrong(from);
 * }
 * @endcode
 */

/**
 * @brief Stands for an address. All of an IPv6 network (/64) is one, because one guesser may have all of it.
 * @param remote  as uhttpd_req_remote() and uhttpd_ws_remote() give it; anything else is one address, too
 */
uint64_t uhttpd_guesses_from(const char *remote);

/** @brief Whether a right password has come from there. Sixteen addresses are remembered, these before others. */
bool uhttpd_guesses_knows(uint64_t from);

/** @brief For how many ms no password from there may be judged, right or wrong. */
uint32_t uhttpd_guesses_wait(uint64_t from);

/** @brief Notes a wrong password. @return ms after which a protocol that can wait answers it. */
uint32_t uhttpd_guesses_wrong(uint64_t from);

/** @brief Notes a right password. */
void uhttpd_guesses_right(uint64_t from);

#ifdef __cplusplus
}
#endif

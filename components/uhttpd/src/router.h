/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdatomic.h>

#include "http/pattern.h"
#include "uhttpd.h"

/**
 * @file
 * The route table: tried in order of registration.
 */
/** Fields of the server's own kinds of route beyond uhttpd_route_t. */
typedef struct {
    bool inline_upgrade; /* an upgrade runs inline, anything else in a worker */
    bool any_length;     /* uhttpd_config_t::max_body does not count */
    bool folder;         /* answers its URL without slash and wildcard, too, unless another route does */
    uint8_t slots;       /* how many it takes; 0: one for each method */
    bool stays;          /* uhttpd_unroute() does not touch it */
} uh_route_options_t;

typedef struct uh_route {
    uhttpd_route_t public; /* as it was added, but for methods */
    uint32_t methods;      /* that are left */
    uh_route_options_t options;
    uh_pattern_t pattern;
    struct uh_route *next;
    atomic_uint users; /* the table, and requests */
    char url[];        /* of the pattern; basic_auth follows */
} uh_route_t;

/* Calls are serialised by the caller, uh_route_release() excepted. */
typedef struct {
    uh_route_t *first;
    unsigned slots, free_slots;
} uh_router_t;

void uh_router_init(uh_router_t *router, unsigned slots);
void uh_router_deinit(uh_router_t *router);

/** @brief Adds slots, as far as there may be more. */
void uh_router_grow(uh_router_t *router, unsigned slots);

/** @brief Adds a route. Errors as uhttpd_route(). */
esp_err_t uh_router_add(uh_router_t *router, const uhttpd_route_t *route, const uh_route_options_t *options);

/**
 * @brief Takes methods from routes with that url, and those without any out of the table.
 * @param removed  receives the latter, linked by uh_route_t::next, to be released without the lock
 * @return as uhttpd_unroute()
 */
esp_err_t uh_router_remove(uh_router_t *router, const char *url, unsigned methods, uh_route_t **removed);

/** @brief Finds the route that answers, for uh_route_release() later; NULL: none. */
uh_route_t *uh_router_find(const uh_router_t *router, unsigned method, const char *path, size_t len);

/** @brief A user needs it no more. @param route  NULL: nothing happens */
void uh_route_release(uh_route_t *route);

/** @brief The methods that routes take for this path, or for any when @p path is NULL. */
unsigned uh_router_methods(const uh_router_t *router, const char *path, size_t len);

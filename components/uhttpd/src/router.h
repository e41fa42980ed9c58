/* SPDX-License-Identifier: MIT */
#pragma once

#include "http/pattern.h"
#include "uhttpd.h"

/**
 * @file
 * The route table: tried in order of registration.
 */
/** Fields of the server's own kinds of route beyond uhttpd_route_t. */
typedef struct {
    bool inline_upgrade;         /* an upgrade runs inline, anything else in a worker */
    bool any_length;             /* uhttpd_config_t::max_body does not count */
    bool folder;                 /* answers its URL without slash and wildcard, too, unless another route does */
    uint8_t slots;               /* how many it takes; 0: one for each method */
    void (*free_ctx)(void *ctx); /* called at the end of the server; NULL: nothing */
} uh_route_options_t;

typedef struct uh_route {
    uhttpd_route_t public;
    uh_route_options_t options;
    uh_pattern_t pattern;
    struct uh_route *_Atomic next; /* readers take no lock: routes are added whole, and stay */
    char url[];                    /* of the pattern */
} uh_route_t;

typedef struct {
    uh_route_t *_Atomic first;
    unsigned slots, free_slots;
} uh_router_t;

void uh_router_init(uh_router_t *router, unsigned slots);
void uh_router_deinit(uh_router_t *router);

/** @brief Adds slots, as far as there may be more. Calls are serialised by the caller. */
void uh_router_grow(uh_router_t *router, unsigned slots);

/** @brief Adds a route; calls are serialised by the caller. Errors as uhttpd_route(). */
esp_err_t uh_router_add(uh_router_t *router, const uhttpd_route_t *route, const uh_route_options_t *options);

/** @brief Finds the route that answers; NULL: none. */
const uh_route_t *uh_router_find(const uh_router_t *router, unsigned method, const char *path, size_t len);

/** @brief The methods that routes take for this path, or for any when @p path is NULL. */
unsigned uh_router_methods(const uh_router_t *router, const char *path, size_t len);

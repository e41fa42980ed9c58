/* SPDX-License-Identifier: MIT */
#include "router.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "esp_log.h"
#include "http/method.h"

static const char *TAG = "uhttpd";

void uh_router_init(uh_router_t *router, unsigned slots)
{
    atomic_init(&router->first, NULL);
    router->free_slots = slots - 1; /* the other one is reserved for OPTIONS */
}

void uh_router_deinit(uh_router_t *router)
{
    uh_route_t *route = router->first;
    while (route) {
        uh_route_t *next = route->next;
        if (route->options.free_ctx) {
            route->options.free_ctx(route->public.ctx);
        }
        free(route);
        route = next;
    }
}

/* Clients send other characters as percent escapes, and braces in them for no parameters. */
static bool route_can_be_sent(const char *url)
{
    while (*url > ' ' && *url < 0x7f && strchr("\"<>\\^`{|}", *url) == NULL) {
        url++;
    }
    if (*url) {
        ESP_LOGE(TAG, "no client can ask for the route %s: other characters are percent-encoded, and '*' is its end",
                 url);
    }
    return *url == '\0';
}

static bool router_is_valid(const uhttpd_route_t *route)
{
    if (!route->url || route->url[0] != '/' || !route->handler || !route->methods || route->methods & ~UH_METHODS_ALL) {
        return false;
    }
    const char *star = strchr(route->url, '*');
    return (!star || star[1] == '\0') && !strpbrk(route->url, "?#") && route_can_be_sent(route->url);
}

static unsigned count_bits(unsigned bits)
{
    unsigned count = 0;
    for (; bits; bits &= bits - 1) {
        count++;
    }
    return count;
}

static uh_route_t *copy_of(const uhttpd_route_t *route)
{
    size_t len = strlen(route->url);
    uh_route_t *copy = malloc(sizeof(*copy) + len + 1);
    if (!copy) {
        return NULL;
    }
    memcpy(copy->url, route->url, len + 1);
    copy->public = *route;
    copy->public.url = copy->url;
    copy->wildcard = copy->url[len - 1] == '*';
    copy->url_len = len - (copy->wildcard ? 1 : 0);
    copy->next = NULL;
    return copy;
}

static void router_append(uh_router_t *router, uh_route_t *route)
{
    uh_route_t *_Atomic *link = &router->first;
    while (*link) {
        link = &(*link)->next;
    }
    atomic_store(link, route);
}

esp_err_t uh_router_add(uh_router_t *router, const uhttpd_route_t *route, const uh_route_options_t *options)
{
    if (!router_is_valid(route)) {
        return ESP_ERR_INVALID_ARG;
    }
    unsigned slots = options->slots ? options->slots : count_bits(route->methods);
    if (slots > router->free_slots) {
        return ESP_ERR_UHTTPD_ROUTES_FULL;
    }
    uh_route_t *copy = copy_of(route);
    if (!copy) {
        return ESP_ERR_NO_MEM;
    }
    copy->options = *options;
    router->free_slots -= slots;
    router_append(router, copy);
    return ESP_OK;
}

typedef bool (*router_match_t)(const uh_route_t *route, const char *path, size_t len);

static bool router_matches(const uh_route_t *route, const char *path, size_t len)
{
    if (route->wildcard ? len < route->url_len : len != route->url_len) {
        return false;
    }
    return memcmp(path, route->url, route->url_len) == 0;
}

static bool router_matches_folder(const uh_route_t *route, const char *path, size_t len)
{
    return route->options.folder && len + 1 == route->url_len && memcmp(path, route->url, len) == 0;
}

static unsigned router_methods_of(const uh_route_t *route)
{
    unsigned methods = route->public.methods;
    return methods & UHTTPD_GET ? methods | UHTTPD_HEAD : methods;
}

static const uh_route_t *router_find_by(const uh_router_t *router, unsigned method, const char *path, size_t len,
                                        router_match_t matches)
{
    for (const uh_route_t *route = router->first; route; route = route->next) {
        if (router_methods_of(route) & (method | UHTTPD_ANY) && matches(route, path, len)) {
            return route;
        }
    }
    return NULL;
}

const uh_route_t *uh_router_find(const uh_router_t *router, unsigned method, const char *path, size_t len)
{
    const uh_route_t *route = router_find_by(router, method, path, len, router_matches);
    return route ? route : router_find_by(router, method, path, len, router_matches_folder);
}

unsigned uh_router_methods(const uh_router_t *router, const char *path, size_t len)
{
    unsigned methods = 0;
    for (const uh_route_t *route = router->first; route; route = route->next) {
        if (!path || router_matches(route, path, len) || router_matches_folder(route, path, len)) {
            methods |= router_methods_of(route);
        }
    }
    return methods;
}

/* SPDX-License-Identifier: MIT */
#include "router.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define ALL_METHODS \
    (UHTTPD_GET | UHTTPD_POST | UHTTPD_DELETE | UHTTPD_PUT | UHTTPD_PATCH | UHTTPD_HEAD | UHTTPD_OPTIONS | \
     UHTTPD_MOVE | UHTTPD_ANY)

void router_init(router_t *router, unsigned slots)
{
    atomic_init(&router->first, NULL);
    router->free_slots = slots - 1; /* OPTIONS has the other one */
}

void router_deinit(router_t *router)
{
    route_t *route = router->first;
    while (route) {
        route_t *next = route->next;
        if (route->options.free_ctx) {
            route->options.free_ctx(route->public.ctx);
        }
        free(route);
        route = next;
    }
}

static bool is_valid(const uhttpd_route_t *route)
{
    if (!route->url || route->url[0] != '/' || !route->handler || !route->methods || route->methods & ~ALL_METHODS) {
        return false;
    }
    const char *star = strchr(route->url, '*');
    return (!star || star[1] == '\0') && !strpbrk(route->url, "?#");
}

static unsigned count_bits(unsigned bits)
{
    unsigned count = 0;
    for (; bits; bits &= bits - 1) {
        count++;
    }
    return count;
}

static route_t *copy_of(const uhttpd_route_t *route)
{
    size_t len = strlen(route->url);
    route_t *copy = malloc(sizeof(*copy) + len + 1);
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

static void append(router_t *router, route_t *route)
{
    route_t *_Atomic *link = &router->first;
    while (*link) {
        link = &(*link)->next;
    }
    atomic_store(link, route);
}

esp_err_t router_add(router_t *router, const uhttpd_route_t *route, const route_options_t *options)
{
    if (!is_valid(route)) {
        return ESP_ERR_INVALID_ARG;
    }
    unsigned slots = options->slots ? options->slots : count_bits(route->methods);
    if (slots > router->free_slots) {
        return ESP_ERR_UHTTPD_ROUTES_FULL;
    }
    route_t *copy = copy_of(route);
    if (!copy) {
        return ESP_ERR_NO_MEM;
    }
    copy->options = *options;
    router->free_slots -= slots;
    append(router, copy);
    return ESP_OK;
}

static bool matches(const route_t *route, const char *path, size_t len)
{
    if (route->wildcard ? len < route->url_len : len != route->url_len) {
        return false;
    }
    return memcmp(path, route->url, route->url_len) == 0;
}

static unsigned methods_of(const route_t *route)
{
    unsigned methods = route->public.methods;
    return methods & UHTTPD_GET ? methods | UHTTPD_HEAD : methods;
}

const route_t *router_find(const router_t *router, unsigned method, const char *path, size_t len)
{
    for (const route_t *route = router->first; route; route = route->next) {
        if (methods_of(route) & (method | UHTTPD_ANY) && matches(route, path, len)) {
            return route;
        }
    }
    return NULL;
}

unsigned router_methods(const router_t *router, const char *path, size_t len)
{
    unsigned methods = 0;
    for (const route_t *route = router->first; route; route = route->next) {
        if (!path || matches(route, path, len)) {
            methods |= methods_of(route);
        }
    }
    return methods;
}

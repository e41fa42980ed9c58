/* SPDX-License-Identifier: MIT */
#include "router.h"

#include <stdlib.h>
#include <string.h>

#include "esp_log.h"
#include "http/method.h"
#include "uhttpd_settings.h"

static const char *TAG = "uhttpd";

void uh_router_init(uh_router_t *router, unsigned slots)
{
    router->first = NULL;
    router->slots = slots;
    router->free_slots = slots - 1; /* the other one is reserved for OPTIONS */
}

void uh_router_grow(uh_router_t *router, unsigned slots)
{
    unsigned room = UINT8_MAX - router->slots;
    unsigned more = slots < room ? slots : room;
    router->slots += more;
    router->free_slots += more;
}

void uh_route_release(uh_route_t *route)
{
    if (!route || atomic_fetch_sub(&route->users, 1) > 1) {
        return;
    }
    if (route->public.free_ctx) {
        route->public.free_ctx(route->public.ctx);
    }
    free(route);
}

void uh_router_deinit(uh_router_t *router)
{
    uh_route_t *route = router->first;
    while (route) {
        uh_route_t *next = route->next;
        uh_route_release(route);
        route = next;
    }
}

static bool url_is_valid(const char *url)
{
    const char *fault = url ? uhttpd_url_fault(url) : "is missing";
    if (fault) {
        ESP_LOGE(TAG, "the url %s of a route %s", url ? url : "", fault);
    }
    return !fault;
}

static bool methods_are_valid(unsigned methods)
{
    return methods && !(methods & ~UH_METHODS_ALL);
}

static bool route_access_is_valid(const uhttpd_route_t *route)
{
    int ways = route->own_auth + (route->basic_auth != NULL) + (route->auth != NULL);
    return ways <= 1 && (!route->basic_auth || uhttpd_is_basic_auth(route->basic_auth));
}

static bool router_is_valid(const uhttpd_route_t *route)
{
    return url_is_valid(route->url) && route->handler && methods_are_valid(route->methods) &&
           route_access_is_valid(route);
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
    uh_text_t url = {0};
    uh_pattern_add(&url, route->url);
    size_t auth_size = route->basic_auth ? strlen(route->basic_auth) + 1 : 0;
    uh_route_t *copy = calloc(1, sizeof(*copy) + url.len + 1 + auth_size);
    if (!copy) {
        return NULL;
    }
    url = (uh_text_t) {.at = copy->url, .room = url.len + 1};
    uh_pattern_add(&url, route->url);
    uh_text_end(&url);
    copy->public = *route;
    copy->public.url = copy->url;
    if (auth_size) {
        copy->public.basic_auth = memcpy(copy->url + url.len + 1, route->basic_auth, auth_size);
    }
    bool wildcard = route->url[strlen(route->url) - 1] == '*';
    copy->pattern = (uh_pattern_t) {.text = copy->url, .len = url.len - wildcard, .wildcard = wildcard};
    copy->methods = route->methods;
    atomic_init(&copy->users, 1);
    return copy;
}

static void router_append(uh_router_t *router, uh_route_t *route)
{
    uh_route_t **link = &router->first;
    while (*link) {
        link = &(*link)->next;
    }
    *link = route;
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

/* @return slots that are free again */
static unsigned take_methods(uh_route_t *route, unsigned methods)
{
    unsigned slots = count_bits(route->methods & methods);
    route->methods &= ~methods;
    return slots;
}

static bool has_methods(const uh_route_t *route, const char *url, unsigned methods)
{
    return !route->options.stays && route->methods & methods && strcmp(route->url, url) == 0;
}

static void remove_from(uh_router_t *router, const char *url, unsigned methods, uh_route_t **removed)
{
    for (uh_route_t **link = &router->first; *link;) {
        uh_route_t *route = *link;
        router->free_slots += has_methods(route, url, methods) ? take_methods(route, methods) : 0;
        if (route->methods) {
            link = &route->next;
        } else {
            *link = route->next;
            route->next = *removed;
            *removed = route;
        }
    }
}

esp_err_t uh_router_remove(uh_router_t *router, const char *url, unsigned methods, uh_route_t **removed)
{
    if (!url_is_valid(url) || !methods_are_valid(methods)) {
        return ESP_ERR_INVALID_ARG;
    }
    uh_route_t *like = copy_of(&(uhttpd_route_t) {.url = url});
    if (!like) {
        return ESP_ERR_NO_MEM;
    }
    unsigned before = router->free_slots;
    remove_from(router, like->url, methods, removed);
    free(like);
    return router->free_slots > before ? ESP_OK : ESP_ERR_NOT_FOUND;
}

typedef bool (*router_match_t)(const uh_route_t *route, const char *path, size_t len);

static bool router_matches(const uh_route_t *route, const char *path, size_t len)
{
    return uh_pattern_match(&route->pattern, path, len, 0, NULL);
}

static bool router_matches_folder(const uh_route_t *route, const char *path, size_t len)
{
    uh_pattern_t folder = {.text = route->url, .len = route->pattern.len - 1};
    return route->options.folder && uh_pattern_match(&folder, path, len, 0, NULL);
}

static unsigned router_methods_of(const uh_route_t *route)
{
    unsigned methods = route->methods;
    return methods & UHTTPD_GET ? methods | UHTTPD_HEAD : methods;
}

static uh_route_t *router_find_by(const uh_router_t *router, unsigned method, const char *path, size_t len,
                                  router_match_t matches)
{
    for (uh_route_t *route = router->first; route; route = route->next) {
        if (router_methods_of(route) & (method | UHTTPD_ANY) && matches(route, path, len)) {
            return route;
        }
    }
    return NULL;
}

uh_route_t *uh_router_find(const uh_router_t *router, unsigned method, const char *path, size_t len)
{
    uh_route_t *route = router_find_by(router, method, path, len, router_matches);
    route = route ? route : router_find_by(router, method, path, len, router_matches_folder);
    if (route) {
        atomic_fetch_add(&route->users, 1);
    }
    return route;
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

/* SPDX-License-Identifier: MIT */
#include "server.h"

#include <stdlib.h>
#include <string.h>

#include "esp_check.h"
#include "http/host.h"
#include "http/text.h"
#include "port/engine.h"
#include "uhttpd_os.h"
#include "uhttpd_settings.h"

static const char *TAG = "uhttpd";

#define LEAST_SOCKETS 3 /* one stays with the engine, one is on its way back, and one takes the next request */
#define DEFAULT_SOCKETS 12
#define SPARE_SOCKETS 2 /* of the firmware's own: a name to look up, and a connection to somebody else */

static void default_sockets(uhttpd_config_t *config)
{
    size_t most = uh_engine_max_sockets();
    size_t ours = most > LEAST_SOCKETS + SPARE_SOCKETS ? most - SPARE_SOCKETS : LEAST_SOCKETS;
    if (config->max_sockets == UHTTPD_MAX_SOCKETS_DEFAULT) {
        config->max_sockets = (uint8_t)(ours < DEFAULT_SOCKETS ? ours : DEFAULT_SOCKETS);
    }
}

/* @return what is wrong; NULL: nothing */
static const char *wrong_number(const uhttpd_config_t *config)
{
    return config->routes < 1                            ? "routes must be 1 to 255"
           : config->max_header < 256                    ? "max_header must be 256 to 65535"
           : config->workers < 1 || config->workers > 16 ? "workers must be 1 to 16"
           : config->spare_workers > 16                  ? "spare_workers must be 0 to 16"
           : !config->header_timeout || !config->body_timeout || !config->send_timeout
               ? "header_timeout, body_timeout and send_timeout must not be 0"
           : config->min_rate && !config->rate_window ? "rate_window must not be 0 with min_rate"
           : config->task_core < UHTTPD_OS_ANY_CORE || config->task_core >= uhttpd_os_cores()
               ? "task_core must be -1, or a core of this chip"
           : config->watch && !config->watch_period ? "watch_period must not be 0 with watch"
           : config->stream_buffer < 256            ? "stream_buffer must be 256 to 65535"
                                                    : NULL;
}

static bool are_hosts(const char *const *hosts)
{
    for (; hosts && *hosts; hosts++) {
        if (!uh_authority_host_len(*hosts, strlen(*hosts))) {
            return false;
        }
    }
    return true;
}

static bool are_origins(const char *const *origins)
{
    while (origins && *origins && uhttpd_is_origin(*origins)) {
        origins++;
    }
    return !origins || !*origins;
}

/* @return as wrong_number() */
static const char *wrong_access(const uhttpd_config_t *config)
{
    bool quoted = config->realm && (!uh_field_valid(config->realm) || strpbrk(config->realm, "\"\\"));
    return config->cors && config->cors_origins ? "either cors or cors_origins, not both"
           : !are_origins(config->cors_origins)
               ? "cors_origins must be scheme://host or scheme://host:port without a path, or null"
           : !are_hosts(config->hosts)          ? "hosts must be names or addresses"
           : config->basic_auth && config->auth ? "either basic_auth or auth, not both"
           : config->basic_auth && !uhttpd_is_basic_auth(config->basic_auth)
               ? "basic_auth must be 'Basic ' and the base64 of user:password"
           : quoted ? "realm: quotes, backslashes or control characters"
                    : NULL;
}

static bool are_headers(const uhttpd_config_t *config)
{
    for (size_t i = 0; i < config->header_count; i++) {
        const uhttpd_header_t *header = &config->headers[i];
        const char *fault = uhttpd_header_fault(header->name, header->value);
        if (fault) {
            ESP_LOGE(TAG, "headers: %s %s", header->name, fault);
            return false;
        }
    }
    return true;
}

static esp_err_t check_settings(const uhttpd_config_t *config)
{
    size_t most = uh_engine_max_sockets();
    ESP_RETURN_ON_FALSE(config->max_sockets >= LEAST_SOCKETS && config->max_sockets <= most, ESP_ERR_INVALID_ARG, TAG,
                        "max_sockets must be 3 to %u here", (unsigned)most);
    const char *wrong = wrong_number(config);
    wrong = wrong ? wrong : wrong_access(config);
    ESP_RETURN_ON_FALSE(!wrong, ESP_ERR_INVALID_ARG, TAG, "%s", wrong);
    return are_headers(config) ? ESP_OK : ESP_ERR_INVALID_ARG;
}

static size_t settings_count(const char *const *list)
{
    size_t n = 0;
    while (list[n]) {
        n++;
    }
    return n;
}

/* Makes a pointer of the configuration point to a copy, or to NULL if there is no memory. */
static bool own_text(const char **text)
{
    bool wanted = *text != NULL;
    *text = wanted ? strdup(*text) : NULL;
    return !wanted || *text;
}

static bool own_list(const char *const **list)
{
    if (!*list) {
        return true;
    }
    size_t n = settings_count(*list);
    const char **copy = calloc(n + 1, sizeof(*copy));
    bool whole = copy != NULL;
    for (size_t i = 0; whole && i < n; i++) {
        copy[i] = (*list)[i];
        whole = own_text(&copy[i]);
    }
    *list = copy;
    return whole;
}

/* As long as not all is copied, what is not is NULL. */
static bool own_headers(uhttpd_config_t *config)
{
    const uhttpd_header_t *given = config->headers;
    size_t count = config->header_count;
    uhttpd_header_t *copy = count ? calloc(count, sizeof(*copy)) : NULL;
    config->headers = copy;
    config->header_count = copy ? (uint8_t)count : 0;
    bool whole = copy || !count;
    for (size_t i = 0; copy && whole && i < count; i++) {
        copy[i] = given[i];
        whole = own_text(&copy[i].name);
        whole = own_text(&copy[i].value) && whole;
    }
    return whole;
}

static void free_headers(const uhttpd_header_t *headers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free((char *)headers[i].name);
        free((char *)headers[i].value);
    }
    free((void *)headers);
}

static void free_list(const char *const *list)
{
    for (const char *const *item = list; item && *item; item++) {
        free((char *)*item);
    }
    free((void *)list);
}

esp_err_t uh_settings_copy(uhttpd_config_t *copy, const uhttpd_config_t *config)
{
    *copy = *config;
    bool whole = own_text(&copy->bind);
    whole = own_text(&copy->basic_auth) && whole;
    whole = own_text(&copy->realm) && whole;
    whole = own_list(&copy->cors_origins) && whole;
    whole = own_list(&copy->hosts) && whole;
    whole = own_headers(copy) && whole;
    if (!whole) {
        return ESP_ERR_NO_MEM;
    }
    default_sockets(copy);
    return check_settings(copy);
}

void uh_settings_free(uhttpd_config_t *copy)
{
    free((char *)copy->bind);
    free((char *)copy->basic_auth);
    free((char *)copy->realm);
    free_list(copy->cors_origins);
    free_list(copy->hosts);
    free_headers(copy->headers, copy->header_count);
}

/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include <stdlib.h>
#include <string.h>

#include "esp_check.h"
#include "http/host.h"
#include "http/text.h"
#include "port/engine.h"

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

static esp_err_t check_numbers(const uhttpd_config_t *config)
{
    size_t most = uh_engine_max_sockets();
    ESP_RETURN_ON_FALSE(config->routes >= 1, ESP_ERR_INVALID_ARG, TAG, "routes must be 1 to 255");
    ESP_RETURN_ON_FALSE(config->max_sockets >= LEAST_SOCKETS && config->max_sockets <= most, ESP_ERR_INVALID_ARG, TAG,
                        "max_sockets must be 3 to %u here", (unsigned)most);
    ESP_RETURN_ON_FALSE(config->max_header >= 256, ESP_ERR_INVALID_ARG, TAG, "max_header must be 256 to 65535");
    ESP_RETURN_ON_FALSE(config->workers >= 1 && config->workers <= 16, ESP_ERR_INVALID_ARG, TAG,
                        "workers must be 1 to 16");
    ESP_RETURN_ON_FALSE(config->header_timeout && config->body_timeout && config->send_timeout, ESP_ERR_INVALID_ARG,
                        TAG, "header_timeout, body_timeout and send_timeout must not be 0");
    ESP_RETURN_ON_FALSE(config->rate_window || !config->min_rate, ESP_ERR_INVALID_ARG, TAG,
                        "rate_window must not be 0 with min_rate");
    ESP_RETURN_ON_FALSE(config->stream_buffer >= 256, ESP_ERR_INVALID_ARG, TAG, "stream_buffer must be 256 to 65535");
    return ESP_OK;
}

static bool settings_is_clean(const char *text)
{
    for (; *text; text++) {
        if (!uh_field_char(*text)) {
            return false;
        }
    }
    return true;
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

static esp_err_t check_access(const uhttpd_config_t *config)
{
    ESP_RETURN_ON_FALSE(!config->cors || !config->cors_origins, ESP_ERR_INVALID_ARG, TAG,
                        "either cors or cors_origins, not both");
    for (const char *const *origin = config->cors_origins; origin && *origin; origin++) {
        ESP_RETURN_ON_FALSE(settings_is_clean(*origin), ESP_ERR_INVALID_ARG, TAG, "cors_origins: control characters");
    }
    ESP_RETURN_ON_FALSE(are_hosts(config->hosts), ESP_ERR_INVALID_ARG, TAG, "hosts must be names or addresses");
    ESP_RETURN_ON_FALSE(!config->basic_auth || !config->auth, ESP_ERR_INVALID_ARG, TAG,
                        "either basic_auth or auth, not both");
    ESP_RETURN_ON_FALSE(!config->realm || (settings_is_clean(config->realm) && !strpbrk(config->realm, "\"\\")),
                        ESP_ERR_INVALID_ARG, TAG, "realm: quotes, backslashes or control characters");
    return ESP_OK;
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
    if (!whole) {
        return ESP_ERR_NO_MEM;
    }
    default_sockets(copy);
    esp_err_t err = check_numbers(copy);
    return err == ESP_OK ? check_access(copy) : err;
}

void uh_settings_free(uhttpd_config_t *copy)
{
    free((char *)copy->bind);
    free((char *)copy->basic_auth);
    free((char *)copy->realm);
    free_list(copy->cors_origins);
    free_list(copy->hosts);
}

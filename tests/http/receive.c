/* SPDX-License-Identifier: MIT */
/* Receivers of files, below the option "root". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"

/* --- who decides -------------------------------------------------------------------------------------------------- */

/* A path that contains "acl-" and a number gets that verdict. All others get both rights. */
static int acl(const char *path, void *ctx)
{
    (void)ctx;
    const char *verdict = strstr(path, "acl-");
    return verdict ? atoi(verdict + 4) : UHTTPD_ACL_RW;
}

/* --- receivers ---------------------------------------------------------------------------------------------------- */

const char *g_receive_root;

static esp_err_t add(uhttpd_handle_t server, const char *prefix, uhttpd_receive_config_t config)
{
    static char external[512];
    snprintf(external, sizeof(external), "%s/sd", g_receive_root);
    config.prefix = prefix;
    config.base = g_receive_root;
    config.storage = &g_storage;
    config.ext_path = external;
    return uhttpd_receive(server, &config);
}

/* "receive PREFIX BASE EXT FLAGS": adds a receiver with that, a dash for NULL; FLAGS of d(ynamic), e(xt_only), r(emove).
 * Without arguments, adds one more below the root, which looks for what uploads have left. */
void receive_again(const char *arguments)
{
    char words[4][256] = {"/again", "", "-", "d"};
    snprintf(words[1], sizeof(words[1]), "%s", g_receive_root ? g_receive_root : "-");
    sscanf(arguments, "%255s %255s %255s %255s", words[0], words[1], words[2], words[3]);
    const char *values[3];
    for (int i = 0; i < 3; i++) {
        values[i] = strcmp(words[i], "-") != 0 ? words[i] : NULL;
    }
    uhttpd_receive_config_t config = {.prefix = values[0],
                                      .base = values[1],
                                      .ext_path = values[2],
                                      .storage = &g_storage,
                                      .dynamic = strchr(words[3], 'd'),
                                      .ext_only = strchr(words[3], 'e'),
                                      .remove = strchr(words[3], 'r')};
    printf("%s\n", error_name(uhttpd_receive(app_server(), &config)));
}

esp_err_t receive_add(uhttpd_handle_t server)
{
    static const struct {
        const char *prefix;
        uhttpd_receive_config_t config;
    } receivers[] = {
        {"/up", {.dynamic = true, .remove = true}},
        {"/keep", {.dynamic = true}},
        {"/sd", {.dynamic = true, .remove = true, .ext_only = true}},
        {"/small", {.dynamic = true, .max_size = 1000}},
        {"/put", {.remove = true}},
        {"/put-small", {.max_size = 1000}},
    };
    esp_err_t err = ESP_OK;
    if (!g_receive_root) {
        return err;
    }
    uhttpd_file_acl(server, acl, NULL);
    for (size_t i = 0; i < sizeof(receivers) / sizeof(receivers[0]) && err == ESP_OK; i++) {
        err = add(server, receivers[i].prefix, receivers[i].config);
    }
    return err;
}

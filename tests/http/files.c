/* SPDX-License-Identifier: MIT */
/* Files, and who may read and write them. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"

static const uhttpd_mime_t s_types[] = {{"gcode", "text/x-gcode"}, {NULL, NULL}};

uhttpd_serve_config_t g_serve = {.prefix = "/fs", .dirs = true, .index = "index.html", .types = s_types};
bool g_has_acl;

/* --- rights ------------------------------------------------------------------------------------------------------- */

#define MAX_RULES 8

static struct {
    char path[256];
    int verdict;
} s_rules[MAX_RULES];
static char s_asked[4096]; /* the paths that were asked for, a line each */
static pthread_mutex_t s_lock = PTHREAD_MUTEX_INITIALIZER;

static int verdict_on(const char *path)
{
    for (int i = 0; i < MAX_RULES; i++) {
        if (strcmp(s_rules[i].path, path) == 0) {
            return s_rules[i].verdict;
        }
    }
    return UHTTPD_ACL_RW;
}

static int ask(const char *path, void *ctx)
{
    (void)ctx;
    pthread_mutex_lock(&s_lock);
    strncat(s_asked, path, sizeof(s_asked) - strlen(s_asked) - 2);
    strcat(s_asked, "|");
    int verdict = verdict_on(path);
    pthread_mutex_unlock(&s_lock);
    return verdict;
}

/* "acl VERDICT PATH" */
void files_acl(const char *arguments)
{
    pthread_mutex_lock(&s_lock);
    for (int i = 0; i < MAX_RULES; i++) {
        if (!s_rules[i].path[0]) {
            sscanf(arguments, "%d %255[^\n]", &s_rules[i].verdict, s_rules[i].path);
            break;
        }
    }
    pthread_mutex_unlock(&s_lock);
    printf("ok\n");
}

void files_asked(const char *unused)
{
    (void)unused;
    pthread_mutex_lock(&s_lock);
    printf("asked %s\n", s_asked);
    s_asked[0] = '\0';
    pthread_mutex_unlock(&s_lock);
}

/* --- routes ------------------------------------------------------------------------------------------------------- */

esp_err_t files_add(uhttpd_handle_t server)
{
    if (!g_serve.base) {
        return ESP_OK;
    }
    uhttpd_file_acl(server, g_has_acl ? ask : NULL, NULL);
    g_serve.storage = &g_storage;
    return uhttpd_serve(server, &g_serve);
}

/* "serve PREFIX BASE EXT INDEX": adds a route with that, a dash for NULL */
void files_serve(const char *arguments)
{
    char words[4][256] = {"-", "-", "-", "-"};
    sscanf(arguments, "%255s %255s %255s %255s", words[0], words[1], words[2], words[3]);
    const char *values[4];
    for (int i = 0; i < 4; i++) {
        values[i] = strcmp(words[i], "-") != 0 ? words[i] : NULL;
    }
    uhttpd_serve_config_t config = {
        .prefix = values[0], .base = values[1], .ext_path = values[2], .index = values[3], .dirs = true};
    printf("%s\n", error_name(uhttpd_serve(app_server(), &config)));
}

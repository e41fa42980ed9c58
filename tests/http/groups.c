/* SPDX-License-Identifier: MIT */
/* Groups of WebSockets: /group does what its clients tell it to, /sub-group speaks a subprotocol. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "uhttpd_os.h"

uint32_t g_group_queue = 8192;
uint8_t g_group_clients;
uint32_t g_group_timeout = 30000;

static uhttpd_ws_group_t s_group;

/** What happened so far; the command "group" tells. */
static struct {
    atomic_int opened, closed, messages;
    atomic_int side_by_side; /* callbacks that ran beside another one of their client, or after its end */
    atomic_int last_error;
    atomic_int last_code;
    char last_reason[128];
    char last_remote[64];
} s_seen;

static pthread_mutex_t s_texts = PTHREAD_MUTEX_INITIALIZER; /* guards those of s_seen */

static void keep_text(char *to, size_t size, const char *text)
{
    pthread_mutex_lock(&s_texts);
    snprintf(to, size, "%s", text);
    pthread_mutex_unlock(&s_texts);
}

/* The context of a client. */
typedef struct {
    atomic_int at_work;
    int messages;
    bool over;
} member_t;

static void begin(member_t *member)
{
    if (atomic_fetch_add(&member->at_work, 1) > 0 || member->over) {
        atomic_fetch_add(&s_seen.side_by_side, 1); /* no callback may run at the same time, or after the end */
    }
}

static void end(member_t *member)
{
    atomic_fetch_sub(&member->at_work, 1);
}

static void *on_opened(uhttpd_ws_client_t *client, void *ctx)
{
    (void)ctx;
    keep_text(s_seen.last_remote, sizeof(s_seen.last_remote), uhttpd_ws_client_remote(client));
    atomic_fetch_add(&s_seen.opened, 1);
    return calloc(1, sizeof(member_t));
}

static void send_text(uhttpd_ws_client_t *client, const char *text)
{
    atomic_store(&s_seen.last_error,
                 uhttpd_ws_client_send(client, UHTTPD_WS_TEXT, text, strlen(text), g_group_timeout));
}

static void say_to_all(const char *text)
{
    atomic_store(&s_seen.last_error,
                 uhttpd_ws_group_send(s_group, UHTTPD_WS_TEXT, text, strlen(text), g_group_timeout, NULL));
}

/* "burst COUNT SIZE": sends COUNT messages of SIZE bytes, each beginning with its number. */
static void burst(uhttpd_ws_client_t *client, const char *arguments)
{
    int count = 0, size = 0;
    sscanf(arguments, "%d %d", &count, &size);
    char *data = malloc((size_t)size + 16);
    memset(data, 'x', (size_t)size + 16);
    for (int i = 0; i < count; i++) {
        snprintf(data, 16, "%08d", i);
        data[8] = 'x';
        esp_err_t err = uhttpd_ws_client_send(client, UHTTPD_WS_BINARY, data, (size_t)size, g_group_timeout);
        atomic_store(&s_seen.last_error, err);
        if (err != ESP_OK) {
            break;
        }
    }
    free(data);
}

static void close_client(uhttpd_ws_client_t *client, const char *arguments)
{
    char *reason;
    unsigned long code = strtoul(arguments, &reason, 10);
    atomic_store(&s_seen.last_error, uhttpd_ws_client_close(client, (uint16_t)code, *reason ? reason + 1 : NULL));
}

/* @return the text after the word, or NULL if it is another word */
static const char *behind(const char *text, const char *word)
{
    size_t len = strlen(word);
    return strncmp(text, word, len) == 0 ? text + len : NULL;
}

static bool do_as_told(uhttpd_ws_client_t *client, member_t *member, const char *text)
{
    const char *rest;
    if ((rest = behind(text, "close "))) {
        close_client(client, rest);
    } else if ((rest = behind(text, "all "))) {
        say_to_all(rest);
    } else if ((rest = behind(text, "sleep "))) {
        uhttpd_os_sleep((uint32_t)atoi(rest));
        send_text(client, "slept");
    } else if ((rest = behind(text, "burst "))) {
        burst(client, rest);
    } else if (strcmp(text, "hold") == 0) {
        atomic_fetch_add(&g_counts.holding, 1);
        sem_wait(&g_release);
        send_text(client, "released");
    } else if (strcmp(text, "count") == 0) {
        char number[16];
        snprintf(number, sizeof(number), "%d", member->messages);
        send_text(client, number);
    } else if (strcmp(text, "stop the server") == 0) {
        app_stop_later();
    } else {
        return false;
    }
    return true;
}

static void on_message(uhttpd_ws_client_t *client, void *context, uhttpd_ws_type_t type, const void *data, size_t len)
{
    member_t *member = context;
    begin(member);
    member->messages++;
    if (type != UHTTPD_WS_TEXT || !do_as_told(client, member, data)) {
        esp_err_t err = uhttpd_ws_client_send(client, type, data, len, g_group_timeout);
        atomic_store(&s_seen.last_error, err);
        if (err == ESP_ERR_NO_MEM) { /* the client must not wait for it */
            uhttpd_ws_client_close(client, 1011, NULL);
        }
    }
    atomic_fetch_add(&s_seen.messages, 1);
    end(member);
}

static void on_closed(uhttpd_ws_client_t *client, void *context, uint16_t code)
{
    member_t *member = context;
    begin(member);
    member->over = true;
    send_text(client, "too late"); /* does no harm */
    keep_text(s_seen.last_reason, sizeof(s_seen.last_reason), uhttpd_ws_client_reason(client));
    atomic_store(&s_seen.last_code, code == uhttpd_ws_client_code(client) ? code : -1);
    free(member);
    atomic_fetch_add(&s_seen.closed, 1);
}

static uhttpd_ws_group_config_t config_of(const char *url, const char *subprotocol)
{
    uhttpd_ws_group_config_t config = {
        .session = g_ws_limits,
        .events = {.opened = on_opened, .message = on_message, .closed = on_closed},
        .queue = g_group_queue,
    };
    config.session.url = url;
    config.session.max_clients = g_group_clients;
    config.session.subprotocol = subprotocol;
    return config;
}

static void echo(uhttpd_ws_client_t *client, void *context, uhttpd_ws_type_t type, const void *data, size_t len)
{
    (void)context;
    uhttpd_ws_client_send(client, type, data, len, g_group_timeout);
}

esp_err_t groups_add(uhttpd_handle_t server)
{
    uhttpd_ws_group_config_t config = config_of("/group", NULL);
    esp_err_t err = uhttpd_ws_group_route(server, &config, &s_group);
    char subprotocol[] = "chat.v1"; /* is copied */
    config = config_of("/sub-group", subprotocol);
    config.events = (uhttpd_ws_group_events_t) {.message = echo};
    return err == ESP_OK ? uhttpd_ws_group_route(server, &config, NULL) : err;
}

/* --- commands ----------------------------------------------------------------------------------------------------- */

void groups_say(const char *text)
{
    unsigned clients;
    esp_err_t err = uhttpd_ws_group_send(s_group, UHTTPD_WS_TEXT, text, strlen(text), g_group_timeout, &clients);
    if (err == ESP_OK) {
        printf("%u\n", clients);
    } else {
        printf("%s\n", error_name(err));
    }
}

/* "COUNT SIZE": sends COUNT messages of SIZE bytes to all, each beginning with its number. */
void groups_flood(const char *arguments)
{
    int count = 0, size = 0;
    sscanf(arguments, "%d %d", &count, &size);
    char *data = malloc((size_t)size + 16);
    memset(data, 'y', (size_t)size + 16);
    esp_err_t err = ESP_OK;
    for (int i = 0; i < count && err == ESP_OK; i++) {
        snprintf(data, 16, "%08d", i);
        data[8] = 'y';
        err = uhttpd_ws_group_send(s_group, UHTTPD_WS_TEXT, data, (size_t)size, g_group_timeout, NULL);
    }
    free(data);
    printf("%s\n", error_name(err));
}

static esp_err_t try_group(void (*spoil)(uhttpd_ws_group_config_t *config))
{
    uhttpd_ws_group_config_t config = config_of("/wrong", NULL);
    spoil(&config);
    uhttpd_ws_group_t group;
    esp_err_t err = uhttpd_ws_group_route(NULL, &config, &group);
    return group ? ESP_FAIL : err;
}

static void without_message(uhttpd_ws_group_config_t *config)
{
    config->events.message = NULL;
}

static void without_limit(uhttpd_ws_group_config_t *config)
{
    config->session.max_message = 0;
}

static void with_small_queue(uhttpd_ws_group_config_t *config)
{
    config->queue = 255;
}

static void with_small_buffer(uhttpd_ws_group_config_t *config)
{
    config->session.tx_size = 255;
}

void groups_wrong(const char *unused)
{
    (void)unused;
    void (*const spoilers[])(uhttpd_ws_group_config_t *) = {without_message, without_limit, with_small_queue,
                                                            with_small_buffer};
    for (size_t i = 0; i < sizeof(spoilers) / sizeof(spoilers[0]); i++) {
        printf("%s%s", i ? " " : "", error_name(try_group(spoilers[i])));
    }
    printf("\n");
}

void groups_state(const char *unused)
{
    (void)unused;
    pthread_mutex_lock(&s_texts);
    printf("{\"opened\": %d, \"closed\": %d, \"messages\": %d, \"side_by_side\": %d, \"error\": \"%s\", \"code\": %d, "
           "\"reason\": \"%s\", \"remote\": \"%s\"}\n",
           s_seen.opened, s_seen.closed, s_seen.messages, s_seen.side_by_side, error_name(s_seen.last_error),
           s_seen.last_code, s_seen.last_reason, s_seen.last_remote);
    pthread_mutex_unlock(&s_texts);
}

void groups_count(const char *unused)
{
    (void)unused;
    printf("%u\n", uhttpd_ws_group_count(s_group));
}

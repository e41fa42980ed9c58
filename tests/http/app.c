/* SPDX-License-Identifier: MIT */
/*
 * Usage: http_app [name=value ...], then commands on standard input, one a line. The answer to each is one line.
 * The names are those of s_options below, the commands those of s_commands. End of input stops it.
 */
#include "app.h"

#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scarce.h"

counts_t g_counts;
sem_t g_release;
uhttpd_ws_config_t g_ws_limits = UHTTPD_WS_DEFAULT_CONFIG();
bool g_takes_any;

static uhttpd_config_t s_config = UHTTPD_DEFAULT_CONFIG();
static _Atomic(uhttpd_handle_t) s_server;
static sem_t s_stopped_later;
static pthread_t s_stopper;

static const struct {
    const char *name;
    void *number;
    size_t size;
} s_options[] = {
#define NUMBER(name, place) {name, &(place), sizeof(place)}
    NUMBER("port", s_config.port),
    NUMBER("routes", s_config.routes),
    NUMBER("sockets", s_config.max_sockets),
    NUMBER("header", s_config.max_header),
    NUMBER("body", s_config.max_body),
    NUMBER("cors", s_config.cors),
    NUMBER("workers", s_config.workers),
    NUMBER("spare_workers", s_config.spare_workers),
    NUMBER("core", s_config.task_core),
    NUMBER("header_timeout", s_config.header_timeout),
    NUMBER("body_timeout", s_config.body_timeout),
    NUMBER("send_timeout", s_config.send_timeout),
    NUMBER("idle_timeout", s_config.idle_timeout),
    NUMBER("min_rate", s_config.min_rate),
    NUMBER("rate_window", s_config.rate_window),
    NUMBER("stream_buffer", s_config.stream_buffer),
    NUMBER("unsent", s_config.unsent_buffer),
    NUMBER("body_buffer", s_config.body_buffer),
    NUMBER("any", g_takes_any),
    NUMBER("events", g_has_events),
    NUMBER("event_clients", g_events.clients),
    NUMBER("event_buffer", g_events.buffer),
    NUMBER("event_heartbeat", g_events.heartbeat),
    NUMBER("event_retry", g_events.retry),
    NUMBER("dirs", g_serve.dirs),
    NUMBER("acl", g_has_acl),
    NUMBER("ws_rx", g_ws_limits.rx_size),
    NUMBER("ws_tx", g_ws_limits.tx_size),
    NUMBER("ws_message", g_ws_limits.max_message),
    NUMBER("ws_ping", g_ws_limits.ping_interval),
    NUMBER("ws_dead", g_ws_limits.dead_timeout),
    NUMBER("group_queue", g_group_queue),
    NUMBER("group_clients", g_group_clients),
    NUMBER("group_timeout", g_group_timeout),
};

const char *error_name(esp_err_t err)
{
    static const struct {
        esp_err_t code;
        const char *name;
    } names[] = {
        {ESP_ERR_UHTTPD_PORT_TAKEN, "PORT_TAKEN"},
        {ESP_ERR_UHTTPD_ROUTES_FULL, "ROUTES_FULL"},
        {ESP_ERR_UHTTPD_STOPPING, "STOPPING"},
        {ESP_ERR_UHTTPD_ANSWERED, "ANSWERED"},
        {ESP_ERR_UHTTPD_GONE, "GONE"},
        {ESP_ERR_UHTTPD_BODY, "BODY"},
        {ESP_ERR_UHTTPD_BUSY, "BUSY"},
        {ESP_ERR_UHTTPD_TOO_BIG, "TOO_BIG"},
        {ESP_ERR_UHTTPD_REFUSED, "REFUSED"},
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (names[i].code == err) {
            return names[i].name;
        }
    }
    return esp_err_to_name(err);
}

/* Texts, and lists of texts separated by commas. */
#define MAX_ITEMS 8
static const char *s_origins[MAX_ITEMS + 1], *s_hosts[MAX_ITEMS + 1], *s_header_texts[2 * MAX_ITEMS + 1];
static uhttpd_header_t s_headers[MAX_ITEMS];

static void read_list(char *text, const char **list)
{
    size_t n = 0;
    for (char *item = strtok(text, ","); item && n < MAX_ITEMS; item = strtok(NULL, ",")) {
        list[n++] = item;
    }
}

/* name,value,name,value ... */
static void read_headers(char *text)
{
    read_list(text, s_header_texts);
    for (size_t i = 0; s_header_texts[2 * i]; i++) {
        s_headers[i] = (uhttpd_header_t) {s_header_texts[2 * i], s_header_texts[2 * i + 1]};
        s_config.header_count = (uint8_t)(i + 1);
    }
    s_config.headers = s_headers;
}

/* Texts that are used as they are; empty ones are NULL. */
static const struct {
    const char *name;
    const char **text;
} s_texts[] = {
    {"base", &g_serve.base},   {"ext", &g_serve.ext_path},        {"prefix", &g_serve.prefix},
    {"index", &g_serve.index}, {"cache", &g_serve.cache_control}, {"bind", &s_config.bind},
};

static bool set_text(const char *option)
{
    char *value = strchr(option, '=');
    if (!value) {
        return false;
    }
    size_t len = (size_t)(value++ - option);
    for (size_t i = 0; i < sizeof(s_texts) / sizeof(s_texts[0]); i++) {
        if (strlen(s_texts[i].name) == len && strncmp(option, s_texts[i].name, len) == 0) {
            *s_texts[i].text = *value ? value : NULL;
            return true;
        }
    }
    if (strncmp(option, "origins", len) == 0) {
        read_list(value, s_origins);
        s_config.cors_origins = s_origins;
    } else if (strncmp(option, "hosts", len) == 0) {
        read_list(value, s_hosts);
        s_config.hosts = s_hosts;
    } else if (strncmp(option, "headers", len) == 0) {
        read_headers(value);
    } else if (strncmp(option, "basic", len) == 0) {
        s_config.basic_auth = value;
    } else if (strncmp(option, "realm", len) == 0) {
        s_config.realm = value;
    } else if (strncmp(option, "auth", len) == 0) {
        s_config.auth = routes_auth;
        s_config.auth_ctx = value;
    } else if (strncmp(option, "root", len) == 0) {
        g_receive_root = value;
    } else {
        return false;
    }
    return true;
}

static void set_option(const char *option)
{
    for (size_t i = 0; i < sizeof(s_options) / sizeof(s_options[0]); i++) {
        size_t len = strlen(s_options[i].name);
        if (strncmp(option, s_options[i].name, len) == 0 && option[len] == '=') {
            uint32_t value = (uint32_t)strtoul(option + len + 1, NULL, 10);
            memcpy(s_options[i].number, &value, s_options[i].size); /* little endian, as every desktop is */
            return;
        }
    }
    if (set_text(option)) {
        return;
    }
    fprintf(stderr, "unknown option %s\n", option);
    exit(2);
}

/* --- commands ----------------------------------------------------------------------------------------------------- */

static esp_err_t prepare_when_told(uhttpd_handle_t server, void *ctx)
{
    (void)server, (void)ctx;
    char line[8];
    printf("preparing\n");
    fflush(stdout);
    return fgets(line, sizeof(line), stdin) ? ESP_OK : ESP_FAIL;
}

/* From now on a start waits for a line. */
static void command_prepare(const char *unused)
{
    (void)unused;
    s_config.prepare = prepare_when_told;
    printf("ok\n");
}

static void command_start(const char *unused)
{
    (void)unused;
    uhttpd_handle_t server;
    esp_err_t err = uhttpd_start(&s_config, &server);
    if (err != ESP_OK) {
        printf("error %s\n", error_name(err));
        return;
    }
    err = routes_add(server);
    if (err == ESP_OK) {
        err = streams_add(server);
    }
    if (err == ESP_OK) {
        err = forms_add(server);
    }
    if (err == ESP_OK) {
        err = websockets_add(server);
    }
    if (err == ESP_OK) {
        err = events_add(server);
    }
    if (err == ESP_OK) {
        err = files_add(server);
    }
    if (err == ESP_OK) {
        err = receive_add(server);
    }
    if (err == ESP_OK) {
        err = groups_add(server);
    }
    if (err == ESP_OK) {
        err = held_add(server);
    }
    if (err != ESP_OK) {
        uhttpd_stop(server);
        printf("error %s\n", error_name(err));
        return;
    }
    unsigned port = uhttpd_port(server);
    atomic_store(&s_server, server); /* from here on a request may stop it */
    printf("port %u\n", port);
}

uhttpd_handle_t app_server(void)
{
    return atomic_load(&s_server);
}

static void stop(void)
{
    uhttpd_handle_t server = atomic_exchange(&s_server, NULL);
    if (server) {
        uhttpd_stop(server);
    }
}

static void command_stop(const char *unused)
{
    (void)unused;
    stop();
    printf("stopped\n");
}

static void *stop_thread(void *unused)
{
    stop();
    return unused;
}

/* Stopping waits for handlers, but tests want to observe it meanwhile. */
static void command_begin_stop(const char *unused)
{
    (void)unused;
    pthread_create(&s_stopper, NULL, stop_thread, NULL);
    printf("stopping\n");
}

static void command_end_stop(const char *unused)
{
    (void)unused;
    pthread_join(s_stopper, NULL);
    printf("stopped\n");
}

static void stopped_later(void *ctx)
{
    (void)ctx;
    atomic_fetch_add(&g_counts.stopped_later, 1);
    sem_post(&s_stopped_later);
}

esp_err_t app_stop_later(void)
{
    uhttpd_handle_t server = atomic_exchange(&s_server, NULL);
    return server ? uhttpd_stop_later(server, stopped_later, NULL) : ESP_ERR_INVALID_STATE;
}

static void command_wait_stopped(const char *unused)
{
    (void)unused;
    sem_wait(&s_stopped_later);
    printf("stopped\n");
}

static void command_release(const char *count)
{
    for (int i = atoi(count); i > 0; i--) {
        sem_post(&g_release);
    }
    printf("ok\n");
}

static void command_resume(const char *unused)
{
    (void)unused;
    websockets_resume();
    printf("ok\n");
}

/* "second PORT IO_STACK", the latter by default as the first server's */
static void command_second(const char *arguments)
{
    uhttpd_config_t config = s_config;
    sscanf(arguments, "%hu %hu", &config.port, &config.io_stack);
    uhttpd_handle_t server;
    esp_err_t err = uhttpd_start(&config, &server);
    if (err == ESP_OK) {
        uhttpd_stop(server);
    }
    printf("%s\n", error_name(err));
}

static esp_err_t nothing(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    return uhttpd_write(req, "", 0, NULL);
}

/* "route URL METHODS", the methods as a number */
static void count_freed(void *unused)
{
    (void)unused;
    atomic_fetch_add(&g_counts.freed, 1);
}

/* url, methods, and perhaps what is special about it */
static void command_route(const char *arguments)
{
    char url[64] = "", kind[16] = "";
    unsigned methods = 0;
    sscanf(arguments, "%63s %u %15s", url, &methods, kind);
    uhttpd_route_t route = {.url = url, .methods = methods, .handler = nothing, .free_ctx = count_freed};
    if (strcmp(kind, "hold") == 0) {
        route.handler = routes_hold;
    }
    if (strcmp(kind, "basic") == 0 || strcmp(kind, "twice") == 0) {
        route.basic_auth = "Basic cm91dGU6b3du";
    }
    if (strcmp(kind, "auth") == 0 || strcmp(kind, "twice") == 0) {
        route.auth = routes_auth;
        route.auth_ctx = "route";
    }
    if (strcmp(kind, "nonsense") == 0) {
        route.basic_auth = "Basic user:password";
    }
    route.own_auth = strcmp(kind, "open") == 0;
    printf("%s\n", error_name(uhttpd_route(s_server, &route)));
}

static void command_unroute(const char *arguments)
{
    char url[64] = "";
    unsigned methods = 0;
    sscanf(arguments, "%63s %u", url, &methods);
    printf("%s\n", error_name(uhttpd_unroute(s_server, url, methods)));
}

static void command_slots(const char *unused)
{
    (void)unused;
    printf("%u\n", uhttpd_free_slots(s_server));
}

static void run_job(uhttpd_job_t *job, bool cancelled)
{
    atomic_fetch_add(cancelled ? &g_counts.jobs_cancelled : &g_counts.jobs_run, 1);
    free(job);
}

static void command_submit(const char *unused)
{
    (void)unused;
    uhttpd_job_t *job = calloc(1, sizeof(*job));
    job->run = run_job;
    esp_err_t err = uhttpd_submit(s_server, job);
    if (err != ESP_OK) {
        free(job);
    }
    printf("%s\n", error_name(err));
}

static void command_memory(const char *order)
{
    char answer[80];
    scarce_order(order, answer, sizeof(answer));
    printf("%s\n", answer);
}

static void command_state(const char *unused)
{
    (void)unused;
    printf("{\"holding\": %d, \"handled\": %d, \"last_error\": \"%s\", \"opened\": %d, \"closed\": %d, "
           "\"close_code\": %d, \"turns\": %d, \"data_calls\": %d, \"jobs_run\": %d, \"jobs_cancelled\": %d, "
           "\"stopped_later\": %d, \"reads\": %d, \"closes\": %d, \"close_result\": \"%s\", \"dones\": %d, "
           "\"done_result\": \"%s\", \"taken\": %d, \"freed\": %d}\n",
           g_counts.holding, g_counts.handled, error_name(g_counts.last_error), g_counts.opened, g_counts.closed,
           g_counts.close_code, g_counts.turns, g_counts.data_calls, g_counts.jobs_run, g_counts.jobs_cancelled,
           g_counts.stopped_later, g_counts.reads, g_counts.closes, error_name(g_counts.close_result), g_counts.dones,
           error_name(g_counts.done_result), g_counts.taken, g_counts.freed);
}

static const struct {
    const char *name;
    void (*run)(const char *arguments);
} s_commands[] = {
    {"start", command_start},
    {"stop", command_stop},
    {"begin_stop", command_begin_stop},
    {"end_stop", command_end_stop},
    {"release", command_release},
    {"wait_stopped", command_wait_stopped},
    {"second", command_second},
    {"bare", bare_order},
    {"route", command_route},
    {"unroute", command_unroute},
    {"page", routes_page},
    {"slots", command_slots},
    {"submit", command_submit},
    {"prepare", command_prepare},
    {"state", command_state},
    {"resume", command_resume},
    {"memory", command_memory},
    {"event", events_dispatch},
    {"flood", events_flood},
    {"storm", events_storm},
    {"events", events_again},
    {"fail", storage_fail},
    {"slow", storage_slow},
    {"chip", storage_chip},
    {"storage", storage_state},
    {"acl", files_acl},
    {"asked", files_asked},
    {"serve", files_serve},
    {"receive", receive_again},
    {"budget", storage_budget},
    {"gap", storage_gap},
    {"say", groups_say},
    {"say_many", groups_flood},
    {"group", groups_state},
    {"wrong_groups", groups_wrong},
    {"members", groups_count},
    {"stack", stack_order},
    {"held", held_state},
    {"answer", held_resume},
    {"embed", embedded_serve},
    {"embed_page", embedded_page},
    {"embed_wrong", embedded_wrong},
};

static void run_command(char *line)
{
    line[strcspn(line, "\n")] = '\0';
    char *arguments = strchr(line, ' ');
    if (arguments) {
        *arguments++ = '\0';
    }
    for (size_t i = 0; i < sizeof(s_commands) / sizeof(s_commands[0]); i++) {
        if (strcmp(line, s_commands[i].name) == 0) {
            s_commands[i].run(arguments ? arguments : "");
            return;
        }
    }
    printf("unknown command %s\n", line);
}

int main(int argc, char *argv[])
{
    sem_init(&g_release, 0, 0);
    sem_init(&s_stopped_later, 0, 0);
    setvbuf(stdout, NULL, _IOLBF, 0);
    s_config.port = 0;
    s_config.routes = 96;
    s_config.spare_workers = 0;
    for (int i = 1; i < argc; i++) {
        set_option(argv[i]);
    }
    command_start("");
    static char line[65536];
    while (fgets(line, sizeof(line), stdin)) {
        run_command(line);
    }
    stop();
    return 0;
}

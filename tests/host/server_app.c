/* SPDX-License-Identifier: MIT */
/*
 * Usage: server_app [name=value ...], then one command a line on standard input, each answered with one line.
 * The names are those of set_option() below, the commands those of s_commands.
 */
#include "server_app.h"

#include <errno.h>
#include <semaphore.h>
#include <stdlib.h>
#include <unistd.h>

#include "esp_http_server_host.h"
#include "esp_log.h"

counts_t g_counts;
httpd_handle_t g_server;

static httpd_config_t s_config = HTTPD_DEFAULT_CONFIG();
static const char *s_bind;
static atomic_int s_refuse_opens; /* connections that open_fn still has to refuse */
static bool s_gate;
static bool s_own_close;

void *make_ctx(int value)
{
    int *ctx = malloc(sizeof(*ctx));
    *ctx = value;
    atomic_fetch_add(&g_counts.ctx_made, 1);
    return ctx;
}

void free_ctx(void *ctx)
{
    atomic_fetch_add(&g_counts.ctx_freed, 1);
    free(ctx);
}

int ctx_value(const void *ctx)
{
    return ctx ? *(const int *)ctx : -1;
}

static void free_transport(void *ctx)
{
    atomic_fetch_add(&g_counts.transport_freed, 1);
    free(ctx);
}

static void free_global(void *ctx)
{
    atomic_fetch_add(&g_counts.global_freed, 1);
    free(ctx);
}

static esp_err_t on_open(httpd_handle_t server, int fd)
{
    atomic_fetch_add(&g_counts.opened, 1);
    atomic_fetch_add(&g_counts.transport_made, 1);
    httpd_sess_set_transport_ctx(server, fd, malloc(1), free_transport);
    if (atomic_load(&s_refuse_opens) > 0) {
        atomic_fetch_sub(&s_refuse_opens, 1);
        return ESP_FAIL;
    }
    return s_gate ? gate_open(server, fd) : ESP_OK;
}

static void on_close(httpd_handle_t server, int fd)
{
    atomic_fetch_add(&g_counts.closed, 1);
    if (!httpd_sess_get_transport_ctx(server, fd)) {
        fprintf(stderr, "close_fn: no transport context any more\n");
        abort();
    }
    close(fd);
}

static const char *start(char *unused)
{
    (void)unused;
    static char reply[64];
    s_config.open_fn = on_open;
    s_config.close_fn = s_own_close ? on_close : NULL;
    s_config.global_user_ctx = malloc(1);
    s_config.global_user_ctx_free_fn = free_global;
    s_config.global_transport_ctx = malloc(1);
    errno = 0;
    esp_err_t err = httpd_host_start(&g_server, &s_config, s_bind);
    if (err != ESP_OK) {
        int why = errno;
        free(s_config.global_user_ctx);
        free(s_config.global_transport_ctx);
        snprintf(reply, sizeof(reply), "%s %s", esp_err_to_name(err), strerrorname_np(why));
        return reply;
    }
    if (s_gate) {
        register_gate(g_server);
    } else {
        register_handlers(g_server);
        register_detached(g_server);
    }
    s_config.server_port = httpd_host_port(g_server); /* a restart takes the same one */
    snprintf(reply, sizeof(reply), "port %u", httpd_host_port(g_server));
    return reply;
}

static const char *stop(char *unused)
{
    (void)unused;
    esp_err_t err = httpd_stop(g_server);
    g_server = NULL;
    return esp_err_to_name(err);
}

static const char *counts(char *unused)
{
    (void)unused;
    static char reply[400];
    snprintf(reply, sizeof(reply),
             "{\"opened\": %d, \"closed\": %d, \"ctx_made\": %d, \"ctx_freed\": %d, \"transport_made\": %d, "
             "\"transport_freed\": %d, \"global_freed\": %d, \"work_done\": %d}",
             g_counts.opened, g_counts.closed, g_counts.ctx_made, g_counts.ctx_freed, g_counts.transport_made,
             g_counts.transport_freed, g_counts.global_freed, g_counts.work_done);
    return reply;
}

static esp_err_t nop_handler(httpd_req_t *r)
{
    return httpd_resp_sendstr(r, r->user_ctx ? r->user_ctx : "");
}

static const char *register_uri(char *args)
{
    char uri[200];
    int method;
    if (sscanf(args, "%199s %d", uri, &method) != 2) {
        return "usage: register uri method";
    }
    httpd_uri_t def = {.uri = uri,
                       .method = method < 0 ? (httpd_method_t)HTTP_ANY : (httpd_method_t)method,
                       .handler = nop_handler,
                       .user_ctx = "late"};
    return esp_err_to_name(httpd_register_uri_handler(g_server, &def));
}

static const char *unregister_uri(char *args)
{
    char uri[200];
    int method;
    int n = sscanf(args, "%199s %d", uri, &method);
    return esp_err_to_name(n == 2 ? httpd_unregister_uri_handler(g_server, uri, (httpd_method_t)method)
                                  : httpd_unregister_uri(g_server, uri));
}

/* Cuts the next text in single quotes out of *args. */
static char *quoted(char **args)
{
    char *begin = strchr(*args, '\'');
    char *end = begin ? strchr(begin + 1, '\'') : NULL;
    if (!end) {
        return "";
    }
    *end = '\0';
    *args = end + 1;
    return begin + 1;
}

static const char *match(char *args)
{
    const char *template = quoted(&args), *uri = quoted(&args);
    return httpd_uri_match_wildcard(template, uri, strlen(uri)) ? "yes" : "no";
}

static const char *query(char *args)
{
    static char reply[128];
    char val[100] = "untouched";
    const char *text = quoted(&args), *key = quoted(&args);
    esp_err_t err = httpd_query_key_value(text, key, val, (size_t)atoi(args));
    snprintf(reply, sizeof(reply), "%s %.60s", esp_err_to_name(err), val);
    return reply;
}

static const char *clients(char *args)
{
    static char reply[200];
    int fds[32];
    size_t n = (size_t)atoi(args);
    esp_err_t err = httpd_get_client_list(g_server, &n, fds);
    int len = snprintf(reply, sizeof(reply), "%s", esp_err_to_name(err));
    for (size_t i = 0; err == ESP_OK && i < n; i++) {
        len += snprintf(reply + len, sizeof(reply) - (size_t)len, " %d", fds[i]);
    }
    return reply;
}

static const char *trigger_close(char *args)
{
    return esp_err_to_name(httpd_sess_trigger_close(g_server, atoi(args)));
}

static const char *touch(char *args)
{
    return esp_err_to_name(httpd_sess_update_lru_counter(g_server, atoi(args)));
}

static void count_work(void *arg)
{
    (void)arg;
    atomic_fetch_add(&g_counts.work_done, 1);
}

static sem_t s_held, s_release;

static void hold_up(void *arg)
{
    (void)arg;
    sem_post(&s_held);
    sem_wait(&s_release);
}

/* Keeps the server task from everything until "release", so that what is queued meanwhile stays queued. */
static const char *hold(char *unused)
{
    (void)unused;
    esp_err_t err = httpd_queue_work(g_server, hold_up, NULL);
    if (err == ESP_OK) {
        sem_wait(&s_held);
    }
    return esp_err_to_name(err);
}

static const char *release(char *unused)
{
    (void)unused;
    sem_post(&s_release);
    return "ok";
}

/* Queues work that counts; says how much of it was taken. */
static const char *queue(char *args)
{
    static char reply[16];
    int wanted = atoi(args), taken = 0;
    while (taken < wanted && httpd_queue_work(g_server, count_work, NULL) == ESP_OK) {
        taken++;
    }
    snprintf(reply, sizeof(reply), "%d", taken);
    return reply;
}

static const char *socket_send(char *args)
{
    static char reply[32];
    int fd, offset = 0;
    if (sscanf(args, "%d %n", &fd, &offset) < 1) {
        return "usage: socket_send fd text";
    }
    snprintf(reply, sizeof(reply), "%d", httpd_socket_send(g_server, fd, args + offset, strlen(args + offset), 0));
    return reply;
}

static const char *complete(char *args)
{
    static char reply[16];
    snprintf(reply, sizeof(reply), "%d", complete_held(args));
    return reply;
}

static esp_err_t tolerate(httpd_req_t *r, httpd_err_code_t error)
{
    if (error != HTTPD_408_REQ_TIMEOUT) {
        httpd_resp_send_custom_err(r, "299 Replaced", "by the application");
    }
    return ESP_OK;
}

static const char *err_handler(char *args)
{
    int code = atoi(args);
    return esp_err_to_name(httpd_register_err_handler(g_server, (httpd_err_code_t)code, tolerate));
}

static const char *refuse(char *args)
{
    atomic_store(&s_refuse_opens, atoi(args));
    return "ok";
}

static const char *run_storm(char *args)
{
    storm(atoi(args));
    return "over";
}

static httpd_handle_t s_another;

/* A second instance beside the first, kept until the end. */
static const char *another(char *unused)
{
    (void)unused;
    static char reply[32];
    httpd_config_t config = HTTPD_DEFAULT_CONFIG();
    config.server_port = 0;
    esp_err_t err = httpd_start(&s_another, &config);
    if (err != ESP_OK) {
        return esp_err_to_name(err);
    }
    httpd_uri_t def = {.uri = "/late", .method = HTTP_GET, .handler = nop_handler, .user_ctx = "another"};
    httpd_register_uri_handler(s_another, &def);
    snprintf(reply, sizeof(reply), "%u", httpd_host_port(s_another));
    return reply;
}

static const struct {
    const char *name;
    const char *(*run)(char *args);
} s_commands[] = {
    {"start", start},
    {"stop", stop},
    {"counts", counts},
    {"register", register_uri},
    {"unregister", unregister_uri},
    {"match", match},
    {"query", query},
    {"clients", clients},
    {"trigger_close", trigger_close},
    {"touch", touch},
    {"hold", hold},
    {"release", release},
    {"queue", queue},
    {"socket_send", socket_send},
    {"complete", complete},
    {"err_handler", err_handler},
    {"refuse", refuse},
    {"storm", run_storm},
    {"another", another},
};

static const char *run_command(char *line)
{
    char *args = line + strcspn(line, " ");
    if (*args) {
        *args++ = '\0';
    }
    for (size_t i = 0; i < sizeof(s_commands) / sizeof(s_commands[0]); i++) {
        if (strcmp(s_commands[i].name, line) == 0) {
            return s_commands[i].run(args);
        }
    }
    return "unknown command";
}

static bool set_option(const char *name, const char *value)
{
    unsigned n = (unsigned)atoi(value);
    if (strcmp(name, "port") == 0) {
        s_config.server_port = (uint16_t)n;
    } else if (strcmp(name, "bind") == 0) {
        s_bind = value;
    } else if (strcmp(name, "sockets") == 0) {
        s_config.max_open_sockets = (uint16_t)n;
    } else if (strcmp(name, "handlers") == 0) {
        s_config.max_uri_handlers = (uint16_t)n;
    } else if (strcmp(name, "resp_headers") == 0) {
        s_config.max_resp_headers = (uint16_t)n;
    } else if (strcmp(name, "hdr_len") == 0) {
        s_config.max_req_hdr_len = n;
    } else if (strcmp(name, "uri_len") == 0) {
        s_config.max_uri_len = n;
    } else if (strcmp(name, "recv_timeout") == 0) {
        s_config.recv_wait_timeout = (uint16_t)n;
    } else if (strcmp(name, "send_timeout") == 0) {
        s_config.send_wait_timeout = (uint16_t)n;
    } else if (strcmp(name, "lru") == 0) {
        s_config.lru_purge_enable = n;
    } else if (strcmp(name, "keep_alive") == 0) {
        s_config.keep_alive_enable = n;
    } else if (strcmp(name, "linger") == 0) {
        s_config.enable_so_linger = n;
    } else if (strcmp(name, "wildcard") == 0) {
        s_config.uri_match_fn = n ? httpd_uri_match_wildcard : NULL;
    } else if (strcmp(name, "own_close") == 0) {
        s_own_close = n;
    } else if (strcmp(name, "gate") == 0) {
        s_gate = n;
    } else {
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    s_config.server_port = 0;
    s_config.max_uri_handlers = 40;
    s_own_close = true;
    for (int i = 1; i < argc; i++) {
        char *equals = strchr(argv[i], '=');
        if (equals) {
            *equals = '\0';
        }
        if (!equals || !set_option(argv[i], equals + 1)) {
            fprintf(stderr, "unknown option %s\n", argv[i]);
            return 2;
        }
    }
    sem_init(&s_held, 0, 0);
    sem_init(&s_release, 0, 0);
    start_workers();
    puts(start(NULL));
    fflush(stdout);
    char line[1024];
    while (fgets(line, sizeof(line), stdin)) {
        line[strcspn(line, "\n")] = '\0';
        puts(run_command(line));
        fflush(stdout);
    }
    if (g_server) {
        complete_held("");
        stop(NULL);
    }
    if (s_another) {
        httpd_stop(s_another);
    }
    stop_workers();
    puts(counts(NULL));
    return 0;
}

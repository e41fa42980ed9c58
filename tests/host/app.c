/* SPDX-License-Identifier: MIT */
/*
 * Uses the engine as the components do: whenever a socket is readable, the engine gets a small request of the program
 * itself, the knock. Its handler reads one line from the socket and obeys that word: "now", "worker", "end", "hold",
 * "fail", "fd".
 *
 * Usage: engine_app [name=value ...], then commands on standard input, one a line. The answer to each is one line. The
 * names are those of set_option(), the commands those of s_commands.
 */
#include "app.h"

#include <errno.h>
#include <poll.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "esp_http_server_host.h"

#define GLOBAL_CONTEXT "global"

static httpd_config_t s_config = HTTPD_DEFAULT_CONFIG();
static const char *s_bind;
static const char *s_knock = "good";
static httpd_handle_t s_server, s_another;
static atomic_int s_refuse_opens; /* connections that open_fn still has to refuse */
static atomic_int s_opened, s_closed, s_freed, s_global_freed, s_work_done;

/* No descriptor is closed twice: in between, another connection may have got it. */
int __real_close(int fd);
int __wrap_close(int fd);

int __wrap_close(int fd)
{
    if (__real_close(fd)) {
        fprintf(stderr, "fd %d is closed twice\n", fd);
        abort();
    }
    return 0;
}

/* The number of waits shows whether a task spins. */
static atomic_int s_waits;

int __real_poll(struct pollfd *fds, nfds_t count, int timeout);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout);

int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout)
{
    atomic_fetch_add(&s_waits, 1);
    return __real_poll(fds, count, timeout);
}

/* --- sessions ----------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *text;
} s_knocks[] = {
    {"good", "GET / HTTP/1.1\r\na:b\r\n\r\n"},  {"other", "GET /other HTTP/1.1\r\na:b\r\n\r\n"},
    {"post", "POST / HTTP/1.1\r\na:b\r\n\r\n"}, {"bare", "GET / HTTP/1.1\r\n\r\n"},
    {"half", "GET / HTTP/1.1\r\na:b\r\n"},      {"two", "GET / HTTP/1.1\r\na:b\r\n\r\nGET / HTTP/1.1\r\na:b\r\n\r\n"},
};

static int knock(httpd_handle_t server, int fd, char *buf, size_t len, int flags)
{
    (void)server, (void)fd, (void)flags;
    if (strcmp(s_knock, "error") == 0) {
        return HTTPD_SOCK_ERR_FAIL;
    }
    for (size_t i = 0; i < sizeof(s_knocks) / sizeof(s_knocks[0]); i++) {
        if (strcmp(s_knocks[i].name, s_knock) == 0) {
            return snprintf(buf, len, "%s", s_knocks[i].text);
        }
    }
    return (int)len + 1;
}

static void free_context(void *ctx)
{
    atomic_fetch_add(&s_freed, 1);
    free(ctx);
}

static esp_err_t open_session(httpd_handle_t server, int fd)
{
    if (strcmp(httpd_get_global_user_ctx(server), GLOBAL_CONTEXT) != 0) {
        abort();
    }
    int *ctx = malloc(sizeof(*ctx));
    *ctx = atomic_fetch_add(&s_opened, 1);
    httpd_sess_set_transport_ctx(server, fd, ctx, free_context);
    if (strcmp(s_knock, "none") != 0) {
        ESP_ERROR_CHECK(httpd_sess_set_recv_override(server, fd, knock));
    }
    return atomic_load(&s_refuse_opens) > 0 && atomic_fetch_sub(&s_refuse_opens, 1) > 0 ? ESP_FAIL : ESP_OK;
}

static void close_session(httpd_handle_t server, int fd)
{
    if (!httpd_sess_get_transport_ctx(server, fd)) {
        abort();
    }
    atomic_fetch_add(&s_closed, 1);
    close(fd);
}

void answer_word(httpd_req_t *r, const char *word)
{
    char line[32];
    int len = snprintf(line, sizeof(line), "%s\n", word);
    if (send(httpd_req_to_sockfd(r), line, (size_t)len, MSG_NOSIGNAL) < 0) {
        shutdown(httpd_req_to_sockfd(r), SHUT_RDWR);
    }
}

/* Reads one line from the socket, and not a byte more. */
static bool read_word(int fd, char *word, size_t size)
{
    ssize_t got = recv(fd, word, size - 1, MSG_PEEK | MSG_DONTWAIT);
    char *end = got > 0 ? memchr(word, '\n', (size_t)got) : NULL;
    if (!end || recv(fd, word, (size_t)(end + 1 - word), MSG_DONTWAIT) < 0) {
        return false;
    }
    *end = '\0';
    return true;
}

static esp_err_t serve_word(httpd_req_t *r)
{
    char word[32];
    int fd = httpd_req_to_sockfd(r);
    if (!httpd_sess_get_transport_ctx(r->handle, fd) || !read_word(fd, word, sizeof(word))) {
        return ESP_FAIL;
    }
    if (strcmp(word, "hold") == 0) {
        return hold_request(r);
    }
    if (strcmp(word, "worker") == 0 || strcmp(word, "end") == 0) {
        return answer_in_worker(r, word[0] == 'e');
    }
    if (strcmp(word, "fd") == 0) {
        snprintf(word, sizeof(word), "%d", fd);
    }
    answer_word(r, word);
    return strcmp(word, "fail") == 0 ? ESP_FAIL : ESP_OK;
}

/* --- commands ----------------------------------------------------------------------------------------------------- */

static void free_global(void *ctx)
{
    atomic_fetch_add(&s_global_freed, 1);
    free(ctx);
}

static const char *start_server(httpd_handle_t *server)
{
    static char reply[64];
    s_config.open_fn = open_session;
    s_config.close_fn = close_session;
    s_config.global_user_ctx = strdup(GLOBAL_CONTEXT);
    s_config.global_user_ctx_free_fn = free_global;
    errno = 0;
    esp_err_t err = httpd_host_start(server, &s_config, s_bind);
    if (err != ESP_OK) {
        int why = errno;
        free(s_config.global_user_ctx);
        snprintf(reply, sizeof(reply), "%s %s", esp_err_to_name(err), strerrorname_np(why));
        return reply;
    }
    const httpd_uri_t handler = {.uri = "/", .method = HTTP_GET, .handler = serve_word};
    ESP_ERROR_CHECK(httpd_register_uri_handler(*server, &handler));
    if (httpd_register_uri_handler(*server, &handler) != ESP_ERR_HTTPD_HANDLERS_FULL) {
        abort();
    }
    snprintf(reply, sizeof(reply), "port %u", s_config.server_port);
    return reply;
}

static const char *run_start(const char *unused)
{
    (void)unused;
    return start_server(&s_server);
}

/* A second instance beside the first, kept until the end. */
static const char *run_another(const char *unused)
{
    (void)unused;
    s_config.server_port = 0;
    return start_server(&s_another);
}

static const char *run_stop(const char *unused)
{
    (void)unused;
    esp_err_t err = httpd_stop(s_server);
    s_server = NULL;
    return esp_err_to_name(err);
}

static const char *run_counts(const char *unused)
{
    (void)unused;
    static char reply[160];
    snprintf(reply, sizeof(reply),
             "{\"opened\": %d, \"closed\": %d, \"freed\": %d, \"global_freed\": %d, \"work_done\": %d, \"waits\": %d}",
             s_opened, s_closed, s_freed, s_global_freed, s_work_done, s_waits);
    return reply;
}

static const char *run_refuse(const char *count)
{
    atomic_store(&s_refuse_opens, atoi(count));
    return "ok";
}

static const char *run_complete(const char *how)
{
    static char reply[16];
    snprintf(reply, sizeof(reply), "%d", complete_held(strcmp(how, "silent") == 0));
    return reply;
}

static sem_t s_blocked, s_release;

static void block_task(void *arg)
{
    (void)arg;
    sem_post(&s_blocked);
    sem_wait(&s_release);
}

/* Blocks the server task until "release", so that work queued meanwhile stays queued. */
static const char *run_block(const char *unused)
{
    (void)unused;
    ESP_ERROR_CHECK(httpd_queue_work(s_server, block_task, NULL));
    sem_wait(&s_blocked);
    return "ok";
}

static const char *run_release(const char *unused)
{
    (void)unused;
    sem_post(&s_release);
    return "ok";
}

/* Its number is how much work has run before it: work runs in the order of queueing. */
static void count_work(void *number)
{
    if (atomic_fetch_add(&s_work_done, 1) != (int)(intptr_t)number) {
        abort();
    }
}

/* Queues work that counts. Answers how much of it was accepted. */
static const char *run_queue(const char *count)
{
    static char reply[16];
    static int queued;
    int taken = 0;
    while (taken < atoi(count) && httpd_queue_work(s_server, count_work, (void *)(intptr_t)queued) == ESP_OK) {
        taken++;
        queued++;
    }
    snprintf(reply, sizeof(reply), "%d", taken);
    return reply;
}

static const struct {
    const char *name;
    const char *(*run)(const char *argument);
} s_commands[] = {
    {"start", run_start},     {"stop", run_stop},     {"another", run_another},
    {"counts", run_counts},   {"refuse", run_refuse}, {"block", run_block},
    {"release", run_release}, {"queue", run_queue},   {"complete", run_complete},
};

static const char *run_command(char *line)
{
    char *argument = line + strcspn(line, " ");
    if (*argument) {
        *argument++ = '\0';
    }
    for (size_t i = 0; i < sizeof(s_commands) / sizeof(s_commands[0]); i++) {
        if (strcmp(s_commands[i].name, line) == 0) {
            return s_commands[i].run(argument);
        }
    }
    return "unknown command";
}

static bool set_option(const char *name, const char *value)
{
    if (strcmp(name, "port") == 0) {
        s_config.server_port = (uint16_t)atoi(value);
    } else if (strcmp(name, "bind") == 0) {
        s_bind = value;
    } else if (strcmp(name, "sockets") == 0) {
        s_config.max_open_sockets = (uint16_t)atoi(value);
    } else if (strcmp(name, "knock") == 0) {
        s_knock = value;
    } else {
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    s_config.server_port = 0;
    s_config.backlog_conn = 32;
    s_config.keep_alive_enable = true;
    s_config.keep_alive_idle = s_config.keep_alive_interval = s_config.keep_alive_count = 5;
    for (int i = 1; i < argc; i++) {
        char *equals = strchr(argv[i], '=');
        if (!equals || (*equals = '\0', !set_option(argv[i], equals + 1))) {
            fprintf(stderr, "unknown option %s\n", argv[i]);
            return 2;
        }
    }
    sem_init(&s_blocked, 0, 0);
    sem_init(&s_release, 0, 0);
    start_workers();
    puts(run_start(NULL));
    fflush(stdout);
    char line[64];
    while (fgets(line, sizeof(line), stdin)) {
        line[strcspn(line, "\n")] = '\0';
        puts(run_command(line));
        fflush(stdout);
    }
    stop_workers();
    complete_held(true);
    httpd_stop(s_server);
    httpd_stop(s_another);
    puts(run_counts(NULL));
    return 0;
}

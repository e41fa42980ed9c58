/* SPDX-License-Identifier: MIT */
/* Requests that leave their handler: for a pool of workers, or to be held until the test says so. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server_app.h"

#define WORKERS 3
#define JOBS 64
#define HELD_MAX 16

static pthread_t s_workers[WORKERS];
static pthread_mutex_t s_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t s_posted = PTHREAD_COND_INITIALIZER;
static struct {
    job_fn_t run;
    httpd_req_t *r;
} s_jobs[JOBS];
static unsigned s_first, s_count;
static bool s_ending;

static httpd_req_t *s_held[HELD_MAX];
static int s_held_count;

void post_job(job_fn_t run, httpd_req_t *r)
{
    pthread_mutex_lock(&s_lock);
    if (s_count == JOBS) {
        abort();
    }
    s_jobs[(s_first + s_count++) % JOBS].run = run;
    s_jobs[(s_first + s_count - 1) % JOBS].r = r;
    pthread_cond_signal(&s_posted);
    pthread_mutex_unlock(&s_lock);
}

static void *work(void *unused)
{
    pthread_mutex_lock(&s_lock);
    for (;;) {
        while (!s_count && !s_ending) {
            pthread_cond_wait(&s_posted, &s_lock);
        }
        if (!s_count) {
            break;
        }
        job_fn_t run = s_jobs[s_first].run;
        httpd_req_t *r = s_jobs[s_first].r;
        s_first = (s_first + 1) % JOBS;
        s_count--;
        pthread_mutex_unlock(&s_lock);
        run(r);
        pthread_mutex_lock(&s_lock);
    }
    pthread_mutex_unlock(&s_lock);
    return unused;
}

void start_workers(void)
{
    for (int i = 0; i < WORKERS; i++) {
        pthread_create(&s_workers[i], NULL, work, NULL);
    }
}

void stop_workers(void)
{
    pthread_mutex_lock(&s_lock);
    s_ending = true;
    pthread_cond_broadcast(&s_posted);
    pthread_mutex_unlock(&s_lock);
    for (int i = 0; i < WORKERS; i++) {
        pthread_join(s_workers[i], NULL);
    }
}

/* Answers with what a detached request can still see of itself. */
static void answer(httpd_req_t *r)
{
    char host[64] = "", text[CONFIG_HTTPD_MAX_URI_LEN + 160], body[64];
    int ms = query_int(r, "ms", 0);
    if (ms) {
        usleep((useconds_t)ms * 1000);
    }
    httpd_req_get_hdr_value_str(r, "X-Who", host, sizeof(host));
    int got = 0;
    if (query_int(r, "read", 0)) {
        while (got < (int)r->content_len) {
            int n = httpd_req_recv(r, body, sizeof(body));
            if (n <= 0) {
                break;
            }
            got += n;
        }
    }
    snprintf(text, sizeof(text), "%s|%s|%d", r->uri, host, got);
    httpd_resp_set_hdr(r, "X-From", "worker");
    httpd_resp_sendstr(r, text);
    char end[16] = "";
    query_value(r, "end", end, sizeof(end));
    if (strcmp(end, "shutdown") == 0) {
        shutdown(httpd_req_to_sockfd(r), SHUT_RDWR);
    } else if (strcmp(end, "trigger") == 0) {
        httpd_sess_trigger_close(r->handle, httpd_req_to_sockfd(r));
    }
    httpd_req_async_handler_complete(r);
}

static esp_err_t detach(httpd_req_t *r)
{
    httpd_req_t *copy;
    esp_err_t err = httpd_req_async_handler_begin(r, &copy);
    if (err != ESP_OK) {
        return err;
    }
    post_job(answer, copy);
    return query_int(r, "fail", 0) ? ESP_FAIL : ESP_OK;
}

static esp_err_t hold(httpd_req_t *r)
{
    httpd_req_t *copy, *second;
    if (httpd_req_async_handler_begin(r, &copy) != ESP_OK) {
        return ESP_FAIL;
    }
    if (httpd_req_async_handler_begin(r, &second) != ESP_ERR_INVALID_STATE ||
        httpd_req_async_handler_begin(copy, &second) != ESP_ERR_INVALID_ARG ||
        httpd_req_async_handler_complete(r) != ESP_ERR_INVALID_ARG) {
        abort();
    }
    pthread_mutex_lock(&s_lock);
    if (s_held_count == HELD_MAX) {
        abort();
    }
    s_held[s_held_count++] = copy;
    pthread_mutex_unlock(&s_lock);
    return ESP_OK;
}

/* Completes all requests held, the oldest first: "" answers them, "silent" does not, "shutdown" ends the connection. */
int complete_held(const char *how)
{
    pthread_mutex_lock(&s_lock);
    int n = s_held_count;
    httpd_req_t *held[HELD_MAX];
    memcpy(held, s_held, sizeof(held));
    s_held_count = 0;
    pthread_mutex_unlock(&s_lock);
    for (int i = 0; i < n; i++) {
        if (strcmp(how, "shutdown") == 0) {
            shutdown(httpd_req_to_sockfd(held[i]), SHUT_RDWR);
        } else if (strcmp(how, "silent") != 0) {
            httpd_resp_sendstr(held[i], "held");
        }
        httpd_req_async_handler_complete(held[i]);
    }
    return n;
}

void register_detached(httpd_handle_t server)
{
    static const httpd_uri_t handlers[] = {
        {.uri = "/detached", .method = (httpd_method_t)HTTP_ANY, .handler = detach},
        {.uri = "/hold", .method = (httpd_method_t)HTTP_ANY, .handler = hold},
    };
    httpd_register_uri_handler(server, &handlers[0]);
    httpd_register_uri_handler(server, &handlers[1]);
}

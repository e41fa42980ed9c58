/* SPDX-License-Identifier: MIT */
/* Requests that leave their handler: for a worker, or held until the test releases them. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "app.h"

#define WORKERS 3
#define JOBS 64

typedef struct {
    httpd_req_t *r;
    bool end;
} job_t;

static pthread_t s_workers[WORKERS];
static pthread_mutex_t s_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t s_posted = PTHREAD_COND_INITIALIZER;
static job_t s_jobs[JOBS]; /* the last comes first */
static unsigned s_job_count;
static bool s_ending;

static httpd_req_t *s_held[JOBS];
static int s_held_count;

static httpd_req_t *detach_request(httpd_req_t *r)
{
    httpd_req_t *detached;
    ESP_ERROR_CHECK(httpd_req_async_handler_begin(r, &detached));
    return detached;
}

esp_err_t answer_in_worker(httpd_req_t *r, bool end)
{
    job_t job = {.r = detach_request(r), .end = end};
    pthread_mutex_lock(&s_lock);
    s_jobs[s_job_count++] = job;
    pthread_cond_signal(&s_posted);
    pthread_mutex_unlock(&s_lock);
    return ESP_OK;
}

static void do_job(job_t job)
{
    answer_word(job.r, "ok");
    if (job.end) {
        shutdown(httpd_req_to_sockfd(job.r), SHUT_RDWR);
    }
    httpd_req_async_handler_complete(job.r);
}

static bool take_job(job_t *job)
{
    pthread_mutex_lock(&s_lock);
    while (!s_job_count && !s_ending) {
        pthread_cond_wait(&s_posted, &s_lock);
    }
    bool any = s_job_count > 0;
    if (any) {
        *job = s_jobs[--s_job_count];
    }
    pthread_mutex_unlock(&s_lock);
    return any;
}

static void *run_worker(void *unused)
{
    job_t job;
    while (take_job(&job)) {
        do_job(job);
    }
    return unused;
}

void start_workers(void)
{
    for (int i = 0; i < WORKERS; i++) {
        pthread_create(&s_workers[i], NULL, run_worker, NULL);
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

esp_err_t hold_request(httpd_req_t *r)
{
    httpd_req_t *detached = detach_request(r);
    pthread_mutex_lock(&s_lock);
    s_held[s_held_count++] = detached;
    pthread_mutex_unlock(&s_lock);
    return ESP_OK;
}

int complete_held(bool silent)
{
    pthread_mutex_lock(&s_lock);
    int count = s_held_count;
    for (int i = 0; i < count; i++) {
        if (!silent) {
            answer_word(s_held[i], "held");
        }
        httpd_req_async_handler_complete(s_held[i]);
    }
    s_held_count = 0;
    pthread_mutex_unlock(&s_lock);
    return count;
}

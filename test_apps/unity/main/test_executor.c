/* SPDX-License-Identifier: MIT */

/* The queue of jobs and its workers. */
#include "executor.h"
#include "unity.h"

#define JOBS 200
#define WORKERS 3

static uh_executor_t s_executor;

static void work(void *arg)
{
    (void)arg;
    uh_executor_work(&s_executor);
}

static void start(void)
{
    const uhttpd_config_t config = {.workers = WORKERS, .worker_stack = 4096, .task_priority = 5};
    TEST_ASSERT_EQUAL(ESP_OK, uh_executor_init(&s_executor));
    TEST_ASSERT_EQUAL(ESP_OK, uh_executor_start_tasks(&s_executor, &config, work, NULL));
}

static void stop(void)
{
    uh_executor_stop(&s_executor);
    uh_executor_cancel(&s_executor);
    uh_executor_join(&s_executor);
    uh_executor_deinit(&s_executor);
}

typedef struct {
    uhttpd_job_t job;
    unsigned runs, cancelled;
    uhttpd_os_sem_t wait_for; /* NULL: for nothing */
} counted_job_t;

static void count(uhttpd_job_t *job, bool cancelled)
{
    counted_job_t *counted = (counted_job_t *)job;
    counted->runs++;
    counted->cancelled += cancelled;
    if (counted->wait_for && !cancelled) {
        uhttpd_os_sem_take(counted->wait_for, UHTTPD_OS_FOREVER);
    }
}

TEST_CASE("every job runs exactly once", "[executor]")
{
    static counted_job_t jobs[JOBS];
    start();
    for (unsigned i = 0; i < JOBS; i++) {
        jobs[i] = (counted_job_t) {.job.run = count};
        TEST_ASSERT_EQUAL(ESP_OK, uh_executor_submit(&s_executor, &jobs[i].job));
    }
    stop();
    for (unsigned i = 0; i < JOBS; i++) {
        TEST_ASSERT_EQUAL(1, jobs[i].runs);
    }
}

TEST_CASE("jobs that wait when it stops run as cancelled", "[executor]")
{
    counted_job_t busy[WORKERS], waiting = {.job.run = count};
    uhttpd_os_sem_t release = uhttpd_os_sem_create();
    start();
    for (unsigned i = 0; i < WORKERS; i++) {
        busy[i] = (counted_job_t) {.job.run = count, .wait_for = release};
        TEST_ASSERT_EQUAL(ESP_OK, uh_executor_submit(&s_executor, &busy[i].job));
    }
    uhttpd_os_sleep(100); /* all workers are busy now */
    TEST_ASSERT_EQUAL(ESP_OK, uh_executor_submit(&s_executor, &waiting.job));
    uh_executor_stop(&s_executor);
    uh_executor_cancel(&s_executor);
    TEST_ASSERT_EQUAL(1, waiting.cancelled);
    for (unsigned i = 0; i < WORKERS; i++) {
        uhttpd_os_sem_give(release);
    }
    uh_executor_join(&s_executor);
    uh_executor_deinit(&s_executor);
    uhttpd_os_sem_destroy(release);
    TEST_ASSERT_EQUAL(1, waiting.runs);
}

TEST_CASE("what comes after a cancel is run by workers", "[executor]")
{
    counted_job_t early = {.job.run = count}, late = {.job.run = count};
    start();
    TEST_ASSERT_EQUAL(ESP_OK, uh_executor_submit(&s_executor, &early.job));
    uh_executor_cancel(&s_executor);
    TEST_ASSERT_EQUAL(ESP_OK, uh_executor_submit(&s_executor, &late.job));
    uh_executor_stop(&s_executor);
    uh_executor_join(&s_executor);
    uh_executor_deinit(&s_executor);
    TEST_ASSERT_EQUAL(1, early.runs);
    TEST_ASSERT_EQUAL(1, late.runs);
    TEST_ASSERT_EQUAL(0, late.cancelled);
}

TEST_CASE("a stopped executor takes no job", "[executor]")
{
    counted_job_t late = {.job.run = count};
    start();
    uh_executor_stop(&s_executor);
    TEST_ASSERT_EQUAL(ESP_ERR_UHTTPD_STOPPING, uh_executor_submit(&s_executor, &late.job));
    uh_executor_join(&s_executor);
    uh_executor_deinit(&s_executor);
    TEST_ASSERT_EQUAL(0, late.runs);
}

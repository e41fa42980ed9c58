/* SPDX-License-Identifier: MIT */

/* The OS layer: what both components ask of FreeRTOS. */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "uhttpd_os.h"
#include "unity.h"

#define STACK 4096
#define PRIORITY 5
#define ROUNDS 1000

static void give(void *arg)
{
    uhttpd_os_sem_give(arg);
}

TEST_CASE("a joined task has returned", "[os]")
{
    uhttpd_os_sem_t ran = uhttpd_os_sem_create();
    uhttpd_os_task_t task;
    TEST_ASSERT_EQUAL(ESP_OK, uhttpd_os_task_start("test", give, ran, STACK, PRIORITY, &task));
    TEST_ASSERT_FALSE(uhttpd_os_task_is_current(task));
    uhttpd_os_task_join(task);
    TEST_ASSERT_TRUE(uhttpd_os_sem_take(ran, 0));
    uhttpd_os_sem_destroy(ran);
}

TEST_CASE("a spawned task runs by itself", "[os]")
{
    uhttpd_os_sem_t ran = uhttpd_os_sem_create();
    TEST_ASSERT_EQUAL(ESP_OK, uhttpd_os_task_spawn("test", give, ran, STACK, PRIORITY));
    TEST_ASSERT_TRUE(uhttpd_os_sem_take(ran, 5000));
    uhttpd_os_sleep(20); /* it ends */
    uhttpd_os_sem_destroy(ran);
}

TEST_CASE("a semaphore counts", "[os]")
{
    uhttpd_os_sem_t sem = uhttpd_os_sem_create();
    TEST_ASSERT_FALSE(uhttpd_os_sem_take(sem, 10));
    for (int i = 0; i < 3; i++) {
        uhttpd_os_sem_give(sem);
    }
    for (int i = 0; i < 3; i++) {
        TEST_ASSERT_TRUE(uhttpd_os_sem_take(sem, 0));
    }
    TEST_ASSERT_FALSE(uhttpd_os_sem_take(sem, 0));
    uhttpd_os_sem_destroy(sem);
}

typedef struct {
    uhttpd_os_mutex_t mutex;
    volatile unsigned value;
} shared_t;

static void add_many(void *arg)
{
    shared_t *shared = arg;
    for (unsigned i = 0; i < ROUNDS; i++) {
        uhttpd_os_lock(shared->mutex);
        unsigned value = shared->value;
        if (i % 100 == 0) {
            uhttpd_os_sleep(1);
        }
        shared->value = value + 1;
        uhttpd_os_unlock(shared->mutex);
    }
}

TEST_CASE("a mutex lets one in at a time", "[os]")
{
    shared_t shared = {.mutex = uhttpd_os_mutex_create()};
    uhttpd_os_task_t tasks[3];
    for (unsigned i = 0; i < 3; i++) {
        TEST_ASSERT_EQUAL(ESP_OK, uhttpd_os_task_start("test", add_many, &shared, STACK, PRIORITY + i, &tasks[i]));
    }
    for (unsigned i = 0; i < 3; i++) {
        uhttpd_os_task_join(tasks[i]);
    }
    TEST_ASSERT_EQUAL(3 * ROUNDS, shared.value);
    uhttpd_os_mutex_destroy(shared.mutex);
}

TEST_CASE("the clock goes on", "[os]")
{
    uint64_t before = uhttpd_os_now();
    uhttpd_os_sleep(50);
    TEST_ASSERT_TRUE(uhttpd_os_now() > before); /* how much later differs between the chip and its emulator */
}

static void wake(void *arg)
{
    uhttpd_os_sleep(20);
    uhttpd_os_wake(arg);
}

TEST_CASE("a poll is ended by a wake-up", "[os]")
{
    uhttpd_os_wake_t waker = uhttpd_os_wake_create();
    TEST_ASSERT_NOT_NULL(waker);
    TEST_ASSERT_EQUAL(ESP_OK, uhttpd_os_task_spawn("test", wake, waker, STACK, PRIORITY));
    TEST_ASSERT_FALSE(uhttpd_os_poll(waker, NULL, 0, UHTTPD_OS_FOREVER));
    uhttpd_os_wake(waker); /* before the wait: it is not lost */
    uhttpd_os_wake(waker);
    TEST_ASSERT_FALSE(uhttpd_os_poll(waker, NULL, 0, UHTTPD_OS_FOREVER));
    uhttpd_os_sleep(20);
    uhttpd_os_wake_destroy(waker);
}

/* Two UDP sockets of the loopback interface. */
static int open_udp(struct sockaddr_in *address)
{
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    TEST_ASSERT_GREATER_OR_EQUAL(0, fd);
    *address = (struct sockaddr_in) {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    TEST_ASSERT_EQUAL(0, bind(fd, (struct sockaddr *)address, sizeof(*address)));
    socklen_t len = sizeof(*address);
    TEST_ASSERT_EQUAL(0, getsockname(fd, (struct sockaddr *)address, &len));
    return fd;
}

TEST_CASE("a poll sees what a socket is ready for", "[os]")
{
    struct sockaddr_in here, there;
    int receiver = open_udp(&here), sender = open_udp(&there);
    uhttpd_os_wake_t waker = uhttpd_os_wake_create();
    uhttpd_os_pollfd_t fds[] = {{.fd = receiver, .events = UHTTPD_OS_READ}, {.fd = sender, .events = UHTTPD_OS_READ}};
    TEST_ASSERT_FALSE(uhttpd_os_poll(waker, fds, 2, 20));
    TEST_ASSERT_EQUAL(1, sendto(sender, "x", 1, 0, (struct sockaddr *)&here, sizeof(here)));
    TEST_ASSERT_TRUE(uhttpd_os_poll(waker, fds, 2, 5000));
    TEST_ASSERT_EQUAL(UHTTPD_OS_READ, fds[0].revents);
    TEST_ASSERT_EQUAL(0, fds[1].revents);
    fds[1].events = UHTTPD_OS_WRITE;
    TEST_ASSERT_TRUE(uhttpd_os_poll(waker, fds, 2, 5000));
    TEST_ASSERT_EQUAL(UHTTPD_OS_WRITE, fds[1].revents);
    uhttpd_os_wake_destroy(waker);
    close(receiver);
    close(sender);
}

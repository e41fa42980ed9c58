/* SPDX-License-Identifier: MIT */

/* Whole servers: how much heap and stack they take, and that they give it back. */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "esp_heap_caps.h"
#include "freertos/FreeRTOS.h"
#include "freertos/task.h"
#include "sdkconfig.h"
#include "uhttpd.h"
#include "uhttpd_os.h"
#include "unity.h"

#define CYCLES 10
#define SPARE_STACK 256       /* bytes that every task must leave free */
#define REMEMBERED (4 * 1024) /* memory that TCP keeps for ended connections */

static esp_err_t hello(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    return uhttpd_write(req, "hello", 5, &(uhttpd_response_t) {.mime = "text/plain"});
}

static uhttpd_handle_t start(void)
{
    uhttpd_config_t config = UHTTPD_DEFAULT_CONFIG();
    config.port = 0;
    uhttpd_handle_t server;
    TEST_ASSERT_EQUAL(ESP_OK, uhttpd_start(&config, &server));
    TEST_ASSERT_EQUAL(ESP_OK,
                      uhttpd_route(server, &(uhttpd_route_t) {.url = "/", .methods = UHTTPD_GET, .handler = hello}));
    return server;
}

/* On the linux target the tick interrupts system calls; connect() goes on in the background. */
static void connect_to(int fd, const struct sockaddr_in *address)
{
    while (connect(fd, (const struct sockaddr *)address, sizeof(*address)) != 0 && errno != EISCONN) {
        TEST_ASSERT_TRUE(errno == EINTR || errno == EALREADY || errno == EINPROGRESS);
        uhttpd_os_sleep(1);
    }
}

static ssize_t receive(int fd, char *buf, size_t size)
{
    ssize_t got;
    do {
        got = recv(fd, buf, size, 0);
    } while (got < 0 && errno == EINTR);
    return got;
}

static void get(uhttpd_handle_t server)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(uhttpd_port(server)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    connect_to(fd, &address);
    static const char request[] = "GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
    TEST_ASSERT_EQUAL(sizeof(request) - 1, send(fd, request, sizeof(request) - 1, 0));
    static char answer[512];
    size_t len = 0;
    for (ssize_t got; (got = receive(fd, answer + len, sizeof(answer) - 1 - len)) > 0;) {
        len += (size_t)got;
    }
    close(fd);
    answer[len] = '\0';
    TEST_ASSERT_EQUAL_STRING_LEN("HTTP/1.1 200 OK", answer, 15);
    TEST_ASSERT_NOT_NULL(strstr(answer, "\r\n\r\nhello"));
}

TEST_CASE("servers come and go", "[server]")
{
    for (int i = 0; i < CYCLES; i++) {
        uhttpd_handle_t server = start();
        get(server);
        uhttpd_stop(server);
    }
}

#if !CONFIG_IDF_TARGET_LINUX /* there libc has the heap, and the host has the stacks */

/* Stacks of tasks that have ended are freed by the idle task. */
static size_t free_heap(void)
{
    vTaskDelay(pdMS_TO_TICKS(200));
    return heap_caps_get_free_size(MALLOC_CAP_DEFAULT);
}

TEST_CASE("a server gives back all the memory it took", "[server]")
{
    uhttpd_handle_t server = start();
    get(server);
    uhttpd_stop(server); /* everything that is created once and stays exists now */
    size_t before = free_heap();
    server = start();
    size_t running = free_heap();
    for (int i = 0; i < CYCLES; i++) {
        get(server);
    }
    uhttpd_stop(server);
    size_t after = free_heap();
    printf("heap: a server that waits takes %u bytes\n", (unsigned)(before - running));
    TEST_ASSERT_GREATER_THAN(before, after + REMEMBERED);
    TEST_ASSERT_TRUE(heap_caps_check_integrity_all(true));
}

TEST_CASE("no task comes near the end of its stack", "[server]")
{
    uhttpd_handle_t server = start();
    for (int i = 0; i < CYCLES; i++) {
        get(server);
    }
    UBaseType_t room = uxTaskGetNumberOfTasks() + 4;
    TaskStatus_t *tasks = calloc(room, sizeof(*tasks));
    TEST_ASSERT_NOT_NULL(tasks);
    UBaseType_t count = uxTaskGetSystemState(tasks, room, NULL);
    TEST_ASSERT_GREATER_THAN(0, count);
    for (UBaseType_t i = 0; i < count; i++) {
        unsigned left = tasks[i].usStackHighWaterMark * sizeof(StackType_t);
        printf("stack: %s has never used %u bytes\n", tasks[i].pcTaskName, left);
        TEST_ASSERT_GREATER_THAN_MESSAGE(SPARE_STACK, left, tasks[i].pcTaskName);
    }
    free(tasks);
    uhttpd_stop(server);
}

#endif

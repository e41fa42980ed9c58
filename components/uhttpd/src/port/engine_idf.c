/* SPDX-License-Identifier: MIT */
#include "port/engine.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire.h"
#include "esp_heap_caps.h"
#include "esp_idf_version.h"
#include "esp_log.h"
#include "sdkconfig.h"
#include "uhttpd.h"
#include "uhttpd_os.h"

/* Of the engine itself: the listening socket, and two for its control messages. */
#define ENGINE_SOCKETS 3

/* Each instance needs a control port of its own, a UDP port on loopback. The default one is left to instances of the
 * firmware's own, and another program's may be among the rest. */
#define FIRST_CTRL_PORT (ESP_HTTPD_DEF_CTRL_PORT + 1)
#define CTRL_PORTS 1024
#define CTRL_PORT_TRIES 32

size_t uh_engine_max_sockets(void)
{
#ifdef CONFIG_LWIP_MAX_SOCKETS
    return CONFIG_LWIP_MAX_SOCKETS - ENGINE_SOCKETS;
#else
    return 64; /* the linux target has the host's sockets */
#endif
}

/* What the engine listens on: every address. A socket of the other family would not find that the port is taken. */
#if CONFIG_LWIP_IPV6
typedef struct sockaddr_in6 any_address_t;
#define ANY_FAMILY AF_INET6
#define ANY_ADDRESS(port) {.sin6_family = ANY_FAMILY, .sin6_port = htons(port)}
#define PORT_OF(address) ntohs((address).sin6_port)
#else
typedef struct sockaddr_in any_address_t;
#define ANY_FAMILY AF_INET
#define ANY_ADDRESS(port) {.sin_family = ANY_FAMILY, .sin_port = htons(port)}
#define PORT_OF(address) ntohs((address).sin_port)
#endif

/*
 * The engine does not say why it could not start or which port it got. So a socket of ours listens for a moment
 * beforehand to find out both.
 */
static esp_err_t engine_idf_probe(uint16_t *port)
{
    any_address_t address = ANY_ADDRESS(*port);
    socklen_t len = sizeof(address);
    int fd = socket(ANY_FAMILY, SOCK_STREAM, 0);
    if (fd < 0) {
        return ESP_ERR_NO_MEM;
    }
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)); /* as the engine does */
    esp_err_t err = ESP_OK;
    if (bind(fd, (struct sockaddr *)&address, len) || listen(fd, 1)) {
        err = errno == EADDRINUSE ? ESP_ERR_UHTTPD_PORT_TAKEN : errno == EACCES ? ESP_ERR_NOT_ALLOWED : ESP_FAIL;
    } else if (getsockname(fd, (struct sockaddr *)&address, &len) == 0) {
        *port = PORT_OF(address);
    }
    close(fd);
    return err;
}

static uint16_t next_ctrl_port(void)
{
    static uint16_t next;
    uhttpd_os_global_lock();
    uint16_t port = FIRST_CTRL_PORT + next++ % CTRL_PORTS;
    uhttpd_os_global_unlock();
    return port;
}

static bool ctrl_port_is_taken(uint16_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    bool taken = fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) && errno == EADDRINUSE;
    if (fd >= 0) {
        close(fd);
    }
    return taken;
}

/* Before 5.5.5 and 6.1 the engine leaves its sockets open if its task finds no memory, so we look beforehand. */
static bool has_room_for_task(const httpd_config_t *config)
{
    void *stack = malloc(config->stack_size);
    free(stack);
    return stack;
}

/* Between a look and its start somebody else may take the port: then the next one is tried. */
static esp_err_t start_on_free_ctrl_port(httpd_handle_t *engine, httpd_config_t *config)
{
    esp_err_t err = ESP_FAIL;
    for (int tries = 0; tries < CTRL_PORT_TRIES; tries++) {
        config->ctrl_port = next_ctrl_port();
        if (ctrl_port_is_taken(config->ctrl_port)) {
            continue;
        }
        err = httpd_start(engine, config);
        if (err != ESP_FAIL || !ctrl_port_is_taken(config->ctrl_port)) {
            break;
        }
    }
    return err;
}

/* lwIP resets what is connected and does not fit into the mailbox of the listening socket. Beyond the backlog it lets
 * newcomers try again. */
static uint16_t engine_backlog(uint16_t wanted)
{
#ifdef CONFIG_LWIP_TCP_ACCEPTMBOX_SIZE
    return wanted < CONFIG_LWIP_TCP_ACCEPTMBOX_SIZE ? wanted : CONFIG_LWIP_TCP_ACCEPTMBOX_SIZE;
#else
    return wanted; /* the linux target has the host's listening sockets */
#endif
}

static bool is_address(const char *text)
{
    struct in6_addr any;
    return inet_pton(AF_INET, text, &any) == 1 || inet_pton(AF_INET6, text, &any) == 1;
}

void uh_engine_place(httpd_config_t *config, int core, bool psram)
{
    config->core_id = core == UHTTPD_OS_ANY_CORE ? tskNO_AFFINITY : core;
    config->task_caps = psram ? MALLOC_CAP_SPIRAM : config->task_caps;
}

esp_err_t uh_engine_start(httpd_handle_t *engine, httpd_config_t *config, const char *bind)
{
    if (bind && !is_address(bind)) {
        return ESP_ERR_INVALID_ARG;
    }
    esp_err_t err = engine_idf_probe(&config->server_port);
    if (err != ESP_OK) {
        return err;
    }
    if (!has_room_for_task(config)) {
        return ESP_ERR_NO_MEM;
    }
    config->backlog_conn = engine_backlog(config->backlog_conn);
    esp_log_level_set("httpd_uri", ESP_LOG_ERROR); /* it logs a warning whenever a client closes its connection */
    err = start_on_free_ctrl_port(engine, config);
    return err == ESP_ERR_HTTPD_ALLOC_MEM || err == ESP_ERR_HTTPD_TASK ? ESP_ERR_NO_MEM : err;
}

/* The engine always listens on every address, so connections to other addresses are refused. */
bool uh_engine_accepts(int fd, const char *bind)
{
    if (!bind || strcmp(bind, "0.0.0.0") == 0 || strcmp(bind, "::") == 0) {
        return true;
    }
    char local[UH_ADDRESS_SIZE];
    uh_wire_local(&(uh_wire_t) {.fd = fd}, local, sizeof(local));
    return strcmp(local, bind) == 0;
}

bool uh_engine_notices_completion(void)
{
    return ESP_IDF_VERSION >= ESP_IDF_VERSION_VAL(5, 5, 2) ||
           (ESP_IDF_VERSION >= ESP_IDF_VERSION_VAL(5, 4, 3) && ESP_IDF_VERSION < ESP_IDF_VERSION_VAL(5, 5, 0));
}

/* SPDX-License-Identifier: MIT */
#include "webrepl.h"

#include <stdlib.h>
#include <string.h>

#include "second/operations.h"
#include "session.h"
#include "terminal/terminal.h"
#include "classic/transfer.h"
#include "uhttpd_digest.h"
#include "uhttpd_os.h"
#include "uhttpd_random.h"
#include "uhttpd_upload.h"
#include "uhttpd_ws.h"

#define LEAST_TX 1792 /* a message with a piece of a file, and room for the terminal beside it */

#define MOST_SESSIONS 32

static uhttpd_os_mutex_t s_doors_lock; /* NULL before webrepl_init() */
static wr_door_t *s_doors;

/* Limits that Kconfig cannot express. */
_Static_assert((CONFIG_WEBREPL_INPUT_BYTES & (CONFIG_WEBREPL_INPUT_BYTES - 1)) == 0, "not a power of 2");
_Static_assert((CONFIG_WEBREPL_OUTPUT_BYTES & (CONFIG_WEBREPL_OUTPUT_BYTES - 1)) == 0, "not a power of 2");

static bool is_ring_size(size_t size, size_t least)
{
    return size >= least && (size & (size - 1)) == 0;
}

static esp_err_t allocate_terminal(const webrepl_config_t *config)
{
    return wr_terminal_init(config->input_size, config->output_size);
}

static esp_err_t allocate_transfer(const webrepl_config_t *config)
{
    (void)config;
    return wr_transfer_init();
}

static esp_err_t allocate_operations(const webrepl_config_t *config)
{
    return wr_operations_init(config->max_operations);
}

static esp_err_t allocate_sessions(const webrepl_config_t *config)
{
    wr_session_init(config->max_sessions);
    return ESP_OK;
}

static esp_err_t allocate_doors(const webrepl_config_t *config)
{
    (void)config;
    s_doors_lock = uhttpd_os_mutex_create();
    return s_doors_lock != NULL ? ESP_OK : ESP_ERR_NO_MEM;
}

/* Sets up each part once. A part that failed is tried again the next time. */
static esp_err_t webrepl_allocate(const webrepl_config_t *config)
{
    static esp_err_t (*const parts[])(const webrepl_config_t *) = {
        allocate_terminal, allocate_transfer, allocate_operations, allocate_sessions, allocate_doors,
    };
    static size_t s_done;
    for (; s_done < sizeof parts / sizeof *parts; s_done++) {
        esp_err_t err = parts[s_done](config);
        if (err != ESP_OK) {
            return err;
        }
    }
    return ESP_OK;
}

static bool webrepl_is_valid(const webrepl_config_t *config)
{
    return is_ring_size(config->input_size, 64) && is_ring_size(config->output_size, 256) &&
           config->login_timeout > 0 && config->keep_uploads > 0 && config->max_sessions >= 1 &&
           config->max_sessions <= MOST_SESSIONS && config->max_operations >= 1;
}

esp_err_t webrepl_init(const webrepl_config_t *config)
{
    if (config == NULL || !webrepl_is_valid(config)) {
        return ESP_ERR_INVALID_ARG;
    }
    esp_err_t err = webrepl_allocate(config);
    if (err != ESP_OK) {
        return err;
    }
    wr_terminal_set_events(&config->terminal);
    wr_transfer_set_files(config->files, config->version);
    wr_operations_set_storage(config->files);
    wr_session_set_login_timeout(config->login_timeout);
    wr_operations_set_keep(config->keep_uploads);
    return ESP_OK;
}

static bool fits_door(const wr_door_t *door, const char *password)
{
    return password == NULL ? door->open : !door->open && strcmp(door->password, password) == 0;
}

static bool make_key(wr_key_t *key, const char *password)
{
    return uhttpd_random_key(key->salt, sizeof key->salt) && wr_key_derive(key, password, WR_ITERATIONS);
}

static wr_door_t *make_door(const char *password)
{
    const char *text = password != NULL ? password : "";
    size_t size = strlen(text) + 1;
    wr_door_t *door = malloc(sizeof *door + size);
    if (door == NULL) {
        return NULL;
    }
    *door = (wr_door_t) {.next = s_doors, .open = password == NULL};
    memcpy(door->password, text, size);
    if (!door->open && !make_key(&door->key, password)) {
        free(door);
        return NULL;
    }
    s_doors = door;
    return door;
}

/* Servers with the same password share a door, so that starting and stopping servers loses no memory. */
static wr_door_t *get_door(const char *password)
{
    uhttpd_os_lock(s_doors_lock);
    wr_door_t *door = s_doors;
    while (door != NULL && !fits_door(door, password)) {
        door = door->next;
    }
    if (door == NULL) {
        door = make_door(password);
    }
    uhttpd_os_unlock(s_doors_lock);
    return door;
}

/* A password is one line, because a line end cannot be typed. An empty password was probably forgotten. */
static bool is_password(const char *password)
{
    return password == NULL || (password[0] != '\0' && strpbrk(password, "\r\n") == NULL);
}

esp_err_t webrepl_serve_beside(uhttpd_handle_t server, const char *url, const char *password, uhttpd_handler_t page)
{
    if (server == NULL || url == NULL || page == NULL || !is_password(password)) {
        return ESP_ERR_INVALID_ARG;
    }
    if (s_doors_lock == NULL) {
        return ESP_ERR_INVALID_STATE;
    }
    uhttpd_ws_config_t config = UHTTPD_WS_DEFAULT_CONFIG();
    config.url = url;
    config.events = wr_session_events;
    config.ctx = get_door(password);
    config.tolerant = true; /* except for the second edition, with which uhttpd is strict */
    config.subprotocol = WR_SUBPROTOCOL;
    config.own_auth = password != NULL;
    config.plain = page;
    config.max_message = 0; /* a paste is one message of any length */
    if (config.tx_size < LEAST_TX) {
        config.tx_size = LEAST_TX;
    }
    if (config.ctx == NULL) {
        return ESP_ERR_NO_MEM;
    }
    uhttpd_upload_sweep(server);
    return uhttpd_ws_route(server, &config);
}

esp_err_t webrepl_serve(uhttpd_handle_t server, const char *url, const char *password)
{
    return webrepl_serve_beside(server, url, password, webrepl_page);
}

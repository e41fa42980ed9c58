/* SPDX-License-Identifier: MIT */
/* Descriptors for select() and poll() that any task can make readable, and that need no socket. */
#pragma once

#include "esp_err.h"

typedef struct {
    size_t max_fds;
} esp_vfs_eventfd_config_t;

#define ESP_VFS_EVENTD_CONFIG_DEFAULT() \
    { \
        .max_fds = 5, \
    }

esp_err_t esp_vfs_eventfd_register(const esp_vfs_eventfd_config_t *config);

int hl_eventfd(unsigned initial, int flags);
#define eventfd hl_eventfd

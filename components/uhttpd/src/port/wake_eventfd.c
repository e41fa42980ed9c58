/* SPDX-License-Identifier: MIT */
#include "port/port.h"

#include <stdint.h>
#include <unistd.h>

#include "esp_err.h"
#include "esp_vfs_eventfd.h"

bool uh_wake_open(uh_wake_t *wake)
{
    esp_vfs_eventfd_config_t config = ESP_VFS_EVENTD_CONFIG_DEFAULT();
    esp_err_t err = esp_vfs_eventfd_register(&config);
    if (err != ESP_OK && err != ESP_ERR_INVALID_STATE) { /* ESP_ERR_INVALID_STATE: the application has done it */
        return false;
    }
    wake->read_fd = wake->write_fd = eventfd(0, 0);
    return wake->read_fd >= 0;
}

void uh_wake_close(uh_wake_t *wake)
{
    close(wake->read_fd);
}

void uh_wake_signal(uh_wake_t *wake)
{
    uint64_t one = 1;
    write(wake->write_fd, &one, sizeof(one));
}

void uh_wake_clear(uh_wake_t *wake)
{
    uint64_t count;
    read(wake->read_fd, &count, sizeof(count));
}

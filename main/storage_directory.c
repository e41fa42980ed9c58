/* SPDX-License-Identifier: MIT */
#include "storage.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "esp_log.h"
#include "settings.h"

static const char *TAG = "storage";

static char *s_folder;

esp_err_t storage_mount(void)
{
    const char *folder = settings_data_folder();
    if (mkdir(folder, 0777) == 0 || errno == EEXIST) {
        s_folder = realpath(folder, NULL);
    }
    if (s_folder) {
        return ESP_OK;
    }
    ESP_LOGE(TAG, "%s: %s", folder, strerror(errno));
    return ESP_FAIL;
}

const char *storage_folder(void)
{
    return s_folder;
}

int storage_capacity(uint64_t *total, uint64_t *free)
{
    return uhttpd_posix_storage.space(settings_data_folder(), total, free);
}

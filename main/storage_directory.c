/* SPDX-License-Identifier: MIT */
#include "storage.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "esp_log.h"
#include "settings.h"

static const char *TAG = "storage";

esp_err_t storage_mount(void)
{
    const char *folder = settings_data_folder();
    if (mkdir(folder, 0777) == 0 || errno == EEXIST) {
        return ESP_OK;
    }
    ESP_LOGE(TAG, "%s: %s", folder, strerror(errno));
    return ESP_FAIL;
}

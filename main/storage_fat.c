/* SPDX-License-Identifier: MIT */
#include "storage.h"

#include <errno.h>

#include "esp_vfs_fat.h"
#include "settings.h"

#define PARTITION "data" /* of partitions.csv */
#define OPEN_FILES 4     /* a transfer, a command, and two to spare; each takes a sector of 4 KB while it is open */

esp_err_t storage_mount(void)
{
    static wl_handle_t levelling;
    const esp_vfs_fat_mount_config_t config = {
        .format_if_mount_failed = true,
        .max_files = OPEN_FILES,
        .allocation_unit_size = CONFIG_WL_SECTOR_SIZE,
    };
    return esp_vfs_fat_spiflash_mount_rw_wl(settings_data_folder(), PARTITION, &config, &levelling);
}

const char *storage_folder(void)
{
    return settings_data_folder();
}

int storage_capacity(uint64_t *total, uint64_t *free)
{
    return esp_vfs_fat_info(settings_data_folder(), total, free) == ESP_OK ? 0 : EIO;
}

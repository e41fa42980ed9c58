/* SPDX-License-Identifier: MIT */
#include <signal.h>

#include "esp_err.h"
#include "esp_event.h"
#include "esp_netif.h"
#include "sdkconfig.h"
#include "unity.h"

/* Unity's menu: the console chooses the tests. */
void app_main(void)
{
#if CONFIG_IDF_TARGET_LINUX
    signal(SIGPIPE, SIG_IGN);
#else
    ESP_ERROR_CHECK(esp_netif_init()); /* sockets of the loopback interface */
#endif
    ESP_ERROR_CHECK(esp_event_loop_create_default());
    unity_run_menu();
}

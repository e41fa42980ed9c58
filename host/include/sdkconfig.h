/* SPDX-License-Identifier: MIT */
/* What `idf.py menuconfig` would write for a desktop: the options that esp_http_server and the headers here use. */
#pragma once

/* A server may have this many minus 3, which ESP-IDF's esp_http_server needs itself. */
#ifndef CONFIG_LWIP_MAX_SOCKETS
#define CONFIG_LWIP_MAX_SOCKETS 67
#endif

/* Calls of httpd_queue_work() that can wait. */
#define CONFIG_LWIP_UDP_RECVMBOX_SIZE 6

/* Only ESP-IDF's own esp_http_server uses the rest. The values are ESP-IDF's defaults, except IPv6, which not every
 * desktop has. */
#define CONFIG_LWIP_IPV4 1
#define CONFIG_LWIP_NETIF_LOOPBACK 1
#ifndef CONFIG_LWIP_IPV6
#define CONFIG_LWIP_IPV6 0
#endif
#define CONFIG_HTTPD_MAX_REQ_HDR_LEN 1024
#define CONFIG_HTTPD_MAX_URI_LEN 512
#define CONFIG_HTTPD_ERR_RESP_NO_DELAY 1
#define CONFIG_HTTPD_PURGE_BUF_LEN 32
#define CONFIG_HTTPD_SERVER_EVENT_POST_TIMEOUT 2000
#define CONFIG_HTTPD_ENABLE_EVENTS 1

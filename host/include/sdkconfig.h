/* SPDX-License-Identifier: MIT */
/* What `idf.py menuconfig` would have written, for a desktop: what the headers beside it and esp_http_server ask for. */
#pragma once

/* A server may have this many less 3, which ESP-IDF's esp_http_server needs for itself. */
#ifndef CONFIG_LWIP_MAX_SOCKETS
#define CONFIG_LWIP_MAX_SOCKETS 67
#endif

/* Calls of httpd_queue_work() that can wait. */
#define CONFIG_LWIP_UDP_RECVMBOX_SIZE 6

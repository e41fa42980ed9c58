/* SPDX-License-Identifier: MIT */
/*
 * What `idf.py menuconfig` would have written, for a desktop: only what the headers beside it ask for, with
 * ESP-IDF's defaults. Every value may be set from the compiler's command line, for example
 * -DCONFIG_HTTPD_MAX_URI_LEN=2048; library and callers must then be built with the same value.
 */
#pragma once

/* Bytes of a request's header block, the blank line included; httpd_config_t::max_req_hdr_len starts with it. */
#ifndef CONFIG_HTTPD_MAX_REQ_HDR_LEN
#define CONFIG_HTTPD_MAX_REQ_HDR_LEN 1024
#endif

/* Characters that httpd_req_t::uri can hold; httpd_config_t::max_uri_len starts with it. */
#ifndef CONFIG_HTTPD_MAX_URI_LEN
#define CONFIG_HTTPD_MAX_URI_LEN 512
#endif

/* httpd_start() refuses max_open_sockets above this less 3, as on a chip; the desktop's ceiling is only higher. */
#ifndef CONFIG_LWIP_MAX_SOCKETS
#define CONFIG_LWIP_MAX_SOCKETS 1024
#endif

/* Work items that httpd_queue_work() and httpd_sess_trigger_close() can have waiting. */
#ifndef CONFIG_LWIP_UDP_RECVMBOX_SIZE
#define CONFIG_LWIP_UDP_RECVMBOX_SIZE 6
#endif

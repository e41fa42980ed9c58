/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file
 * Files that are part of the firmware, such as those of ESP-IDF's EMBED_FILES: they need no file system.
 *
 * @code{c}
 * extern const char index_html_gz_start[] __asm__("_binary_index_html_gz_start");
 * extern const char index_html_gz_end[] __asm__("_binary_index_html_gz_end");
 *
 * static const uhttpd_memory_file_t files[] = {
 *     {.path = "/index.html.gz", .start = index_html_gz_start, .end = index_html_gz_end},
 * };
 * ESP_ERROR_CHECK(uhttpd_serve_memory(server, &(uhttpd_memory_config_t) {
 *                                                 .files = files, .count = 1, .index = "index.html"}));
 * @endcode
 */

/** @brief A file in memory. */
typedef struct {
    const char *path;  /*!< below the prefix, in plain UTF-8: "/index.html", "/js/app.js.gz". "" or ".gz": the prefix
                            itself, if all files of the table are such */
    const void *start; /*!< its first byte */
    const void *end;   /*!< behind its last byte */
    const char *mime;  /*!< Content-Type; NULL: by the ending of its name */
} uhttpd_memory_file_t;

/** @brief The configuration of uhttpd_serve_memory(). Texts are copied. */
typedef struct {
    const char *prefix;                /*!< of the URL, starts with '/', or empty. NULL: empty */
    const uhttpd_memory_file_t *files; /*!< NOT copied: it lives as long as the server, as do its texts and bytes */
    size_t count;                      /*!< of files, at least 1 */
    const char *index;                 /*!< served for a path that ends in '/', such as "index.html"; NULL: none */
    const char *cache_control;         /*!< value of that header; NULL: "no-cache", so that clients ask whether it has
                                            changed */
} uhttpd_memory_config_t;

/**
 * @brief Serves files in memory for GET and HEAD requests to URLs below a prefix, or to the prefix itself. One slot.
 *
 * Conditions, ranges and `name.gz` beside, or instead of, `name` are answered as by uhttpd_serve(). Entity tags are
 * digests of the contents, so a client that has a file asks for it again only after an update that has changed it. The
 * digests are computed here, which reads each file once. Any task; does not block.
 *
 * @return as uhttpd_route(); ESP_ERR_INVALID_ARG also for a prefix with '*', no file, a path that is not clean or ends in
 *         '/', an end before its start, an index with '/', or control characters in cache_control or a type.
 */
esp_err_t uhttpd_serve_memory(uhttpd_handle_t server, const uhttpd_memory_config_t *config);

#ifdef __cplusplus
}
#endif

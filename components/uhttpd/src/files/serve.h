/* SPDX-License-Identifier: MIT */
#pragma once

#include "files/tree.h"

/**
 * @file
 * The parts of uhttpd_serve(): which file or directory is meant (serve.c), a file as a response (serve_file.c), and a
 * directory as a response (serve_list.c).
 */
typedef struct {
    uh_file_tree_t tree;
    bool dirs;
    char *index; /* NULL: none */
    char *cache_control;
    uhttpd_mime_t *types; /* NULL: none */
} uh_serve_t;

/** What a URL leads to: a file, its compressed form, or both; or a directory. */
typedef struct {
    uh_file_place_t plain;
    uh_file_place_t gzip; /* exists: it may be sent instead of the file. Its path may be NULL */
} uh_serve_target_t;

/** @brief Answers with a file. */
esp_err_t uh_serve_file(uhttpd_req_t *req, const uh_serve_t *serve, const uh_serve_target_t *target);

/** @brief Answers with a list of a directory's contents. @param path  of the directory as the client knows it */
esp_err_t uh_serve_list(uhttpd_req_t *req, const uh_serve_t *serve, const uh_file_place_t *place, const char *path);

/**
 * @brief Redirects to the same URL with a slash at its end, so that relative links of a page there work. The new URL is
 *        relative itself: a proxy in front may have its own path to this one.
 */
esp_err_t uh_serve_redirect(uhttpd_req_t *req);

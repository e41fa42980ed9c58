/* SPDX-License-Identifier: MIT */
#pragma once

#include "http/multipart.h"
#include "uhttpd_form.h"

/**
 * @file
 * The parts of a multipart form as handlers see them, from the bytes of a body.
 */
typedef struct {
    uhttpd_req_t *req;
    uh_multipart_t multipart;
    uh_multipart_event_t last;
    uhttpd_part_t part;                   /* with UH_MULTIPART_PART; its texts are in multipart and filename */
    char filename[UH_MULTIPART_HEAD + 1]; /* whatever the client wrote; its last segment is the part's */
} uh_parts_parser_t;

/** @brief Reads the Content-Type. 415; 400 */
esp_err_t uh_parts_init(uh_parts_parser_t *parser, uhttpd_req_t *req);

/**
 * @brief Advances to the next event, which is uh_parts_parser_t::last, as uh_multipart_next() does.
 * @return ESP_OK; ESP_ERR_UHTTPD_REFUSED
 */
esp_err_t uh_parts_next(uh_parts_parser_t *parser, const uint8_t **in, size_t *in_len, const uint8_t **data,
                        size_t *len);

/** @brief The body is over. 400, unless the form is over, too */
esp_err_t uh_parts_finish(const uh_parts_parser_t *parser);

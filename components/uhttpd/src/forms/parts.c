/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "forms/parser.h"

#define PARTS_BUFFER 1024 /* bytes of the body that are read at a time */

struct uhttpd_parts {
    uh_parts_parser_t parser;
    esp_err_t error; /* what every further call returns */
    bool in_part;
    const uint8_t *in; /* in buffer, not parsed yet */
    size_t in_len;
    const uint8_t *data; /* of the current part, not handed out yet */
    size_t data_len;
    uint8_t buffer[PARTS_BUFFER];
};

esp_err_t uhttpd_parts_open(uhttpd_req_t *req, uhttpd_parts_t **parts)
{
    *parts = NULL;
    uhttpd_parts_t *self = calloc(1, sizeof(*self));
    esp_err_t err = self != NULL ? uh_parts_init(&self->parser, req) : ESP_ERR_NO_MEM;
    if (err != ESP_OK) {
        free(self);
        return err;
    }
    *parts = self;
    return ESP_OK;
}

void uhttpd_parts_close(uhttpd_parts_t *parts)
{
    free(parts);
}

static esp_err_t read_more(uhttpd_parts_t *parts)
{
    size_t got;
    esp_err_t err = uhttpd_req_read(parts->parser.req, parts->buffer, sizeof(parts->buffer), &got);
    parts->in = parts->buffer;
    parts->in_len = got;
    return err == ESP_OK && got == 0 ? uh_parts_finish(&parts->parser) : err;
}

/* To the next event. */
static esp_err_t parts_advance(uhttpd_parts_t *parts)
{
    parts->data_len = 0;
    while (parts->error == ESP_OK) {
        parts->error = uh_parts_next(&parts->parser, &parts->in, &parts->in_len, &parts->data, &parts->data_len);
        if (parts->error == ESP_OK && parts->parser.last != UH_MULTIPART_MORE) {
            parts->data_len = parts->parser.last == UH_MULTIPART_DATA ? parts->data_len : 0;
            parts->in_part = parts->parser.last == UH_MULTIPART_PART || parts->parser.last == UH_MULTIPART_DATA;
            return ESP_OK;
        }
        if (parts->error == ESP_OK) {
            parts->error = read_more(parts);
        }
    }
    return parts->error;
}

esp_err_t uhttpd_parts_next(uhttpd_parts_t *parts, uhttpd_part_t *part)
{
    esp_err_t err;
    do {
        err = parts_advance(parts);
    } while (err == ESP_OK && parts->parser.last != UH_MULTIPART_PART && parts->parser.last != UH_MULTIPART_END);
    if (err == ESP_OK && parts->parser.last == UH_MULTIPART_END) {
        return ESP_ERR_NOT_FOUND;
    }
    *part = parts->parser.part;
    return err;
}

esp_err_t uhttpd_parts_read(uhttpd_parts_t *parts, void *buf, size_t size, size_t *got)
{
    *got = 0;
    if (size > 0 && parts->data_len == 0 && parts->in_part && parts_advance(parts) != ESP_OK) {
        return parts->error;
    }
    *got = parts->data_len < size ? parts->data_len : size;
    if (*got > 0) {
        memcpy(buf, parts->data, *got);
        parts->data += *got;
        parts->data_len -= *got;
    }
    return ESP_OK;
}

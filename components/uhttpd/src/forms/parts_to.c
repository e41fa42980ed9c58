/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "forms/parser.h"
#include "uhttpd_stream.h"

typedef struct {
    uh_parts_parser_t parser;
    uhttpd_parts_sink_t sink;
} delivery_t;

static esp_err_t deliver_event(const delivery_t *delivery, const uint8_t *data, size_t len)
{
    const uhttpd_parts_sink_t *sink = &delivery->sink;
    switch (delivery->parser.last) {
    case UH_MULTIPART_PART:
        return sink->begin(sink->ctx, &delivery->parser.part);
    case UH_MULTIPART_DATA:
        return sink->write(sink->ctx, data, len);
    case UH_MULTIPART_PART_END:
        return sink->end != NULL ? sink->end(sink->ctx) : ESP_OK;
    default:
        return ESP_OK;
    }
}

static bool goes_on(const delivery_t *delivery)
{
    return delivery->parser.last != UH_MULTIPART_MORE && delivery->parser.last != UH_MULTIPART_END;
}

static esp_err_t deliver_piece(void *ctx, const void *in, size_t in_len)
{
    delivery_t *delivery = ctx;
    const uint8_t *at = in, *data = NULL;
    size_t len = 0;
    esp_err_t err;
    do {
        err = uh_parts_next(&delivery->parser, &at, &in_len, &data, &len);
        err = err == ESP_OK ? deliver_event(delivery, data, len) : err;
    } while (err == ESP_OK && goes_on(delivery));
    return err;
}

static esp_err_t deliver_end(uhttpd_req_t *req, void *ctx, esp_err_t result)
{
    delivery_t *delivery = ctx;
    const uhttpd_parts_sink_t sink = delivery->sink;
    result = result == ESP_OK ? uh_parts_finish(&delivery->parser) : result;
    free(delivery);
    return sink.done(req, sink.ctx, result);
}

esp_err_t uhttpd_read_parts_to(uhttpd_req_t *req, const uhttpd_parts_sink_t *sink)
{
    if (sink->begin == NULL || sink->write == NULL || sink->done == NULL) {
        return ESP_ERR_INVALID_ARG;
    }
    delivery_t *delivery = calloc(1, sizeof(*delivery));
    if (delivery == NULL) {
        return ESP_ERR_NO_MEM;
    }
    delivery->sink = *sink;
    esp_err_t err = uh_parts_init(&delivery->parser, req);
    err = err == ESP_OK ? uhttpd_read_to(req, &(uhttpd_sink_t) {deliver_piece, deliver_end, delivery}) : err;
    if (err != ESP_OK) {
        free(delivery);
    }
    return err;
}

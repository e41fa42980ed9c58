/* SPDX-License-Identifier: MIT */
/* A body as a whole. */
#include <stdlib.h>

#include "exchange.h"
#include "uhttpd_json.h"

#define FIRST_ROOM 256 /* bytes, of a body whose length is not known; then as much again as there is */

static const char s_too_long[] = "the body is longer than is allowed here";

/* Until the memory is full or the body has ended. */
static esp_err_t fill_memory(uhttpd_req_t *req, char *data, size_t room, size_t *len)
{
    esp_err_t err = ESP_OK;
    size_t got = 1;
    while (err == ESP_OK && got > 0 && *len < room) {
        err = uhttpd_req_read(req, data + *len, room - *len, &got);
        *len += got;
    }
    return err;
}

/* One byte more than there may be shows that there are too many. */
static esp_err_t read_into_heap(uhttpd_req_t *req, size_t max, size_t room, char **data, size_t *len)
{
    esp_err_t err = ESP_OK;
    while (err == ESP_OK && *len <= max) {
        char *larger = realloc(*data, room + 1);
        if (larger == NULL) {
            return ESP_ERR_NO_MEM;
        }
        *data = larger;
        err = fill_memory(req, *data, room, len);
        if (*len < room) {
            break;
        }
        room = room < max / 2 ? 2 * room : max + 1;
    }
    return err == ESP_OK && *len > max ? uh_body_refuse(req, 413, s_too_long) : err;
}

esp_err_t uhttpd_req_read_all(uhttpd_req_t *req, size_t max, char **data, size_t *len)
{
    int64_t known = uhttpd_req_length(req);
    *data = NULL;
    *len = 0;
    if (known > 0 && (uint64_t)known > max) {
        return uh_body_refuse(req, 413, s_too_long);
    }
    size_t first = known >= 0 ? (size_t)known + 1 : FIRST_ROOM;
    esp_err_t err = read_into_heap(req, max, first <= max ? first : max + 1, data, len);
    if (err == ESP_OK) {
        (*data)[*len] = '\0';
        return ESP_OK;
    }
    free(*data);
    *data = NULL;
    return err;
}

esp_err_t uhttpd_req_read_json(uhttpd_req_t *req, size_t max, char **text, size_t *len)
{
    esp_err_t err = uhttpd_req_read_all(req, max, text, len);
    const char *fault = err == ESP_OK ? uhttpd_json_fault(*text, *len) : NULL;
    if (fault == NULL) {
        return err;
    }
    free(*text);
    *text = NULL;
    return uh_body_refuse(req, 400, fault);
}

/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdlib.h>
#include <string.h>

#include "cJSON.h"
#include "uhttpd.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file
 * JSON with cJSON. The library itself does without: a component that includes this has cJSON among its own requirements,
 * which is "json" up to ESP-IDF 5.5, and "espressif/cjson" from 6.0.
 */

/**
 * @brief Reads a body that is JSON, as uhttpd_req_read_json(), and parses it.
 * @param[out] value  for cJSON_Delete(). NULL after an error.
 */
static inline esp_err_t uhttpd_req_read_cjson(uhttpd_req_t *req, size_t max, cJSON **value)
{
    char *text;
    size_t len;
    esp_err_t err = uhttpd_req_read_json(req, max, &text, &len);
    *value = err == ESP_OK ? cJSON_ParseWithLength(text, len) : NULL;
    free(text);
    return err == ESP_OK && *value == NULL ? ESP_ERR_NO_MEM : err;
}

/** @brief Answers with a value, as uhttpd_write(). @param status  NULL: "200 OK" */
static inline esp_err_t uhttpd_write_cjson(uhttpd_req_t *req, const cJSON *value, const char *status)
{
    char *text = cJSON_PrintUnformatted(value);
    if (text == NULL) {
        return ESP_ERR_NO_MEM;
    }
    const uhttpd_response_t response = {.status = status, .mime = "application/json"};
    esp_err_t err = uhttpd_write(req, text, strlen(text), &response);
    cJSON_free(text);
    return err;
}

#ifdef __cplusplus
}
#endif

/* SPDX-License-Identifier: MIT */
/*
 * Logging as in ESP-IDF: ESP_LOGE(tag, format, ...) and its kin. Lines go to standard error, each in one write(2), so
 * that lines of different threads never mix. errno does not change. Any thread may call the functions.
 *
 * The environment variable ESP_LOG_LEVEL sets the level at the start: none, error, warn, info, debug or verbose, or the
 * first letter of one of them. The default is warn.
 */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    ESP_LOG_NONE,
    ESP_LOG_ERROR,
    ESP_LOG_WARN,
    ESP_LOG_INFO,
    ESP_LOG_DEBUG,
    ESP_LOG_VERBOSE,
} esp_log_level_t;

/** Sets the level of one tag, which must stay valid. At most eight tags have a level of their own. */
void esp_log_level_set(const char *tag, esp_log_level_t level);

/* What the macros call: one whole line, "W (1234) tag: text"; text beyond 1 KB is cut. */
void hs_log(esp_log_level_t level, const char *tag, const char *format, ...) __attribute__((format(printf, 3, 4)));

#define ESP_LOGE(tag, ...) hs_log(ESP_LOG_ERROR, (tag), __VA_ARGS__)
#define ESP_LOGW(tag, ...) hs_log(ESP_LOG_WARN, (tag), __VA_ARGS__)
#define ESP_LOGI(tag, ...) hs_log(ESP_LOG_INFO, (tag), __VA_ARGS__)
#define ESP_LOGD(tag, ...) hs_log(ESP_LOG_DEBUG, (tag), __VA_ARGS__)

#ifdef __cplusplus
}
#endif

/* SPDX-License-Identifier: MIT */
/*
 * Logging as in ESP-IDF: ESP_LOGE(tag, format, ...) and its kin. Lines go to standard error, each in one write(2), so
 * that lines of different threads never mix; errno is left as it was. Every function may be called from any thread.
 *
 * The level at start comes from the environment variable ESP_LOG_LEVEL: none, error, warn, info, debug, verbose, the
 * first letter of one of these, or 0 to 5. Without it: warn.
 */
#pragma once

#include <stdarg.h>
#include <stdint.h>

#include "sdkconfig.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    ESP_LOG_NONE = 0,
    ESP_LOG_ERROR = 1,
    ESP_LOG_WARN = 2,
    ESP_LOG_INFO = 3,
    ESP_LOG_DEBUG = 4,
    ESP_LOG_VERBOSE = 5,
    ESP_LOG_MAX = 6,
} esp_log_level_t;

/** Define it before including this header to leave finer levels of one file out of the program. */
#ifndef LOG_LOCAL_LEVEL
#define LOG_LOCAL_LEVEL ESP_LOG_VERBOSE
#endif

/**
 * Sets the level of one tag, or of all with "*" (which forgets those set one by one).
 * At most 32 tags have a level of their own; one more is reported and ignored.
 */
void esp_log_level_set(const char *tag, esp_log_level_t level);

/** Level in force for a tag; NULL asks for the one of all others. */
esp_log_level_t esp_log_level_get(const char *tag);

/** Milliseconds since the first call; wraps after 49 days. */
uint32_t esp_log_timestamp(void);

/** Writes as printf does, without prefix or newline of its own, if `tag` is logged at `level`. At most 1023 bytes. */
void esp_log_write(esp_log_level_t level, const char *tag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void esp_log_writev(esp_log_level_t level, const char *tag, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

/* What the macros call: one whole line, "W (1234) tag: text"; text beyond 1 KB is cut. */
void esp_log_line_(esp_log_level_t level, const char *tag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define ESP_LOG_LEVEL(level, tag, ...) esp_log_line_((level), (tag), __VA_ARGS__)

#define ESP_LOG_LEVEL_LOCAL(level, tag, ...) \
    do { \
        if (LOG_LOCAL_LEVEL >= (level)) { \
            ESP_LOG_LEVEL(level, tag, __VA_ARGS__); \
        } \
    } while (0)

#define ESP_LOGE(tag, ...) ESP_LOG_LEVEL_LOCAL(ESP_LOG_ERROR, tag, __VA_ARGS__)
#define ESP_LOGW(tag, ...) ESP_LOG_LEVEL_LOCAL(ESP_LOG_WARN, tag, __VA_ARGS__)
#define ESP_LOGI(tag, ...) ESP_LOG_LEVEL_LOCAL(ESP_LOG_INFO, tag, __VA_ARGS__)
#define ESP_LOGD(tag, ...) ESP_LOG_LEVEL_LOCAL(ESP_LOG_DEBUG, tag, __VA_ARGS__)
#define ESP_LOGV(tag, ...) ESP_LOG_LEVEL_LOCAL(ESP_LOG_VERBOSE, tag, __VA_ARGS__)

#define ESP_EARLY_LOGE ESP_LOGE
#define ESP_EARLY_LOGW ESP_LOGW
#define ESP_EARLY_LOGI ESP_LOGI
#define ESP_EARLY_LOGD ESP_LOGD
#define ESP_EARLY_LOGV ESP_LOGV

#ifdef __cplusplus
}
#endif

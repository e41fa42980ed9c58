/* SPDX-License-Identifier: MIT */
/*
 * Checks that log an error and leave, as in ESP-IDF: ESP_RETURN_ON_* return from the function, ESP_GOTO_ON_* set the
 * local variable `ret` and jump. The message takes printf's format and arguments. The log shows function and line
 * before it.
 */
#pragma once

#include "esp_err.h"
#include "esp_log.h"

#define ESP_RETURN_ON_ERROR(x, log_tag, ...) \
    do { \
        esp_err_t err_rc_ = (x); \
        if (err_rc_ != ESP_OK) { \
            hs_check_failed((log_tag), __func__, __LINE__, __VA_ARGS__); \
            return err_rc_; \
        } \
    } while (0)

#define ESP_RETURN_ON_FALSE(a, err_code, log_tag, ...) \
    ESP_RETURN_ON_ERROR((a) ? ESP_OK : (err_code), log_tag, __VA_ARGS__)

#define ESP_GOTO_ON_ERROR(x, goto_tag, log_tag, ...) \
    do { \
        esp_err_t err_rc_ = (x); \
        if (err_rc_ != ESP_OK) { \
            hs_check_failed((log_tag), __func__, __LINE__, __VA_ARGS__); \
            ret = err_rc_; \
            goto goto_tag; \
        } \
    } while (0)

/* What the macros call. */
void hs_check_failed(const char *tag, const char *function, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* SPDX-License-Identifier: MIT */
/*
 * Checks that log and leave, as in ESP-IDF: ESP_RETURN_ON_* return from the function, ESP_GOTO_ON_* set the local
 * variable `ret` and jump. The message takes printf's format and arguments and is logged as an error, with function
 * and line before it.
 */
#pragma once

#include "esp_err.h"
#include "esp_log.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the macros call. */
void esp_check_failed_(const char *tag, const char *function, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#ifdef __cplusplus
}
#endif

#define ESP_RETURN_ON_ERROR(x, log_tag, ...) \
    do { \
        esp_err_t err_rc_ = (x); \
        if (__builtin_expect(err_rc_ != ESP_OK, 0)) { \
            esp_check_failed_((log_tag), __func__, __LINE__, __VA_ARGS__); \
            return err_rc_; \
        } \
    } while (0)

#define ESP_RETURN_VOID_ON_ERROR(x, log_tag, ...) \
    do { \
        esp_err_t err_rc_ = (x); \
        if (__builtin_expect(err_rc_ != ESP_OK, 0)) { \
            esp_check_failed_((log_tag), __func__, __LINE__, __VA_ARGS__); \
            return; \
        } \
    } while (0)

#define ESP_GOTO_ON_ERROR(x, goto_tag, log_tag, ...) \
    do { \
        esp_err_t err_rc_ = (x); \
        if (__builtin_expect(err_rc_ != ESP_OK, 0)) { \
            esp_check_failed_((log_tag), __func__, __LINE__, __VA_ARGS__); \
            ret = err_rc_; \
            goto goto_tag; \
        } \
    } while (0)

#define ESP_RETURN_ON_FALSE(a, err_code, log_tag, ...) \
    do { \
        if (__builtin_expect(!(a), 0)) { \
            esp_check_failed_((log_tag), __func__, __LINE__, __VA_ARGS__); \
            return (err_code); \
        } \
    } while (0)

#define ESP_RETURN_VOID_ON_FALSE(a, log_tag, ...) \
    do { \
        if (__builtin_expect(!(a), 0)) { \
            esp_check_failed_((log_tag), __func__, __LINE__, __VA_ARGS__); \
            return; \
        } \
    } while (0)

#define ESP_GOTO_ON_FALSE(a, err_code, goto_tag, log_tag, ...) \
    do { \
        if (__builtin_expect(!(a), 0)) { \
            esp_check_failed_((log_tag), __func__, __LINE__, __VA_ARGS__); \
            ret = (err_code); \
            goto goto_tag; \
        } \
    } while (0)

/* SPDX-License-Identifier: MIT */
/*
 * esp_err_t, its common codes and their names, with ESP-IDF's values. Every function may be called from any thread
 * and does not block beyond a write to standard error.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef int esp_err_t;

#define ESP_OK 0
#define ESP_FAIL -1

#define ESP_ERR_NO_MEM 0x101
#define ESP_ERR_INVALID_ARG 0x102
#define ESP_ERR_INVALID_STATE 0x103
#define ESP_ERR_INVALID_SIZE 0x104
#define ESP_ERR_NOT_FOUND 0x105
#define ESP_ERR_NOT_SUPPORTED 0x106
#define ESP_ERR_TIMEOUT 0x107
#define ESP_ERR_INVALID_RESPONSE 0x108
#define ESP_ERR_INVALID_CRC 0x109
#define ESP_ERR_INVALID_VERSION 0x10A
#define ESP_ERR_INVALID_MAC 0x10B
#define ESP_ERR_NOT_FINISHED 0x10C
#define ESP_ERR_NOT_ALLOWED 0x10D

#define ESP_ERR_WIFI_BASE 0x3000
#define ESP_ERR_MESH_BASE 0x4000
#define ESP_ERR_FLASH_BASE 0x6000
#define ESP_ERR_HW_CRYPTO_BASE 0xc000
#define ESP_ERR_MEMPROT_BASE 0xd000

/** Name of `code`, for example "ESP_ERR_NO_MEM"; "UNKNOWN ERROR" for what is in no table. Never NULL, never freed. */
const char *esp_err_to_name(esp_err_t code);

/**
 * As esp_err_to_name(), but a code in no table is looked for among errno's, and is otherwise given as a number.
 *
 * @param buf     receives the text, always terminated when buflen > 0
 * @param buflen  bytes in buf
 * @return buf
 */
const char *esp_err_to_name_r(esp_err_t code, char *buf, size_t buflen);

/* What the macros below call. */
void esp_err_check_failed_(esp_err_t code, const char *file, int line, const char *function, const char *expression)
    __attribute__((noreturn));
void esp_err_check_report_(esp_err_t code, const char *file, int line, const char *function, const char *expression);

/** Evaluates `x` once; anything but ESP_OK is reported on standard error and ends the process (not with NDEBUG). */
#ifdef NDEBUG
#define ESP_ERROR_CHECK(x) ((void)(x))
#else
#define ESP_ERROR_CHECK(x) \
    do { \
        esp_err_t err_rc_ = (x); \
        if (__builtin_expect(err_rc_ != ESP_OK, 0)) { \
            esp_err_check_failed_(err_rc_, __FILE__, __LINE__, __func__, #x); \
        } \
    } while (0)
#endif

/** As ESP_ERROR_CHECK(), but goes on: the value of the expression is the code. */
#ifdef NDEBUG
#define ESP_ERROR_CHECK_WITHOUT_ABORT(x) (x)
#else
#define ESP_ERROR_CHECK_WITHOUT_ABORT(x) \
    __extension__({ \
        esp_err_t err_rc_ = (x); \
        if (__builtin_expect(err_rc_ != ESP_OK, 0)) { \
            esp_err_check_report_(err_rc_, __FILE__, __LINE__, __func__, #x); \
        } \
        err_rc_; \
    })
#endif

#ifdef __cplusplus
}
#endif

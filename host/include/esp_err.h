/* SPDX-License-Identifier: MIT */
/* esp_err_t, its common codes and their names, with ESP-IDF's values. Any thread may call the functions. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef int esp_err_t;

#define ESP_OK 0
#define ESP_FAIL (-1)

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

/** Name of `code`, for example "ESP_ERR_NO_MEM"; "UNKNOWN ERROR" for what is in no table. Never NULL, never freed. */
const char *esp_err_to_name(esp_err_t code);

/** Evaluates `x` once. Any result except ESP_OK is reported on standard error and ends the process. */
#define ESP_ERROR_CHECK(x) \
    do { \
        esp_err_t err_rc_ = (x); \
        if (err_rc_ != ESP_OK) { \
            hs_error_check_failed(err_rc_, __FILE__, __LINE__, __func__, #x); \
        } \
    } while (0)

/* What the macro calls. */
void hs_error_check_failed(esp_err_t code, const char *file, int line, const char *function, const char *expression)
    __attribute__((noreturn));

#ifdef __cplusplus
}
#endif

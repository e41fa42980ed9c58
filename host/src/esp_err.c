/* SPDX-License-Identifier: MIT */
#include "esp_err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "esp_check.h"
#include "esp_http_server.h"

/* clang-format off */
#define NAME(code) {code, #code}

static const struct {
    esp_err_t code;
    const char *name;
} s_names[] = {
    NAME(ESP_OK), NAME(ESP_FAIL),
    NAME(ESP_ERR_NO_MEM), NAME(ESP_ERR_INVALID_ARG), NAME(ESP_ERR_INVALID_STATE), NAME(ESP_ERR_INVALID_SIZE),
    NAME(ESP_ERR_NOT_FOUND), NAME(ESP_ERR_NOT_SUPPORTED), NAME(ESP_ERR_TIMEOUT), NAME(ESP_ERR_INVALID_RESPONSE),
    NAME(ESP_ERR_INVALID_CRC), NAME(ESP_ERR_INVALID_VERSION), NAME(ESP_ERR_INVALID_MAC),
    NAME(ESP_ERR_NOT_FINISHED), NAME(ESP_ERR_NOT_ALLOWED),
    NAME(ESP_ERR_WIFI_BASE), NAME(ESP_ERR_MESH_BASE), NAME(ESP_ERR_FLASH_BASE), NAME(ESP_ERR_HW_CRYPTO_BASE),
    NAME(ESP_ERR_MEMPROT_BASE),
    NAME(ESP_ERR_HTTPD_BASE), NAME(ESP_ERR_HTTPD_HANDLERS_FULL), NAME(ESP_ERR_HTTPD_HANDLER_EXISTS),
    NAME(ESP_ERR_HTTPD_INVALID_REQ), NAME(ESP_ERR_HTTPD_RESULT_TRUNC), NAME(ESP_ERR_HTTPD_RESP_HDR),
    NAME(ESP_ERR_HTTPD_RESP_SEND), NAME(ESP_ERR_HTTPD_ALLOC_MEM), NAME(ESP_ERR_HTTPD_TASK),
};
/* clang-format on */

static const char *find_name(esp_err_t code)
{
    for (size_t i = 0; i < sizeof(s_names) / sizeof(s_names[0]); i++) {
        if (s_names[i].code == code) {
            return s_names[i].name;
        }
    }
    return NULL;
}

const char *esp_err_to_name(esp_err_t code)
{
    const char *name = find_name(code);
    return name ? name : "UNKNOWN ERROR";
}

const char *esp_err_to_name_r(esp_err_t code, char *buf, size_t buflen)
{
    const char *name = find_name(code);
    if (name) {
        snprintf(buf, buflen, "%s", name);
    } else if (code <= 0 || code > 4095 || strerror_r(code, buf, buflen) != 0) {
        snprintf(buf, buflen, "UNKNOWN ERROR 0x%x(%d)", (unsigned)code, code);
    }
    return buf;
}

void esp_err_check_report_(esp_err_t code, const char *file, int line, const char *function, const char *expression)
{
    char name[64];
    fprintf(stderr, "ESP_ERROR_CHECK failed: 0x%x (%s)\nfile: \"%s\" line %d\nfunc: %s\nexpression: %s\n",
            (unsigned)code, esp_err_to_name_r(code, name, sizeof(name)), file, line, function, expression);
}

void esp_err_check_failed_(esp_err_t code, const char *file, int line, const char *function, const char *expression)
{
    esp_err_check_report_(code, file, line, function, expression);
    abort();
}

void esp_check_failed_(const char *tag, const char *function, int line, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    ESP_LOGE(tag, "%s(%d): %s", function, line, text);
}

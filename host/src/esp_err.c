/* SPDX-License-Identifier: MIT */
#include "esp_err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

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
    NAME(ESP_ERR_HTTPD_HANDLERS_FULL), NAME(ESP_ERR_HTTPD_ALLOC_MEM), NAME(ESP_ERR_HTTPD_TASK),
};
/* clang-format on */

const char *esp_err_to_name(esp_err_t code)
{
    for (size_t i = 0; i < sizeof(s_names) / sizeof(s_names[0]); i++) {
        if (s_names[i].code == code) {
            return s_names[i].name;
        }
    }
    return "UNKNOWN ERROR";
}

void hs_error_check_failed(esp_err_t code, const char *file, int line, const char *function, const char *expression)
{
    fprintf(stderr, "ESP_ERROR_CHECK failed: 0x%x (%s)\nfile: \"%s\" line %d\nfunc: %s\nexpression: %s\n",
            (unsigned)code, esp_err_to_name(code), file, line, function, expression);
    abort();
}

void hs_check_failed(const char *tag, const char *function, int line, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    ESP_LOGE(tag, "%s(%d): %s", function, line, text);
}

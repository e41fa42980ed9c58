/* SPDX-License-Identifier: MIT */
#include "login.h"

#include <mbedtls/base64.h>
#include <mbedtls/constant_time.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "files.h"
#include "settings.h"

static const char s_scheme[] = "Basic ";

static bool is_below(const char *path, size_t len, const char *url)
{
    size_t url_len = strlen(url);
    return len >= url_len && memcmp(path, url, url_len) == 0 && (len == url_len || path[url_len] == '/');
}

static bool needs_password(const uhttpd_req_t *req)
{
    size_t len;
    const char *path = uhttpd_req_path(req, &len);
    if (!is_below(path, len, FILES_URL) && !is_below(path, len, FILES_PAGE_URL)) {
        return false;
    }
    bool reads = uhttpd_req_method(req) & (UHTTPD_GET | UHTTPD_HEAD);
    return !(reads && settings_files_are_public());
}

/* @return the value of Authorization, behind the scheme; NULL: there is none of Basic */
static const char *credentials_of(const uhttpd_req_t *req)
{
    const char *value = uhttpd_req_header(req, "Authorization");
    if (!value || strncasecmp(value, s_scheme, sizeof(s_scheme) - 1) != 0) {
        return NULL;
    }
    value += sizeof(s_scheme) - 1;
    return value + strspn(value, " ");
}

/* @param credentials  base64 of "user:password" */
static bool knows_password(const char *credentials, const char *password)
{
    size_t len = strlen(credentials);
    const unsigned char *base64 = (const unsigned char *)credentials;
    unsigned char *text = malloc(len + 1);
    size_t text_len = 0;
    bool decoded = text && mbedtls_base64_decode(text, len + 1, &text_len, base64, len) == 0;
    const unsigned char *colon = decoded ? memchr(text, ':', text_len) : NULL;
    size_t given = colon ? (size_t)(text + text_len - (colon + 1)) : 0;
    bool known = colon && given == strlen(password) && mbedtls_ct_memcmp(colon + 1, password, given) == 0;
    free(text);
    return known;
}

static esp_err_t app_login_challenge(uhttpd_req_t *req)
{
    static const char text[] = "Files take the password of the console, with any user name.\n";
    static const uhttpd_header_t header = {"WWW-Authenticate", "Basic realm=\"files\", charset=\"UTF-8\""};
    static const uhttpd_response_t response = {
        .status = "401 Unauthorized", .mime = "text/plain; charset=utf-8", .headers = &header, .header_count = 1};
    uhttpd_write(req, text, sizeof(text) - 1, &response);
    return ESP_FAIL;
}

esp_err_t login_judge(uhttpd_req_t *req, void *ctx)
{
    (void)ctx;
    const char *password = settings_console_password();
    if (!password || !needs_password(req)) {
        return ESP_OK;
    }
    const char *credentials = credentials_of(req);
    return credentials && knows_password(credentials, password) ? ESP_OK : app_login_challenge(req);
}

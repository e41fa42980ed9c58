/* SPDX-License-Identifier: MIT */
/* What a handler asks of its request: headers, cookies, query. */
#include <strings.h>

#include "httpd_priv.h"

/* Value of the first header of that name, NULL if there is none. */
const char *hd_header_find(const hd_request_t *request, const char *field)
{
    const char *at = request->headers, *end = request->headers + request->headers_len;
    while (at < end) {
        const char *value = at + strlen(at) + 1;
        if (strcasecmp(at, field) == 0) {
            return value;
        }
        at = value + strlen(value) + 1;
    }
    return NULL;
}

size_t httpd_req_get_hdr_value_len(httpd_req_t *r, const char *field)
{
    hd_request_t *request = r && field ? hd_request_of(r) : NULL;
    const char *value = request ? hd_header_find(request, field) : NULL;
    return value ? strlen(value) : 0;
}

esp_err_t httpd_req_get_hdr_value_str(httpd_req_t *r, const char *field, char *val, size_t val_size)
{
    if (!r || !field || !val) {
        return ESP_ERR_INVALID_ARG;
    }
    hd_request_t *request = hd_request_of(r);
    if (!request) {
        return ESP_ERR_HTTPD_INVALID_REQ;
    }
    const char *value = hd_header_find(request, field);
    if (!value) {
        return ESP_ERR_NOT_FOUND;
    }
    size_t len = strlen(value), fits = len < val_size ? len : val_size ? val_size - 1 : 0;
    if (val_size) {
        memcpy(val, value, fits);
        val[fits] = '\0';
    }
    return len < val_size ? ESP_OK : ESP_ERR_HTTPD_RESULT_TRUNC;
}

static esp_err_t copy_out(char *to, size_t size, const char *from, size_t len)
{
    if (len >= size) {
        return ESP_ERR_HTTPD_RESULT_TRUNC;
    }
    memcpy(to, from, len);
    to[len] = '\0';
    return ESP_OK;
}

size_t httpd_req_get_url_query_len(httpd_req_t *r)
{
    hd_request_t *request = r ? hd_request_of(r) : NULL;
    if (!request || !(request->url.field_set & (1 << UF_QUERY))) {
        return 0;
    }
    return request->url.field_data[UF_QUERY].len;
}

esp_err_t httpd_req_get_url_query_str(httpd_req_t *r, char *buf, size_t buf_len)
{
    if (!r || !buf) {
        return ESP_ERR_INVALID_ARG;
    }
    hd_request_t *request = hd_request_of(r);
    if (!request) {
        return ESP_ERR_HTTPD_INVALID_REQ;
    }
    if (!(request->url.field_set & (1 << UF_QUERY))) {
        return ESP_ERR_NOT_FOUND;
    }
    const char *query = r->uri + request->url.field_data[UF_QUERY].off;
    return copy_out(buf, buf_len, query, request->url.field_data[UF_QUERY].len);
}

esp_err_t httpd_query_key_value(const char *qry, const char *key, char *val, size_t val_size)
{
    if (!qry || !key || !val) {
        return ESP_ERR_INVALID_ARG;
    }
    size_t key_len = strlen(key);
    for (const char *item = qry; *item;) {
        size_t len = strcspn(item, "&");
        const char *equals = memchr(item, '=', len);
        if (!equals) {
            break;
        }
        if ((size_t)(equals - item) == key_len && strncasecmp(item, key, key_len) == 0) {
            return copy_out(val, val_size, equals + 1, (size_t)(item + len - equals - 1));
        }
        item += len;
        item += *item == '&';
    }
    return ESP_ERR_NOT_FOUND;
}

esp_err_t httpd_req_get_cookie_val(httpd_req_t *req, const char *cookie_name, char *val, size_t *val_size)
{
    if (!req || !cookie_name || !val || !val_size) {
        return ESP_ERR_INVALID_ARG;
    }
    hd_request_t *request = hd_request_of(req);
    const char *cookies = request ? hd_header_find(request, "Cookie") : NULL;
    size_t name_len = strlen(cookie_name);
    for (const char *item = cookies; item && *item;) {
        item += strspn(item, " \t");
        size_t len = strcspn(item, ";");
        if (len > name_len && item[name_len] == '=' && strncasecmp(item, cookie_name, name_len) == 0) {
            size_t size = *val_size, value_len = len - name_len - 1;
            *val_size = value_len + 1;
            return copy_out(val, size, item + name_len + 1, value_len);
        }
        item += len;
        item += *item == ';';
    }
    return ESP_ERR_NOT_FOUND;
}

/* SPDX-License-Identifier: MIT */
/* Error responses, and the functions that may replace them. */
#include "esp_log.h"
#include "httpd_priv.h"

typedef struct {
    const char *status;
    const char *text;
} error_text_t;

static const error_text_t s_texts[HTTPD_ERR_CODE_MAX] = {
    [HTTPD_500_INTERNAL_SERVER_ERROR] = {"500 Internal Server Error", "Something went wrong in the server"},
    [HTTPD_501_METHOD_NOT_IMPLEMENTED] = {"501 Method Not Implemented", "This server does not know the method"},
    [HTTPD_505_VERSION_NOT_SUPPORTED] = {"505 Version Not Supported", "This server speaks HTTP/1.1 and HTTP/1.0"},
    [HTTPD_400_BAD_REQUEST] = {"400 Bad Request", "The request could not be understood"},
    [HTTPD_401_UNAUTHORIZED] = {"401 Unauthorized", "This needs a login"},
    [HTTPD_403_FORBIDDEN] = {"403 Forbidden", "This is not allowed"},
    [HTTPD_404_NOT_FOUND] = {"404 Not Found", "Nothing lives at this address"},
    [HTTPD_405_METHOD_NOT_ALLOWED] = {"405 Method Not Allowed", "This address does not take that method"},
    [HTTPD_408_REQ_TIMEOUT] = {"408 Request Timeout", "The request did not arrive in time"},
    [HTTPD_411_LENGTH_REQUIRED] = {"411 Length Required", "The body needs a Content-Length"},
    [HTTPD_413_CONTENT_TOO_LARGE] = {"413 Content Too Large", "The body is too large"},
    [HTTPD_414_URI_TOO_LONG] = {"414 URI Too Long", "The address is too long"},
    [HTTPD_431_REQ_HDR_FIELDS_TOO_LARGE] = {"431 Request Header Fields Too Large", "The headers are too long"},
};

esp_err_t httpd_register_err_handler(httpd_handle_t handle, httpd_err_code_t error, httpd_err_handler_func_t handler_fn)
{
    hd_server_t *server = handle;
    if (!server || (unsigned)error >= HTTPD_ERR_CODE_MAX) {
        return ESP_ERR_INVALID_ARG;
    }
    atomic_store(&server->err_handlers[error], handler_fn);
    return ESP_OK;
}

/* Only of these is the end of the request known, and with it the beginning of the next one. */
static bool may_go_on_after(httpd_err_code_t error)
{
    return error == HTTPD_404_NOT_FOUND || error == HTTPD_405_METHOD_NOT_ALLOWED || error == HTTPD_408_REQ_TIMEOUT;
}

/* Answers an error that the server found. Anything but ESP_OK: the connection is to be closed. */
esp_err_t hd_request_error(hd_request_t *request, httpd_err_code_t error)
{
    httpd_err_handler_func_t handler = atomic_load(&request->server->err_handlers[error]);
    if (handler) {
        esp_err_t err = handler(&request->pub, error);
        return may_go_on_after(error) ? err : ESP_FAIL;
    }
    request->keep_alive = false;
    httpd_resp_send_err(&request->pub, error, NULL);
    return ESP_FAIL;
}

esp_err_t httpd_resp_send_err(httpd_req_t *req, httpd_err_code_t error, const char *msg)
{
    const error_text_t *text = &s_texts[(unsigned)error < HTTPD_ERR_CODE_MAX ? error : HTTPD_500_INTERNAL_SERVER_ERROR];
    return httpd_resp_send_custom_err(req, text->status, msg ? msg : text->text);
}

esp_err_t httpd_resp_send_custom_err(httpd_req_t *req, const char *status, const char *msg)
{
    esp_err_t err = httpd_resp_set_status(req, status);
    if (err == ESP_OK) {
        err = httpd_resp_set_type(req, HTTPD_TYPE_TEXT);
    }
    if (err != ESP_OK) {
        return err;
    }
    ESP_LOGD(HD_TAG, "%s %s: %s", req->uri, status, msg ? msg : "");
    return httpd_resp_sendstr(req, msg);
}

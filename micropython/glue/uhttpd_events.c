/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "py/runtime.h"

#include "uhttpd_events.h"
#include "uhttpd_internal.h"

void py_uhttpd_server_event(py_uhttpd_server_t *self, const char *url, mp_int_t buffer, uint32_t heartbeat_ms,
                            uint32_t retry_ms)
{
    if (url[0] != '/' || strpbrk(url, "*<")) {
        mp_raise_ValueError(MP_ERROR_TEXT("url must start with '/', without '*' and parameters"));
    }
    glue_server_check_url(url);
    glue_link_t *link = glue_link_running(self);
    if (!self->events) {
        mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("nobody could listen: give Server() events"));
    }
    uhttpd_events_config_t config = UHTTPD_EVENTS_DEFAULT_CONFIG();
    config.url = url;
    config.clients = self->events;
    config.buffer = (uint32_t)buffer;
    config.heartbeat = heartbeat_ms;
    config.retry = retry_ms;
    esp_err_t err = uhttpd_events_route(link->handle, &config);
    if (err == ESP_ERR_INVALID_STATE) {
        mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("event() was called before: there can be one in a server"));
    }
    glue_raise_route(err);
}

/* str and bytes as they are, anything else as JSON. */
static mp_obj_t text_of(mp_obj_t data)
{
    mp_buffer_info_t bytes;
    bool is_memory = mp_get_buffer(data, &bytes, MP_BUFFER_READ);
    return is_memory || glue_is_json_data(data) ? glue_data_of(data) : glue_json_dumps(data);
}

bool py_uhttpd_server_dispatch(py_uhttpd_server_t *self, mp_obj_t data, const char *event, const char *id,
                               uint32_t retry_ms)
{
    glue_link_t *link = glue_link_running(self);
    mp_buffer_info_t text;
    mp_get_buffer_raise(text_of(data), &text, MP_BUFFER_READ);
    const uhttpd_event_t dispatched = {.data = text.buf, .len = text.len, .event = event, .id = id, .retry = retry_ms};
    unsigned listeners = 0;
    esp_err_t err = uhttpd_dispatch(link->handle, &dispatched, &listeners);
    if (err == ESP_ERR_INVALID_STATE) {
        mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("event() was not called: nobody can listen"));
    }
    if (err == ESP_ERR_INVALID_SIZE) {
        mp_raise_ValueError(MP_ERROR_TEXT("data is longer than what is kept of events"));
    }
    if (err != ESP_OK) {
        glue_raise(err);
    }
    return listeners > 0;
}

/* SPDX-License-Identifier: MIT */
#include "uhttpd_internal.h"

#include "py/mperrno.h"
#include "py/runtime.h"

static const struct {
    esp_err_t err;
    int number;
} s_errnos[] = {
    {ESP_ERR_UHTTPD_PORT_TAKEN, MP_EADDRINUSE},
    {ESP_ERR_NOT_ALLOWED, MP_EACCES},
    {ESP_ERR_TIMEOUT, MP_ETIMEDOUT},
    {ESP_ERR_UHTTPD_GONE, MP_ECONNRESET},
    {ESP_ERR_UHTTPD_STOPPING, MP_ECONNABORTED},
    {ESP_ERR_UHTTPD_BODY, MP_EIO},
    {ESP_ERR_UHTTPD_TOO_BIG, MP_EFBIG},
};

static int uhttpd_errno_of(esp_err_t err)
{
    for (size_t i = 0; i < MP_ARRAY_SIZE(s_errnos); i++) {
        if (s_errnos[i].err == err) {
            return s_errnos[i].number;
        }
    }
    return MP_EIO;
}

void glue_raise(esp_err_t err)
{
    if (err == ESP_ERR_NO_MEM) {
        mp_raise_type(&mp_type_MemoryError);
    }
    if (err == ESP_ERR_UHTTPD_ANSWERED) {
        mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("the request has been answered already"));
    }
    mp_raise_OSError(uhttpd_errno_of(err));
}

void glue_raise_start(esp_err_t err, const char *bind, uint16_t port)
{
    if (err == ESP_ERR_UHTTPD_PORT_TAKEN || err == ESP_ERR_NOT_ALLOWED) {
        vstr_t place;
        vstr_init(&place, 32);
        vstr_printf(&place, "%s%sport %u", bind ? bind : "", bind ? " " : "", (unsigned)port);
        mp_obj_t args[] = {MP_OBJ_NEW_SMALL_INT(uhttpd_errno_of(err)), mp_obj_new_str_from_vstr(&place)};
        nlr_raise(mp_obj_new_exception_args(&mp_type_OSError, MP_ARRAY_SIZE(args), args));
    }
    glue_raise(err);
}

void glue_raise_route(esp_err_t err)
{
    if (err == ESP_ERR_UHTTPD_ROUTES_FULL) {
        mp_raise_msg(&mp_type_RuntimeError, MP_ERROR_TEXT("no slot is left: give Server() more routes"));
    }
    if (err != ESP_OK) {
        glue_raise(err);
    }
}

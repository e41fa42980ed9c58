/* SPDX-License-Identifier: MIT */
/* Events of the default loop. Nobody listens to them on a desktop. */
#pragma once

#include "esp_err.h"

typedef const char *esp_event_base_t;

#define ESP_EVENT_DECLARE_BASE(id) extern esp_event_base_t const id
#define ESP_EVENT_DEFINE_BASE(id) esp_event_base_t const id = #id

#define esp_event_post(base, id, data, size, ticks) \
    ((void)(base), (void)(id), (void)(data), (void)(size), (void)(ticks), ESP_OK)

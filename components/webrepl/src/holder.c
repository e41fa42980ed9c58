/* SPDX-License-Identifier: MIT */
#include "holder.h"

#include "esp_log.h"
#include "uhttpd_os.h"
#include "webrepl.h"

static const char *TAG = "webrepl";

static wr_session_t *s_holder;
static uint64_t s_since;

wr_session_t *wr_holder(void)
{
    return s_holder;
}

bool wr_holder_is_taken(void)
{
    return s_holder != NULL && !uhttpd_ws_silent(s_holder->ws);
}

uint64_t wr_holder_since(void)
{
    return uhttpd_os_now() - s_since;
}

void wr_holder_take(wr_session_t *session)
{
    if (s_holder != NULL) {
        const char *reason = uhttpd_ws_silent(s_holder->ws) ? "silent, and somebody else has logged in"
                                                            : "somebody else has taken the terminal";
        wr_session_close(s_holder, WEBREPL_CLOSE_TAKEN_OVER, reason);
    }
    ESP_LOGI(TAG, "%s holds the terminal", uhttpd_ws_remote(session->ws));
    s_holder = session;
    s_since = uhttpd_os_now();
}

void wr_holder_leave(wr_session_t *session)
{
    if (s_holder == session) {
        s_holder = NULL;
        session->edition->lose_terminal(session);
        ESP_LOGI(TAG, "%s holds the terminal no more", uhttpd_ws_remote(session->ws));
    }
}

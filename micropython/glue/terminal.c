/* SPDX-License-Identifier: MIT */

#include "terminal.h"

#include <stdatomic.h>
#include <string.h>

#include "py/mpconfig.h"
#include "py/mpstate.h"
#include "py/mpthread.h"

#include "shared/runtime/pyexec.h"

#include "mounts.h"
#include "storage_vfs.h"
#include "supported.h"
#include "uhttpd_os.h"
#include "webrepl.h"

/* A client that takes nothing of a piece for this long has stalled. */
#define PIECE 256
#define STALL_MS 2000

#define FLUSH_MS 20

#define DEINIT_LIMIT_MS 1000 /* without a session nobody waits in webrepl_write() */

static bool s_ready;
static atomic_bool s_typed; /* a client has typed since the last one has left ... */
static bool s_left_behind;  /* ... and may have left the prompt in a state of its own; under the GIL */
static bool s_stalled;
static unsigned s_writers; /* threads in webrepl_write(); under the GIL */

static bool py_terminal_intercept(uint8_t byte, void *ctx)
{
    (void)ctx;
    return glue_terminal_port_interrupts(byte);
}

static void py_terminal_notify(bool connected, void *ctx)
{
    (void)ctx;
    if (!connected && atomic_load(&s_typed)) {
        glue_mounts_abandon();
        glue_terminal_port_left();
    }
    glue_terminal_port_input();
}

esp_err_t glue_terminal_init(void)
{
    if (s_ready) {
        return ESP_OK;
    }
    webrepl_config_t config = WEBREPL_DEFAULT_CONFIG();
    config.terminal = (webrepl_terminal_events_t) {.intercept = py_terminal_intercept, .notify = py_terminal_notify};
    glue_terminal_port_resets(&config.terminal);
    config.files = &glue_storage_vfs;
    config.version[0] = MICROPY_VERSION_MAJOR;
    config.version[1] = MICROPY_VERSION_MINOR;
    config.version[2] = MICROPY_VERSION_MICRO;
    esp_err_t err = webrepl_init(&config);
    s_ready = err == ESP_OK;
    glue_mounts_begin();
    return err;
}

bool glue_terminal_deinit(void)
{
    s_ready = false;
    uint64_t limit = uhttpd_os_now() + DEINIT_LIMIT_MS;
    while (s_writers) {
        if (uhttpd_os_now() >= limit) {
            return false;
        }
        MP_THREAD_GIL_EXIT();
        uhttpd_os_sleep(1);
        MP_THREAD_GIL_ENTER();
    }
    return true;
}

bool glue_terminal_connected(void)
{
    return s_ready && webrepl_connected();
}

static void py_terminal_note_leaving(void)
{
    s_left_behind = atomic_exchange(&s_typed, false) || s_left_behind;
    glue_mounts_end_abandoned();
}

size_t glue_terminal_read(void *buf, size_t size)
{
    bool left = false;
    size_t len = s_ready ? webrepl_read_session(buf, size, &left) : 0;
    if (left) {
        py_terminal_note_leaving();
    }
    if (len > 0) {
        atomic_store(&s_typed, true);
    }
    return len;
}

void glue_terminal_clear_prompt(bool typed_by_network)
{
    static const char leave_raw[] = "\x03\x02", leave_line[] = "\x03";
    if (!s_left_behind) {
        return;
    }
    s_left_behind = false;
    if (typed_by_network && pyexec_mode_kind == PYEXEC_MODE_RAW_REPL) {
        webrepl_overtake(leave_raw, strlen(leave_raw));
    } else if (typed_by_network) {
        webrepl_overtake(leave_line, strlen(leave_line));
    }
}

size_t glue_terminal_available(void)
{
    return s_ready ? webrepl_available() : 0;
}

static bool py_terminal_write_piece(const char *str, size_t len, uint32_t timeout_ms)
{
    /* A finaliser prints: no other thread may touch the heap before the collection is over. */
    bool collecting = MP_STATE_THREAD(gc_lock_depth) > 0;
    s_writers++;
    if (!collecting) {
        MP_THREAD_GIL_EXIT();
    }
    size_t written = webrepl_write(str, len, timeout_ms);
    if (!collecting) {
        MP_THREAD_GIL_ENTER();
    }
    s_writers--;
    return written == len;
}

void glue_terminal_write(const char *str, size_t len)
{
    if (!glue_terminal_connected()) {
        s_stalled = false;
        return;
    }
    while (len > 0) {
        size_t piece = len < PIECE ? len : PIECE;
        s_stalled = !py_terminal_write_piece(str, piece, s_stalled ? 0 : STALL_MS);
        if (s_stalled) {
            return;
        }
        str += piece;
        len -= piece;
    }
}

void glue_terminal_flush(void)
{
    if (!glue_terminal_connected()) {
        return;
    }
    webrepl_flush();
    MP_THREAD_GIL_EXIT();
    uhttpd_os_sleep(FLUSH_MS);
    MP_THREAD_GIL_ENTER();
}

/* SPDX-License-Identifier: MIT */
#include "webrepl_stream.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "classic/classic.h"
#include "errcode.h"
#include "classic/file_work.h"
#include "terminal/framing.h"
#include "login.h"
#include "terminal/ring.h"
#include "uhttpd_guesses.h"
#include "uhttpd_os.h"

#define OUTPUT_SIZE 1024 /* bytes of output in work, a power of 2 */

/* Deployed clients compare these frames as a whole. */
static const char s_prompt[] = "Password: ";
static const char s_connected[] = "\r\nWebREPL connected\r\n>>> ";
static const char s_denied[] = "\r\nAccess denied\r\n";

typedef enum {
    LOGIN,  /* the password is coming */
    WAITS,  /* it has arrived, but too many were wrong */
    DENIED, /* it was wrong, which is answered later */
    HOLDS,
    OVER,
} phase_t;

struct webrepl_stream {
    webrepl_stream_config_t config;
    _Atomic phase_t phase; /* the program's output looks at it too */
    bool after_cr;         /* HOLDS: a line feed that follows belongs to the password */
    uint64_t due;          /* DENIED: when to answer */
    wr_login_t login;
    wr_classic_t classic;
    wr_file_work_t files;
    wr_framing_t framing;
    wr_ring_t output;
    uint8_t pending[OUTPUT_SIZE];
    uint8_t frame[OUTPUT_SIZE];
    char password[];
};

#define NOWHERE 0 /* whoever moves the messages knows where they come from: all are one address */

static void repl_stream_send_message(webrepl_stream_t *stream, bool binary, const void *data, size_t len)
{
    if (!stream->config.send(binary, data, len, stream->config.ctx)) {
        stream->phase = OVER;
    }
}

static void repl_stream_send_text(webrepl_stream_t *stream, const char *text)
{
    repl_stream_send_message(stream, false, text, strlen(text));
}

webrepl_stream_t *webrepl_stream_begin(const webrepl_stream_config_t *config)
{
    size_t password_size = config->password != NULL ? strlen(config->password) + 1 : 1;
    webrepl_stream_t *stream = calloc(1, sizeof *stream + password_size);
    if (stream == NULL) {
        return NULL;
    }
    stream->config = *config;
    if (config->password != NULL) {
        memcpy(stream->password, config->password, password_size);
    }
    stream->phase = LOGIN;
    wr_login_init(&stream->login, stream->password);
    stream->files.files = config->files;
    wr_classic_init(&stream->classic, config->files != NULL, config->version);
    wr_ring_init(&stream->output, stream->pending, sizeof stream->pending);
    repl_stream_send_text(stream, s_prompt);
    return stream;
}

void webrepl_stream_end(webrepl_stream_t *stream)
{
    if (stream != NULL) {
        wr_file_work_abandon(&stream->files);
        free(stream);
    }
}

bool webrepl_stream_transfers(const webrepl_stream_t *stream)
{
    return wr_file_work_pending(&stream->files);
}

/* Login */

static void repl_stream_judge(webrepl_stream_t *stream, uint64_t now)
{
    if (stream->password[0] != '\0' && wr_login_right(&stream->login)) {
        uhttpd_guesses_right(NOWHERE);
        stream->phase = HOLDS;
        repl_stream_send_text(stream, s_connected);
    } else {
        stream->due = now + uhttpd_guesses_wrong(NOWHERE);
        stream->phase = DENIED;
    }
}

static void go_on_with_login(webrepl_stream_t *stream)
{
    uint64_t now = uhttpd_os_now();
    if (stream->phase == WAITS && !uhttpd_guesses_wait(NOWHERE)) {
        repl_stream_judge(stream, now);
    }
    if (stream->phase == DENIED && now >= stream->due) {
        repl_stream_send_text(stream, s_denied);
        stream->phase = OVER;
    }
}

bool webrepl_stream_ready(webrepl_stream_t *stream)
{
    if (stream->phase == WAITS || stream->phase == DENIED) {
        go_on_with_login(stream);
    }
    return stream->phase == LOGIN || stream->phase == HOLDS;
}

static size_t repl_stream_input_password(webrepl_stream_t *stream, const uint8_t *data, size_t len)
{
    uint8_t end;
    size_t used = wr_login_input(&stream->login, data, len, &end);
    if (end != 0) {
        stream->after_cr = end == '\r';
        stream->phase = WAITS;
        go_on_with_login(stream);
    }
    return used;
}

/* Files */

static void repl_stream_work(webrepl_stream_t *stream)
{
    wr_classic_t *classic = &stream->classic;
    while (classic->want != WR_CLASSIC_INPUT && stream->phase == HOLDS) {
        if (classic->want == WR_CLASSIC_SEND) {
            repl_stream_send_message(stream, true, classic->frame, classic->frame_len);
            wr_classic_sent(classic);
        } else {
            size_t got;
            int err = wr_file_work_do(&stream->files, classic, &got);
            wr_classic_worked(classic, wr_errcode(err), got);
        }
    }
}

static size_t input_files(webrepl_stream_t *stream, const uint8_t *data, size_t len)
{
    size_t taken = 0;
    while (taken < len && stream->phase == HOLDS) {
        taken += wr_classic_input(&stream->classic, data + taken, len - taken);
        repl_stream_work(stream);
    }
    return taken;
}

size_t webrepl_stream_input(webrepl_stream_t *stream, bool binary, const uint8_t *data, size_t len, bool *program)
{
    *program = false;
    if (len == 0 || !webrepl_stream_ready(stream)) {
        return 0;
    }
    if (stream->phase == LOGIN) {
        return repl_stream_input_password(stream, data, len);
    }
    bool after_cr = stream->after_cr;
    stream->after_cr = false;
    if (after_cr && data[0] == '\n') {
        return 1;
    }
    if (binary) {
        return input_files(stream, data, len);
    }
    *program = true;
    return len;
}

/* Output */

static void send_output(webrepl_stream_t *stream)
{
    size_t used, len;
    while (stream->phase == HOLDS && (len = wr_framing_next(&stream->framing, &stream->output, false, stream->frame,
                                                            sizeof stream->frame, &used)) > 0) {
        wr_ring_drop(&stream->output, used);
        repl_stream_send_message(stream, false, stream->frame, len);
    }
}

void webrepl_stream_output(webrepl_stream_t *stream, const void *data, size_t len)
{
    const uint8_t *from = data;
    while (len > 0 && stream->phase == HOLDS) {
        size_t pushed = wr_ring_push(&stream->output, from, len);
        from += pushed;
        len -= pushed;
        send_output(stream);
    }
}

bool webrepl_stream_is_over(const webrepl_stream_t *stream)
{
    return stream->phase == OVER;
}

/* SPDX-License-Identifier: MIT */

/*
 * A firmware with a terminal. Usage: firmware [name=value]... It prints `port N`, then reads commands, one a line, and
 * answers each with a line:
 *
 *     hold, go                 the program stops reading, goes on
 *     state                    connected, bytes to be read, interrupts
 *     resets                   how many soft and hard ones clients have asked for
 *     size                     columns and rows of the client's window
 *     write TIMEOUT COUNT      webrepl_write() of that many bytes: how many were written, and milliseconds
 *     partial                  writes the beginning of a character
 *     disconnect CODE REASON
 *     restart                  the server is stopped, and another one started
 *     memory ORDER             see scarce.h
 * Anything else ends it, and so does the end of input.
 */
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "program.h"
#include "scarce.h"
#include "uhttpd.h"
#include "uhttpd_files.h"
#include "uhttpd_os.h"
#include "webrepl.h"

static struct {
    const char *password, *password2;
    unsigned input, output, login_timeout, keep_uploads, files, sessions, operations;
    unsigned disk; /* bytes that may be written in total */
    unsigned receive;
    unsigned cut; /* the change to the disk at which the power goes; 0: none */
} s_options = {.input = 512,
               .output = 2048,
               .login_timeout = 30000,
               .keep_uploads = 600000,
               .files = 1,
               .sessions = 4,
               .operations = 4,
               .disk = UINT_MAX};

static bool parse(char *argument)
{
    char *value = strchr(argument, '=');
    if (value == NULL) {
        return false;
    }
    *value++ = '\0';
    struct {
        const char *name;
        unsigned *number;
    } numbers[] = {
        {"input", &s_options.input},
        {"output", &s_options.output},
        {"login_timeout", &s_options.login_timeout},
        {"files", &s_options.files},
        {"sessions", &s_options.sessions},
        {"operations", &s_options.operations},
        {"disk", &s_options.disk},
        {"cut", &s_options.cut},
        {"receive", &s_options.receive},
        {"keep_uploads", &s_options.keep_uploads},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (strcmp(argument, numbers[i].name) == 0) {
            *numbers[i].number = (unsigned)strtoul(value, NULL, 10);
            return true;
        }
    }
    if (strcmp(argument, "password") == 0) {
        s_options.password = value;
        return true;
    }
    if (strcmp(argument, "password2") == 0) {
        s_options.password2 = value;
        return true;
    }
    return false;
}

static void must(esp_err_t err, const char *what)
{
    if (err != ESP_OK) {
        fprintf(stderr, "%s: %s\n", what, esp_err_to_name(err));
        exit(1);
    }
}

/* A disk that fills up, and whose power goes. */
static void change_disk(void)
{
    static atomic_uint s_changes;
    if (atomic_fetch_add(&s_changes, 1) + 1 == s_options.cut) {
        _exit(0);
    }
}

static int open_on_disk(const char *path, uhttpd_file_mode_t mode, void **file)
{
    if (mode != UHTTPD_FILE_READ) {
        change_disk();
    }
    return uhttpd_posix_storage.open(path, mode, file);
}

static int write_within_budget(void *file, const void *buf, size_t len)
{
    static atomic_uint s_written;
    if (atomic_fetch_add(&s_written, (unsigned)len) + len > s_options.disk) {
        return ENOSPC;
    }
    int err = uhttpd_posix_storage.write(file, buf, len / 2);
    change_disk();
    return err != 0 ? err : uhttpd_posix_storage.write(file, (const char *)buf + len / 2, len - len / 2);
}

static int rename_on_disk(const char *from, const char *to)
{
    change_disk();
    return uhttpd_posix_storage.rename(from, to);
}

static int remove_on_disk(const char *path)
{
    change_disk();
    return uhttpd_posix_storage.remove(path);
}

static const uhttpd_storage_t *storage(void)
{
    static uhttpd_storage_t s_storage;
    s_storage = uhttpd_posix_storage;
    s_storage.open = open_on_disk;
    s_storage.write = write_within_budget;
    s_storage.rename = rename_on_disk;
    s_storage.remove = remove_on_disk;
    return &s_storage;
}

/* Changes of the same files through HTTP. */
static void receive_files(uhttpd_handle_t server)
{
    char folder[PATH_MAX];
    uhttpd_receive_config_t config = UHTTPD_RECEIVE_DEFAULT_CONFIG();
    config.prefix = "/up";
    config.base = getcwd(folder, sizeof folder);
    config.storage = storage();
    must(uhttpd_receive(server, &config), "uhttpd_receive");
    config.prefix = "/named";
    config.dynamic = false;
    must(uhttpd_receive(server, &config), "uhttpd_receive");
}

static uhttpd_handle_t start(void)
{
    uhttpd_config_t config = UHTTPD_DEFAULT_CONFIG();
    config.port = 0;
    uhttpd_handle_t server;
    must(uhttpd_start(&config, &server), "uhttpd_start");
    must(webrepl_serve(server, "/", s_options.password), "webrepl_serve");
    if (s_options.password2 != NULL) {
        must(webrepl_serve(server, "/second", s_options.password2), "webrepl_serve");
    }
    if (s_options.receive) {
        receive_files(server);
    }
    printf("port %u\n", uhttpd_port(server));
    return server;
}

static void write_much(uint32_t timeout, size_t count)
{
    char *data = malloc(count + 1);
    memset(data, '.', count);
    uint64_t begun = uhttpd_os_now();
    size_t written = webrepl_write(data, count, timeout);
    printf("written %zu in %llu\n", written, (unsigned long long)(uhttpd_os_now() - begun));
    free(data);
}

static bool obey(char *line, uhttpd_handle_t *server)
{
    unsigned long a, b;
    int at;
    if (strcmp(line, "hold") == 0 || strcmp(line, "go") == 0) {
        program_hold(line[0] == 'h');
        puts("ok");
    } else if (strcmp(line, "state") == 0) {
        printf("state %d %zu %u\n", webrepl_connected(), webrepl_available(), program_interrupts());
    } else if (strcmp(line, "resets") == 0) {
        printf("resets %u %u\n", program_resets(false), program_resets(true));
    } else if (strcmp(line, "size") == 0) {
        uint16_t columns, rows;
        webrepl_size(&columns, &rows);
        printf("size %u %u\n", columns, rows);
    } else if (sscanf(line, "write %lu %lu", &a, &b) == 2) {
        write_much((uint32_t)a, b);
    } else if (strcmp(line, "partial") == 0) {
        webrepl_write("\xe2\x82", 2, 0);
        puts("ok");
    } else if (sscanf(line, "disconnect %lu %n", &a, &at) == 1) {
        webrepl_disconnect((uint16_t)a, line + at);
        puts("ok");
    } else if (strncmp(line, "memory ", 7) == 0) {
        char answer[80];
        scarce_order(line + 7, answer, sizeof answer);
        puts(answer);
    } else if (strcmp(line, "restart") == 0) {
        uhttpd_stop(*server);
        *server = start();
    } else {
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 1; i < argc; i++) {
        if (!parse(argv[i])) {
            fprintf(stderr, "what is %s?\n", argv[i]);
            return 1;
        }
    }
    webrepl_config_t config = WEBREPL_DEFAULT_CONFIG();
    config.terminal = program_events;
    config.files = s_options.files ? storage() : NULL;
    memcpy(config.version, (uint8_t[]) {1, 2, 3}, sizeof config.version);
    config.input_size = (uint16_t)s_options.input;
    config.output_size = (uint16_t)s_options.output;
    config.login_timeout = s_options.login_timeout;
    config.keep_uploads = s_options.keep_uploads;
    config.max_sessions = (uint8_t)s_options.sessions;
    config.max_operations = (uint8_t)s_options.operations;
    must(webrepl_init(&config), "webrepl_init");
    program_start();
    uhttpd_handle_t server = start();

    char line[512];
    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (!obey(line, &server)) {
            break;
        }
    }
    uhttpd_stop(server);
    puts("bye");
    return 0;
}

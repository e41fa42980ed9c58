/* SPDX-License-Identifier: MIT */

/* A firmware with functions whose names a library might use too. Each of them ends the program, because the server must
 * never call it. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "uhttpd.h"
#include "uhttpd_files.h"

#define OWN(name) \
    void name(void); \
    void name(void) \
    { \
        fprintf(stderr, "the server called " #name "()\n"); \
        abort(); \
    }

OWN(respond)
OWN(status_line)
OWN(serve_file)
OWN(serve_list)
OWN(hex_digit)
OWN(hex_write)
OWN(io_post)
OWN(io_add)
OWN(utf8_valid)
OWN(utf8_check_piece)
OWN(mime_of)
OWN(token_valid)
OWN(range_read)
OWN(router_find)
OWN(session_open)
OWN(session_end)
OWN(settings_copy)
OWN(multipart_next)
OWN(method_list)
OWN(decimal_write)
OWN(digest_parse)
OWN(cookie_find)
OWN(wake)
OWN(post)
OWN(submit)
OWN(answer)
OWN(finish)
OWN(refuse)

int log = 1; /* <math.h> has a function of that name */
int server, session, request, response, buffer, config, lock, page, terminal, router, executor;

int main(int argc, char **argv)
{
    uhttpd_config_t settings = UHTTPD_DEFAULT_CONFIG();
    settings.port = 0;
    settings.bind = "127.0.0.1";
    uhttpd_handle_t handle;
    if (argc != 2 || uhttpd_start(&settings, &handle) != ESP_OK) {
        return 1;
    }
    ESP_ERROR_CHECK(uhttpd_serve(handle, &(uhttpd_serve_config_t) {.prefix = "/", .base = argv[1]}));
    ESP_ERROR_CHECK(
        uhttpd_receive(handle, &(uhttpd_receive_config_t) {.prefix = "/up", .base = argv[1], .dynamic = true}));
    printf("PORT %u\n", uhttpd_port(handle));
    fflush(stdout);
    for (;;) {
        pause();
    }
}

/* SPDX-License-Identifier: MIT */
/* Files that are part of the program. */
#include <stdio.h>
#include <string.h>

#include "app.h"
#include "uhttpd_memory.h"

#define BIG 100000
#define FILE_OF(name, text) {.path = (name), .start = (text), .end = (text) + sizeof(text) - 1}

static char s_big[BIG];
static const char s_index[] = "<!doctype html>index", s_below[] = "<!doctype html>below", s_app[] = "app()";
static const char s_app_gz[] = "app() in gzip", s_only_gz[] = "only in gzip", s_empty[] = "", s_page[] = "a page";
static const char s_page_gz[] = "a page in gzip";

static const uhttpd_memory_file_t s_files[] = {
    FILE_OF("/index.html", s_index),
    FILE_OF("/below/index.html", s_below),
    FILE_OF("/app.js", s_app),
    FILE_OF("/app.js.gz", s_app_gz),
    FILE_OF("/only.css.gz", s_only_gz),
    FILE_OF("/empty", s_empty),
    FILE_OF("/größe.txt", s_page),
    {.path = "/big", .start = s_big, .end = s_big + BIG, .mime = "application/x-big"},
};

static const uhttpd_memory_file_t s_lone[] = {
    {.path = "", .start = s_page, .end = s_page + sizeof(s_page) - 1, .mime = "text/plain"},
    {.path = ".gz", .start = s_page_gz, .end = s_page_gz + sizeof(s_page_gz) - 1, .mime = "text/plain"},
};

/* "embed PREFIX": a tree below it, a dash for NULL */
void embedded_serve(const char *prefix)
{
    for (size_t i = 0; i < BIG; i++) {
        s_big[i] = pattern_at(i);
    }
    const uhttpd_memory_config_t config = {.prefix = strcmp(prefix, "-") != 0 ? prefix : NULL,
                                           .files = s_files,
                                           .count = sizeof(s_files) / sizeof(s_files[0]),
                                           .index = "index.html"};
    printf("%s\n", error_name(uhttpd_serve_memory(app_server(), &config)));
}

/* "embed_page URL COUNT": one file there, in one form or in two */
void embedded_page(const char *arguments)
{
    char url[64] = "";
    unsigned count = 1;
    sscanf(arguments, "%63s %u", url, &count);
    const uhttpd_memory_config_t config = {
        .prefix = url, .files = s_lone, .count = count, .cache_control = "max-age=60"};
    printf("%s\n", error_name(uhttpd_serve_memory(app_server(), &config)));
}

void embedded_wrong(const char *unused)
{
    (void)unused;
    static const uhttpd_memory_file_t bad[] = {
        FILE_OF("index.html", s_page),
        FILE_OF("/a/", s_page),
        FILE_OF("/../a", s_page),
        FILE_OF("//a", s_page),
        FILE_OF(NULL, s_page),
        {.path = "/a"},
        {.path = "/a", .start = s_page + 1, .end = s_page},
        {.path = "/a", .start = s_page, .end = s_page, .mime = "a\nb"},
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const uhttpd_memory_file_t files[] = {s_files[0], bad[i]};
        printf("%s ", error_name(uhttpd_serve_memory(
                          app_server(), &(uhttpd_memory_config_t) {.prefix = "/w", .files = files, .count = 2})));
    }
    const uhttpd_memory_file_t mixed[] = {s_lone[0], s_files[0]};
    const uhttpd_memory_config_t configs[] = {
        {.prefix = "/w", .files = NULL, .count = 1},
        {.prefix = "/w", .files = s_files, .count = 0},
        {.prefix = "/w", .files = mixed, .count = 2},
        {.prefix = NULL, .files = s_lone, .count = 1},
        {.prefix = "w", .files = s_files, .count = 1},
        {.prefix = "/w*", .files = s_files, .count = 1},
        {.prefix = "/w", .files = s_files, .count = 1, .index = "a/b"},
        {.prefix = "/w", .files = s_files, .count = 1, .cache_control = "a\rb"},
    };
    for (size_t i = 0; i < sizeof(configs) / sizeof(configs[0]); i++) {
        printf("%s ", error_name(uhttpd_serve_memory(app_server(), &configs[i])));
    }
    printf("\n");
}

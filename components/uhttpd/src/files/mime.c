/* SPDX-License-Identifier: MIT */
#include "files/mime.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

static const uhttpd_mime_t s_types[] = {
    {"html", "text/html; charset=utf-8"},
    {"htm", "text/html; charset=utf-8"},
    {"css", "text/css; charset=utf-8"},
    {"js", "text/javascript; charset=utf-8"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"json", "application/json"},
    {"map", "application/json"},
    {"webmanifest", "application/manifest+json"},
    {"wasm", "application/wasm"},
    {"txt", "text/plain; charset=utf-8"},
    {"log", "text/plain; charset=utf-8"},
    {"ini", "text/plain; charset=utf-8"},
    {"conf", "text/plain; charset=utf-8"},
    {"toml", "text/plain; charset=utf-8"},
    {"py", "text/x-python; charset=utf-8"},
    {"md", "text/markdown; charset=utf-8"},
    {"csv", "text/csv; charset=utf-8"},
    {"xml", "text/xml; charset=utf-8"},
    {"yaml", "application/yaml"},
    {"yml", "application/yaml"},
    {"svg", "image/svg+xml"},
    {"png", "image/png"},
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"gif", "image/gif"},
    {"webp", "image/webp"},
    {"avif", "image/avif"},
    {"bmp", "image/bmp"},
    {"ico", "image/x-icon"},
    {"woff", "font/woff"},
    {"woff2", "font/woff2"},
    {"ttf", "font/ttf"},
    {"otf", "font/otf"},
    {"mp3", "audio/mpeg"},
    {"ogg", "audio/ogg"},
    {"wav", "audio/wav"},
    {"mp4", "video/mp4"},
    {"webm", "video/webm"},
    {"pdf", "application/pdf"},
    {"gz", "application/gzip"},
    {"zip", "application/zip"},
    {"tar", "application/x-tar"},
    {NULL, NULL},
};

static const char *mime_find(const char *extension, const uhttpd_mime_t *types)
{
    for (; types->extension != NULL; types++) {
        if (strcasecmp(types->extension, extension) == 0) {
            return types->mime;
        }
    }
    return NULL;
}

const char *uh_mime_of(const char *name, const uhttpd_mime_t *types)
{
    const char *slash = strrchr(name, '/');
    const char *dot = strrchr(slash != NULL ? slash : name, '.');
    const char *extension = dot != NULL ? dot + 1 : "";
    const char *mime = types != NULL ? mime_find(extension, types) : NULL;
    mime = mime != NULL ? mime : mime_find(extension, s_types);
    return mime != NULL ? mime : "application/octet-stream";
}

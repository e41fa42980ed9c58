/* SPDX-License-Identifier: MIT */
#include "files/path.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "http/text.h"

/* --- paths -------------------------------------------------------------------------------------------------------- */

static bool file_path_is_refused(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte < ' ' || byte == 0x7f || byte == '\\';
}

static bool segment_is_name(const char *segment, size_t len)
{
    bool dots = segment[0] == '.' && (len == 1 || (len == 2 && segment[1] == '.'));
    return len > 0 && !dots;
}

bool uh_file_path_is_clean(const char *path)
{
    const char *at = path;
    while (*at != '\0' && !file_path_is_refused(*at)) {
        at++;
    }
    return *at == '\0' && uh_utf8_is_whole(path, (size_t)(at - path));
}

bool uh_file_path_is_path(const char *path)
{
    if (path[0] != '/') {
        return false;
    }
    for (const char *at = path + 1; *at != '\0';) {
        size_t len = strcspn(at, "/");
        if (!segment_is_name(at, len)) {
            return false;
        }
        at += len + (at[len] == '/');
    }
    return true;
}

/* Decodes the first character of a text that is not empty. @return how many bytes it takes; 0: refused */
static size_t file_path_decode_one(const char *url, size_t len, char *c)
{
    size_t taken = uh_percent_decode(url, len, c);
    return *c == '\0' || (taken > 1 && *c == '/') ? 0 : taken;
}

size_t uh_file_path_decode(const char *url, size_t len, char *path)
{
    size_t decoded = 0;
    for (size_t at = 0; at < len; decoded++) {
        size_t taken = file_path_decode_one(url + at, len - at, &path[decoded]);
        if (taken == 0) {
            return 0;
        }
        at += taken;
    }
    path[decoded] = '\0';
    return uh_file_path_is_path(path) ? decoded : 0;
}

bool uh_file_path_is_within(const char *path, const char *directory)
{
    size_t len = strcmp(directory, "/") != 0 ? strlen(directory) : 0;
    return strncmp(path, directory, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

/* --- content types ------------------------------------------------------------------------------------------------ */

/* Extensions, and the type of all of them, one after the other. */
static const char s_types[] = /* clang-format off */
    "html,htm\0" "text/html; charset=utf-8\0"
    "css\0" "text/css; charset=utf-8\0"
    "js,mjs\0" "text/javascript; charset=utf-8\0"
    "json,map\0" "application/json\0"
    "webmanifest\0" "application/manifest+json\0"
    "wasm\0" "application/wasm\0"
    "txt,log,ini,conf,toml\0" "text/plain; charset=utf-8\0"
    "py\0" "text/x-python; charset=utf-8\0"
    "md\0" "text/markdown; charset=utf-8\0"
    "csv\0" "text/csv; charset=utf-8\0"
    "xml\0" "text/xml; charset=utf-8\0"
    "yaml,yml\0" "application/yaml\0"
    "svg\0" "image/svg+xml\0"
    "png\0" "image/png\0"
    "jpg,jpeg\0" "image/jpeg\0"
    "gif\0" "image/gif\0"
    "webp\0" "image/webp\0"
    "avif\0" "image/avif\0"
    "bmp\0" "image/bmp\0"
    "ico\0" "image/x-icon\0"
    "woff\0" "font/woff\0"
    "woff2\0" "font/woff2\0"
    "ttf\0" "font/ttf\0"
    "otf\0" "font/otf\0"
    "mp3\0" "audio/mpeg\0"
    "ogg\0" "audio/ogg\0"
    "wav\0" "audio/wav\0"
    "mp4\0" "video/mp4\0"
    "webm\0" "video/webm\0"
    "pdf\0" "application/pdf\0"
    "gz\0" "application/gzip\0"
    "zip\0" "application/zip\0"
    "tar\0" "application/x-tar\0";
/* clang-format on */

static const char *behind_string(const char *string)
{
    return string + strlen(string) + 1;
}

static const char *usual_mime(const char *extension)
{
    const char *at = s_types;
    while (*at != '\0' && !uh_token_in_list(at, extension, true)) {
        at = behind_string(behind_string(at));
    }
    return *at != '\0' ? behind_string(at) : "application/octet-stream";
}

const char *uh_mime_of(const char *name, const uhttpd_mime_t *types)
{
    const char *slash = strrchr(name, '/');
    const char *dot = strrchr(slash != NULL ? slash : name, '.');
    const char *extension = dot != NULL ? dot + 1 : "";
    for (; types != NULL && types->extension != NULL; types++) {
        if (strcasecmp(types->extension, extension) == 0) {
            return types->mime;
        }
    }
    return usual_mime(extension);
}

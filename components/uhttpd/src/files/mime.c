/* SPDX-License-Identifier: MIT */
#include "files/mime.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "http/text.h"

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

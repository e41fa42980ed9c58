/* SPDX-License-Identifier: MIT */
#include "files/path.h"

#include <stdint.h>
#include <string.h>

#include "http/text.h"

static bool file_path_is_refused(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte < ' ' || byte == 0x7f || byte == '\\';
}

static bool segment_is_clean(const char *segment, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (file_path_is_refused(segment[i])) {
            return false;
        }
    }
    bool dots = segment[0] == '.' && (len == 1 || (len == 2 && segment[1] == '.'));
    return !dots;
}

bool uh_file_path_is_clean(const char *path, size_t len)
{
    if (len == 0 || path[0] != '/') {
        return false;
    }
    for (size_t at = 1; at < len;) {
        const char *slash = memchr(path + at, '/', len - at);
        size_t segment = (slash != NULL ? (size_t)(slash - path) : len) - at;
        if (segment == 0 || !segment_is_clean(path + at, segment)) {
            return false;
        }
        at += segment + 1;
    }
    uint32_t state = UH_UTF8_WHOLE;
    return uh_utf8_check_piece(&state, (const uint8_t *)path, len) && state == UH_UTF8_WHOLE;
}

/* Decodes the first character of a text that is not empty. @return how many bytes it takes; 0: refused */
static size_t file_path_decode_one(const char *url, size_t len, char *c)
{
    *c = url[0];
    if (url[0] != '%') {
        return 1;
    }
    int high = len >= 3 ? uh_hex_digit(url[1]) : -1;
    int low = len >= 3 ? uh_hex_digit(url[2]) : -1;
    if (high < 0 || low < 0) {
        return 0;
    }
    *c = (char)(high << 4 | low);
    return *c == '/' ? 0 : 3;
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
    return uh_file_path_is_clean(path, decoded) ? decoded : 0;
}

bool uh_file_path_is_within(const char *path, const char *directory)
{
    size_t len = strcmp(directory, "/") != 0 ? strlen(directory) : 0;
    return strncmp(path, directory, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

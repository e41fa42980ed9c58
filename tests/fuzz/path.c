/* SPDX-License-Identifier: MIT */
/* A decoded path is clean, has the segments of the URL, and can be written as JSON. A clean path leads nowhere up. */
#include "files/path.h"

#include "fuzz.h"
#include "http/text.h"

static size_t count(const char *text, size_t len, char c)
{
    size_t found = 0;
    for (size_t i = 0; i < len; i++) {
        found += text[i] == c;
    }
    return found;
}

static void check_clean(const char *path, size_t len)
{
    CHECK(path[0] == '/' && path[len] == '\0' && strlen(path) == len);
    CHECK(strchr(path, '\\') == NULL && strstr(path, "//") == NULL);
    CHECK(strstr(path, "/../") == NULL && strstr(path, "/./") == NULL);
    const char *last = strrchr(path, '/') + 1;
    CHECK(strcmp(last, "..") != 0 && strcmp(last, ".") != 0);
    CHECK(strchr(uh_mime_of(path, NULL), '/') != NULL);
}

static void check_json(const char *string)
{
    uh_text_t json = {0};
    uh_text_json(&json, string);
    CHECK(json.len >= strlen(string) + 2 && json.len <= strlen(string) * UH_TEXT_JSON_GROWTH + 2);
    json = (uh_text_t) {.at = malloc(json.len), .room = json.len};
    CHECK(json.at != NULL);
    uh_text_json(&json, string);
    for (size_t i = 0; i < json.len; i++) {
        CHECK((unsigned char)json.at[i] >= ' ');
    }
    free(json.at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *url = copy(data, size);
    char *path = malloc(size + 1);
    CHECK(path != NULL);
    size_t len = uh_file_path_decode(url, size, path);
    if (len > 0) {
        CHECK(len <= size && count(path, len, '/') == count(url, size, '/'));
        CHECK(path[len] == '\0' && strlen(path) == len && uh_file_path_is_path(path));
        if (uh_file_path_is_clean(path)) {
            check_clean(path, len);
        }
    }
    char *string = strndup(url, size);
    CHECK(string != NULL);
    check_json(string);
    free(string);
    free(path);
    free(url);
    return 0;
}

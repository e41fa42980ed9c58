/* SPDX-License-Identifier: MIT */
/* What is decoded is clean, has the segments of the URL, and can be written as JSON; what is clean names no way up. */
#include "files/path.h"

#include "files/temporary.h"
#include "fuzz.h"
#include "http/text.h"
#include "files/mime.h"

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
    char temporary[UH_FILE_TEMPORARY_SIZE];
    uh_file_temporary_name(last, temporary);
    CHECK(uh_file_is_temporary(temporary));
}

static void check_json(const char *text, size_t len)
{
    char *json = malloc(len * UH_JSON_TEXT_GROWTH + 1);
    CHECK(json != NULL);
    size_t written = uh_json_text_write(text, len, json);
    CHECK(written >= len && written <= len * UH_JSON_TEXT_GROWTH);
    for (size_t i = 0; i < written; i++) {
        CHECK((unsigned char)json[i] >= ' ');
    }
    free(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *url = copy(data, size);
    char *path = malloc(size + 1);
    CHECK(path != NULL);
    size_t len = uh_file_path_decode(url, size, path);
    if (len > 0) {
        CHECK(len <= size && count(path, len, '/') == count(url, size, '/'));
        CHECK(uh_file_path_is_clean(path, len));
        check_clean(path, len);
    }
    check_json(url, size);
    free(path);
    free(url);
    return 0;
}

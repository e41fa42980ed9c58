/* SPDX-License-Identifier: MIT */
#include "files/temporary.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "http/builder.h"
#include "http/text.h"
#include "uhttpd_temporary.h"

#define DIGITS 8
static const char s_upload[] = ".~up";
static const char s_kept[] = ".~ok";
static const char s_foreign[] = ".~wr";

/* Capitals make no difference, as in FAT. */
static void write_name(const char *what, const char *extension, char temporary[UH_FILE_TEMPORARY_SIZE])
{
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (; *what != '\0'; what++) {
        bool capital = *what >= 'A' && *what <= 'Z';
        hash = (hash ^ (uint8_t)(*what | (capital ? 0x20 : 0))) * 16777619u;
    }
    uh_hex_write(hash, DIGITS, temporary);
    uh_text_copy(temporary + DIGITS, UH_FILE_TEMPORARY_SIZE - DIGITS, extension);
}

void uh_file_temporary_name(const char *name, char temporary[UH_FILE_TEMPORARY_SIZE])
{
    write_name(name, s_upload, temporary);
}

void uhttpd_temporary_path(const char *path, char *temporary)
{
    const char *slash = strrchr(path, '/');
    size_t directory = slash != NULL ? (size_t)(slash - path) + 1 : 0;
    memcpy(temporary, path, directory);
    write_name(path, s_foreign, temporary + directory);
}

/* In any case: file systems with short names know capitals only. */
static bool has_form(const char *name, const char *extension)
{
    for (int i = 0; i < DIGITS; i++) {
        if (uh_hex_digit(name[i]) < 0) {
            return false;
        }
    }
    return strcasecmp(name + DIGITS, extension) == 0;
}

bool uh_file_is_foreign_temporary(const char *name)
{
    return has_form(name, s_foreign);
}

bool uh_file_is_temporary(const char *name)
{
    return has_form(name, s_upload) || uh_file_is_foreign_temporary(name);
}

void uh_file_name_as_kept(char *temporary)
{
    uh_text_copy(strrchr(temporary, '.'), sizeof(s_kept), s_kept);
}

bool uh_file_kept_as_temporary(char *name)
{
    if (!has_form(name, s_kept)) {
        return false;
    }
    uh_text_copy(name + DIGITS, sizeof(s_upload), s_upload);
    return true;
}

/* SPDX-License-Identifier: MIT */
#include "files/change.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "files/storage.h"
#include "http/text.h"
#include "uhttpd_os.h"

#define DIGITS 8

const char uh_temporary_file[] = ".~up";
const char uh_temporary_note[] = ".~to";
static const char s_old[] = ".~wr"; /* temporary files of WebREPL in earlier versions */

static uh_temporary_t *s_used; /* under the global lock */

/* --- names -------------------------------------------------------------------------------------------------------- */

/* The segment that begins here; what follows it does not matter. Ignores case, because file systems with short names
 * know only capitals. */
bool uh_temporary_is(const char *name, const char *extension)
{
    size_t len = strlen(extension);
    for (int i = 0; i < DIGITS; i++) {
        if (uh_hex_digit(name[i]) < 0) {
            return false;
        }
    }
    name += DIGITS;
    return strncasecmp(name, extension, len) == 0 && (name[len] == '\0' || name[len] == '/');
}

bool uhttpd_name_is_temporary(const char *name)
{
    return uh_temporary_is(name, uh_temporary_file) || uh_temporary_is(name, uh_temporary_note) ||
           uh_temporary_is(name, s_old);
}

bool uhttpd_path_is_temporary(const char *path)
{
    const char *name = path;
    while (name != NULL && !uhttpd_name_is_temporary(name)) {
        name = strchr(name, '/');
        name = name != NULL ? name + 1 : NULL;
    }
    return name != NULL;
}

char *uh_temporary_with(const char *path, const char *extension)
{
    char *other = strdup(path);
    if (other != NULL) {
        uh_text_copy(strrchr(other, '.'), sizeof(uh_temporary_file), extension); /* all are of one length */
    }
    return other;
}

/* --- names in use ------------------------------------------------------------------------------------------------- */

/* FNV-1a. Ignores case, as FAT does. */
static uint32_t number_of_path(const char *path)
{
    uint32_t hash = 2166136261u;
    for (; *path != '\0'; path++) {
        bool capital = *path >= 'A' && *path <= 'Z';
        hash = (hash ^ (uint8_t)(*path | (capital ? 0x20 : 0))) * 16777619u;
    }
    return hash;
}

/* Under the global lock. */
static bool name_is_used(const char *path)
{
    const uh_temporary_t *used = s_used;
    while (used != NULL && strcasecmp(used->path, path) != 0) {
        used = used->next;
    }
    return used != NULL;
}

/* @param next  takes the next number if this one is used */
static bool take_number(uh_temporary_t *temporary, uint32_t number, bool next)
{
    char *name = strrchr(temporary->path, '/') + 1;
    uhttpd_os_global_lock();
    do {
        uh_text_t text = {.at = name, .room = UH_FILE_TEMPORARY_SIZE};
        uh_text_hex(&text, number++, DIGITS);
        uh_text_add(&text, uh_temporary_file);
        uh_text_end(&text);
    } while (next && name_is_used(temporary->path));
    bool taken = next || !name_is_used(temporary->path);
    if (taken) {
        temporary->next = s_used;
        s_used = temporary;
    }
    uhttpd_os_global_unlock();
    return taken;
}

static uh_temporary_t *make_name(const char *path, uint32_t number, bool next)
{
    size_t directory = (size_t)(strrchr(path, '/') + 1 - path);
    uh_temporary_t *temporary = calloc(1, sizeof(*temporary) + directory + UH_FILE_TEMPORARY_SIZE);
    if (temporary == NULL) {
        return NULL;
    }
    memcpy(temporary->path, path, directory);
    if (!take_number(temporary, number, next)) {
        free(temporary);
        return NULL;
    }
    return temporary;
}

uh_temporary_t *uh_temporary_create(const char *path)
{
    return make_name(path, number_of_path(path), true);
}

uh_temporary_t *uh_temporary_seize(const char *path)
{
    return make_name(path, (uint32_t)strtoul(strrchr(path, '/') + 1, NULL, 16), false);
}

void uh_temporary_free(uh_temporary_t *temporary)
{
    uhttpd_os_global_lock();
    uh_temporary_t **link = &s_used;
    while (*link != temporary) {
        link = &(*link)->next;
    }
    *link = temporary->next;
    uhttpd_os_global_unlock();
    free(temporary);
}

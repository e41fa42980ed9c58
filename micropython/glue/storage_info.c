/* SPDX-License-Identifier: MIT */
#include "storage_info.h"

#include <errno.h>

#include "py/mphal.h"
#include "py/objexcept.h"
#include "py/runtime.h"

#include "extmod/vfs.h"
#include "shared/timeutils/timeutils.h"

#include "uhttpd_bindings.h"
#include "uhttpd_deadline.h"
#include "uhttpd_os.h"

#define CHANGES 32             /* paths whose last change is remembered; of an older one the version changes again */
#define COARSEST_TICK 2        /* seconds */
#define CLOCK_IS_SET 978307200 /* 2001: clocks that were never set begin in 1970 or in 2000 */

enum { ST_MODE = 0, ST_INO = 1, ST_SIZE = 6, ST_MTIME = 8, ST_COUNT = 10 };

/* --- errors ------------------------------------------------------------------------------------------------------- */

static bool is_a(const mp_obj_base_t *exception, const mp_obj_type_t *type)
{
    return mp_obj_is_subclass_fast(MP_OBJ_FROM_PTR(exception->type), MP_OBJ_FROM_PTR(type));
}

/* littlefs numbers its errors as Linux does, whatever the C library says. */
static int storage_info_portable(mp_int_t number)
{
    enum { LFS_NAMETOOLONG = 36, LFS_NOTEMPTY = 39, LFS_CORRUPT = 84 };
    switch (number) {
    case LFS_NAMETOOLONG:
        return ENAMETOOLONG;
    case LFS_NOTEMPTY:
        return ENOTEMPTY;
    case LFS_CORRUPT:
        return EIO;
    default:
        return (int)number;
    }
}

/* Ctrl-C, say. The program is to see it as soon as it goes on. */
static void keep_interruption(mp_obj_base_t *exception)
{
    if (!is_a(exception, &mp_type_Exception) && glue_deadline_is_programs()) {
        MP_STATE_THREAD(mp_pending_exception) = MP_OBJ_FROM_PTR(exception);
    }
}

int glue_storage_errno(mp_obj_base_t *exception)
{
    mp_int_t number;
    keep_interruption(exception);
    if (is_a(exception, &mp_type_OSError) &&
        mp_obj_get_int_maybe(mp_obj_exception_get_value(MP_OBJ_FROM_PTR(exception)), &number) && number > 0) {
        return storage_info_portable(number);
    }
    if (is_a(exception, &mp_type_AttributeError)) {
        return ENOSYS; /* a file system without that function */
    }
    if (is_a(exception, &py_uhttpd_callbacktimeout_type)) {
        return ETIMEDOUT;
    }
    return is_a(exception, &mp_type_MemoryError) ? ENOMEM : EIO;
}

/* --- versions ----------------------------------------------------------------------------------------------------- */

/* Times are in seconds, and not every clock is set, so they do not show whether a file was uploaded twice within a
 * second. So each change of ours gets a number that was never used before. */
static struct {
    uint32_t path; /* its hash */
    uint32_t number;
} s_changes[CHANGES];
static unsigned s_next;
static uint32_t s_start; /* random, so that numbers differ from those before a restart */
static uint32_t s_number;

static uint32_t storage_info_start_number(void)
{
    while (s_start == 0) {
        s_start = uhttpd_os_random();
    }
    return s_start;
}

/* FNV-1a */
static uint32_t hash_of(const char *text)
{
    uint32_t hash = 2166136261U;
    for (; *text; text++) {
        hash = (hash ^ (uint8_t)*text) * 16777619U;
    }
    return hash;
}

static unsigned storage_info_place_of(uint32_t path)
{
    unsigned i = 0;
    while (i < CHANGES && s_changes[i].path != path) {
        i++;
    }
    return i;
}

void glue_storage_note_change(const char *path)
{
    uint32_t hash = hash_of(path);
    unsigned place = storage_info_place_of(hash);
    if (place == CHANGES) {
        place = s_next;
        s_next = (s_next + 1) % CHANGES;
    }
    s_changes[place].path = hash;
    s_changes[place].number = storage_info_start_number() + ++s_number;
}

static uint32_t change_of(const char *path)
{
    unsigned place = storage_info_place_of(hash_of(path));
    return place < CHANGES ? s_changes[place].number : 0;
}

/* Changes of ours are counted. */
static uint32_t storage_info_moment_of(const char *path)
{
    uint32_t change = change_of(path);
    return change ? change - storage_info_start_number() : 0;
}

static uint64_t storage_info_mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9e3779b97f4a7c15U;
    return hash ^ hash >> 32;
}

/* The program may write a file again within the same second, or within FAT's two. */
static bool storage_info_may_change_unseen(int64_t modified)
{
    int64_t age = (int64_t)(mp_hal_time_ns() / 1000000000) - modified;
    return age >= -COARSEST_TICK && age <= COARSEST_TICK;
}

/* The time of the last status change is left out, because a file that is linked, renamed or removed is still the
 * same. */
static uint64_t storage_info_version_of(const char *path, const mp_obj_t *stat, int64_t modified)
{
    uint32_t change = change_of(path);
    if (modified == 0 || (change == 0 && storage_info_may_change_unseen(modified))) {
        return 0;
    }
    uint64_t version = storage_info_mix(glue_storage_number(stat[ST_SIZE]), glue_storage_number(stat[ST_MTIME]));
    version = storage_info_mix(version, glue_storage_number(stat[ST_INO]));
    version = storage_info_mix(version, modified < CLOCK_IS_SET ? storage_info_start_number() : 0);
    version = storage_info_mix(version, change);
    return version ? version : 1;
}

/* --- what os.stat() says ------------------------------------------------------------------------------------------ */

uint64_t glue_storage_number(mp_obj_t number)
{
    return (mp_uint_t)mp_obj_get_int_truncated(number); /* times and sizes of 32-bit ports are unsigned */
}

/* Seconds since 1970, whichever year the port begins with. */
static int64_t time_of(mp_obj_t seconds)
{
    uint64_t since = glue_storage_number(seconds);
    return since ? (int64_t)(since + timeutils_nanoseconds_since_epoch_to_nanoseconds_since_1970(0) / 1000000000) : 0;
}

int glue_storage_info(const char *path, mp_obj_t stat, uhttpd_file_info_t *info)
{
    mp_obj_t *item;
    mp_obj_get_array_fixed_n(stat, ST_COUNT, &item);
    mp_int_t kind = mp_obj_get_int(item[ST_MODE]) & 0xf000;
    int64_t modified = time_of(item[ST_MTIME]);
    *info = (uhttpd_file_info_t) {.is_directory = kind == MP_S_IFDIR};
    if (!info->is_directory) {
        info->size = glue_storage_number(item[ST_SIZE]);
        info->modified = modified < CLOCK_IS_SET ? 0 : modified;
        info->version = storage_info_version_of(path, item, modified);
        info->moment = storage_info_moment_of(path);
    }
    return info->is_directory || kind == MP_S_IFREG ? 0 : EACCES;
}

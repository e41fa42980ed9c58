/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file
 * The storage behind everything that reads or writes files: POSIX, ESP-IDF's VFS, or a language runtime's own file
 * systems.
 *
 * All functions run in workers (several at a time, but never two with the same @c file or @c dir), may block, and
 * return 0 or a positive errno. Paths end with NUL; directories have no slash at their end, except "/". The caller has
 * decoded and confined them: nothing is checked here. A storage of your own may be a copy of #uhttpd_posix_storage with
 * some functions replaced.
 */

/** @brief Facts about a file or a directory. */
typedef struct {
    bool is_directory;
    uint64_t size;    /*!< bytes; 0 for a directory */
    int64_t modified; /*!< seconds since 1970; 0: not known */
    uint64_t version; /*!< changes whenever the content does, for entity tags; 0: the storage cannot tell */
    bool is_link;     /*!< for an entry of a directory: it is a symbolic link, and the rest describes its target */
    uint8_t traits;   /*!< of its file system, as far as stat() knows them: UHTTPD_STORAGE_...; 0: none */
    uint32_t moment;  /*!< orders changes of one second: nanoseconds, or a number that grows; 0: not known */
} uhttpd_file_info_t;

/** @name What a file system can do
 *  @{ */
#define UHTTPD_STORAGE_EXACT (1)      /*!< capitals make a difference, and a file has one name, apart from links */
#define UHTTPD_STORAGE_REPLACES (2)   /*!< a file replaces another in one step: a power cut leaves one of them whole */
#define UHTTPD_STORAGE_KEEPS_OPEN (4) /*!< an open file stays as it was when it is replaced or removed */
/** @} */

/** @brief How a file is opened. */
typedef enum {
    UHTTPD_FILE_READ,   /*!< it must exist */
    UHTTPD_FILE_CREATE, /*!< for writing; it must not exist (EEXIST) */
    UHTTPD_FILE_WRITE,  /*!< for writing; created, or emptied */
    UHTTPD_FILE_APPEND, /*!< for writing at its end; it must exist */
} uhttpd_file_mode_t;

typedef struct {
    /** ENOENT or ENOTDIR: it does not exist. EACCES: it is neither a file nor a directory. Links are followed. */
    int (*stat)(const char *path, uhttpd_file_info_t *info);
    int (*open)(const char *path, uhttpd_file_mode_t mode, void **file);
    /** Facts about an open file, which may have been replaced since its path was looked up. They may be fewer than for
        a path. NULL: there are none. */
    int (*stat_open)(void *file, uhttpd_file_info_t *info);
    int (*read)(void *file, void *buf, size_t size, size_t *got); /*!< got 0: the end */
    int (*seek)(void *file, uint64_t at);                         /*!< from the beginning, before a read */
    int (*write)(void *file, const void *buf, size_t len);        /*!< all of it */
    int (*close)(void *file);                                     /*!< 0: the data is safe; closed in any case */
    int (*rename)(const char *from, const char *to);              /*!< a file replaces @p to if that is a file; a
                                                                       directory replaces nothing (EEXIST) */
    int (*remove)(const char *path);                              /*!< a file; of a symbolic link, the link */
    int (*make_directory)(const char *path);
    int (*remove_directory)(const char *path); /*!< ENOTEMPTY unless it is empty */
    int (*open_directory)(const char *path, void **dir);
    /** The next entry, without "." and "..", unsorted. ENOENT: there is no other. @p name has @p size bytes; a name
        that does not fit is skipped. @p info may lack modified and version. */
    int (*read_directory)(void *dir, char *name, size_t size, uhttpd_file_info_t *info);
    void (*close_directory)(void *dir);
    /** Where @p path, which exists, really is once symbolic links are followed. NULL: there are no links here. ERANGE:
        @p real, of @p size bytes, is too small. The result is an absolute path of this
        storage. */
    int (*real_path)(const char *path, char *real, size_t size);
    /** Writes the last name of @p path as its directory has it: "/sd/KEY.txt" may become "/sd/key.txt". The length stays
        the same. ENOENT or ENOTDIR: nothing is there. EINVAL: what is there has another name ("secret.txt." and
        "VERYSE~1.TXT" are other names of files). ENOSYS: names are exact here. NULL: names are exact everywhere. */
    int (*spell)(char *path);
    /** Total and free bytes of the storage below @p path, which exists. ENOSYS: not known, as with any error. */
    int (*space)(const char *path, uint64_t *total, uint64_t *free);
    /** Gives the file @p to the permissions that @p from has; 0, too, if @p from does not exist. NULL: files have none
        here. */
    int (*copy_mode)(const char *from, const char *to);
    /** Sets when a file was changed, in seconds since 1970. ENOSYS: its file system cannot. NULL: none here can. */
    int (*set_modified)(const char *path, int64_t modified);
} uhttpd_storage_t;

/** @brief POSIX files, or those of ESP-IDF's VFS. */
extern const uhttpd_storage_t uhttpd_posix_storage;

#ifdef __cplusplus
}
#endif

/* SPDX-License-Identifier: MIT */
#include "commands.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "console.h"
#include "storage.h"

static int commands_files_fail(const char *command, const char *name, const char *why)
{
    terminal_printf("%s: %s: %s\n", command, name, why);
    return 1;
}

static const char *reason_for_name(int err, const char *otherwise)
{
    return err == ENAMETOOLONG ? strerror(err) : otherwise;
}

static void list_entry(const char *folder, const char *name)
{
    char path[STORAGE_PATH_SIZE];
    struct stat status;
    int len = snprintf(path, sizeof(path), "%s/%s", folder, name);
    if (len >= (int)sizeof(path) || stat(path, &status) != 0) {
        terminal_printf("%10s  %s\n", "?", name);
    } else if (S_ISDIR(status.st_mode)) {
        terminal_printf("%10s  %s/\n", "", name);
    } else {
        terminal_printf("%10lld  %s\n", (long long)status.st_size, name);
    }
}

int command_ls(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    char path[STORAGE_PATH_SIZE];
    int err = storage_path(name, path);
    if (err) {
        return commands_files_fail("ls", name, reason_for_name(err, "not a name for a folder"));
    }
    DIR *folder = opendir(path);
    if (!folder) {
        return commands_files_fail("ls", name, strerror(errno));
    }
    for (struct dirent *entry = readdir(folder); entry && !terminal_interrupted(); entry = readdir(folder)) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            list_entry(path, entry->d_name);
        }
    }
    closedir(folder);
    return 0;
}

static int copy_to_console(FILE *file)
{
    char piece[128];
    int err = 0;
    while (!terminal_interrupted() && !feof(file) && !err) {
        size_t len = fread(piece, 1, sizeof(piece), file);
        err = ferror(file) ? errno : 0;
        terminal_write(piece, len);
    }
    return err;
}

int command_cat(int argc, char **argv)
{
    char path[STORAGE_PATH_SIZE];
    if (argc != 2) {
        return commands_files_fail("cat", "FILE", "exactly one is needed");
    }
    int err = storage_path(argv[1], path);
    if (err) {
        return commands_files_fail("cat", argv[1], reason_for_name(err, "not a name for a file"));
    }
    FILE *file = fopen(path, "rb");
    if (!file) {
        return commands_files_fail("cat", argv[1], strerror(errno));
    }
    err = copy_to_console(file);
    fclose(file);
    return err ? commands_files_fail("cat", argv[1], strerror(err)) : 0;
}

static int remove_one(const char *name)
{
    char path[STORAGE_PATH_SIZE];
    struct stat status;
    int err = storage_path(name, path);
    if (err) {
        return commands_files_fail("rm", name, reason_for_name(err, "not a name for a file"));
    }
    if (stat(path, &status) != 0) {
        return commands_files_fail("rm", name, strerror(errno));
    }
    int failed = S_ISDIR(status.st_mode) ? rmdir(path) : unlink(path);
    return failed ? commands_files_fail("rm", name, strerror(errno)) : 0;
}

int command_rm(int argc, char **argv)
{
    int failed = argc < 2 ? commands_files_fail("rm", "FILE", "at least one is needed") : 0;
    for (int i = 1; i < argc; i++) {
        failed |= remove_one(argv[i]);
    }
    return failed;
}

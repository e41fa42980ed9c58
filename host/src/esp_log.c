/* SPDX-License-Identifier: MIT */
#include "esp_log.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#define LINE_SIZE 1024
#define TAG_COUNT 32
#define TAG_SIZE 24
#define LEVEL_CHARS "NEWIDV"

static pthread_once_t s_once = PTHREAD_ONCE_INIT;
static struct timespec s_start;

static pthread_mutex_t s_lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    char tag[TAG_SIZE];
    esp_log_level_t level;
} s_tags[TAG_COUNT];         /* under s_lock */
static unsigned s_tag_count; /* under s_lock */
static atomic_int s_default = ESP_LOG_WARN;
static atomic_int s_finest = ESP_LOG_WARN; /* of all tags: what is finer needs no looking up */

static int level_from_text(const char *text)
{
    static const char *const names[] = {"none", "error", "warn", "info", "debug", "verbose"};
    for (int i = 0; i < ESP_LOG_MAX; i++) {
        if (strcasecmp(text, names[i]) == 0 ||
            (strlen(text) == 1 && (text[0] == '0' + i || strncasecmp(text, names[i], 1) == 0))) {
            return i;
        }
    }
    return -1;
}

static void init(void)
{
    clock_gettime(CLOCK_MONOTONIC, &s_start);
    const char *env = getenv("ESP_LOG_LEVEL");
    if (!env || !*env) {
        return;
    }
    int level = level_from_text(env);
    if (level < 0) {
        fprintf(stderr, "ESP_LOG_LEVEL is '%s': expected none, error, warn, info, debug, verbose or 0 to 5\n", env);
        return;
    }
    atomic_store(&s_default, level);
    atomic_store(&s_finest, level);
}

static int find_tag_locked(const char *tag)
{
    for (unsigned i = 0; i < s_tag_count; i++) {
        if (strncmp(s_tags[i].tag, tag, TAG_SIZE - 1) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static void set_tag_locked(const char *tag, esp_log_level_t level)
{
    int i = find_tag_locked(tag);
    if (i < 0) {
        if (s_tag_count == TAG_COUNT) {
            fprintf(stderr, "esp_log_level_set: no room for tag '%s'\n", tag);
            return;
        }
        i = (int)s_tag_count++;
        snprintf(s_tags[i].tag, TAG_SIZE, "%s", tag);
    }
    s_tags[i].level = level;
}

void esp_log_level_set(const char *tag, esp_log_level_t level)
{
    if (!tag || (unsigned)level >= ESP_LOG_MAX) {
        return;
    }
    pthread_once(&s_once, init);
    pthread_mutex_lock(&s_lock);
    if (strcmp(tag, "*") == 0) {
        s_tag_count = 0;
        atomic_store(&s_default, (int)level);
    } else {
        set_tag_locked(tag, level);
    }
    int finest = atomic_load(&s_default);
    for (unsigned i = 0; i < s_tag_count; i++) {
        finest = (int)s_tags[i].level > finest ? (int)s_tags[i].level : finest;
    }
    atomic_store(&s_finest, finest);
    pthread_mutex_unlock(&s_lock);
}

esp_log_level_t esp_log_level_get(const char *tag)
{
    pthread_once(&s_once, init);
    int level = atomic_load(&s_default);
    if (tag) {
        pthread_mutex_lock(&s_lock);
        int i = find_tag_locked(tag);
        level = i < 0 ? level : (int)s_tags[i].level;
        pthread_mutex_unlock(&s_lock);
    }
    return (esp_log_level_t)level;
}

static bool is_logged(esp_log_level_t level, const char *tag)
{
    pthread_once(&s_once, init);
    return (int)level <= atomic_load_explicit(&s_finest, memory_order_relaxed) && level <= esp_log_level_get(tag);
}

uint32_t esp_log_timestamp(void)
{
    pthread_once(&s_once, init);
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint32_t)((now.tv_sec - s_start.tv_sec) * 1000 + (now.tv_nsec - s_start.tv_nsec) / 1000000);
}

/* Standard error that cannot be written to is nobody's fault here: the line is lost. */
static void write_out(const char *text, size_t len)
{
    while (len) {
        ssize_t n = write(STDERR_FILENO, text, len);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return;
        }
        text += n;
        len -= (size_t)n;
    }
}

static size_t clip(int wanted, size_t room)
{
    if (wanted < 0) {
        return 0;
    }
    return (size_t)wanted < room ? (size_t)wanted : room - 1;
}

void esp_log_writev(esp_log_level_t level, const char *tag, const char *format, va_list args)
{
    if (!is_logged(level, tag)) {
        return;
    }
    int saved = errno;
    char text[LINE_SIZE];
    write_out(text, clip(vsnprintf(text, sizeof(text), format, args), sizeof(text)));
    errno = saved;
}

void esp_log_write(esp_log_level_t level, const char *tag, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    esp_log_writev(level, tag, format, args);
    va_end(args);
}

void esp_log_line_(esp_log_level_t level, const char *tag, const char *format, ...)
{
    if (!is_logged(level, tag)) {
        return;
    }
    int saved = errno;
    char line[LINE_SIZE + 64];
    size_t len = clip(snprintf(line, 64, "%c (%u) %.32s: ", LEVEL_CHARS[level], esp_log_timestamp(), tag), 64);
    va_list args;
    va_start(args, format);
    len += clip(vsnprintf(line + len, LINE_SIZE - 1, format, args), LINE_SIZE - 1);
    va_end(args);
    line[len++] = '\n';
    write_out(line, len);
    errno = saved;
}

/* SPDX-License-Identifier: MIT */
#include "esp_log.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LINE_SIZE 1024
#define PREFIX_SIZE 64
#define TAG_COUNT 8
#define LEVEL_LETTERS "newidv"

static pthread_once_t s_once = PTHREAD_ONCE_INIT;
static struct timespec s_start;
static int s_level = ESP_LOG_WARN;

static pthread_mutex_t s_lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    const char *tag;
    esp_log_level_t level;
} s_tags[TAG_COUNT];         /* under s_lock */
static unsigned s_tag_count; /* under s_lock */

static void start_log(void)
{
    clock_gettime(CLOCK_MONOTONIC, &s_start);
    const char *wanted = getenv("ESP_LOG_LEVEL");
    const char *letter = wanted && *wanted ? strchr(LEVEL_LETTERS, *wanted) : NULL;
    if (letter) {
        s_level = (int)(letter - LEVEL_LETTERS);
    } else if (wanted && *wanted) {
        fprintf(stderr, "ESP_LOG_LEVEL is '%s': expected none, error, warn, info, debug or verbose\n", wanted);
    }
}

/* Under s_lock. */
static unsigned place_of_tag(const char *tag)
{
    unsigned i = 0;
    while (i < s_tag_count && strcmp(s_tags[i].tag, tag) != 0) {
        i++;
    }
    return i;
}

void esp_log_level_set(const char *tag, esp_log_level_t level)
{
    pthread_mutex_lock(&s_lock);
    unsigned i = place_of_tag(tag);
    if (i < TAG_COUNT) {
        s_tags[i].tag = tag;
        s_tags[i].level = level;
        s_tag_count = i < s_tag_count ? s_tag_count : i + 1;
    }
    pthread_mutex_unlock(&s_lock);
}

static bool is_logged(esp_log_level_t level, const char *tag)
{
    pthread_once(&s_once, start_log);
    if ((int)level > s_level) {
        return false;
    }
    pthread_mutex_lock(&s_lock);
    unsigned i = place_of_tag(tag);
    bool logged = i == s_tag_count || level <= s_tags[i].level;
    pthread_mutex_unlock(&s_lock);
    return logged;
}

static unsigned milliseconds_since_start(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (unsigned)((now.tv_sec - s_start.tv_sec) * 1000 + (now.tv_nsec - s_start.tv_nsec) / 1000000);
}

/* If standard error cannot be written to, the line is lost. */
static void write_line(const char *text, size_t len)
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

static size_t length_that_fits(int wanted, size_t room)
{
    if (wanted < 0) {
        return 0;
    }
    return (size_t)wanted < room ? (size_t)wanted : room - 1;
}

void hs_log(esp_log_level_t level, const char *tag, const char *format, ...)
{
    if (!is_logged(level, tag)) {
        return;
    }
    int saved = errno;
    char line[PREFIX_SIZE + LINE_SIZE];
    int prefix = snprintf(line, PREFIX_SIZE, "%c (%u) %.32s: ", "NEWIDV"[level], milliseconds_since_start(), tag);
    size_t len = length_that_fits(prefix, PREFIX_SIZE);
    va_list args;
    va_start(args, format);
    len += length_that_fits(vsnprintf(line + len, LINE_SIZE - 1, format, args), LINE_SIZE - 1);
    va_end(args);
    line[len++] = '\n';
    write_line(line, len);
    errno = saved;
}

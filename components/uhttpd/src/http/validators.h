/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/**
 * @file
 * Entity tags (RFC 9110 section 8.8.3), pure.
 */
#define UH_ETAG_SIZE 24 /* bytes, NUL included */

/** @brief Writes the strong tag of a version of a file, or of its compressed form. */
void uh_etag_write(uint64_t version, bool compressed, char text[UH_ETAG_SIZE]);

/**
 * @brief True when a list, as in If-Match, contains the tag. Anything after a malformed part is ignored.
 *
 * @param etag  A strong one; NULL: unknown, and in no list.
 * @param weak  the comparison of RFC 9110 section 8.8.3.2: a weak tag in the list will do.
 */
bool uh_etag_in_list(const char *list, const char *etag, bool weak);

/**
 * @file
 * Conditional requests (RFC 9110 section 13), pure.
 */

/** Headers of a request; NULL: it has none. */
typedef struct {
    const char *if_match;
    const char *if_none_match;
    const char *if_modified_since;
    const char *if_unmodified_since;
    const char *if_range;
} uh_conditions_t;

/** What distinguishes one state of a file from another. */
typedef struct {
    bool exists;
    const char *etag; /* a strong one; NULL: not known */
    int64_t modified; /* seconds since 1970; 0: not known */
} uh_validators_t;

/**
 * @brief Judges in the order of RFC 9110 section 13.2.2.
 *
 * @param reads  GET or HEAD
 * @return 0: go on; 304; 412
 */
int uh_conditions_judge(const uh_conditions_t *conditions, const uh_validators_t *validators, bool reads);

/** @brief True when Range applies: there is no If-Range, or it names this very state (section 13.1.5). */
bool uh_conditions_allow_range(const uh_conditions_t *conditions, const uh_validators_t *validators);

/**
 * @file
 * The Range header (RFC 9110 section 14), pure.
 */
typedef enum {
    UH_RANGE_WHOLE,         /* the header does not apply: everything is sent */
    UH_RANGE_PART,          /* 206 */
    UH_RANGE_UNSATISFIABLE, /* 416 */
} uh_range_kind_t;

typedef struct {
    uint64_t first;
    uint64_t length; /* at least 1 when it is a part */
} uh_range_t;

/**
 * @brief Which of @p size bytes to send. For #UH_RANGE_WHOLE, @p range is everything.
 *
 * A request for several ranges gets everything, which RFC 9110 section 14.2 leaves to the server. Clients that resume
 * or seek ask for one range. Several are asked for by attackers, because a short header then causes much work, and by
 * readers of PDF files, which accept either answer. Parts of a multipart answer would each need a head of its own and a
 * place to seek to in slow storage.
 */
uh_range_kind_t uh_range_read(const char *header, uint64_t size, uh_range_t *range);

/**
 * @file
 * Dates as HTTP writes them (RFC 9110 section 5.6.7), pure. Times are seconds since 1970.
 */
#define UH_HTTP_DATE_SIZE 30       /* bytes, NUL included */
#define UH_CLOCK_WAS_SET 946684800 /* seconds; a time before the year 2000 means that the clock was never set */

/** @brief Writes a time as IMF-fixdate. @return false: it lies before 1970 or after 9999. */
bool uh_http_date_write(int64_t time, char text[UH_HTTP_DATE_SIZE]);

/** @brief Reads a date in any of the three forms, of the years 1970 to 9999. @return false: it is not a date. */
bool uh_http_date_read(const char *text, int64_t *time);

/* SPDX-License-Identifier: MIT */
#include "http/validators.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "http/builder.h"
#include "http/text.h"

/* --- etag --------------------------------------------------------------------------------------------------------- */

void uh_etag_write(uint64_t version, bool compressed, char text[UH_ETAG_SIZE])
{
    uh_text_t tag = {.at = text, .room = UH_ETAG_SIZE};
    uh_text_add(&tag, "\"");
    uh_text_hex(&tag, version, 16);
    uh_text_add(&tag, compressed ? "-gz\"" : "\"");
    uh_text_end(&tag);
}

/* @return the length of the opaque tag at @p text, quotes included; 0: there is none */
static size_t tag_len(const char *text)
{
    if (*text != '"') {
        return 0;
    }
    for (size_t i = 1;; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"') {
            return i + 1;
        }
        if (c <= ' ' || c == 0x7f) {
            return 0;
        }
    }
}

bool uh_etag_in_list(const char *list, const char *etag, bool weak)
{
    static const char between[] = ", \t";
    for (list += strspn(list, between); *list != '\0' && etag != NULL; list += strspn(list, between)) {
        bool is_weak = strncmp(list, "W/", 2) == 0;
        list += is_weak ? 2 : 0;
        size_t len = tag_len(list);
        if (len == 0) {
            return false;
        }
        if ((weak || !is_weak) && len == strlen(etag) && memcmp(list, etag, len) == 0) {
            return true;
        }
        list += len;
    }
    return false;
}

/* --- conditions --------------------------------------------------------------------------------------------------- */

static bool conditions_matches(const char *list, const uh_validators_t *validators, bool weak)
{
    return validators->exists && (strcmp(list, "*") == 0 || uh_etag_in_list(list, validators->etag, weak));
}

/* @return whether there is something to compare. */
static bool conditions_compare(const char *date, const uh_validators_t *validators, bool *newer)
{
    int64_t since;
    if (date == NULL || !validators->exists || validators->modified == 0 || !uh_http_date_read(date, &since)) {
        return false;
    }
    *newer = validators->modified > since;
    return true;
}

int uh_conditions_judge(const uh_conditions_t *conditions, const uh_validators_t *validators, bool reads)
{
    bool newer;
    if (conditions->if_match != NULL) {
        if (!conditions_matches(conditions->if_match, validators, false)) {
            return 412;
        }
    } else if (conditions_compare(conditions->if_unmodified_since, validators, &newer) && newer) {
        return 412;
    }
    if (conditions->if_none_match != NULL) {
        if (conditions_matches(conditions->if_none_match, validators, true)) {
            return reads ? 304 : 412;
        }
    } else if (reads && conditions_compare(conditions->if_modified_since, validators, &newer) && !newer) {
        return 304;
    }
    return 0;
}

/* The date must be the same. It says less than a tag, so it counts only if there is a tag. */
bool uh_conditions_allow_range(const uh_conditions_t *conditions, const uh_validators_t *validators)
{
    const char *state = conditions->if_range;
    if (state == NULL) {
        return true;
    }
    int64_t date;
    if (uh_http_date_read(state, &date)) {
        return validators->etag != NULL && validators->modified != 0 && date == validators->modified;
    }
    return validators->etag != NULL && strcmp(state, validators->etag) == 0;
}

/* --- range -------------------------------------------------------------------------------------------------------- */

#define OPEN UINT64_MAX

/* "5-9", "5-", or "-5"; a suffix has no first. @return false: malformed */
static bool read_spec(const char **text, bool *suffix, uint64_t *first, uint64_t *last)
{
    *suffix = !uh_decimal_read(text, first);
    if (*(*text)++ != '-') {
        return false;
    }
    if (!uh_decimal_read(text, last)) {
        *last = OPEN;
        return !*suffix;
    }
    return *suffix || *first <= *last;
}

static const char *range_skip_blank(const char *text)
{
    return text + strspn(text, ", \t"); /* RFC 9110 section 5.6.1: empty elements count as none */
}

static uh_range_kind_t range_cut(bool suffix, uint64_t first, uint64_t last, uint64_t size, uh_range_t *range)
{
    if (suffix && last > 0) {
        range->length = last < size ? last : size;
        range->first = size - range->length;
        return size > 0 ? UH_RANGE_PART : UH_RANGE_WHOLE; /* there are no "last bytes" of an empty file */
    }
    if (suffix || first >= size) {
        return UH_RANGE_UNSATISFIABLE;
    }
    range->first = first;
    range->length = (last < size ? last : size - 1) - first + 1;
    return UH_RANGE_PART;
}

uh_range_kind_t uh_range_read(const char *header, uint64_t size, uh_range_t *range)
{
    static const char unit[] = "bytes=";
    *range = (uh_range_t) {.first = 0, .length = size};
    if (header == NULL || strncasecmp(header, unit, strlen(unit)) != 0) {
        return UH_RANGE_WHOLE;
    }
    const char *at = range_skip_blank(header + strlen(unit));
    bool suffix;
    uint64_t first, last;
    if (!read_spec(&at, &suffix, &first, &last) || *range_skip_blank(at) != '\0') {
        return UH_RANGE_WHOLE;
    }
    return range_cut(suffix, first, last, size, range);
}

/* --- http date ---------------------------------------------------------------------------------------------------- */

static const char s_months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
static const char s_days[] = "ThuFriSatSunMonTueWed"; /* from 1 January 1970 on */

#define DAY 86400         /* seconds */
#define LAST 253402300799 /* the end of the year 9999 */
#define EPOCH 719468      /* days from 1 March of the year 0 to 1 January 1970 */
#define ERA 146097        /* days in 400 years */

typedef struct {
    int year, month, day, hour, minute, second;
} fields_t;

/* Years begin in March here, so that the leap day is the last one. */
static int64_t days_of(int year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - EPOCH;
}

static void date_of(int64_t days, int *year, int *month, int *day)
{
    days += EPOCH;
    int era = (int)(days / ERA), of_era = (int)(days % ERA);
    int year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted = (5 * of_year + 2) / 153;
    *day = of_year - (153 * shifted + 2) / 5 + 1;
    *month = shifted < 10 ? shifted + 3 : shifted - 9;
    *year = era * 400 + year_of_era + (*month <= 2);
}

static void put_number(char *text, unsigned number, int digits)
{
    while (digits > 0) {
        text[--digits] = (char)('0' + number % 10);
        number /= 10;
    }
}

bool uh_http_date_write(int64_t time, char text[UH_HTTP_DATE_SIZE])
{
    if (time < 0 || time > LAST) {
        return false;
    }
    int64_t days = time / DAY;
    unsigned second = (unsigned)(time % DAY);
    int year, month, day;
    date_of(days, &year, &month, &day);
    static const char form[UH_HTTP_DATE_SIZE] = "Ddd, 00 Mmm 0000 00:00:00 GMT";
    memcpy(text, form, sizeof(form));
    memcpy(text, s_days + 3 * (days % 7), 3);
    put_number(text + 5, (unsigned)day, 2);
    memcpy(text + 8, s_months + 3 * (month - 1), 3);
    put_number(text + 12, (unsigned)year, 4);
    put_number(text + 17, second / 3600, 2);
    put_number(text + 20, second / 60 % 60, 2);
    put_number(text + 23, second % 60, 2);
    return true;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static int number_at(const char *text, int digits)
{
    int number = 0;
    for (int i = 0; i < digits; i++) {
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

static int month_at(const char *text)
{
    for (int month = 1; month <= 12; month++) {
        if (strncmp(text, s_months + 3 * (month - 1), 3) == 0) {
            return month;
        }
    }
    return 0;
}

/* In a form, '0' stands for a digit, '_' for a digit or a space, 'a' for a letter, anything else for itself. */
static bool http_date_fits(const char *text, const char *form)
{
    for (; *form != '\0'; form++, text++) {
        bool digit = *text >= '0' && *text <= '9';
        bool letter = (*text | 0x20) >= 'a' && (*text | 0x20) <= 'z';
        bool fit = *form == '0' ? digit : *form == '_' ? digit || *text == ' ' : *form == 'a' ? letter : *text == *form;
        if (!fit) {
            return false;
        }
    }
    return *text == '\0';
}

static void read_clock(const char *text, fields_t *fields)
{
    fields->hour = number_at(text, 2);
    fields->minute = number_at(text + 3, 2);
    fields->second = number_at(text + 6, 2);
}

/* Two digits of a year mean 1970 to 2069, which is what RFC 9110 asks for with any existing file. */
static int whole_year(int two_digits)
{
    return two_digits + (two_digits < 70 ? 2000 : 1900);
}

static bool http_date_read_fields(const char *text, fields_t *fields)
{
    if (http_date_fits(text, "aaa, 00 aaa 0000 00:00:00 GMT")) { /* IMF-fixdate */
        *fields = (fields_t) {number_at(text + 12, 4), month_at(text + 8), number_at(text + 5, 2), 0, 0, 0};
        read_clock(text + 17, fields);
        return true;
    }
    if (http_date_fits(text, "aaa aaa _0 00:00:00 0000")) { /* asctime() */
        int tens = text[8] == ' ' ? 0 : text[8] - '0';
        *fields = (fields_t) {number_at(text + 20, 4), month_at(text + 4), 10 * tens + text[9] - '0', 0, 0, 0};
        read_clock(text + 11, fields);
        return true;
    }
    const char *comma = strchr(text, ',');
    if (comma != NULL && comma - text >= 6 && comma - text <= 9 && http_date_fits(comma, ", 00-aaa-00 00:00:00 GMT")) {
        *fields =
            (fields_t) {whole_year(number_at(comma + 9, 2)), month_at(comma + 5), number_at(comma + 2, 2), 0, 0, 0};
        read_clock(comma + 12, fields);
        return true;
    }
    return false;
}

bool uh_http_date_read(const char *text, int64_t *time)
{
    fields_t fields;
    if (!http_date_read_fields(text, &fields) || fields.month == 0 || fields.year < 1970 || fields.hour > 23 ||
        fields.minute > 59 || fields.second > 60) {
        return false;
    }
    int64_t days = days_of(fields.year, fields.month, fields.day);
    int year, month, day;
    date_of(days, &year, &month, &day);
    if (month != fields.month || day != fields.day) { /* such as 30 February */
        return false;
    }
    *time = days * DAY + fields.hour * 3600 + fields.minute * 60 + fields.second;
    return true;
}

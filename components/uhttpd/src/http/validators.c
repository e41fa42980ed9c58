/* SPDX-License-Identifier: MIT */
#include "http/validators.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>
#include <time.h>

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
static const char s_days[] = "SunMonTueWedThuFriSat";

#define DAY 86400         /* seconds */
#define LAST 253402300799 /* the end of the year 9999 */
#define EPOCH 719468      /* days from 1 March of the year 0 to 1 January 1970 */

/* Years begin in March here, so that the leap day is the last one. */
static int days_of(int year, int month, int day)
{
    int y = year - (month <= 2);
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - EPOCH;
}

static void put_number(char *text, int number, int digits)
{
    while (digits > 0) {
        text[--digits] = (char)('0' + number % 10);
        number /= 10;
    }
}

bool uh_http_date_write(int64_t time, char text[UH_HTTP_DATE_SIZE])
{
    static const char form[UH_HTTP_DATE_SIZE] = "Ddd, 00 Mmm 0000 00:00:00 GMT";
    time_t seconds = (time_t)time;
    struct tm tm;
    if (time < 0 || time > LAST || gmtime_r(&seconds, &tm) == NULL) {
        return false;
    }
    memcpy(text, form, sizeof(form));
    memcpy(text, s_days + 3 * tm.tm_wday, 3);
    put_number(text + 5, tm.tm_mday, 2);
    memcpy(text + 8, s_months + 3 * tm.tm_mon, 3);
    put_number(text + 12, tm.tm_year + 1900, 4);
    put_number(text + 17, tm.tm_hour, 2);
    put_number(text + 20, tm.tm_min, 2);
    put_number(text + 23, tm.tm_sec, 2);
    return true;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* Digits, perhaps with spaces before them. */
static int number_at(const char *text, int digits)
{
    int number = 0;
    for (int i = 0; i < digits; i++) {
        number = number * 10 + (text[i] == ' ' ? 0 : text[i] - '0');
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

/* A way to write dates, and where in it their parts are. */
typedef struct {
    const char *form;
    uint8_t day, month, year, year_digits, clock;
} date_form_t;

static const date_form_t s_forms[] = {
    {"aaa, 00 aaa 0000 00:00:00 GMT", 5, 8, 12, 4, 17}, /* IMF-fixdate */
    {"aaa aaa _0 00:00:00 0000", 8, 4, 20, 4, 11},      /* asctime() */
    {", 00-aaa-00 00:00:00 GMT", 2, 5, 9, 2, 12},       /* RFC 850, behind the name of the day */
};

/* Two digits of a year mean 1970 to 2069, which is what RFC 9110 asks for with any existing file. */
static int year_at(const char *text, int digits)
{
    int year = number_at(text, digits);
    return digits == 4 ? year : year + (year < 70 ? 2000 : 1900);
}

/* @return false: there is no such date, or no such time of a day */
static bool date_at(const char *text, const date_form_t *form, int64_t *time)
{
    const char *clock = text + form->clock;
    int day = number_at(text + form->day, 2), month = month_at(text + form->month);
    int year = year_at(text + form->year, form->year_digits);
    int hour = number_at(clock, 2), minute = number_at(clock + 3, 2), second = number_at(clock + 6, 2);
    time_t midnight = (time_t)days_of(year, month, day) * DAY;
    struct tm tm;
    bool is_date = month != 0 && year >= 1970 && gmtime_r(&midnight, &tm) != NULL && tm.tm_mon == month - 1 &&
                   tm.tm_mday == day; /* 30 February is another day */
    *time = midnight + hour * 3600 + minute * 60 + second;
    return is_date && hour <= 23 && minute <= 59 && second <= 60;
}

bool uh_http_date_read(const char *text, int64_t *time)
{
    const char *comma = strchr(text, ',');
    bool named = comma != NULL && comma - text >= 6 && comma - text <= 9; /* "Sunday," to "Wednesday," */
    for (size_t i = 0; i < sizeof(s_forms) / sizeof(s_forms[0]); i++) {
        const char *at = *s_forms[i].form != ',' ? text : named ? comma : "";
        if (http_date_fits(at, s_forms[i].form)) {
            return date_at(at, &s_forms[i], time);
        }
    }
    return false;
}

/* SPDX-License-Identifier: MIT */
#include "conditions.h"

#include <stddef.h>
#include <string.h>

#include "etag.h"
#include "http_date.h"

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

/* A date must be the very one. It tells less than a tag, so it counts only where there is a tag. */
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

/* SPDX-License-Identifier: MIT */
#include "files/hold.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "http/builder.h"
#include "uhttpd_os.h"
#include "uhttpd_temporary.h"

typedef struct hold {
    char name[UHTTPD_TEMPORARY_LEN + 1];
    bool stale; /* it is being removed */
    struct hold *next;
} hold_t;

static hold_t *s_holds; /* under the global lock */

static const char *last_segment(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

static hold_t **hold_find(const char *name)
{
    hold_t **link = &s_holds;
    while (*link != NULL && strcasecmp((*link)->name, name) != 0) {
        link = &(*link)->next;
    }
    return link;
}

static int hold_add(const char *name, bool stale)
{
    hold_t *hold = calloc(1, sizeof(*hold));
    if (hold == NULL) {
        return ENOMEM;
    }
    uh_text_copy(hold->name, sizeof(hold->name), name);
    hold->stale = stale;
    uhttpd_os_global_lock();
    const hold_t *other = *hold_find(name);
    bool busy = other != NULL && (stale || other->stale);
    if (!busy) {
        hold->next = s_holds;
        s_holds = hold;
    }
    uhttpd_os_global_unlock();
    if (busy) {
        free(hold);
    }
    return busy ? EBUSY : 0;
}

int uhttpd_temporary_hold(const char *temporary)
{
    return hold_add(last_segment(temporary), false);
}

bool uh_file_hold_stale(const char *name)
{
    return hold_add(name, true) == 0;
}

void uhttpd_temporary_release(const char *temporary)
{
    uhttpd_os_global_lock();
    hold_t **link = hold_find(last_segment(temporary)), *hold = *link;
    if (hold != NULL) {
        *link = hold->next;
    }
    uhttpd_os_global_unlock();
    free(hold);
}

/* SPDX-License-Identifier: MIT */
#include "http/method.h"

#include <string.h>

#include "uhttpd.h"

void uh_method_list(unsigned methods, char out[UH_METHOD_LIST_SIZE])
{
    static const struct {
        unsigned bit;
        const char *name;
    } names[] = {
        {UHTTPD_GET, "GET"},     {UHTTPD_HEAD, "HEAD"},     {UHTTPD_POST, "POST"}, {UHTTPD_PUT, "PUT"},
        {UHTTPD_PATCH, "PATCH"}, {UHTTPD_DELETE, "DELETE"}, {UHTTPD_MOVE, "MOVE"}, {UHTTPD_OPTIONS, "OPTIONS"},
    };
    out[0] = '\0';
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (methods & (names[i].bit | UHTTPD_ANY)) {
            strcat(out, out[0] ? ", " : "");
            strcat(out, names[i].name);
        }
    }
}

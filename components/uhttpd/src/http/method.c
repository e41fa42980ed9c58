/* SPDX-License-Identifier: MIT */
#include "http/method.h"

#include <string.h>

#include "http/text.h"

static const struct {
    unsigned bit;
    const char *name;
} s_methods[] = {
#define METHOD_ROW(name, bit) {UHTTPD_##name, #name},
    UHTTPD_METHODS(METHOD_ROW)};

#define METHOD_COUNT (sizeof(s_methods) / sizeof(s_methods[0]))

#define METHOD_SUM(name, bit) +UHTTPD_##name /* NOLINT(bugprone-macro-parentheses): a term of a sum */
_Static_assert((UHTTPD_ANY UHTTPD_METHODS(METHOD_SUM)) == UH_METHODS_ALL, "each method has a bit of its own");

unsigned uh_method_of(const char *name, size_t len)
{
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        if (strlen(s_methods[i].name) == len && memcmp(s_methods[i].name, name, len) == 0) {
            return s_methods[i].bit;
        }
    }
    return UHTTPD_ANY;
}

void uh_method_list(unsigned methods, char out[UH_METHOD_LIST_SIZE])
{
    uh_text_t text = {.at = out, .room = UH_METHOD_LIST_SIZE};
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        if (methods & (s_methods[i].bit | UHTTPD_ANY)) {
            uh_text_add(&text, text.len ? ", " : "");
            uh_text_add(&text, s_methods[i].name);
        }
    }
    uh_text_end(&text);
}

/* SPDX-License-Identifier: MIT */
#include "files/join.h"

#include <stdlib.h>
#include <string.h>

#include "http/builder.h"

static void add_pieces(uh_text_t *text, const uh_piece_t *pieces, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uh_text_bytes(text, pieces[i].at, strnlen(pieces[i].at, pieces[i].len));
    }
}

char *uh_join(const uh_piece_t *pieces, size_t count)
{
    uh_text_t text = {0};
    add_pieces(&text, pieces, count);
    size_t size = text.len + 1;
    text = (uh_text_t) {.at = malloc(size), .room = size};
    if (text.at != NULL) {
        add_pieces(&text, pieces, count);
        uh_text_end(&text);
    }
    return text.at;
}

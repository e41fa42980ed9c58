/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * @file
 * multipart/form-data (RFC 7578, RFC 2046 section 5.1) that arrives in pieces, pure. The data of a part is not kept.
 */
#define UH_MULTIPART_BOUNDARY 70 /* longest, in bytes */
#define UH_MULTIPART_HEAD 1024   /* all headers of a part, bytes */

typedef enum {
    UH_MULTIPART_MORE, /* all input is used */
    UH_MULTIPART_PART, /* a part begins: uh_multipart_t::disposition and type are known */
    UH_MULTIPART_DATA, /* a piece of it */
    UH_MULTIPART_PART_END,
    UH_MULTIPART_END, /* the form is complete; the rest is ignored */
    UH_MULTIPART_BAD, /* uh_multipart_t::fault says why */
} uh_multipart_event_t;

typedef struct {
    char delimiter[4 + UH_MULTIPART_BOUNDARY + 1]; /* CR LF, two dashes, boundary, NUL */
    uint8_t delimiter_len;
    uint8_t matched; /* how much of the delimiter the last bytes match */
    uint8_t ahead;   /* and how much of that had come before the data began */
    uint8_t state;
    bool in_part;
    uint16_t head_len;
    char head[UH_MULTIPART_HEAD + 1];
    char *disposition; /* the part's Content-Disposition, in head */
    char *type;        /* its Content-Type, in head; NULL: it has none */
    const char *fault; /* what is wrong, in a sentence; NULL: nothing */
    bool too_long;     /* namely that a bound is exceeded */
} uh_multipart_t;

/** @brief True for a Content-Type that says multipart/form-data, with or without a boundary. */
bool uh_multipart_is_form(const char *content_type);

/** @return false: no boundary is given, or none that may be one */
bool uh_multipart_init(uh_multipart_t *multipart, const char *content_type);

/**
 * @brief Advances to the next event. UH_MULTIPART_END and UH_MULTIPART_BAD are the last.
 *
 * @param[in,out] in, in_len  input; the bytes that were used are taken off.
 * @param[out] data, len  with UH_MULTIPART_DATA: at least one byte, in the input or in @p multipart.
 */
uh_multipart_event_t uh_multipart_next(uh_multipart_t *multipart, const uint8_t **in, size_t *in_len,
                                       const uint8_t **data, size_t *len);

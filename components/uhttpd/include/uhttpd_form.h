/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "uhttpd.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file
 * What browsers send for a form: its fields (application/x-www-form-urlencoded or multipart/form-data), and the files that
 * were chosen in it (multipart/form-data alone; RFC 7578).
 *
 * uhttpd_read_form() reads a small form as a whole. uhttpd_parts_open() reads the parts of a form one after the other, and
 * uhttpd_read_parts_to() hands them to a callback as they come: both take constant memory, however long a file is.
 *
 * A form that is broken, too long or none at all is the client's fault. The functions return #ESP_ERR_UHTTPD_REFUSED then,
 * and a handler that returns that as well need not answer: the client gets 400, 413 or 415, and a sentence that says why.
 */

/** @brief A field of a form, or a file in it. Texts end with NUL. They are what the client sent, in most cases UTF-8. */
typedef struct {
    const char *name;
    size_t name_len;      /*!< a name may have a NUL in it, if the form is urlencoded */
    const char *filename; /*!< NULL: an ordinary field. UTF-8, without control characters, and without the folders that
                               the client may have written in front: never "", "." or "..", no '/' or '\' in it, and
                               255 bytes at most */
    const char *mime;     /*!< Content-Type that the client gave; NULL: none */
} uhttpd_part_t;

/** @name A small form as a whole
 *  @{ */
typedef struct uhttpd_form uhttpd_form_t;

#define UHTTPD_FORM_FIELDS 256 /*!< more fields and files are refused */

/**
 * @brief Reads a form into memory. Workers only; blocks as uhttpd_req_read().
 *
 * @param max  Bytes that names and contents of all fields and files may have together; more is refused with 413.
 * @param[out] form  To be given to uhttpd_form_free(). NULL: there is none.
 * @return ESP_OK; ESP_ERR_UHTTPD_REFUSED; ESP_ERR_NO_MEM; or as uhttpd_req_read().
 */
esp_err_t uhttpd_read_form(uhttpd_req_t *req, size_t max, uhttpd_form_t **form);

/** @brief NULL does nothing. */
void uhttpd_form_free(uhttpd_form_t *form);

/**
 * @brief The n-th field or file, counted from 0, in the order in which they came.
 * @param[out] part   lives as long as the form
 * @param[out] value  its content, with a NUL behind it; may be NULL, as @p len
 * @return false beyond the last
 */
bool uhttpd_form_at(const uhttpd_form_t *form, size_t n, uhttpd_part_t *part, const char **value, size_t *len);

/**
 * @brief The n-th value of the ordinary fields with this name, counted from 0. A field that occurs without a value, or is
 *        not filled in, has "".
 * @return lives as long as the form; NULL: there are not so many
 */
const char *uhttpd_form_value(const uhttpd_form_t *form, const char *name, size_t n);
/** @} */

/** @name The parts of a multipart form, one after the other
 *  @{ */
typedef struct uhttpd_parts uhttpd_parts_t;

/**
 * @brief Begins to read a multipart form. Reads nothing yet, and does not block.
 * @param[out] parts  To be given to uhttpd_parts_close(). NULL: there is none.
 * @return ESP_OK; ESP_ERR_UHTTPD_REFUSED; ESP_ERR_NO_MEM
 */
esp_err_t uhttpd_parts_open(uhttpd_req_t *req, uhttpd_parts_t **parts);

/**
 * @brief Goes on to the next part; what was not read of the current one is passed over. Workers only; blocks.
 * @param[out] part  valid until the next call
 * @return ESP_OK; ESP_ERR_NOT_FOUND: that was the last; ESP_ERR_UHTTPD_REFUSED; or as uhttpd_req_read()
 */
esp_err_t uhttpd_parts_next(uhttpd_parts_t *parts, uhttpd_part_t *part);

/**
 * @brief Reads some of the current part. Workers only; blocks.
 * @param[out] got  bytes; 0 only at the end of the part (or for @p size 0)
 * @return ESP_OK; ESP_ERR_UHTTPD_REFUSED; or as uhttpd_req_read()
 */
esp_err_t uhttpd_parts_read(uhttpd_parts_t *parts, void *buf, size_t size, size_t *got);

/** @brief NULL does nothing. */
void uhttpd_parts_close(uhttpd_parts_t *parts);
/** @} */

/** @name The parts of a multipart form, handed to a callback
 *  @{ */
/** @brief Where the parts go to. Its functions run in workers, one at a time, and may block on a disk, never on the network.
 *         What one returns but ESP_OK ends the form, and is handed to @c done. */
typedef struct {
    esp_err_t (*begin)(void *ctx, const uhttpd_part_t *part);          /*!< a part; valid until this returns */
    esp_err_t (*write)(void *ctx, const void *data, size_t len);       /*!< its next bytes, at least one */
    esp_err_t (*end)(void *ctx);                                       /*!< it is whole; may be NULL */
    esp_err_t (*done)(uhttpd_req_t *req, void *ctx, esp_err_t result); /*!< as uhttpd_sink_t::done; @p result may be
                                                                             ESP_ERR_UHTTPD_REFUSED, too */
    void *ctx;
} uhttpd_parts_sink_t;

/**
 * @brief Delivers the parts of a multipart form to a callback. No worker waits for the client meanwhile. From a handler of
 *        any kind, which then returns ESP_OK without having answered; does not block.
 *
 * @param sink  Copied.
 * @return ESP_OK; otherwise no function of @p sink will ever be called: ESP_ERR_UHTTPD_REFUSED, or as uhttpd_read_to()
 */
esp_err_t uhttpd_read_parts_to(uhttpd_req_t *req, const uhttpd_parts_sink_t *sink);
/** @} */

#ifdef __cplusplus
}
#endif

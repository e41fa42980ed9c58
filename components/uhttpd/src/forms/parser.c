/* SPDX-License-Identifier: MIT */
#include "forms/parser.h"

#include <string.h>

#include "exchange.h"
#include "http/fields.h"

#define LONGEST_NAME 255 /* bytes that names of files have on any storage */

/* --- the request -------------------------------------------------------------------------------------------------- */

esp_err_t uh_parts_init(uh_parts_parser_t *parser, uhttpd_req_t *req)
{
    const char *type = uhttpd_req_header(req, "Content-Type");
    parser->req = req;
    parser->last = UH_MULTIPART_MORE;
    if (type == NULL || !uh_multipart_is_form(type)) {
        return uh_body_refuse(req, 415, "the Content-Type must be multipart/form-data");
    }
    if (!uh_multipart_init(&parser->multipart, type)) {
        return uh_body_refuse(req, 400, "the Content-Type has no boundary of 1 to 70 characters that may be one");
    }
    return ESP_OK;
}

/* --- the head of a part ------------------------------------------------------------------------------------------- */

static const char *without_folders(const char *path)
{
    size_t len = strlen(path);
    while (len > 0 && path[len - 1] != '/' && path[len - 1] != '\\') {
        len--;
    }
    return path + len;
}

/* @return NULL: the name of the file is fine, or there is none */
static const char *read_filename(uh_parts_parser_t *parser)
{
    switch (uh_disposition_parse(parser->multipart.disposition, parser->filename)) {
    case UH_DISPOSITION_NAMELESS:
        parser->part.filename = NULL;
        return NULL;
    case UH_DISPOSITION_MALFORMED:
        return "the form is malformed: a Content-Disposition is, or the name of its file is not UTF-8";
    default:
        break;
    }
    const char *name = without_folders(parser->filename);
    parser->part.filename = name;
    bool is_name = *name != '\0' && strlen(name) <= LONGEST_NAME && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
    return is_name ? NULL : "the name of a file in the form is none";
}

/* In the place where it was found. */
static const char *read_field_name(uh_parts_parser_t *parser)
{
    char *text = parser->multipart.disposition;
    const char *at = text + strcspn(text, "; \t");
    uh_parameter_t parameter;
    parser->part.name = NULL;
    if (!uh_disposition_is(text, "form-data")) {
        return "the form is malformed: a Content-Disposition is not form-data";
    }
    while (parser->part.name == NULL && uh_parameters_next(&at, &parameter) > 0) {
        if (uh_parameter_is(&parameter, "name")) {
            char *name = text + (parameter.value - text);
            parser->part.name_len = uh_parameter_value(&parameter, name);
            parser->part.name = name;
        }
    }
    return parser->part.name != NULL ? NULL : "the form is malformed: a part has no name";
}

static esp_err_t begin_part_of(uh_parts_parser_t *parser)
{
    parser->part.mime = parser->multipart.type;
    const char *fault = read_filename(parser); /* before the name, which is changed where it stands */
    fault = fault != NULL ? fault : read_field_name(parser);
    return fault == NULL ? ESP_OK : uh_body_refuse(parser->req, 400, fault);
}

/* --- the body ----------------------------------------------------------------------------------------------------- */

esp_err_t uh_parts_next(uh_parts_parser_t *parser, const uint8_t **in, size_t *in_len, const uint8_t **data,
                        size_t *len)
{
    const uh_multipart_t *multipart = &parser->multipart;
    parser->last = uh_multipart_next(&parser->multipart, in, in_len, data, len);
    if (parser->last == UH_MULTIPART_BAD) {
        return uh_body_refuse(parser->req, multipart->too_long ? 413 : 400, multipart->fault);
    }
    return parser->last == UH_MULTIPART_PART ? begin_part_of(parser) : ESP_OK;
}

esp_err_t uh_parts_finish(const uh_parts_parser_t *parser)
{
    return parser->last == UH_MULTIPART_END ? ESP_OK : uh_body_refuse(parser->req, 400, "the form ends early");
}

/* SPDX-License-Identifier: MIT */
/* A small form, all of which is kept in memory. */
#include <stdlib.h>
#include <string.h>

#include "exchange.h"
#include "forms/parser.h"
#include "uhttpd_query.h"

#define FIRST_ROOM 128 /* bytes for texts, then twice as much */
#define FIRST_FIELDS 8 /* and for fields */
#define NO_TEXT UINT32_MAX

/* Where texts begin in uhttpd_form::texts. */
typedef struct {
    uint32_t name, name_len, filename, mime, value, len;
} form_field_t;

struct uhttpd_form {
    uhttpd_req_t *req;
    char *texts;
    size_t len, room;
    size_t max; /* bytes of names and contents */
    form_field_t *fields;
    size_t count;
};

/* --- what was read ------------------------------------------------------------------------------------------------ */

void uhttpd_form_free(uhttpd_form_t *form)
{
    if (form != NULL) {
        free(form->texts);
        free(form->fields);
        free(form);
    }
}

static const char *text_at(const uhttpd_form_t *form, uint32_t place)
{
    return place != NO_TEXT ? form->texts + place : NULL;
}

bool uhttpd_form_at(const uhttpd_form_t *form, size_t n, uhttpd_part_t *part, const char **value, size_t *len)
{
    if (n >= form->count) {
        return false;
    }
    const form_field_t *field = &form->fields[n];
    *part = (uhttpd_part_t) {
        .name = text_at(form, field->name),
        .name_len = field->name_len,
        .filename = text_at(form, field->filename),
        .mime = text_at(form, field->mime),
    };
    if (value != NULL) {
        *value = text_at(form, field->value);
    }
    if (len != NULL) {
        *len = field->len;
    }
    return true;
}

const char *uhttpd_form_value(const uhttpd_form_t *form, const char *name, size_t n)
{
    uhttpd_part_t part;
    const char *value;
    for (size_t i = 0; uhttpd_form_at(form, i, &part, &value, NULL); i++) {
        bool is = part.filename == NULL && part.name_len == strlen(name) && memcmp(part.name, name, part.name_len) == 0;
        if (is && n-- == 0) {
            return value;
        }
    }
    return NULL;
}

/* --- keeping ------------------------------------------------------------------------------------------------------ */

/* For one more, which is the last of the fields then. */
static esp_err_t make_room_for_field(uhttpd_form_t *form)
{
    if (form->count == UHTTPD_FORM_FIELDS) {
        return uh_body_refuse(form->req, 413, "the form has more than 256 fields");
    }
    bool is_full = form->count == 0 || (form->count >= FIRST_FIELDS && (form->count & (form->count - 1)) == 0);
    if (is_full) {
        size_t room = form->count == 0 ? FIRST_FIELDS : 2 * form->count;
        form_field_t *larger = realloc(form->fields, room * sizeof(*larger));
        if (larger == NULL) {
            return ESP_ERR_NO_MEM;
        }
        form->fields = larger;
    }
    form->fields[form->count++] = (form_field_t) {.filename = NO_TEXT, .mime = NO_TEXT};
    return ESP_OK;
}

/* Beside what there is, and a NUL. */
static esp_err_t make_room_for_text(uhttpd_form_t *form, size_t len)
{
    if (len > form->max || form->len > form->max - len) {
        return uh_body_refuse(form->req, 413, "the form is longer than is allowed here");
    }
    size_t room = form->room > 0 ? form->room : FIRST_ROOM;
    while (room < form->len + len + 1) {
        room *= 2;
    }
    char *larger = room > form->room ? realloc(form->texts, room) : form->texts;
    if (larger == NULL) {
        return ESP_ERR_NO_MEM;
    }
    form->texts = larger;
    form->room = room;
    return ESP_OK;
}

static esp_err_t keep_text(uhttpd_form_t *form, const char *text, size_t len, uint32_t *place)
{
    esp_err_t err = make_room_for_text(form, len);
    if (err == ESP_OK) {
        *place = (uint32_t)form->len;
        memcpy(form->texts + form->len, text, len);
        form->len += len;
        form->texts[form->len++] = '\0';
    }
    return err;
}

static esp_err_t keep_text_or_none(uhttpd_form_t *form, const char *text, uint32_t *place)
{
    return text != NULL ? keep_text(form, text, strlen(text), place) : ESP_OK;
}

/* --- multipart/form-data ------------------------------------------------------------------------------------------ */

static esp_err_t keep_head(uhttpd_form_t *form, const uhttpd_part_t *part)
{
    esp_err_t err = make_room_for_field(form);
    if (err != ESP_OK) {
        return err;
    }
    form_field_t *field = &form->fields[form->count - 1];
    field->name_len = (uint32_t)part->name_len;
    err = keep_text(form, part->name, part->name_len, &field->name);
    err = err == ESP_OK ? keep_text_or_none(form, part->filename, &field->filename) : err;
    return err == ESP_OK ? keep_text_or_none(form, part->mime, &field->mime) : err;
}

static esp_err_t keep_content(uhttpd_form_t *form, uhttpd_parts_t *parts)
{
    size_t begin = form->len, got;
    form->fields[form->count - 1].value = (uint32_t)begin;
    esp_err_t err;
    do {
        err = make_room_for_text(form, 1);
        if (err != ESP_OK) {
            break;
        }
        size_t may = form->max - form->len, room = form->room - form->len - 1;
        err = uhttpd_parts_read(parts, form->texts + form->len, may < room ? may : room, &got);
        form->len += got;
    } while (err == ESP_OK && got > 0);
    form->fields[form->count - 1].len = (uint32_t)(form->len - begin);
    return err == ESP_OK ? keep_text(form, "", 0, &(uint32_t) {0}) : err;
}

static esp_err_t keep_parts(uhttpd_form_t *form, uhttpd_parts_t *parts)
{
    uhttpd_part_t part;
    esp_err_t err;
    while ((err = uhttpd_parts_next(parts, &part)) == ESP_OK) {
        err = keep_head(form, &part);
        err = err == ESP_OK ? keep_content(form, parts) : err;
        if (err != ESP_OK) {
            return err;
        }
    }
    return err == ESP_ERR_NOT_FOUND ? ESP_OK : err;
}

static esp_err_t read_multipart(uhttpd_form_t *form)
{
    uhttpd_parts_t *parts;
    esp_err_t err = uhttpd_parts_open(form->req, &parts);
    err = err == ESP_OK ? keep_parts(form, parts) : err;
    uhttpd_parts_close(parts);
    return err;
}

/* --- application/x-www-form-urlencoded ---------------------------------------------------------------------------- */

/* In the place where it stands; what follows it is not needed any more. */
static uint32_t decode_in_place(const uhttpd_form_t *form, const char *text, size_t len, uint32_t *decoded)
{
    char *place = form->texts + (text - form->texts);
    *decoded = (uint32_t)uhttpd_query_decode(text, len, place);
    place[*decoded] = '\0';
    return (uint32_t)(place - form->texts);
}

static esp_err_t read_urlencoded(uhttpd_form_t *form)
{
    uhttpd_query_item_t item;
    esp_err_t err = uhttpd_req_read_all(form->req, form->max, &form->texts, &form->len);
    const char *text = form->texts;
    size_t left = form->len;
    while (err == ESP_OK && uhttpd_query_next(&text, &left, &item)) {
        err = make_room_for_field(form);
        if (err == ESP_OK) {
            form_field_t *field = &form->fields[form->count - 1];
            const char *value = item.value != NULL ? item.value : item.key + item.key_len;
            field->value = decode_in_place(form, value, item.value_len, &field->len);
            field->name = decode_in_place(form, item.key, item.key_len, &field->name_len);
        }
    }
    return err;
}

/* --- either ------------------------------------------------------------------------------------------------------- */

static bool is_urlencoded(const char *type)
{
    static const char urlencoded[] = "application/x-www-form-urlencoded";
    return uh_text_is(type, strcspn(type, "; \t"), urlencoded);
}

static esp_err_t read_either(uhttpd_form_t *form)
{
    const char *type = uhttpd_req_header(form->req, "Content-Type");
    if (type != NULL && is_urlencoded(type)) {
        return read_urlencoded(form);
    }
    if (type != NULL && uh_multipart_is_form(type)) {
        return read_multipart(form);
    }
    return uh_body_refuse(
        form->req, 415,
        "the Content-Type must be that of a form: application/x-www-form-urlencoded or multipart/form-data");
}

esp_err_t uhttpd_read_form(uhttpd_req_t *req, size_t max, uhttpd_form_t **form)
{
    *form = calloc(1, sizeof(**form));
    if (*form == NULL) {
        return ESP_ERR_NO_MEM;
    }
    (*form)->req = req;
    (*form)->max = max < INT32_MAX ? max : INT32_MAX;
    esp_err_t err = read_either(*form);
    if (err != ESP_OK) {
        uhttpd_form_free(*form);
        *form = NULL;
    }
    return err;
}

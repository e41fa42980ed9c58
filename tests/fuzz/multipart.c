/* SPDX-License-Identifier: MIT */
/* A form gives the same parts in whatever pieces it arrives, and each part ends before the next begins. */
#include "http/multipart.h"

#include "fuzz.h"

typedef struct {
    uh_multipart_t machine;
    uint8_t *log; /* events, and the data of parts */
    size_t len;
    bool in_part;
} reader_t;

/* A header's value is text within the head. */
static void check_head(const uh_multipart_t *machine, const char *value)
{
    CHECK(value >= machine->head && value + strlen(value) < machine->head + sizeof(machine->head));
    CHECK(strpbrk(value, "\r\n") == NULL);
}

static void note(reader_t *reader, uh_multipart_event_t event, const uint8_t *data, size_t len)
{
    CHECK(event == UH_MULTIPART_PART                                     ? !reader->in_part
          : event == UH_MULTIPART_DATA || event == UH_MULTIPART_PART_END ? reader->in_part
                                                                         : true);
    if (event == UH_MULTIPART_PART) {
        check_head(&reader->machine, reader->machine.disposition);
        if (reader->machine.type != NULL) {
            check_head(&reader->machine, reader->machine.type);
        }
    }
    reader->in_part = event == UH_MULTIPART_PART || event == UH_MULTIPART_DATA;
    if (event == UH_MULTIPART_DATA) {
        CHECK(len > 0);
        memcpy(reader->log + reader->len, data, len);
        reader->len += len;
    } else {
        reader->log[reader->len++] = (uint8_t)event;
    }
}

static uh_multipart_event_t read_form(reader_t *reader, const uint8_t *form, size_t size, size_t piece)
{
    uh_multipart_event_t event = UH_MULTIPART_MORE;
    reader->log = malloc(3 * size + 1);
    CHECK(uh_multipart_init(&reader->machine, "multipart/form-data; boundary=x"));
    for (size_t at = 0; at < size && event == UH_MULTIPART_MORE; at += piece) {
        size_t left = size - at < piece ? size - at : piece, len;
        uint8_t *memory = copy(form + at, left);
        const uint8_t *in = memory, *data;
        while ((event = uh_multipart_next(&reader->machine, &in, &left, &data, &len)) != UH_MULTIPART_MORE &&
               event < UH_MULTIPART_END) {
            note(reader, event, data, len);
        }
        CHECK(event >= UH_MULTIPART_END || left == 0);
        free(memory);
    }
    return event;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) {
        return 0;
    }
    reader_t whole = {0}, cut = {0};
    uh_multipart_event_t event = read_form(&whole, data + 1, size - 1, size);
    CHECK(read_form(&cut, data + 1, size - 1, data[0] ? data[0] : 1) == event);
    CHECK((event == UH_MULTIPART_BAD) == (whole.machine.fault != NULL));
    CHECK(whole.len == cut.len && memcmp(whole.log, cut.log, cut.len) == 0);
    free(whole.log);
    free(cut.log);
    return 0;
}

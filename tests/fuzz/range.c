/* SPDX-License-Identifier: MIT */
/* A part lies within the file. The first eight bytes are the file's length. */
#include "http/validators.h"

#include "http/fields.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t length = 0;
    if (size < sizeof(length)) {
        return 0;
    }
    memcpy(&length, data, sizeof(length));
    length >>= data[0] % 64;
    char *header = copy(data, size + 1 - sizeof(length));
    memcpy(header, data + sizeof(length), size - sizeof(length));
    header[size - sizeof(length)] = '\0';
    uh_range_t range;
    uh_range_kind_t kind = uh_range_read(header, length, &range);
    if (kind == UH_RANGE_PART) {
        CHECK(range.length > 0 && range.first < length && range.length <= length - range.first);
    } else if (kind == UH_RANGE_WHOLE) {
        CHECK(range.first == 0 && range.length == length);
    }
    CHECK(uh_accept_encoding_gzip(header) <= UH_GZIP_PREFERRED);
    free(header);
    return 0;
}

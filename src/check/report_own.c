/* SPDX-License-Identifier: Apache-2.0 */
#include "check/report_own.h"

#define VERSION     1
#define LAT_E7      900000000
#define LON_E7      1800000000
#define YEAR_10000  INT64_C(253402300800000)
#define UNSIGNED_32 false
#define SIGNED_32   true

/* number_row - of so many bytes, from least to most;   has: 0 = always there */
static const struct number_row {
    unsigned has, bytes;
    bool     is_signed;
    int64_t  least, most;
} number_rows[OWN_NUMBERS] = {
    [NUMBER_TIME] = {0, 8, true, 0, YEAR_10000 - 1},
    [NUMBER_START] = {0, 8, true, 0, YEAR_10000 - 1},
    [NUMBER_STALE] = {0, 8, true, 0, YEAR_10000 - 1},
    [NUMBER_LAT] = {0, 4, SIGNED_32, -LAT_E7, LAT_E7},
    [NUMBER_LON] = {0, 4, SIGNED_32, -LON_E7, LON_E7},
    [NUMBER_HAE] = {OWN_HAE, 4, SIGNED_32, -1200000, OWN_CM_MAX},
    [NUMBER_CE] = {OWN_CE, 4, UNSIGNED_32, 0, OWN_CM_MAX},
    [NUMBER_LE] = {OWN_LE, 4, UNSIGNED_32, 0, OWN_CM_MAX},
    [NUMBER_COURSE] = {OWN_COURSE, 4, UNSIGNED_32, 0, 35999},
    [NUMBER_SPEED] = {OWN_SPEED, 4, UNSIGNED_32, 0, 10000000},
    [NUMBER_LAUNCH_LAT] = {OWN_LAUNCH, 4, SIGNED_32, -LAT_E7, LAT_E7},
    [NUMBER_LAUNCH_LON] = {OWN_LAUNCH, 4, SIGNED_32, -LON_E7, LON_E7},
    [NUMBER_IMPACT_LAT] = {OWN_IMPACT, 4, SIGNED_32, -LAT_E7, LAT_E7},
    [NUMBER_IMPACT_LON] = {OWN_IMPACT, 4, SIGNED_32, -LON_E7, LON_E7},
    [NUMBER_RADIUS] = {OWN_IMPACT, 4, UNSIGNED_32, 0, OWN_RADIUS_MAX},
};

/* What is not in its row may be empty, and is one line. */
static const struct text_row {
    size_t most;
    bool   needed, lines;
} text_rows[OWN_TEXTS] = {
    [OWN_UID] = {63, .needed = true},     [OWN_TYPE] = {31, .needed = true},
    [OWN_HOW] = {19, .needed = true},     [OWN_CALLSIGN] = {.most = 63},
    [OWN_REMARKS] = {255, .lines = true},
};

/* ---- texts ---- */

/* Ranges of characters that a text never has: control characters, and those that do not show or that turn the
 * direction of writing */
static const struct {
    uint32_t first, last;
} barred_rows[] = {
    {0x00, 0x08},     {0x0b, 0x1f},     {0x7f, 0x9f},     {0x200b, 0x200f},
    {0x202a, 0x202e}, {0x2060, 0x2069}, {0xfeff, 0xfeff},
};

static bool is_barred(uint32_t c)
{
    bool barred = false;
    for (size_t i = 0; i < ARRAY_LEN(barred_rows); i++) {
        barred = barred || (c >= barred_rows[i].first && c <= barred_rows[i].last);
    }
    return barred;
}

/* How many bytes a character has by its first one; 0: none begins so */
static unsigned width_of(uint8_t first)
{
    return first < 0x80                    ? 1
           : first >= 0xc0 && first < 0xe0 ? 2
           : first >= 0xe0 && first < 0xf0 ? 3
           : first >= 0xf0 && first < 0xf8 ? 4
                                           : 0;
}

/* The character at the start of s; its width, 0 when it is none, or not in its shortest form (RFC 3629) */
static unsigned character(span s, uint32_t *out)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned              width = width_of(s.ptr[0]);
    if (width == 0 || width > s.len) {
        return 0;
    }
    uint32_t c = width == 1 ? s.ptr[0] : s.ptr[0] & (0xffu >> (width + 1));
    for (unsigned i = 1; i < width; i++) {
        if (s.ptr[i] >> 6 != 2) {
            return 0;
        }
        c = c << 6 | (s.ptr[i] & 0x3f);
    }
    *out = c;
    bool half = c >= 0xd800 && c < 0xe000; /* of a pair of UTF-16 */
    return c < least[width] || c > 0x10ffff || half ? 0 : width;
}

static bool is_ink(uint8_t c)
{
    return c != ' ' && c != '\t' && c != '\n';
}

static bool text_good(span s, const struct text_row *row)
{
    if (s.len == 0) {
        return !row->needed;
    }
    bool good = is_ink(s.ptr[0]) && is_ink(s.ptr[s.len - 1]);
    while (good && s.len > 0) {
        uint32_t c = 0;
        unsigned width = character(s, &c);
        bool     breaks = c == '\t' || c == '\n';
        good = width > 0 && !is_barred(c) && (row->lines || !breaks);
        s = (span){s.ptr + width, s.len - width};
    }
    return good;
}

static enum inspect_fault texts_read(span *rest, struct own_report *out)
{
    for (unsigned i = 0; i < OWN_TEXTS; i++) {
        if (rest->len < 1 || rest->ptr[0] > rest->len - 1) {
            return INSPECT_CUT;
        }
        span text = {rest->ptr + 1, rest->ptr[0]};
        if (text.len > text_rows[i].most || !text_good(text, &text_rows[i])) {
            return INSPECT_TEXT;
        }
        out->text[i] = text;
        *rest = (span){text.ptr + text.len, rest->len - 1 - text.len};
    }
    return INSPECT_PASS;
}

/* ---- numbers ---- */

static int64_t number_of(const uint8_t *at, const struct number_row *row)
{
    uint64_t n = 0;
    for (unsigned i = 0; i < row->bytes; i++) {
        n = n << 8 | at[i];
    }
    return row->bytes == 4 && row->is_signed ? (int64_t)(int32_t)(uint32_t)n : (int64_t)n;
}

static enum inspect_fault numbers_read(span *rest, struct own_report *out)
{
    for (unsigned i = 0; i < OWN_NUMBERS; i++) {
        const struct number_row *row = &number_rows[i];
        if (row->has != 0 && (out->has & row->has) == 0) {
            out->number[i] = 0;
            continue;
        }
        if (rest->len < row->bytes) {
            return INSPECT_CUT;
        }
        out->number[i] = number_of(rest->ptr, row);
        if (out->number[i] < row->least || out->number[i] > row->most) {
            return i <= NUMBER_STALE ? INSPECT_INSTANT : INSPECT_NUMBER;
        }
        *rest = (span){rest->ptr + row->bytes, rest->len - row->bytes};
    }
    return out->number[NUMBER_STALE] < out->number[NUMBER_START] ? INSPECT_INSTANT : INSPECT_PASS;
}

enum inspect_fault own_report_read(span bytes, struct own_report *out)
{
    if (bytes.len < 3) {
        return INSPECT_CUT;
    }
    if (bytes.ptr[0] != VERSION) {
        return INSPECT_VERSION;
    }
    out->has = (unsigned)bytes.ptr[1] << 8 | bytes.ptr[2];
    if ((out->has & ~(unsigned)OWN_HAS_ALL) != 0) {
        return INSPECT_FIELD;
    }
    span               rest = {bytes.ptr + 3, bytes.len - 3};
    enum inspect_fault f = numbers_read(&rest, out);
    f = f == INSPECT_PASS ? texts_read(&rest, out) : f;
    return f == INSPECT_PASS && rest.len > 0 ? INSPECT_AFTER : f;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* The field specifications of the categories, from EUROCONTROL's documents (034 ed. 1.27, 048 ed. 1.21 to 1.30,
 * 062 ed. 1.12 to 1.19: the same places and lengths in all of these). */
#include "asterix/items.h"

#define FIXED(n)                                                                                   \
    {                                                                                              \
        ITEM_FIXED, (n), NULL                                                                      \
    }
#define EXTENDED(n)                                                                                \
    {                                                                                              \
        ITEM_EXTENDED, (n), NULL                                                                   \
    }
#define REPEATED(n)                                                                                \
    {                                                                                              \
        ITEM_REPEATED, (n), NULL                                                                   \
    }
#define COMPOUND(subs)                                                                             \
    {                                                                                              \
        ITEM_COMPOUND, 0, (subs)                                                                   \
    }
#define EXPLICIT                                                                                   \
    {                                                                                              \
        ITEM_EXPLICIT, 0, NULL                                                                     \
    }
#define NO_ITEM                                                                                    \
    {                                                                                              \
        ITEM_NONE, 0, NULL                                                                         \
    }

/* ---- 034: messages of a radar ---- */

static const uint8_t status_034[] = {1, SUB_NONE, SUB_NONE, 1, 1, 2, SUB_NONE, SUB_END};
static const uint8_t mode_034[] = {1, SUB_NONE, SUB_NONE, 1, 1, 1, SUB_NONE, SUB_END};

static const struct item_row rows_034[] = {
    FIXED(2),             /* 010 who sends */
    FIXED(1),             /* 000 kind of message */
    FIXED(3),             /* 030 time of day */
    FIXED(1),             /* 020 sector */
    FIXED(2),             /* 041 turn of the antenna */
    COMPOUND(status_034), /* 050 */
    COMPOUND(mode_034),   /* 060 */
    REPEATED(2),          /* 070 counts */
    FIXED(8),             /* 100 window */
    FIXED(1),             /* 110 filter */
    FIXED(8),             /* 120 where it stands */
    FIXED(2),             /* 090 errors of range and bearing */
    EXPLICIT,             /* reserved expansion */
    EXPLICIT,             /* special purpose */
};

/* ---- 048: targets of one radar ---- */

static const uint8_t plot_048[] = {1, 1, 1, 1, 1, 1, 1, SUB_END};
static const uint8_t doppler_048[] = {2,        SUB_REPEATED(6), SUB_NONE, SUB_NONE,
                                      SUB_NONE, SUB_NONE,        SUB_NONE, SUB_END};

static const struct item_row rows_048[] = {
    FIXED(2),              /* 010 who sends */
    FIXED(3),              /* 140 time of day */
    EXTENDED(1),           /* 020 kind of target report */
    FIXED(4),              /* 040 range and bearing */
    FIXED(2),              /* 070 mode 3/A */
    FIXED(2),              /* 090 flight level */
    COMPOUND(plot_048),    /* 130 */
    FIXED(3),              /* 220 address of the aircraft */
    FIXED(6),              /* 240 what the aircraft calls itself */
    REPEATED(8),           /* 250 */
    FIXED(2),              /* 161 number of the track */
    FIXED(4),              /* 042 place on a plane */
    FIXED(4),              /* 200 speed and course */
    EXTENDED(1),           /* 170 state of the track */
    FIXED(4),              /* 210 */
    EXTENDED(1),           /* 030 */
    FIXED(2),              /* 080 */
    FIXED(4),              /* 100 */
    FIXED(2),              /* 110 height by a 3D radar */
    COMPOUND(doppler_048), /* 120 */
    FIXED(2),              /* 230 */
    FIXED(7),              /* 260 */
    FIXED(1),              /* 055 */
    FIXED(2),              /* 050 */
    FIXED(1),              /* 065 */
    FIXED(2),              /* 060 */
    EXPLICIT,              /* special purpose */
    EXPLICIT,              /* reserved expansion */
};

/* ---- 062: tracks of a system ---- */

static const uint8_t aircraft_062[] = {
    3, 6, 2, 2, 2, 2, 2, 1, SUB_REPEATED(15), 2, 2, 7, 2,      2, 2, 2,
    2, 2, 1, 8, 1, 6, 2, 1, SUB_REPEATED(8),  2, 2, 2, SUB_END};
static const uint8_t ages_062[] = {1, 1, 1,        1,        2,        1,        1,      1,
                                   1, 1, SUB_NONE, SUB_NONE, SUB_NONE, SUB_NONE, SUB_END};
static const uint8_t data_ages_062[] = {
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,        1,        1,        1,        1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, SUB_NONE, SUB_NONE, SUB_NONE, SUB_NONE, SUB_END};
static const uint8_t plan_062[] = {
    2, 7, 4, 1, 4, 1, 4,        4,        3,        2,      2, SUB_REPEATED(4),
    6, 1, 7, 7, 2, 7, SUB_NONE, SUB_NONE, SUB_NONE, SUB_END};
static const uint8_t mode5_062[] = {1, 4, 6, 2, 2, 1, 1, SUB_END};
static const uint8_t accuracy_062[] = {
    4, 2, 4, 1, 1, 2, 2, 1, SUB_NONE, SUB_NONE, SUB_NONE, SUB_NONE, SUB_NONE, SUB_NONE, SUB_END};
static const uint8_t measured_062[] = {2, 4, 2, 2, 2, 1, SUB_NONE, SUB_END};

static const struct item_row rows_062[] = {
    FIXED(2), /* 010 who sends */
    NO_ITEM,
    FIXED(1),                /* 015 */
    FIXED(3),                /* 070 time of day */
    FIXED(8),                /* 105 place, WGS 84 */
    FIXED(6),                /* 100 place on a plane */
    FIXED(4),                /* 185 speed on a plane */
    FIXED(2),                /* 210 */
    FIXED(2),                /* 060 mode 3/A */
    FIXED(7),                /* 245 what it is called */
    COMPOUND(aircraft_062),  /* 380 what the aircraft says */
    FIXED(2),                /* 040 number of the track */
    EXTENDED(1),             /* 080 state of the track */
    COMPOUND(ages_062),      /* 290 */
    FIXED(1),                /* 200 */
    COMPOUND(data_ages_062), /* 295 */
    FIXED(2),                /* 136 flight level, measured */
    FIXED(2),                /* 130 height, geometric */
    FIXED(2),                /* 135 height, barometric */
    FIXED(2),                /* 220 */
    COMPOUND(plan_062),      /* 390 */
    EXTENDED(1),             /* 270 */
    FIXED(1),                /* 300 */
    COMPOUND(mode5_062),     /* 110 */
    FIXED(2),                /* 120 */
    EXTENDED(3),             /* 510: three bytes each */
    COMPOUND(accuracy_062),  /* 500 */
    COMPOUND(measured_062),  /* 340 */
    NO_ITEM,
    NO_ITEM,
    NO_ITEM,
    NO_ITEM,
    NO_ITEM,
    EXPLICIT, /* reserved expansion */
    EXPLICIT, /* special purpose */
};

static const struct category categories[] = {
    {34, rows_034, ARRAY_LEN(rows_034)},
    {48, rows_048, ARRAY_LEN(rows_048)},
    {62, rows_062, ARRAY_LEN(rows_062)},
};

const struct category *category_find(uint8_t number)
{
    for (size_t i = 0; i < ARRAY_LEN(categories); i++) {
        if (categories[i].number == number) {
            return &categories[i];
        }
    }
    return NULL;
}

/* ---- lengths ---- */

#define SHORT FAIL(MALFORMED, "a record is shorter than its items")

/* Bytes while the last bit of each says that another follows: how many. */
static err chain(span s, size_t step, size_t *out)
{
    size_t len = 0;
    do {
        len += step;
        if (len > s.len) {
            return SHORT;
        }
    } while ((s.ptr[len - 1] & 1) != 0);
    *out = len;
    return OK;
}

static err subfield_len(uint8_t sub, span s, size_t *out)
{
    if (sub == SUB_NONE || sub == SUB_END) {
        return FAIL(MALFORMED, "an item has a part that its category does not know");
    }
    if ((sub & 0x80) == 0) {
        *out = sub;
        return OK;
    }
    if (s.len == 0) {
        return SHORT;
    }
    *out = 1 + (size_t)s.ptr[0] * (sub & 0x7fu);
    return OK;
}

static err compound_len(const uint8_t *subfields, span s, size_t *out)
{
    size_t head, len;
    TRY(chain(s, 1, &head));
    len = head;
    for (size_t i = 0, sub = 0; i < head * 8; i++) {
        if (i % 8 == 7) {
            continue;
        }
        if ((s.ptr[i / 8] >> (7 - i % 8) & 1) != 0) {
            size_t one;
            TRY(subfield_len(subfields[sub], (span){s.ptr + len, s.len - len}, &one));
            len += one;
            if (len > s.len) {
                return SHORT;
            }
        }
        sub += subfields[sub] != SUB_END;
    }
    *out = len;
    return OK;
}

static err item_len(const struct item_row *row, span s, size_t *out)
{
    switch (row->kind) {
    case ITEM_FIXED:
        *out = row->len;
        return OK;
    case ITEM_EXTENDED:
        return chain(s, row->len, out);
    case ITEM_REPEATED:
        return subfield_len((uint8_t)SUB_REPEATED(row->len), s, out);
    case ITEM_EXPLICIT:
        *out = s.len > 0 ? s.ptr[0] : 0;
        return *out > 0 ? OK : FAIL(MALFORMED, "an item says that it is shorter than its length");
    case ITEM_COMPOUND:
        return compound_len(row->subfields, s, out);
    case ITEM_NONE:
        break;
    }
    return FAIL(MALFORMED, "a record has an item that its category does not have");
}

/* ---- a record ---- */

err category_record(const struct category *c, span *block, struct record *out)
{
    size_t specified;
    span   fields = *block;
    *out = (struct record){.count = 0};
    TRY(chain(fields, 1, &specified));
    span rest = {block->ptr + specified, block->len - specified};
    for (size_t i = 0, place = 0; i < specified * 8; i++) {
        if (i % 8 == 7) {
            continue;
        }
        place++;
        if ((fields.ptr[i / 8] >> (7 - i % 8) & 1) != 0) {
            size_t len;
            if (place > c->rows) {
                return FAIL(MALFORMED, "a record has an item that its category does not have");
            }
            TRY(item_len(&c->row[place - 1], rest, &len));
            if (len > rest.len) {
                return SHORT;
            }
            out->item[place] = (span){rest.ptr, len};
            rest = (span){rest.ptr + len, rest.len - len};
            out->count++;
        }
    }
    *block = rest;
    return OK;
}

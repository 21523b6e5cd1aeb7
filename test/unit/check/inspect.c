/* SPDX-License-Identifier: Apache-2.0 */
/* Each fault by its name, beside the nearest that passes. */
#include "check/batch_own.h"
#include "check/report_own.h"
#include "reduce/reduce.h"

#include <stdio.h>

#include "unit/check/made.h"

static struct inspector *bench;
static unsigned          met[INSPECT_FAULTS];

static int set_up(void **state)
{
    (void)state;
    bench = inspector_open(calloc(1, inspector_size()), 1);
    made_aead = aead_open(NULL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    aead_close(made_aead);
    inspector_close(bench);
    free(bench);
    return 0;
}

static struct pace_seen paced;

static enum inspect_fault look(const struct inspect_row *t, const struct inspect_record *r,
                               uint64_t next)
{
    struct inspect_epoch e = {0};
    struct pace_seen    *pace = t->every_ms != 0 ? &paced : NULL;
    assert_false(err_is(inspect_begin(&e, t, next, pace)));
    struct inspected found = inspect_batch(bench, &e, r, NOW);
    assert_int_equal(e.fault, found.fault);
    assert_int_equal(e.next, next + (found.fault == INSPECT_PASS));
    inspect_end(&e);
    met[found.fault]++;
    return found.fault;
}

#define FINDS(name, fault) assert_string_equal(inspect_fault_name(fault), name)

static enum inspect_fault of_plain(const struct inspect_row *t, span plain)
{
    const struct made_wrong     right = {0};
    const struct inspect_record r = made_in_line(made_batch(t, 0, &plain, 1, &right));
    return look(t, &r, 0);
}

static enum inspect_fault of_report(const struct inspect_row *t, const struct report *r)
{
    return of_plain(t, made_bytes(r));
}

static enum inspect_fault of_made(const struct made_wrong *wrong)
{
    struct inspect_row          t = made_feed();
    struct report               track = made_track();
    span                        plain = made_bytes(&track);
    const struct inspect_record r = made_in_line(made_batch(&t, 0, &plain, 1, wrong));
    return look(&t, &r, 0);
}

/* ---- the record ---- */

static void the_record_is_a_batch(void **state)
{
    struct inspect_row    t = made_feed();
    struct report         track = made_track();
    span                  plain = made_bytes(&track);
    struct inspect_record r = made_in_line(made_batch(&t, 0, &plain, 1, &(struct made_wrong){0}));
    id                    epoch;
    (void)state;
    FINDS("pass", look(&t, &r, 0));
    FINDS("pass", inspect_head(r.body, &epoch));
    assert_true(id_equal(&epoch, &t.epoch));
    FINDS("short", inspect_head((span){r.body.ptr, 29}, &epoch));
    met[INSPECT_SHORT]++;
    for (size_t len = 0; len < r.body.len; len++) {
        struct inspect_record cut = made_in_line((span){r.body.ptr, len});
        FINDS("batch", look(&t, &cut, 0));
    }
    made_record[made_len] = 0;
    struct inspect_record more = made_in_line((span){r.body.ptr, r.body.len + 1});
    FINDS("batch", look(&t, &more, 0));
    t.epoch.bytes[0]++;
    made_commit(&t);
    FINDS("epoch", look(&t, &r, 0));
}

static void numbers_past_their_limits_are_no_batch(void **state)
{
    static const struct {
        size_t  at;
        uint8_t byte;
    } rows[] = {
        {24, 255}, {25, 0}, {25, 2}, {26, 1}, {29, 0}, {30, 1}, {33, 0}, {33, 16},
    };
    struct inspect_row t = made_feed();
    struct report      track = made_track();
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        span                  plain = made_bytes(&track);
        struct inspect_record r =
            made_in_line(made_batch(&t, 0, &plain, 1, &(struct made_wrong){0}));
        made_record[rows[i].at] = rows[i].byte;
        FINDS("batch", look(&t, &r, 0));
    }
    FINDS("pass", of_made(&(struct made_wrong){.depth = 6, .place = 63}));
    FINDS("batch", of_made(&(struct made_wrong){.depth = 6, .place = 64}));
    FINDS("batch", of_made(&(struct made_wrong){.depth = 7, .place = 63}));
    FINDS("pass", of_made(&(struct made_wrong){.depth = 0, .place = 0}));
    FINDS("batch", of_made(&(struct made_wrong){.depth = 0, .place = 1}));
}

static void a_record_lies_where_its_epoch_does(void **state)
{
    static const struct {
        bool    tracks, derived, durable;
        uint8_t type, outbox, source;
        bool    good;
    } rows[] = {
        {true, false, false, 5, OUTBOX_INTAKE, 4, true},
        {true, false, false, 5 | PART_FIRST << 6, OUTBOX_INTAKE, 4, true},
        {true, false, false, 5 | PART_PICTURE << 6, OUTBOX_INTAKE, 4, true},
        {true, false, true, 5 | PART_LAST << 6, OUTBOX_INTAKE, 4, true},
        {true, false, false, 0, OUTBOX_INTAKE, 63, true},
        {false, false, true, 0, OUTBOX_INTAKE, 4, true},
        {true, true, false, 0, OUTBOX_INTAKE, 4, true},
        {true, false, false, 5, OUTBOX_DESK, 4, false},
        {true, false, false, 5, OUTBOX_INBOX, 4, false},
        {true, false, false, 6, OUTBOX_INTAKE, 4, false},
        {true, false, false, 0, OUTBOX_INTAKE, 4, false},
        {true, false, true, 5, OUTBOX_INTAKE, 4, false},
        {true, false, false, 5 | PART_LAST << 6, OUTBOX_INTAKE, 4, false},
        {true, false, false, 1 << 6, OUTBOX_INTAKE, 63, false},
        {false, false, false, 0, OUTBOX_INTAKE, 4, false},
        {false, false, true, 5, OUTBOX_INTAKE, 4, false},
        {true, true, false, 5, OUTBOX_INTAKE, 4, false},
    };
    struct report track = made_track();
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct inspect_row t = made_feed();
        t.tracks = rows[i].tracks;
        t.derived = rows[i].derived;
        t.source = rows[i].source;
        span                        plain = made_bytes(&track);
        const struct inspect_record r = {.body =
                                             made_batch(&t, 0, &plain, 1, &(struct made_wrong){0}),
                                         .outbox = rows[i].outbox,
                                         .type = rows[i].type,
                                         .durable = rows[i].durable};
        FINDS(rows[i].good ? "pass" : "type", look(&t, &r, 0));
    }
}

/* ---- numbers, signature, seal ---- */

static void numbers_follow_one_another(void **state)
{
    struct inspect_row t = made_feed();
    struct report      track = made_track();
    span               plain = made_bytes(&track);
    (void)state;
    struct inspect_record r = made_in_line(made_batch(&t, 7, &plain, 1, &(struct made_wrong){0}));
    FINDS("pass", look(&t, &r, 7));
    FINDS("repeated", look(&t, &r, 8));
    FINDS("gap", look(&t, &r, 6));
    t.items_max = 8;
    FINDS("pass", look(&t, &r, 7));
    t.items_max = 7;
    FINDS("many", look(&t, &r, 7));
    t.items_max = UINT32_MAX;
    r = made_in_line(made_batch(&t, (1u << 20) - 1, &plain, 1, &(struct made_wrong){0}));
    FINDS("pass", look(&t, &r, (1u << 20) - 1));
    r = made_in_line(made_batch(&t, 1u << 20, &plain, 1, &(struct made_wrong){0}));
    FINDS("many", look(&t, &r, 1u << 20));
    r = made_in_line(made_batch(&t, UINT64_MAX - 1, &plain, 1, &(struct made_wrong){0}));
    FINDS("many", look(&t, &r, UINT64_MAX - 1));
}

static void a_fault_is_for_good(void **state)
{
    struct inspect_row   t = made_feed();
    struct report        track = made_track();
    struct inspect_epoch e = {0};
    span                 plain[] = {made_bytes(&track), made_bytes(&track)};
    (void)state;
    assert_false(err_is(inspect_begin(&e, &t, 0, NULL)));
    struct inspect_record r = made_in_line(made_batch(&t, 0, plain, 2, &(struct made_wrong){0}));
    assert_int_equal(inspect_batch(bench, &e, &r, NOW).fault, INSPECT_PASS);
    assert_int_equal(e.next, 2);
    struct inspected again = inspect_batch(bench, &e, &r, NOW);
    FINDS("repeated", again.fault);
    r = made_in_line(made_batch(&t, 2, plain, 2, &(struct made_wrong){0}));
    FINDS("repeated", inspect_batch(bench, &e, &r, NOW).fault);
    inspect_end(&e);
}

static void the_item_that_is_wrong_is_named(void **state)
{
    struct inspect_row   t = made_feed();
    struct report        track = made_track();
    struct inspect_epoch e = {0};
    span plain[] = {made_bytes(&track), made_bytes(&track), SPAN_LIT("\2xx"), made_bytes(&track)};
    (void)state;
    assert_false(err_is(inspect_begin(&e, &t, 0, NULL)));
    struct inspect_record r = made_in_line(made_batch(&t, 0, plain, 4, &(struct made_wrong){0}));
    struct inspected      found = inspect_batch(bench, &e, &r, NOW);
    FINDS("version", found.fault);
    assert_int_equal(found.item, 2);
    inspect_end(&e);
}

static void a_seal_is_whole(void **state)
{
    (void)state;
    FINDS("pass", of_made(&(struct made_wrong){0}));
    FINDS("pass", of_made(&(struct made_wrong){.depth = 3, .place = 5}));
    FINDS("signature", of_made(&(struct made_wrong){.seed = 2}));
    FINDS("bucket", of_made(&(struct made_wrong){.bucket_more = 1}));
    FINDS("bucket", of_made(&(struct made_wrong){.bucket_more = 64})); /* the next one up */
    FINDS("tag", of_made(&(struct made_wrong){.number_more = 1}));
    FINDS("length", of_made(&(struct made_wrong){.length_more = 65000}));
    FINDS("padding", of_made(&(struct made_wrong){.padding = 1}));
    FINDS("padding", of_made(&(struct made_wrong){.padding = 0x80}));
}

/* A turn's signature that was seen is good for that turn alone. */
static void a_signature_is_not_taken_for_another_turn(void **state)
{
    struct inspect_row    t = made_feed();
    struct report         track = made_track();
    span                  plain = made_bytes(&track);
    struct inspect_record r = made_in_line(made_batch(&t, 0, &plain, 1, &(struct made_wrong){0}));
    (void)state;
    FINDS("pass", look(&t, &r, 0));
    FINDS("pass", look(&t, &r, 0));
    made_record[made_len - 1] ^= 1;
    FINDS("signature", look(&t, &r, 0));
    made_record[made_len - 1] ^= 1;
    FINDS("pass", look(&t, &r, 0));
    t.sealer[0] ^= 1;
    FINDS("signature", look(&t, &r, 0));
}

static void a_key_is_the_one_that_is_committed_to(void **state)
{
    struct inspect_row   t = made_feed(), said;
    struct inspect_epoch e = {0};
    (void)state;
    said = t;
    said.key.key[31] ^= 1;
    assert_int_equal(inspect_begin(&e, &said, 0, NULL).code, ERR_FORGED);
    said = t;
    said.form = SOURCE_FORM_COUNT;
    assert_int_equal(inspect_begin(&e, &said, 0, NULL).code, ERR_MALFORMED);
    said = t;
    said.derived = true;
    said.every_ms = 1000;
    assert_int_equal(inspect_begin(&e, &said, 0, NULL).code, ERR_MALFORMED);
    said = t;
    said.without = 1u << 9;
    assert_int_equal(inspect_begin(&e, &said, 0, NULL).code, ERR_MALFORMED);
    said = t;
    said.product = true;
    assert_int_equal(inspect_begin(&e, &said, 1, NULL).code, ERR_MALFORMED);
}

/* ---- a report's bytes ---- */

static void a_report_is_written_in_its_one_way(void **state)
{
    struct inspect_row t = made_feed();
    struct report      track = made_track();
    uint8_t            bytes[REPORT_BYTES_MAX + 1];
    span               whole = made_bytes(&track);
    (void)state;
    FINDS("pass", of_plain(&t, whole));
    for (size_t len = 0; len < whole.len; len++) {
        FINDS("cut", of_plain(&t, (span){whole.ptr, len}));
    }
    memcpy(bytes, whole.ptr, whole.len);
    bytes[whole.len] = 0;
    FINDS("after", of_plain(&t, (span){bytes, whole.len + 1}));
    bytes[0] = 2;
    FINDS("version", of_plain(&t, (span){bytes, whole.len}));
    bytes[0] = 1;
    bytes[2] |= 0x80;
    FINDS("field", of_plain(&t, (span){bytes, whole.len}));
    bytes[2] &= 0x7f;
    bytes[1] = 1;
    FINDS("field", of_plain(&t, (span){bytes, whole.len}));
}

/* at: of the bytes of a track;   what stands there instead */
static enum inspect_fault of_bytes(size_t at, const void *bytes, size_t len)
{
    static uint8_t     copy[REPORT_BYTES_MAX];
    struct inspect_row t = made_feed();
    struct report      track = made_track();
    span               whole = made_bytes(&track);
    t.bounded = false;
    t.dated = DATED_ANY;
    memcpy(copy, whole.ptr, whole.len);
    memcpy(copy + at, bytes, len);
    return of_plain(&t, (span){copy, whole.len});
}

static enum inspect_fault of_number(size_t at, size_t bytes, uint64_t number)
{
    uint8_t raw[8];
    for (unsigned i = 0; i < 8; i++) {
        raw[i] = (uint8_t)(number >> (56 - 8 * i));
    }
    return of_bytes(at, raw + 8 - bytes, bytes);
}

static void numbers_keep_their_ranges(void **state)
{
    static const struct {
        size_t  at, bytes;
        int64_t good, bad;
        char    what[8];
    } rows[] = {
        {3, 8, 0, -1, "instant"},
        {3, 8, INT64_C(253402300799999), INT64_C(253402300800000), "instant"},
        {11, 8, NOW + 9000, NOW + 9001, "instant"}, /* stale is then */
        {19, 8, NOW - 500, NOW - 501, "instant"},
        {27, 4, 900000000, 900000001, "number"},
        {27, 4, -900000000, -900000001, "number"},
        {31, 4, 1800000000, 1800000001, "number"},
        {31, 4, -1800000000, -1800000001, "number"},
        {35, 4, 999999899, 999999900, "number"},
        {35, 4, -1200000, -1200001, "number"},
        {39, 4, 999999899, 999999900, "number"},
        {39, 4, 0, -1, "number"},
        {43, 4, 999999899, 999999900, "number"},
        {47, 4, 35999, 36000, "number"},
        {51, 4, 10000000, 10000001, "number"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        FINDS("pass", of_number(rows[i].at, rows[i].bytes, (uint64_t)rows[i].good));
        FINDS(rows[i].what, of_number(rows[i].at, rows[i].bytes, (uint64_t)rows[i].bad));
    }
}

static void texts_are_as_texts_are(void **state)
{
    static const char *const bad[] = {" rack-1",
                                      "track- ",
                                      "trac\t-1",
                                      "trac\n-1",
                                      "trac\0-1",
                                      "trac\x1b-1",
                                      "trac\x7f-1",
                                      "tra\xc2\x85-1",
                                      "tr\xe2\x80\x8b-1",
                                      "tr\xe2\x80\xae-1",
                                      "tr\xe2\x81\xa0-1",
                                      "tr\xef\xbb\xbf-1",
                                      "trac\xff-1",
                                      "tra\xc0\xaf-1",
                                      "tr\xe0\x80\xaf-1",
                                      "tr\xed\xa0\x80-1",
                                      "t\xf4\x90\x80\x80-1",
                                      "t\xf8\x88\x80\x80-1",
                                      "\x80rack-1",
                                      "track-\xc3"};
    static const char *const good[] = {
        "track 1",       "tr\xe2\x80\xa8-1", "t\xf4\x8f\xbf\xbf-1", "\xed\x9f\xbf\xee\x80\x80x",
        "tra\xc3\xa9-1", "<>\"'\\]&",        "tr\xe2\x80\x90-1"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        assert_int_equal(strlen(good[i]), 7);
        FINDS("pass", of_bytes(56, good[i], 7));
    }
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        FINDS("text", of_bytes(56, bad[i], 7));
    }
    FINDS("text", of_bytes(55, "\0", 1)); /* no uid */
}

/* ---- a report, of its source ---- */

/* A report that is changed so is found to be so. */
#define CHANGED(finds, change)                                                                     \
    do {                                                                                           \
        struct report r = made_track();                                                            \
        change;                                                                                    \
        FINDS(finds, of_report(&t, &r));                                                           \
    } while (0)

static void put(char *out, size_t max, const char *text)
{
    memset(out, 0, max);
    (void)snprintf(out, max, "%s", text);
}
#define PUT(field, text) put(r.field, sizeof r.field, text)

static void a_report_is_of_its_sources_form(void **state)
{
    struct inspect_row t = made_feed();
    (void)state;
    CHANGED("form", PUT(type, "a h A"));
    CHANGED("form", PUT(how, "m/r"));
    t.form = SOURCE_AIS;
#define SHIP                                                                                       \
    PUT(uid, "AIS.440123456"), PUT(type, "a-u-S-X-M"), PUT(how, "m-g"), PUT(remarks, ""),          \
        r.has &= ~(uint32_t)REPORT_LE, r.le_cm = 0
    CHANGED("pass", SHIP);
    CHANGED("form", (SHIP, PUT(uid, "AIS.44012345")));
    CHANGED("form", (SHIP, PUT(uid, "AIS.44012345x")));
    CHANGED("form", (SHIP, PUT(type, "a-h-S")));
    CHANGED("form", (SHIP, PUT(how, "m-r")));
    CHANGED("form", (SHIP, PUT(remarks, "x")));
    CHANGED("form", (SHIP, r.has |= REPORT_LAUNCH, r.launch = r.place));
    t.form = SOURCE_ASTERIX;
#define RADAR                                                                                      \
    PUT(uid, "ASTERIX.1.2.345"), PUT(type, "a-u-A"), PUT(remarks, ""),                             \
        r.has &= ~(uint32_t)REPORT_CE, r.ce_cm = 0
    CHANGED("pass", RADAR);
    CHANGED("pass", (RADAR, PUT(uid, "ASTERIX.1.2.aircraft-345")));
    CHANGED("form", (RADAR, PUT(uid, "ASTERIX.1.2.")));
    CHANGED("form", (RADAR, PUT(uid, "ASTERIX..2.3")));
    CHANGED("form", (RADAR, PUT(uid, "ASTERIX.1.2.3x")));
    CHANGED("form", (RADAR, PUT(uid, "AIS.440123456")));
    CHANGED("form", (RADAR, r.has |= REPORT_CE, r.ce_cm = 3));
}

static void a_report_keeps_its_sources_profile(void **state)
{
    static const uint32_t each[] = {WITHOUT_IDENTITY, WITHOUT_HEIGHT,   WITHOUT_COURSE,
                                    WITHOUT_SPEED,    WITHOUT_ACCURACY, WITHOUT_REMARKS};
    struct inspect_row    t = made_feed();
    (void)state;
    CHANGED("pass", r.place = ((struct place){330000000, 1240000000}));
    CHANGED("area", r.place = ((struct place){329999999, 1240000000}));
    CHANGED("area", r.place = ((struct place){330000000, 1239999999}));
    CHANGED("pass", r.place = ((struct place){430000000, 1320000000}));
    CHANGED("area", r.place = ((struct place){430000001, 1320000000}));
    CHANGED("area", r.place = ((struct place){430000000, 1320000001}));
    CHANGED("area", (r.has |= REPORT_LAUNCH, r.launch = (struct place){0, 0}));
    CHANGED("area", (r.has |= REPORT_IMPACT, r.impact = (struct place){0, 0}));
    t.bounded = false;
    CHANGED("pass", (r.has |= REPORT_LAUNCH, r.launch = (struct place){0, 0}));
    for (size_t i = 0; i < ARRAY_LEN(each); i++) {
        t.without = each[i];
        CHANGED("without", (void)0);
    }
    t.without = WITHOUT_LAUNCH | WITHOUT_IMPACT | WITHOUT_SOURCE;
    CHANGED("pass", (void)0);
    CHANGED("without", (r.has |= REPORT_LAUNCH, r.launch = (struct place){0, 0}));
    CHANGED("without", (r.has |= REPORT_IMPACT, r.impact = (struct place){0, 0}));
    t.without = WITHOUT_ALL;
    CHANGED("pass", (r.has = 0, r.hae_cm = 0, r.ce_cm = r.le_cm = 0, r.course_cdeg = 0,
                     r.speed_cms = 0, PUT(callsign, ""), PUT(remarks, "")));
}

static void nothing_is_of_a_time_to_come(void **state)
{
    struct inspect_row t = made_feed();
    (void)state;
    CHANGED("pass", r.time = NOW + INSPECT_AHEAD_MS);
    CHANGED("date", r.time = NOW + INSPECT_AHEAD_MS + 1);
    CHANGED("date", r.start = r.stale = NOW + INSPECT_AHEAD_MS + 1);
    CHANGED("pass", r.stale = NOW + MS_PER_DAY);
    t.dated = DATED_PAST;
    CHANGED("date", r.time = NOW + INSPECT_AHEAD_MS + 1);
    t.dated = DATED_ANY;
    CHANGED("pass", r.time = NOW + MS_PER_DAY);
}

/* ---- reductions ---- */

static struct reduce_keys keys;

static struct inspect_row derived(struct reducing how)
{
    struct inspect_row t = made_feed();
    secret             of = {{5}};
    reduce_keys_of(&of, SPAN_LIT("JPN"), &keys);
    t.derived = true;
    t.position_m = how.position_m;
    t.height_m = how.height_m;
    t.delay_ms = how.delay_ms;
    t.every_ms = how.every_ms;
    t.less = how.without;
    t.mark = keys.mark;
    return t;
}

static enum inspect_fault of_derived(const struct inspect_row *t, const struct report *r)
{
    span                        plain = made_bytes(r);
    const struct inspect_record record = {
        .body = made_batch(t, 0, &plain, 1, &(struct made_wrong){0}), .outbox = OUTBOX_INTAKE};
    return look(t, &record, 0);
}

static struct report coarser(struct reducing how)
{
    struct report r = made_track(), out;
    how.boxed = 1;
    how.box = (struct cell_box){330000000, 1240000000, 430000000, 1320000000};
    r.has |= REPORT_LAUNCH | REPORT_IMPACT;
    r.launch = (struct place){390000000, 1260000000};
    r.impact = (struct place){350000000, 1310000000};
    r.impact_radius_m = 1000;
    reduce_report(&how, &keys, &r, &out);
    return out;
}

#define REDUCED(finds, change)                                                                     \
    do {                                                                                           \
        struct report r = coarser(how);                                                            \
        change;                                                                                    \
        FINDS(finds, of_derived(&t, &r));                                                          \
    } while (0)

static void a_place_is_a_point_of_its_recipient(void **state)
{
    const struct reducing how = {.position_m = 10000};
    struct inspect_row    t = derived(how);
    struct report         plain = made_track();
    (void)state;
    REDUCED("pass", (void)0);
    FINDS("hidden", of_derived(&t, &plain)); /* remarks, too */
    REDUCED("place", r.place = plain.place);
    REDUCED("place", r.place.lat_e7 += 3);
    REDUCED("place", r.place.lon_e7 -= 3);
    REDUCED("place", r.launch.lat_e7 += 3);
    REDUCED("place", r.impact.lon_e7 += 3);
    REDUCED("place", PUT(uid, "track-2"));
    REDUCED("exact", r.ce_cm = 900);
    REDUCED("exact", (r.has &= ~(uint32_t)REPORT_CE, r.ce_cm = 0));
    REDUCED("exact", r.impact_radius_m = 1000);
    REDUCED("hidden", PUT(remarks, "at 37.5"));
    struct inspect_row other = t;
    other.mark.key[0] ^= 1;
    struct report r = coarser(how);
    FINDS("place", of_derived(&other, &r));
    other = t;
    other.position_m = 10001;
    FINDS("place", of_derived(&other, &r));
}

static void a_height_is_a_band_of_its_recipient(void **state)
{
    const struct reducing how = {.height_m = 500};
    struct inspect_row    t = derived(how);
    (void)state;
    REDUCED("pass", (void)0);
    REDUCED("height", r.hae_cm += 3);
    REDUCED("height", PUT(uid, "track-2"));
    REDUCED("exact", r.le_cm = 800);
    REDUCED("exact", (r.has &= ~(uint32_t)REPORT_LE, r.le_cm = 0));
    REDUCED("pass", (r.has &= ~(uint32_t)REPORT_HAE, r.hae_cm = 0));
}

static void what_is_taken_away_is_gone(void **state)
{
    static const struct {
        uint32_t without, has;
    } rows[] = {
        {WITHOUT_HEIGHT, REPORT_HAE},    {WITHOUT_HEIGHT, REPORT_LE},
        {WITHOUT_COURSE, REPORT_COURSE}, {WITHOUT_SPEED, REPORT_SPEED},
        {WITHOUT_ACCURACY, REPORT_CE},   {WITHOUT_ACCURACY, REPORT_LE},
        {WITHOUT_LAUNCH, REPORT_LAUNCH}, {WITHOUT_IMPACT, REPORT_IMPACT},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct reducing how = {.without = rows[i].without};
        struct inspect_row    t = derived(how);
        t.bounded = false;
        REDUCED("pass", (void)0);
        REDUCED("hidden", r.has |= rows[i].has);
    }
    const struct reducing how = {.without = WITHOUT_SOURCE};
    struct inspect_row    t = derived(how);
    REDUCED("pass", (void)0);
    REDUCED("hidden", PUT(uid, "track-1"));
    REDUCED("hidden", PUT(uid, "0123456789abcdeF"));
    REDUCED("hidden", PUT(how, "m-r"));
    REDUCED("hidden", PUT(callsign, "HAWK"));
    REDUCED("hidden", PUT(remarks, "HAWK"));
    t = derived((struct reducing){.without = WITHOUT_REMARKS});
    REDUCED("hidden", (PUT(remarks, "HAWK"), PUT(how, "m-r")));
    t = derived((struct reducing){.without = WITHOUT_IDENTITY});
    REDUCED("pass", PUT(how, "m-r"));
    REDUCED("hidden", (PUT(how, "m-r"), PUT(callsign, "HAWK")));
    REDUCED("hidden", (PUT(how, "m-r"), PUT(uid, "track-1")));
}

/* A hidden name and a coarser place: the point goes by the name that is shown. */
static void a_hidden_track_has_points_too(void **state)
{
    const struct reducing how = {.position_m = 10000, .height_m = 500, .without = WITHOUT_SOURCE};
    struct inspect_row    t = derived(how);
    (void)state;
    REDUCED("pass", (void)0);
    REDUCED("place", r.place.lat_e7 += 3);
    REDUCED("height", r.hae_cm += 3);
    REDUCED("place", r.uid[0] = r.uid[0] == 'a' ? 'b' : 'a');
}

/* What a source's profile says of accuracy holds for what is derived as well, the cell's own error too. */
static void a_source_without_accuracy_tells_none(void **state)
{
    const struct reducing how = {.position_m = 10000, .height_m = 500, .without = WITHOUT_ACCURACY};
    struct inspect_row    t = derived((struct reducing){.position_m = 10000, .height_m = 500});
    t.without = WITHOUT_ACCURACY;
    (void)state;
    REDUCED("pass", (void)0);
    REDUCED("without", (r.has |= REPORT_CE, r.ce_cm = 99999999));
}

/* Its source says of itself that it is as coarse and as silent: then nothing is asked for, and yet it was done. */
static void what_is_derived_may_be_coarser_than_is_asked(void **state)
{
    const struct reducing how = {
        .position_m = 1000, .height_m = 5, .without = WITHOUT_ALL & ~WITHOUT_ACCURACY};
    struct inspect_row t = derived((struct reducing){.delay_ms = 1});
    (void)state;
    t.form = SOURCE_ASTERIX;
    REDUCED("pass", PUT(type, "a-u-A"));
    REDUCED("form", (PUT(type, "a-u-A"), PUT(uid, "0123456789abcdeg")));
    REDUCED("form", (PUT(type, "a-u-A"), PUT(how, "h")));
    t = made_feed();
    t.form = SOURCE_ASTERIX;
    struct report r = coarser(how);
    PUT(type, "a-u-A");
    FINDS("form", of_report(&t, &r));
}

static void nothing_is_shown_before_its_time(void **state)
{
    const struct reducing how = {.delay_ms = 60000};
    struct inspect_row    t = derived(how);
    (void)state;
    REDUCED("pass", r.time = NOW - 60000);
    REDUCED("pass", r.time = NOW - 60000 + INSPECT_EARLY_MS);
    REDUCED("early", r.time = NOW - 60000 + INSPECT_EARLY_MS + 1);
}

static void no_track_is_shown_too_often(void **state)
{
    const struct reducing how = {.every_ms = 1000};
    struct inspect_row    t = derived(how);
    (void)state;
    memset(&paced, 0, sizeof paced);
    REDUCED("pass", r.time = NOW - 5000);
    REDUCED("often", r.time = NOW - 5000);
    REDUCED("often", r.time = NOW - 4001);
    REDUCED("often", r.time = NOW - 5999);
    REDUCED("pass", (PUT(uid, "track-2"), r.time = NOW - 4001));
    REDUCED("pass", r.time = NOW - 4000);
    REDUCED("pass", r.time = NOW - 5000);
    paced.sealer[0] ^= 1; /* of another process: it does not know what was shown */
    REDUCED("pass", r.time = NOW - 5000);
}

/* ---- products ---- */

#define CHUNK ((size_t)1048572)

static uint8_t content[3 * CHUNK + 1];

static struct inspect_row product(size_t len)
{
    struct inspect_row t = {.epoch = {{8}}, .key = {{4}}, .product = true, .content_len = len};
    made_commit(&t);
    sha256((span){content, len}, t.content_digest);
    return t;
}

static struct inspected product_put(struct inspect_epoch *e, uint64_t number, size_t len)
{
    span                        plain = {content + number * CHUNK, len};
    const struct inspect_record r = {
        .body = made_batch(&e->told, number, &plain, 1, &(struct made_wrong){0}),
        .outbox = OUTBOX_DESK,
        .durable = true};
    struct inspected found = inspect_batch(bench, e, &r, NOW);
    met[found.fault]++;
    return found;
}

static void products_of_each_size_pass(void **state)
{
    static const size_t len[] = {0,
                                 1,
                                 124,
                                 CHUNK - 1,
                                 CHUNK,
                                 CHUNK + 1,
                                 (1u << 20) - 1,
                                 1u << 20,
                                 (1u << 20) + 1,
                                 2 * CHUNK,
                                 3 * CHUNK - 5};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(len); i++) {
        struct inspect_row   t = product(len[i]);
        struct inspect_epoch e = {0};
        uint64_t             chunks = len[i] == 0 ? 1 : (len[i] + CHUNK - 1) / CHUNK;
        assert_false(err_is(inspect_begin(&e, &t, 0, NULL)));
        for (uint64_t n = 0; n < chunks; n++) {
            size_t left = len[i] - n * CHUNK;
            assert_false(e.whole);
            FINDS("pass", product_put(&e, n, left < CHUNK ? left : CHUNK).fault);
        }
        assert_true(e.whole);
        FINDS("many", product_put(&e, chunks, 1).fault);
        inspect_end(&e);
    }
}

static enum inspect_fault product_first(const struct inspect_row *t, size_t len)
{
    struct inspect_epoch e = {0};
    assert_false(err_is(inspect_begin(&e, t, 0, NULL)));
    enum inspect_fault f = product_put(&e, 0, len).fault;
    assert_true(f == INSPECT_PASS || !e.whole);
    inspect_end(&e);
    return f;
}

static void a_product_is_what_its_author_signed(void **state)
{
    struct inspect_row t = product(1000);
    (void)state;
    FINDS("pass", product_first(&t, 1000));
    FINDS("chunk", product_first(&t, 999));
    FINDS("chunk", product_first(&t, 1001));
    FINDS("chunk", product_first(&t, 0));
    content[999] ^= 1;
    FINDS("content", product_first(&t, 1000));
    content[999] ^= 1;
    t = product(CHUNK + 1);
    FINDS("chunk", product_first(&t, CHUNK - 1));
    struct inspect_epoch e = {0};
    assert_false(err_is(inspect_begin(&e, &t, 0, NULL)));
    content[0] ^= 1;
    FINDS("pass", product_put(&e, 0, CHUNK).fault); /* nobody can tell yet */
    FINDS("content", product_put(&e, 1, 1).fault);
    assert_false(e.whole);
    content[0] ^= 1;
    inspect_end(&e);
}

static void two_pieces_are_two_batches(void **state)
{
    struct inspect_row          t = product(CHUNK + 1);
    struct inspect_epoch        e = {0};
    const span                  plain[] = {{content, 1}, {content, 1}};
    const struct inspect_record r = {.body = made_batch(&t, 0, plain, 2, &(struct made_wrong){0}),
                                     .outbox = OUTBOX_DESK,
                                     .durable = true};
    (void)state;
    assert_false(err_is(inspect_begin(&e, &t, 0, NULL)));
    FINDS("chunk", inspect_batch(bench, &e, &r, NOW).fault);
    inspect_end(&e);
}

static void a_product_lies_in_the_desks_outbox(void **state)
{
    struct inspect_row    t = product(10);
    span                  plain = {content, 10};
    struct inspect_record r = {.body = made_batch(&t, 0, &plain, 1, &(struct made_wrong){0}),
                               .outbox = OUTBOX_INTAKE,
                               .durable = true};
    (void)state;
    FINDS("type", look(&t, &r, 0));
    r.outbox = OUTBOX_DESK;
    r.type = 1;
    FINDS("type", look(&t, &r, 0));
    r.type = 0;
    r.durable = false;
    FINDS("type", look(&t, &r, 0));
    r.durable = true;
    FINDS("pass", look(&t, &r, 0));
}

/* ---- all of them ---- */

static void every_fault_has_words_and_was_met(void **state)
{
    (void)state;
    for (unsigned i = 0; i < INSPECT_FAULTS; i++) {
        const char *word = inspect_fault_name((enum inspect_fault)i);
        assert_true(strlen(word) > 0 && strlen(inspect_fault_text((enum inspect_fault)i)) > 20);
        for (unsigned k = 0; k < i; k++) {
            assert_string_not_equal(word, inspect_fault_name((enum inspect_fault)k));
        }
        if (met[i] == 0) {
            fail_msg("no test meets the fault %s", word);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_record_is_a_batch),
        cmocka_unit_test(numbers_past_their_limits_are_no_batch),
        cmocka_unit_test(a_record_lies_where_its_epoch_does),
        cmocka_unit_test(numbers_follow_one_another),
        cmocka_unit_test(a_fault_is_for_good),
        cmocka_unit_test(the_item_that_is_wrong_is_named),
        cmocka_unit_test(a_seal_is_whole),
        cmocka_unit_test(a_signature_is_not_taken_for_another_turn),
        cmocka_unit_test(a_key_is_the_one_that_is_committed_to),
        cmocka_unit_test(a_report_is_written_in_its_one_way),
        cmocka_unit_test(numbers_keep_their_ranges),
        cmocka_unit_test(texts_are_as_texts_are),
        cmocka_unit_test(a_report_is_of_its_sources_form),
        cmocka_unit_test(a_report_keeps_its_sources_profile),
        cmocka_unit_test(nothing_is_of_a_time_to_come),
        cmocka_unit_test(a_place_is_a_point_of_its_recipient),
        cmocka_unit_test(a_height_is_a_band_of_its_recipient),
        cmocka_unit_test(what_is_taken_away_is_gone),
        cmocka_unit_test(a_hidden_track_has_points_too),
        cmocka_unit_test(a_source_without_accuracy_tells_none),
        cmocka_unit_test(what_is_derived_may_be_coarser_than_is_asked),
        cmocka_unit_test(nothing_is_shown_before_its_time),
        cmocka_unit_test(no_track_is_shown_too_often),
        cmocka_unit_test(products_of_each_size_pass),
        cmocka_unit_test(a_product_is_what_its_author_signed),
        cmocka_unit_test(two_pieces_are_two_batches),
        cmocka_unit_test(a_product_lies_in_the_desks_outbox),
        cmocka_unit_test(every_fault_has_words_and_was_met),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

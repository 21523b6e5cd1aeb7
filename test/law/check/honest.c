/* SPDX-License-Identifier: Apache-2.0 */
/* What the real intake seals of any source, for anybody, passes; nothing that is changed in it does, unless what is changed is
 * bound by nothing. */
#include "check/report_own.h"
#include "feed/cot.h"
#include "marking/marking.h"
#include "pouch/cover.h"

#include "any_report.h"
#include "unit/check/made.h"
#include "unit/intake/fake.h"

/* WORLDS  - each with sources, reductions and reports of its own;   TURNS - of each */
#define WORLDS  16
#define TURNS   120
#define SOURCES 4
#define PARTIES 3
#define TRACKS  20
#define SPOILT  800 /* in each world */
#define FLIPPED 250

enum { RADAR, WARNINGS, SHIPS, TRACKER };
static const char *const party[PARTIES] = {"", "JPN", "USA"};

static struct inspector    *bench;
static struct inspect_epoch epoch[FAKE_EPOCHS];
static bool                 begun[FAKE_EPOCHS];
static struct pace_seen     paces[SOURCES][PARTIES];
static size_t               looked;

/* counted - over all worlds, so that nothing passes because it never came */
static struct {
    unsigned passed, derived, pictured, warned, hidden, coarse, held, paced, ships, tracks, edges;
    unsigned spoilt, unbound, flipped;
} counted;

static instant now_of(void)
{
    return NOW + fake.now;
}

/* ---- what the guard says of an epoch ---- */

static unsigned party_of(const char *recipient)
{
    unsigned i = 0;
    while (strcmp(party[i], recipient) != 0) {
        i++;
    }
    return i;
}

static const struct fake_derived *derived_of(const struct fake_epoch *e)
{
    for (size_t i = 0; i < fake.derived_count; i++) {
        if (fake.derived[i].source == e->row.source &&
            strcmp(fake.derived[i].recipient.text, e->recipient) == 0) {
            return &fake.derived[i];
        }
    }
    return NULL;
}

static struct inspect_row told_of(const struct fake_epoch *e)
{
    const struct source_row   *s = &fake.source[e->row.source];
    const struct fake_derived *d = derived_of(e);
    struct inspect_row         t = {.epoch = e->row.epoch,
                                    .key = e->row.key,
                                    .items_max = e->row.items_max,
                                    .source = s->number,
                                    .form = s->form,
                                    .dated = s->dated,
                                    .tracks = s->kind == KIND_TRACK,
                                    .bounded = s->bounded,
                                    .without = s->without};
    memcpy(t.box, s->box, sizeof t.box);
    memcpy(t.sealer, fake.sealer, sizeof t.sealer);
    cover_commit(&t.epoch, &t.key, t.commitment);
    if (d != NULL) {
        t.derived = true;
        t.position_m = d->reducing.position_m;
        t.height_m = d->reducing.height_m;
        t.delay_ms = d->reducing.delay_ms;
        t.every_ms = d->reducing.every_ms;
        t.less = d->reducing.without;
        t.mark = d->keys.mark;
    }
    return t;
}

static struct pace_seen *pace_for(const struct fake_epoch *e, const struct inspect_row *t)
{
    return t->every_ms != 0 ? &paces[e->row.source][party_of(e->recipient)] : NULL;
}

/* ---- every record passes ---- */

static struct inspect_record record_at(size_t i)
{
    return (struct inspect_record){.body = {fake.batch[i].bytes, fake.batch[i].len},
                                   .outbox = OUTBOX_INTAKE,
                                   .type = fake.batch[i].type,
                                   .durable = fake.batch[i].durable};
}

static size_t epoch_at(const struct inspect_record *r)
{
    id of;
    assert_int_equal(inspect_head(r->body, &of), INSPECT_PASS);
    struct fake_epoch *e = fake_epoch_of(&of);
    assert_non_null(e);
    return (size_t)(e - fake.epoch);
}

static void count(const struct inspect_row *t, const struct inspect_record *r, unsigned items)
{
    counted.passed += items;
    counted.derived += t->derived ? items : 0;
    counted.pictured += line_pictures(r->type) ? items : 0;
    counted.warned += !t->tracks ? items : 0;
    counted.hidden += (t->less & (WITHOUT_SOURCE | WITHOUT_IDENTITY)) != 0 ? items : 0;
    counted.coarse += t->position_m != 0 ? items : 0;
    counted.held += t->delay_ms != 0 ? items : 0;
    counted.paced += t->every_ms != 0 ? items : 0;
    counted.ships += t->form == SOURCE_AIS ? items : 0;
    counted.tracks += t->form == SOURCE_ASTERIX ? items : 0;
}

static void look_at(size_t i)
{
    struct inspect_record r = record_at(i);
    size_t                e = epoch_at(&r);
    struct inspect_row    t = told_of(&fake.epoch[e]);
    if (!begun[e]) {
        err failed = inspect_begin(&epoch[e], &t, 0, pace_for(&fake.epoch[e], &t));
        assert_false(err_is(failed));
        begun[e] = true;
    }
    uint64_t         was = epoch[e].next;
    struct inspected found = inspect_batch(bench, &epoch[e], &r, now_of());
    if (found.fault != INSPECT_PASS) {
        fail_msg("record %zu, item %u, source %u for '%s': %s (position %u, height %u, delay %u, "
                 "every %u, without %x)",
                 i, (unsigned)found.item, t.source, fake.epoch[e].recipient,
                 inspect_fault_text(found.fault), t.position_m, t.height_m, t.delay_ms, t.every_ms,
                 t.less);
    }
    count(&t, &r, (unsigned)(epoch[e].next - was));
}

static void look(void)
{
    for (; looked < fake.batch_count; looked++) {
        look_at(looked);
    }
}

/* ---- any sources ---- */

static uint32_t one_of(const uint32_t *of, uint32_t count_of)
{
    return of[any(count_of)];
}
#define ONE_OF(...)                                                                                \
    one_of((const uint32_t[]){__VA_ARGS__}, ARRAY_LEN(((const uint32_t[]){__VA_ARGS__})))

/* Anywhere on the earth, at its edges as well; sometimes hardly wider than a cell */
static void any_box(struct source_row *s)
{
    int32_t high = (int32_t)ONE_OF(3000, 900000, 40000000, 300000000), south, west;
    int32_t wide = (int32_t)ONE_OF(5000, 1500000, 80000000, 900000000);
    s->bounded = any(4) != 0;
    south = any(5) == 0   ? -LAT_MAX_E7
            : any(5) == 0 ? LAT_MAX_E7 - high
                          : within(-LAT_MAX_E7, LAT_MAX_E7 - high);
    west = any(5) == 0   ? -LON_MAX_E7
           : any(5) == 0 ? LON_MAX_E7 - wide
                         : within(-LON_MAX_E7, LON_MAX_E7 - wide);
    counted.edges += south == -LAT_MAX_E7 || south == LAT_MAX_E7 - high;
    const int32_t box[] = {south, west, south + high, west + wide};
    memcpy(s->box, box, sizeof box);
}

static struct reducing any_reducing(void)
{
    return (struct reducing){.position_m = ONE_OF(0, 1, 100, 1000, 10000, 100000, 5000000),
                             .height_m = ONE_OF(0, 0, 1, 500, 100000, 9999998),
                             .delay_ms = ONE_OF(0, 0, 0, 1500, 20000),
                             .every_ms = ONE_OF(0, 0, 0, 700, 5000),
                             .without = any(2) != 0 ? any(WITHOUT_ALL + 1)
                                                    : ONE_OF(0, WITHOUT_SOURCE, WITHOUT_IDENTITY)};
}

static void world_begin(void)
{
    static const uint8_t form[SOURCES] = {SOURCE_COT, SOURCE_COT, SOURCE_AIS, SOURCE_ASTERIX};
    fake_begin();
    looked = 0;
    memset(paces, 0, sizeof paces);
    for (uint16_t i = 0; i < SOURCES; i++) {
        struct source_row *s = fake_source(i, "source", i == WARNINGS ? KIND_WARNING : KIND_TRACK);
        s->form = form[i];
        if (s->form == SOURCE_COT) {
            any_box(s);
            s->without = any(3) == 0 ? any(WITHOUT_ALL + 1) : 0;
            s->dated = (uint8_t)any(SOURCE_DATED_COUNT);
        }
        for (unsigned p = 1; p < PARTIES; p++) {
            if (any(4) != 0) {
                fake_derive(i, party[p], any_reducing());
            }
        }
    }
    fake.items_max = ONE_OF(1u << 20, 40);
    intake_now(fake.intake, now_of());
    fake_start();
}

static void world_end(void)
{
    for (size_t i = 0; i < FAKE_EPOCHS; i++) {
        if (begun[i]) {
            inspect_end(&epoch[i]);
        }
        begun[i] = false;
    }
    fake_end();
}

/* ---- any reports ---- */

static struct place place_in(const struct source_row *s)
{
    if (!s->bounded) {
        return any(9) == 0 ? (struct place){any(2) ? LAT_MAX_E7 : -LAT_MAX_E7, LON_MAX_E7}
                           : any_place();
    }
    int32_t lat = any(5) == 0 ? s->box[any(2) * 2] : within(s->box[0], s->box[2]);
    int32_t lon = any(5) == 0 ? s->box[1 + any(2) * 2] : within(s->box[1], s->box[3]);
    return (struct place){lat, lon};
}

static void lacks(struct report *r, uint32_t has, void *field, size_t len)
{
    r->has &= ~has;
    memset(field, 0, len);
}
#define LACKS(bit, has, field)                                                                     \
    do {                                                                                           \
        if ((s->without & (bit)) != 0) {                                                           \
            lacks(&r, has, &r.field, sizeof r.field);                                              \
        }                                                                                          \
    } while (0)

static struct report report_of(const struct source_row *s)
{
    struct report r = any_report();
    r.place = place_in(s);
    r.launch = (r.has & REPORT_LAUNCH) != 0 ? place_in(s) : r.launch;
    r.impact = (r.has & REPORT_IMPACT) != 0 ? place_in(s) : r.impact;
    r.time = now_of() - any(30000) + (s->dated == DATED_ANY ? any(100000) : 0);
    r.start = r.time - any(1000);
    r.stale = now_of() + any(60000);
    r.stale = r.stale < r.start ? r.start : r.stale;
    memset(r.uid, 0, sizeof r.uid);
    (void)snprintf(r.uid, sizeof r.uid, "t<%u>", any(TRACKS));
    LACKS(WITHOUT_IDENTITY, 0, callsign);
    LACKS(WITHOUT_HEIGHT, REPORT_HAE, hae_cm);
    LACKS(WITHOUT_COURSE, REPORT_COURSE, course_cdeg);
    LACKS(WITHOUT_SPEED, REPORT_SPEED, speed_cms);
    LACKS(WITHOUT_ACCURACY, REPORT_CE, ce_cm);
    LACKS(WITHOUT_ACCURACY, REPORT_LE, le_cm);
    LACKS(WITHOUT_REMARKS, 0, remarks);
    LACKS(WITHOUT_LAUNCH, REPORT_LAUNCH, launch);
    LACKS(WITHOUT_IMPACT, REPORT_IMPACT, impact);
    LACKS(WITHOUT_IMPACT, REPORT_IMPACT, impact_radius_m);
    return r;
}

static void say_event(uint16_t source)
{
    uint8_t       text[REPORT_COT_MAX];
    struct writer w = WRITER_OF(text);
    struct report r = report_of(&fake.source[source]);
    report_cot(&r, NULL, &w);
    (void)intake_event(fake.intake, fake.now, source, writer_span(&w));
}

static void say_ship(void)
{
    (void)intake_event(fake.intake, fake.now, SHIPS,
                       SPAN_LIT("!AIVDM,1,1,,A,15RTgt0PAso;90TKcjM8h6g208CQ,0*4A\r\n"));
}

/* A track of a system at 37.5 N 127.0 E */
static void say_track(void)
{
    uint8_t block[] = {62,   0,    25,   0x9b, 0x0c, 1,    2,    0x54, 0x60, 0x80, 0x00, 0x6a, 0xaa,
                       0xab, 0x01, 0x69, 0x3e, 0x94, 0x01, 0x90, 0,    0,    0,    7,    0};
    block[23] = (uint8_t)any(TRACKS);
    block[13] = (uint8_t)any(256);
    (void)intake_event(fake.intake, fake.now, TRACKER, SPAN_OF(block));
}

static void pass_some(int64_t ms)
{
    for (; ms > 0; ms -= INTAKE_TICK_MS) {
        intake_now(fake.intake, now_of());
        turn(ms < INTAKE_TICK_MS ? ms : INTAKE_TICK_MS);
        look();
    }
}

static void world_turn(void)
{
    for (unsigned i = any(12); i > 0; i--) {
        say_event(any(3) != 0 ? RADAR : WARNINGS);
    }
    if (any(2) != 0) {
        say_ship();
        say_track();
    }
    const struct fake_epoch *e = &fake.epoch[any((uint32_t)fake.epoch_count)];
    if (any(8) == 0) {
        struct writer w;
        put_id(answer_begin(&w, ANSWER_PICTURE, 0),
               &fake.epoch[any((uint32_t)fake.epoch_count)].row.epoch);
        answer_end(&w);
    } else if (any(25) == 0 && !e->closed) {
        guard_stops(&e->row.epoch);
    }
    fake.full = any(15) == 0;
    pass_some(any(12) == 0 ? 9000 : 1 + any(300));
    fake.full = false;
}

/* ---- what is changed ---- */

static enum inspect_fault anew(const struct inspect_row *t, uint64_t next,
                               const struct inspect_record *r)
{
    struct inspect_epoch    e;
    static struct pace_seen none;
    memset(&none, 0, sizeof none);
    err failed = inspect_begin(&e, t, next, t->every_ms != 0 ? &none : NULL);
    assert_false(err_is(failed));
    enum inspect_fault f = inspect_batch(bench, &e, r, now_of() + MS_PER_DAY).fault;
    inspect_end(&e);
    return f;
}

static struct inspect_record any_record(size_t *e, uint64_t *first)
{
    struct inspect_record r = record_at(any((uint32_t)fake.batch_count));
    struct reader         in = reader_of((span){r.body.ptr + ID_LEN, 8});
    *e = epoch_at(&r);
    *first = read_u64(&in);
    return r;
}

/* Any bit of a record that somebody between sealer and courier could flip */
static void no_flipped_bit_passes(void)
{
    static uint8_t copy[BATCH_MAX];
    for (unsigned i = 0; i < FLIPPED; i++) {
        size_t                e;
        uint64_t              first;
        struct inspect_record r = any_record(&e, &first);
        struct inspect_row    t = told_of(&fake.epoch[e]);
        uint32_t              bit = any((uint32_t)r.body.len * 8);
        memcpy(copy, r.body.ptr, r.body.len);
        assert_int_equal(anew(&t, first, &r), INSPECT_PASS);
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        r.body.ptr = copy;
        assert_int_not_equal(anew(&t, first, &r), INSPECT_PASS);
        counted.flipped++;
    }
}

/* Of another key, another epoch, at another number, twice */
static void nothing_passes_in_anothers_place(void)
{
    for (unsigned i = 0; i < 50; i++) {
        size_t                e, o;
        uint64_t              first, other;
        struct inspect_record r = any_record(&e, &first);
        (void)any_record(&o, &other);
        struct inspect_row t = told_of(&fake.epoch[e]), of = told_of(&fake.epoch[o]);
        assert_int_equal(anew(&t, first + 1, &r), INSPECT_REPEATED);
        if (first > 0) {
            assert_int_equal(anew(&t, first - 1, &r), INSPECT_GAP);
        }
        if (e != o) {
            assert_int_equal(anew(&of, first, &r), INSPECT_EPOCH);
            t.key = of.key;
            cover_commit(&t.epoch, &t.key, t.commitment);
            assert_int_equal(anew(&t, first, &r), INSPECT_TAG);
        }
    }
}

static bool is_near(struct place a, struct place b)
{
    return labs((long)a.lat_e7 - b.lat_e7) <= 2 && labs((long)a.lon_e7 - b.lon_e7) <= 2;
}

/* Of a box hardly wider than a cell all places are one; the guard derives nothing of such a feed. */
static bool hides(const struct inspect_row *t)
{
    const struct cell_box box = {t->box[0], t->box[1], t->box[2], t->box[3]};
    return !t->bounded || cell_box_hides(t->position_m, &box);
}

/* FINE_M - of cells or bands so small what is changed at will is the point of another one too often */
#define FINE_M 100

/* Does `r`, which passed, keep what the epoch asks of `was`, by the words of docs/format/reduce.md? */
static bool keeps(const struct inspect_row *t, const struct report *was, const struct report *r)
{
    bool same = strcmp(was->uid, r->uid) == 0;
    bool place = t->position_m < FINE_M || !hides(t) ||
                 (same && r->remarks[0] == 0 && is_near(was->place, r->place) &&
                  ((r->has & REPORT_LAUNCH) == 0 || is_near(was->launch, r->launch)) &&
                  ((r->has & REPORT_IMPACT) == 0 || is_near(was->impact, r->impact)));
    bool height = t->height_m < FINE_M || (r->has & REPORT_HAE) == 0 ||
                  labs((long)was->hae_cm - r->hae_cm) <= 2;
    uint32_t source = t->less & WITHOUT_SOURCE, who = t->less & (WITHOUT_SOURCE | WITHOUT_IDENTITY);
    bool     gone = (source == 0 || (strcmp(r->how, "m") == 0 && r->remarks[0] == 0)) &&
                (who == 0 || (strlen(r->uid) == 16 && r->callsign[0] == 0)) &&
                ((t->less & WITHOUT_HEIGHT) == 0 || (r->has & (REPORT_HAE | REPORT_LE)) == 0) &&
                ((t->less & WITHOUT_COURSE) == 0 || (r->has & REPORT_COURSE) == 0) &&
                ((t->less & WITHOUT_SPEED) == 0 || (r->has & REPORT_SPEED) == 0) &&
                ((t->less & WITHOUT_ACCURACY) == 0 || (r->has & (REPORT_CE | REPORT_LE)) == 0) &&
                ((t->less & WITHOUT_REMARKS) == 0 || r->remarks[0] == 0) &&
                ((t->less & WITHOUT_LAUNCH) == 0 || (r->has & REPORT_LAUNCH) == 0) &&
                ((t->less & WITHOUT_IMPACT) == 0 || (r->has & REPORT_IMPACT) == 0);
    return place && height && gone;
}

static bool is_inside(const struct inspect_row *t, const struct report *r)
{
    return !t->bounded || (r->place.lat_e7 >= t->box[0] && r->place.lat_e7 <= t->box[2] &&
                           r->place.lon_e7 >= t->box[1] && r->place.lon_e7 <= t->box[3]);
}

/* The plaintext of one item of a record */
static span item_of(const struct inspect_row *t, const struct inspect_record *r, unsigned at,
                    uint8_t *room)
{
    struct batch  b;
    struct unseal u = {.epoch = t->epoch, .aead = aead_open(&t->key)};
    span          plain, item;
    assert_false(err_is(batch_read(r->body, &b)));
    at %= b.count;
    for (unsigned i = 0; i <= at; i++) {
        item = batch_item(&b.items);
    }
    assert_false(err_is(unseal_item(&u, b.first + at, item, room, &plain)));
    aead_close(u.aead);
    return plain;
}

/* A captured intake has the key and signs: it changes a byte of what is sealed, or a number to another like it. */
static size_t spoil(uint8_t *b, size_t len)
{
    size_t at = any((uint32_t)len);
    switch (any(4)) {
    case 0:
        b[at] ^= (uint8_t)(1u << any(8));
        return len;
    case 1:
        b[at] = (uint8_t)any(256);
        return len;
    case 2: /* a place, or what comes after it */
        at = 27 + 4 * (size_t)any(6) + 3;
        b[at < len ? at : len - 1] = (uint8_t)(b[at < len ? at : len - 1] + 3 + any(20));
        return len;
    default: /* a field more or less */
        b[2] ^= (uint8_t)(1u << any(7));
        if (any(2) != 0 && len + 8 < REPORT_BYTES_MAX) {
            memmove(b + 43, b + 35, len - 35);
            return len + 8;
        }
        return len;
    }
}

static void what_passes_spoilt_is_bound_by_nothing(void)
{
    static uint8_t room[ITEM_MAX];
    made_aead = aead_open(NULL);
    for (unsigned i = 0; i < SPOILT; i++) {
        size_t                e;
        uint64_t              first;
        struct inspect_record r = any_record(&e, &first);
        struct inspect_row    t = told_of(&fake.epoch[e]);
        span                  plain = item_of(&t, &r, any(1000), room);
        struct report         was, is;
        uint8_t               bytes[REPORT_BYTES_MAX + 8];
        assert_false(err_is(report_decode(plain, &was)));
        memcpy(bytes, plain.ptr, plain.len);
        span spoilt = {bytes, spoil(bytes, plain.len)};
        made_commit(&t);
        r.body = made_batch(&t, 0, &spoilt, 1, &(struct made_wrong){0});
        enum inspect_fault f = anew(&t, 0, &r);
        counted.spoilt++;
        if (f == INSPECT_PASS) {
            assert_false(err_is(report_decode(spoilt, &is)));
            assert_true(is_inside(&t, &is));
            if (!keeps(&t, &was, &is)) {
                fail_msg("a report passed that is not as its reduction says: position %u, height "
                         "%u, without %x, box %d %d %d %d: %s %d %d (%x) was %s %d %d (%x)",
                         t.position_m, t.height_m, t.less, t.box[0], t.box[1], t.box[2], t.box[3],
                         is.uid, is.place.lat_e7, is.place.lon_e7, is.has, was.uid,
                         was.place.lat_e7, was.place.lon_e7, was.has);
            }
            counted.unbound++;
        }
    }
    aead_close(made_aead);
}

/* ---- all worlds ---- */

static void all_that_intake_seals_passes_and_nothing_that_is_changed(void **state)
{
    (void)state;
    bench = inspector_open(calloc(1, inspector_size()), 7);
    for (unsigned w = 0; w < WORLDS; w++) {
        world_begin();
        for (unsigned i = 0; i < TURNS; i++) {
            world_turn();
        }
        no_flipped_bit_passes();
        nothing_passes_in_anothers_place();
        what_passes_spoilt_is_bound_by_nothing();
        world_end();
    }
    inspector_close(bench);
    free(bench);
    print_message("    %u reports passed: %u derived (%u coarser, %u hidden, %u held back, %u at a "
                  "pace), %u of pictures, %u warnings, %u of ships, %u of trackers\n",
                  counted.passed, counted.derived, counted.coarse, counted.hidden, counted.held,
                  counted.paced, counted.pictured, counted.warned, counted.ships, counted.tracks);
    print_message("    %u flipped, none passed; %u spoilt and sealed again, %u passed in what is "
                  "bound by nothing\n",
                  counted.flipped, counted.spoilt, counted.unbound);
    assert_true(counted.coarse > 500 && counted.hidden > 500 && counted.held > 100 &&
                counted.paced > 100 && counted.pictured > 200 && counted.warned > 500 &&
                counted.ships > 100 && counted.tracks > 100 && counted.edges > 3);
    assert_true(counted.unbound < counted.spoilt / 2);
}

/* ---- products ---- */

#define CHUNK (ITEM_PLAIN_MAX - 4)

static uint8_t content[3 * ITEM_PLAIN_MAX];

/* As the desk does it: a piece, a batch, a turn;   returns how many there are, in piece[] */
static size_t product_seal(struct inspect_row *t, size_t len, span piece[4])
{
    static uint8_t room[4][BATCH_MAX];
    const secret   own = {{6}};
    struct signer *signer = signer_open(&own);
    struct aead   *aead = aead_open(NULL);
    struct seal    s, *seals[] = {&s};
    size_t         count_of = 0;
    *t = (struct inspect_row){.epoch = {{(uint8_t)len, 3}},
                              .key = {{2}},
                              .product = true,
                              .items_max = 1u << 20,
                              .content_len = len};
    sha256((span){content, len}, t->content_digest);
    cover_commit(&t->epoch, &t->key, t->commitment);
    signer_public(signer, t->sealer);
    seal_open(&s, &t->epoch, &t->key, 1u << 20, aead, room[0], BATCH_MAX);
    for (size_t at = 0; at < len || count_of == 0; at += CHUNK, count_of++) {
        s.w = writer_of(room[count_of], BATCH_MAX);
        assert_false(
            err_is(seal_item(&s, (span){content + at, len - at < CHUNK ? len - at : CHUNK})));
        turn_end(seals, 1, signer, &piece[count_of], NULL);
    }
    aead_close(aead);
    signer_close(signer);
    return count_of;
}

static void products_of_each_size_pass_and_nothing_that_is_changed(void **state)
{
    static const size_t len[] = {
        0,         1,         127,           ITEM_PLAIN_MAX - 1, ITEM_PLAIN_MAX,
        CHUNK - 1, CHUNK + 1, 2 * CHUNK + 7, ITEM_PLAIN_MAX + 1, 3 * CHUNK};
    static uint8_t copy[BATCH_MAX];
    (void)state;
    bench = inspector_open(calloc(1, inspector_size()), 7);
    for (size_t i = 0; i < sizeof content; i++) {
        content[i] = (uint8_t)any(256);
    }
    for (size_t k = 0; k < ARRAY_LEN(len); k++) {
        struct inspect_row   t;
        struct inspect_epoch e;
        span                 piece[4];
        size_t               pieces = product_seal(&t, len[k], piece);
        for (size_t spoilt = 0; spoilt < 8 * pieces; spoilt++) {
            assert_false(err_is(inspect_begin(&e, &t, 0, NULL)));
            size_t bad = spoilt / 8;
            for (size_t i = 0; i <= bad; i++) {
                struct inspect_record r = {
                    .body = piece[i], .outbox = OUTBOX_DESK, .durable = true};
                if (i == bad) {
                    uint32_t bit = any((uint32_t)r.body.len * 8);
                    memcpy(copy, r.body.ptr, r.body.len);
                    copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
                    r.body.ptr = copy;
                }
                assert_int_equal(inspect_batch(bench, &e, &r, 0).fault == INSPECT_PASS, i < bad);
            }
            inspect_end(&e);
        }
        assert_false(err_is(inspect_begin(&e, &t, 0, NULL)));
        for (size_t i = 0; i < pieces; i++) {
            assert_false(e.whole);
            struct inspect_record r = {.body = piece[i], .outbox = OUTBOX_DESK, .durable = true};
            assert_int_equal(inspect_batch(bench, &e, &r, 0).fault, INSPECT_PASS);
        }
        assert_true(e.whole);
        inspect_end(&e);
    }
    inspector_close(bench);
    free(bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_that_intake_seals_passes_and_nothing_that_is_changed),
        cmocka_unit_test(products_of_each_size_pass_and_nothing_that_is_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

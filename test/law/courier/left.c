/* SPDX-License-Identifier: Apache-2.0 */
/* A feed of tracks at several times what the connection carries: of each track the newest report comes, whatever is cut and
 * whoever begins again; each warning once; and what is left out is told. */
#include "../../unit/courier/world.h"

#define SEEDS  8
#define TRACKS 30
#define STEPS  4000 /* 3 ms each */
#define AFTER  1600
#define NARROW 64 /* bytes of one connection in a step, at most */
#define ITEMS  400

/* sealer - what intake does, without keys: a batch of one item each, which holds a track and the number of its report */
struct sealer {
    struct world *world;
    unsigned      epochs, tracks, warnings;
    uint64_t      first, warned;
    bool          begun, going;
    unsigned      at;
    uint32_t      newest[TRACKS], last[TRACKS], reports;
    unsigned      pictures, asked;
};

static void sealer_anew(struct sealer *s)
{
    s->tracks = ++s->epochs;
    s->warnings = ++s->epochs;
    s->first = s->warned = 0;
    s->begun = s->going = false;
    memset(s->newest, 0, sizeof s->newest);
}

static void put(struct sealer *s, unsigned epoch, uint64_t first, uint8_t type, uint64_t what)
{
    uint8_t            bytes[512] = {0};
    struct writer      w = WRITER_OF(bytes);
    struct party      *p = &s->world->party[0];
    struct memory_log *l = &p->outbox[OUTBOX_INTAKE];
    id                 e = epoch_of(epoch);
    bool               live = line_of(type) != LINE_NONE && line_part(type) != PART_LAST;
    batch_make(&e, first, 1, &w);
    struct writer item = writer_of(bytes + BATCH_HEAD_LEN + 4, 8);
    put_u64(&item, what);
    (void)log_add(l, writer_span(&w), live, type);
    l->flushed = l->count;
    l->synced = live && dice(s->world, 20) > 0 ? l->synced : l->count;
}

static void track_put(struct sealer *s, unsigned track, enum line_part part)
{
    part = s->begun ? part : PART_FIRST;
    s->begun = true;
    put(s, s->tracks, s->first++, line_type(1, part), (uint64_t)track << 32 | s->newest[track]);
    if (s->first == ITEMS) {
        s->tracks = ++s->epochs;
        s->first = 0;
    }
}

static void report(struct sealer *s)
{
    unsigned track = dice(s->world, TRACKS * 4);
    track = track < TRACKS ? track : track % 3; /* some report more often */
    s->newest[track] = ++s->last[track];
    s->reports++;
    track_put(s, track, PART_PLAIN);
}

/* Some in a turn, so that reports come in between */
static void picture(struct sealer *s, unsigned parts)
{
    unsigned last = TRACKS;
    for (unsigned i = 0; i < TRACKS; i++) {
        last = s->newest[i] > 0 ? i : last;
    }
    for (; s->going && last < TRACKS && parts > 0; s->at++) {
        s->going = s->at < last;
        parts -= s->newest[s->at] > 0;
        if (s->newest[s->at] > 0) {
            track_put(s, s->at, s->going ? PART_PICTURE : PART_LAST);
        }
        s->pictures += !s->going;
    }
}

static void sealer_step(struct sealer *s, bool more)
{
    if (more) {
        report(s);
    }
    if (more && dice(s->world, 40) == 0) {
        put(s, s->warnings, s->warned++, LINE_NONE, 0);
    }
    if (s->world->party[0].behind > s->asked) {
        s->asked = s->world->party[0].behind;
        s->going = true;
        s->at = 0;
    }
    picture(s, 2);
}

/* ---- what came of it ---- */

struct result {
    uint64_t left, tracks, warnings;
    uint32_t newest[TRACKS];
};

static uint64_t what_of(const struct batch *b)
{
    struct reader r = reader_of((span){b->items.ptr + 4, 8});
    return read_u64(&r);
}

static void result_take(const struct log_entry *e, struct result *out)
{
    struct inbox_record r;
    struct left         left;
    struct batch        b;
    assert_false(err_is(inbox_record_read((span){e->body, e->len}, &r)));
    if (r.kind == ENTRY_LEFT) {
        assert_false(err_is(left_read(r.body, &left)));
        for (unsigned i = 0; i < left.count; i++) {
            out->left += left.row[i].reports;
        }
    }
    if (r.kind != ENTRY_BATCH) {
        return;
    }
    assert_false(err_is(batch_read(r.body, &b)));
    uint64_t what = what_of(&b);
    if (what == 0) {
        assert_false(e->live);
        out->warnings++;
        return;
    }
    uint32_t *newest = &out->newest[what >> 32];
    assert_true((uint32_t)what >= *newest);
    *newest = (uint32_t)what;
    out->tracks++;
}

static void results(const struct world *w, struct result *out)
{
    const struct memory_log *l = &w->party[1].log[COURIER_INBOX];
    struct came              came;
    memset(out, 0, sizeof *out);
    inbox_check(&w->party[1], &came);
    for (size_t i = 0; i < l->count; i++) {
        result_take(&l->at[i], out);
    }
}

/* Of all that its party still has */
static void newest_came(const struct world *w, const struct result *r)
{
    const struct memory_log *l = &w->party[0].outbox[OUTBOX_INTAKE];
    uint64_t                 warnings = 0;
    for (size_t i = 0; i < l->count; i++) {
        struct batch b;
        assert_false(err_is(batch_read((span){l->at[i].body, l->at[i].len}, &b)));
        uint64_t what = what_of(&b);
        warnings += what == 0;
        if (what != 0 && r->newest[what >> 32] < (uint32_t)what) {
            fail_msg("track %u: report %u is the newest that came, and there is %u",
                     (unsigned)(what >> 32), r->newest[what >> 32], (uint32_t)what);
        }
    }
    assert_true(r->warnings >= warnings);
}

struct chances {
    uint32_t cut, end, power, late;
    uint32_t chunk;
    uint8_t  precedence;
};

static bool chance(struct world *w, uint32_t one_in)
{
    return one_in > 0 && dice(w, one_in) == 0;
}

static struct sealer one_world(uint64_t seed, struct chances odds, struct result *out)
{
    struct world *w = world_make(seed);
    struct sealer s = {.world = w};
    w->party[0].precedence = odds.precedence;
    sealer_anew(&s);
    for (unsigned i = 0; i < STEPS + AFTER; i++) {
        bool more = i < STEPS;
        sealer_step(&s, more);
        world_step(w, odds.chunk);
        if (i < STEPS - AFTER && chance(w, odds.cut)) {
            link_cut(w, dice(w, 2));
        }
        if (more && chance(w, odds.late) && w->party[0].rule == RULE_LATE) {
            guard_hears(&w->party[0]);
        } else if (more && chance(w, odds.late)) {
            w->party[0].rule = RULE_LATE;
        }
        if (more && chance(w, odds.end)) {
            party_restart(w, dice(w, 2), false);
        }
        if (more && chance(w, odds.power)) {
            unsigned number = dice(w, 2);
            party_restart(w, number, true);
            if (number == 0) {
                sealer_anew(&s);
            }
        }
    }
    if (odds.end + odds.power + odds.late > 0) {
        guard_hears(&w->party[0]);
        world_run(
            w,
            4000); /* what no picture tells of goes whole, and at last by a connection that is not narrow */
    }
    results(w, out);
    newest_came(w, out);
    s.world = NULL;
    world_free(w);
    return s;
}

/* ---- the tests ---- */

static void nothing_is_left_out_where_there_is_room(void **state)
{
    struct result r;
    (void)state;
    struct sealer s = one_world(1, (struct chances){.precedence = 1}, &r);
    assert_int_equal(r.left, 0);
    assert_int_equal(r.tracks, s.reports);
    assert_int_equal(s.pictures, 0);
}

/* Within seconds of the end, where all of it would have taken the fourfold time */
static void of_each_track_the_newest_comes(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct result r;
        struct sealer s = one_world(
            seed, (struct chances){.chunk = NARROW, .precedence = (uint8_t)(seed % 3)}, &r);
        assert_true(s.pictures > 1);
        assert_true(r.left > s.reports / 3);
        assert_true(r.left + r.tracks >= s.reports);
        assert_true(r.left + r.tracks <= s.reports + (uint64_t)s.pictures * TRACKS);
    }
}

static void flash_too(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct result r;
        struct sealer s = one_world(seed, (struct chances){.chunk = NARROW, .precedence = 3}, &r);
        assert_true(s.pictures > 1 && r.left > s.reports / 3);
    }
}

static void with_lost_connections(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct result r;
        (void)one_world(seed, (struct chances){.chunk = NARROW, .precedence = 1, .cut = 1500}, &r);
    }
}

static void with_restarts(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct result r;
        (void)one_world(seed, (struct chances){.chunk = NARROW, .precedence = 2, .end = 1200}, &r);
    }
}

/* world_behind - its connection stands, and what waits is late; then parts of a picture are there */
static struct world *world_behind(struct sealer *s)
{
    struct world *w = world_make(7);
    *s = (struct sealer){.world = w};
    w->party[0].precedence = 1;
    sealer_anew(s);
    for (unsigned i = 0; i < 2500; i++) {
        report(s);
        world_step(w, 8);
    }
    assert_true(w->party[0].behind > 0);
    s->going = true;
    return w;
}

static void the_newest_has_come(struct world *w)
{
    struct result r;
    world_run(w, 4000);
    results(w, &r);
    newest_came(w, &r);
}

static void half_a_picture_is_none(void **state)
{
    struct sealer s;
    (void)state;
    struct world *w = world_behind(&s);
    picture(&s, TRACKS - 2);
    world_step(w, 1);
    party_restart(w, 0, false);
    for (unsigned i = 0; i < TRACKS; i++) {
        s.newest[i] = ++s.last[i];
        track_put(&s, i, PART_PLAIN);
    }
    picture(&s, TRACKS);
    for (unsigned i = 0; i < 2000; i++) {
        world_step(w, 8);
    }
    the_newest_has_come(w);
    world_free(w);
}

/* Who has begun with one has the rest of it, also from a courier that knows nothing of it. */
static void a_picture_is_gone_through(void **state)
{
    struct sealer s;
    struct result r = {0};
    (void)state;
    struct world *w = world_behind(&s);
    picture(&s, TRACKS);
    for (unsigned i = 0; i < 20000 && r.left + r.tracks < s.reports; i++) {
        world_step(w, 8);
        results(w, &r);
    }
    assert_true(r.left > 0 && r.left + r.tracks == s.reports); /* of the picture nothing has come */
    party_restart(w, 0, false);
    the_newest_has_come(w);
    world_free(w);
}

/* Nobody goes by a picture that he is not given. */
static void what_is_refused_takes_no_place(void **state)
{
    struct sealer s;
    struct result r;
    (void)state;
    struct world *w = world_behind(&s);
    unsigned      before = s.reports;
    w->party[0].rule = RULE_REFUSE;
    s.tracks = ++s.epochs;
    s.first = 0;
    picture(&s, TRACKS);
    for (unsigned i = 0; i < 2000; i++) {
        world_step(w, 8);
    }
    world_run(w, 4000);
    results(w, &r);
    assert_int_equal(r.left, 0);
    assert_int_equal(r.tracks, before);
    world_free(w);
}

static void when_it_is_late(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct result r;
        (void)one_world(seed, (struct chances){.chunk = NARROW, .precedence = 1, .late = 500}, &r);
    }
}

static void with_power_cuts(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct result r;
        (void)one_world(seed, (struct chances){.chunk = NARROW, .precedence = 2, .power = 1200},
                        &r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_left_out_where_there_is_room),
        cmocka_unit_test(of_each_track_the_newest_comes),
        cmocka_unit_test(flash_too),
        cmocka_unit_test(with_lost_connections),
        cmocka_unit_test(with_restarts),
        cmocka_unit_test(when_it_is_late),
        cmocka_unit_test(half_a_picture_is_none),
        cmocka_unit_test(a_picture_is_gone_through),
        cmocka_unit_test(what_is_refused_takes_no_place),
        cmocka_unit_test(with_power_cuts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

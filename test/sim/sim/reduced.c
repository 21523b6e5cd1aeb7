/* SPDX-License-Identifier: Apache-2.0 */
/* A feed that one partner may have as it is and another only coarser: intake's machine beside KOR's guard. */
#include "orders.h"

#include "crypt/hpke.h"
#include "feed/arc.h"
#include "feed/report.h"
#include "guard/kept.h"
#include "intake/intake.h"
#include "reduce/trace.h"

#include <math.h>

static const char rules_more[] = "    define reduction COARSE = position to 10 km\n"
                                 "    define reduction HIDDEN = position to 50 km, without source\n"
                                 "    never track from radar to JPN unless reduced COARSE\n";

static const char feed_body[] =
    "source radar\ntransport udp\naddress 127.0.0.1:9\nkind track\nprecedence FLASH\n"
    "marking KOR:II of KOR about dprk-missile from radar to JPN,USA\naccess -\n";

/* ---- intake beside a guard ---- */

#define BATCHES 1024

static struct {
    struct gate   *gate;
    struct intake *intake;
    unsigned       count;
    struct {
        uint8_t *bytes;
        size_t   len;
    } batch[BATCHES];
} side;

static err side_ask(void *ctx, span message)
{
    struct guard_message m;
    (void)ctx;
    must(guard_message_read(message, &m));
    gate_say(side.gate, CALLER_INTAKE, m.kind, m.tag, m.body);
    return OK;
}

static err side_append(void *ctx, const struct intake_batch *b)
{
    (void)ctx;
    assert_true(side.count < BATCHES);
    side.batch[side.count].bytes = malloc(b->bytes.len);
    side.batch[side.count].len = b->bytes.len;
    memcpy(side.batch[side.count++].bytes, b->bytes.ptr, b->bytes.len);
    return OK;
}

static void side_open(void *ctx, const struct source_row *row)
{
    (void)ctx, (void)row;
}

static void side_close(void *ctx, uint16_t number)
{
    (void)ctx, (void)number;
}

static void side_note(void *ctx, const struct intake_note *n)
{
    (void)ctx;
    if (strstr(n->sentence, "when intake last ended") == NULL) {
        fail_msg("intake notes: %s (%s)", n->sentence, n->because == NULL ? "" : n->because);
    }
}

/* What the guard has said to intake since, in its order; false: nothing */
static bool side_hear(void)
{
    struct gate *g = side.gate;
    for (unsigned i = 0; i < g->mail_count; i++) {
        struct gate_mail m = g->mail[i];
        uint8_t          bytes[GUARD_MESSAGE_MAX];
        struct writer    w = WRITER_OF(bytes);
        if (m.to != CALLER_INTAKE) {
            continue;
        }
        g->mail_count--;
        memmove(&g->mail[i], &g->mail[i + 1], (g->mail_count - i) * sizeof g->mail[0]);
        guard_message_begin(&w, m.kind, m.tag);
        put_span(&w, (span){m.bytes, m.len});
        gate_mail_drop(&m);
        intake_from_guard(side.intake, (int64_t)g->boot_ms, writer_span(&w));
        return true;
    }
    return false;
}

static void side_turn(void)
{
    for (unsigned i = 0; i < 3; i++) {
        while (side_hear()) {
        }
        intake_now(side.intake, side.gate->now);
        intake_tick(side.intake, (int64_t)side.gate->boot_ms);
        intake_turn_end(side.intake, (int64_t)side.gate->boot_ms);
    }
}

static void side_begin(struct gate *g)
{
    const struct intake_setup setup = {.random = g->random,
                                       .port = {.ask = side_ask,
                                                .append = side_append,
                                                .source_open = side_open,
                                                .source_close = side_close,
                                                .note = side_note}};
    side.gate = g;
    side.intake = calloc(1, intake_size());
    intake_init(side.intake, &setup);
    intake_guard_new(side.intake, (int64_t)g->boot_ms);
    side_turn();
}

static void batches_drop(void)
{
    for (unsigned i = 0; i < side.count; i++) {
        free(side.batch[i].bytes);
    }
    side.count = 0;
}

static void side_end(void)
{
    intake_done(side.intake, (int64_t)side.gate->boot_ms);
    free(side.intake);
    batches_drop();
    memset(&side, 0, sizeof side);
}

/* Time passes as it does for all three: a lease is good for a second. */
static void side_pass(uint64_t ms)
{
    for (uint64_t at = 0; at < ms; at += 200) {
        for (unsigned i = 0; i < LAW_PARTIES; i++) {
            time_pass(&side.gate[i], 200);
            gate_tick(&side.gate[i]);
        }
        letters_go(side.gate);
        side_turn();
    }
}

struct where {
    double lat, lon;
};

static void sense(const char *uid, struct where at)
{
    char          xml[512];
    uint8_t       time[64];
    struct writer t = WRITER_OF(time);
    put_instant(&t, side.gate->now);
    int len = snprintf(xml, sizeof xml,
                       "<event version='2.0' uid='%s' type='a-h-A' how='m-r' time='%.*s' "
                       "start='%.*s' stale='2027-01-01T00:00:00Z'><point lat='%.7f' lon='%.7f' "
                       "hae='9000' ce='10' le='10'/><detail><contact callsign='HAWK'/></detail>"
                       "</event>",
                       uid, (int)t.len, (const char *)time, (int)t.len, (const char *)time, at.lat,
                       at.lon);
    assert_int_equal(intake_event(side.intake, (int64_t)side.gate->boot_ms, 0,
                                  (span){(const uint8_t *)xml, (size_t)len}),
                     INTAKE_SEALED);
}

/* ---- the epochs that lie in the outbox ---- */

static unsigned epochs_of(id out[static 16])
{
    unsigned count = 0;
    for (unsigned i = 0; i < side.count; i++) {
        id   one;
        bool known = false;
        memcpy(one.bytes, side.batch[i].bytes, ID_LEN);
        for (unsigned k = 0; k < count; k++) {
            known = known || id_equal(&out[k], &one);
        }
        if (!known && count < 16) {
            out[count++] = one;
        }
    }
    return count;
}

/* The newest epoch that this partner is granted, and how many it is not */
static unsigned granted_of(const char *partner, id *epoch, struct gate_mail *grant)
{
    id       all[16];
    unsigned count = epochs_of(all), granted = 0;
    while (side_hear()) {
    }
    for (unsigned i = 0; i < count; i++) {
        struct gate_mail one;
        if (release(side.gate, &all[i], partner, &one) == 'g') {
            if (granted++ > 0) {
                gate_mail_drop(grant);
            }
            *epoch = all[i];
            *grant = one;
        }
    }
    return granted;
}

/* That partner's one grant comes to it: how its giver and how it calls the epoch */
static void given(struct gate *g, unsigned to, id *epoch, id *handle)
{
    struct gate_mail grant;
    assert_int_equal(granted_of(law_party[to], epoch, &grant), 1);
    assert_true(receive(&g[to], &g[KOR], &grant, handle));
    gate_mail_drop(&grant);
}

static struct key_row opened(struct gate *g, const char *who, const id *handle, char *describe)
{
    static uint8_t key[8192];
    char           body[128];
    uint8_t        hex[64];
    struct writer  h = WRITER_OF(hex), result = WRITER_OF(key);
    put_hex(&h, id_span(handle));
    snprintf(body, sizeof body, "handle %.32s\npurpose assessment\n", (const char *)hex);
    struct gate_act a = {.act = "open", .body = body, .by = {who, NULL}};
    must(gate_act(g, &a, &result));
    struct reader  r = reader_of(writer_span(&result));
    struct key_row row;
    key_row_read(&r, &row);
    must(reader_end(&r));
    snprintf(describe, 2048, SPAN_FMT, SPAN_ARG(row.describe));
    return row;
}

/* Every report that this key opens, in order */
static unsigned reports_of(const struct key_row *key, struct report *out, unsigned max)
{
    static uint8_t room[ITEM_MAX];
    struct unseal  u = {.epoch = key->epoch, .aead = aead_open(&key->key)};
    unsigned       count = 0;
    must(verifier_open(key->sealer, &u.sealer));
    for (unsigned i = 0; i < side.count; i++) {
        struct batch b;
        must(batch_read((span){side.batch[i].bytes, side.batch[i].len}, &b));
        uint64_t number = b.first;
        if (!id_equal(&b.handle, &u.epoch)) {
            continue;
        }
        must(unseal_check(&u, &b));
        for (span items = b.items; items.len > 0; number++) {
            span plain;
            must(unseal_item(&u, number, batch_item(&items), room, &plain));
            assert_true(count < max);
            must(report_decode(plain, &out[count++]));
        }
    }
    verifier_close(u.sealer);
    aead_close(u.aead);
    return count;
}

/* What a partner has of the feed: its newest epoch, through grant, its own guard and an opening there */
static unsigned had_by(struct gate g[static LAW_PARTIES], unsigned party, struct report *out,
                       unsigned max, char describe[static 2048])
{
    struct gate_mail grant;
    id               epoch, handle;
    assert_true(granted_of(law_party[party], &epoch, &grant) > 0);
    assert_true(receive(&g[party], &g[KOR], &grant, &handle));
    gate_mail_drop(&grant);
    struct key_row key = opened(&g[party], party == JPN ? "sato" : "jones", &handle, describe);
    return reports_of(&key, out, max);
}

static int scene_make(void **state)
{
    int failed = suite_make(state);
    must(law_rules(".", &law, KOR, rules_more));
    return failed;
}

static void begin(struct gate g[static LAW_PARTIES])
{
    struct gate_act add = {.act = "source-add", .body = feed_body, .by = {"ok1", "ok2"}};
    people_make(g);
    enrol(&g[USA], &(struct enrol){"jones", "USA", "reader", "USA:SECRET", "dprk-missile"});
    must(gate_act(&g[KOR], &add, NULL));
    gate_mail_clear(&g[KOR]);
    side_begin(&g[KOR]);
}

static double apart(const struct report *r, struct where at)
{
    double lat = ((double)r->place.lat_e7 * 1e-7 - at.lat) * 111195;
    double lon = ((double)r->place.lon_e7 * 1e-7 - at.lon) * 111195 * cos(at.lat * 0.0174532925);
    return hypot(lat, lon);
}

/* ---- stories ---- */

#define HERE ((struct where){38.4, 131.2})

static void each_partner_has_it_as_it_may(void **state)
{
    static struct report r[8];
    struct gate         *g = *state;
    char                 describe[2048];
    begin(g);
    sense("hawk-1", HERE);
    side_turn();
    assert_int_equal(had_by(g, USA, r, 8, describe), 1);
    assert_true(apart(&r[0], HERE) < 1);
    assert_string_equal(r[0].uid, "hawk-1");
    assert_null(strstr(describe, "\nreduced"));
    assert_int_equal(had_by(g, JPN, r, 8, describe), 1);
    assert_true(apart(&r[0], HERE) > 300 && apart(&r[0], HERE) * 100 < r[0].ce_cm);
    assert_string_equal(r[0].uid, "hawk-1"); /* HIDDEN would lose more than is asked for */
    assert_non_null(strstr(describe, "\nreduced position-m=10000\n"));
    assert_true(ledger_says(&g[KOR], "\nfor JPN\nclause EXCHANGE clause 4\n"));
    assert_true(ledger_says(&g[JPN], "\nreduced position-m=10000\n"));
    side_end();
}

static void nobody_else_is_given_either(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               all[16], jpn, handle;
    begin(g);
    sense("hawk-1", HERE);
    side_turn();
    assert_int_equal(epochs_of(all), 2);
    assert_int_equal(granted_of("JPN", &jpn, &grant), 1);
    assert_false(receive(&g[USA], &g[KOR], &grant, &handle)); /* it is sealed to JPN's guard */
    gate_mail_drop(&grant);
    for (unsigned i = 0; i < 2; i++) {
        bool derived = id_equal(&all[i], &jpn);
        for (unsigned again = 0; again < 3; again++) {
            struct gate_mail m;
            assert_int_equal(release(&g[KOR], &all[i], "JPN", &m), derived ? 'g' : 'n');
            if (derived) {
                gate_mail_drop(&m);
            }
            assert_int_equal(release(&g[KOR], &all[i], "USA", &m), derived ? 'n' : 'g');
            if (!derived) {
                gate_mail_drop(&m);
            }
        }
        uint8_t       body[64];
        struct writer w = WRITER_OF(body);
        put_id(&w, &all[i]);
        put_name(&w, &g[JPN].party);
        gate_mail_clear(&g[KOR]);
        gate_say(&g[KOR], CALLER_DESK, REQUEST_RELEASE, 9, writer_span(&w));
        assert_int_equal(refusal(&g[KOR]).code, ERR_DENIED);
        gate_say(&g[KOR], CALLER_INTAKE, REQUEST_RELEASE, 9, writer_span(&w));
        assert_int_equal(refusal(&g[KOR]).code, ERR_DENIED);
    }
    side_end();
}

#define MANY 10000

static void averaging_ten_thousand_reports_shows_no_more(void **state)
{
    static struct report r[MANY];
    struct gate         *g = *state;
    char                 describe[2048];
    double               lat = 0, lon = 0;
    begin(g);
    for (unsigned i = 0; i < MANY; i++) { /* a sensor that is 30 m off, this way and that */
        struct where at = {HERE.lat + 0.0003 * sin(i * 1.7), HERE.lon + 0.0003 * cos(i * 2.3)};
        sense("hawk-1", at);
        if (i % 200 == 199) {
            time_pass(&g[KOR], 20);
            side_turn();
        }
    }
    assert_int_equal(had_by(g, USA, r, MANY, describe), MANY);
    for (unsigned i = 0; i < MANY; i++) {
        lat += (double)r[i].place.lat_e7 / MANY;
        lon += (double)r[i].place.lon_e7 / MANY;
    }
    struct report mean = {.place = {(int32_t)lat, (int32_t)lon}};
    assert_true(apart(&mean, HERE) < 5); /* as it is, averaging finds it */
    lat = lon = 0;
    assert_int_equal(had_by(g, JPN, r, MANY, describe), MANY);
    for (unsigned i = 0; i < MANY; i++) {
        lat += (double)r[i].place.lat_e7 / MANY;
        lon += (double)r[i].place.lon_e7 / MANY;
        assert_int_equal(r[i].place.lat_e7, r[0].place.lat_e7);
        assert_int_equal(r[i].place.lon_e7, r[0].place.lon_e7);
    }
    mean.place = (struct place){(int32_t)lat, (int32_t)lon};
    print_message("the mean of %u is off by %.0f m\n", MANY, apart(&mean, HERE));
    assert_true(apart(&mean, HERE) > 300);
    side_end();
}

static void a_restart_keeps_the_cells(void **state)
{
    static struct report before[8], after[8];
    struct gate         *g = *state;
    char                 describe[2048];
    begin(g);
    sense("hawk-1", HERE);
    side_turn();
    assert_int_equal(had_by(g, JPN, before, 8, describe), 1);
    side_end();
    must(gate_restart(&g[KOR]));
    gate_mail_clear(&g[KOR]);
    notices_exchange(g);
    side_begin(&g[KOR]);
    sense("hawk-1", HERE);
    side_turn();
    assert_int_equal(had_by(g, JPN, after, 8, describe), 1);
    assert_int_equal(before[0].place.lat_e7, after[0].place.lat_e7);
    assert_int_equal(before[0].place.lon_e7, after[0].place.lon_e7);
    side_end();
}

/* The rules change under an open epoch: the feed begins anew, and then each has what the new ones say. */
static void new_rules_reach_a_feed_that_is_open(void **state)
{
    static struct law    other;
    static struct report r[8];
    struct gate         *g = *state;
    char                 describe[2048];
    begin(g);
    side_turn();
    other = law;
    must(law_rules(".", &other, KOR,
                   "    define reduction COARSE = position to 10 km\n"
                   "    define reduction HIDDEN = position to 50 km, without source\n"
                   "    never track from radar to JPN unless reduced HIDDEN\n"));
    struct gate_act load = {.act = "rules-load",
                            .body = "rules KOR\n",
                            .attachment = {other.rules[KOR].table, other.rules[KOR].len},
                            .by = {"ok1", "ok2"}};
    must(gate_act(&g[KOR], &load, NULL));
    side_pass(3000);
    sense("hawk-1", HERE);
    side_turn();
    assert_int_equal(had_by(g, JPN, r, 8, describe), 1);
    assert_non_null(strstr(describe, "\nreduced position-m=50000,without=source\n"));
    assert_non_null(strstr(describe, "\nfeed hidden-"));
    assert_string_not_equal(r[0].uid, "hawk-1");
    assert_int_equal(had_by(g, USA, r, 8, describe), 1);
    assert_string_equal(r[0].uid, "hawk-1");
    side_end();
}

/* ---- each kind of reduction, through guard and intake ---- */

static void rule_is(struct gate *g, const char *reduction)
{
    static struct law other;
    char              rules[512];
    other = law;
    (void)snprintf(rules, sizeof rules,
                   "    define reduction ASKED = %s\n    never track from radar to JPN unless "
                   "reduced ASKED\n",
                   reduction);
    must(law_rules(".", &other, KOR, rules));
    struct gate_act load = {.act = "rules-load",
                            .body = "rules KOR\n",
                            .attachment = {other.rules[KOR].table, other.rules[KOR].len},
                            .by = {"ok1", "ok2"}};
    must(gate_act(g, &load, NULL));
    side_pass(3000);
    batches_drop();
}

/* So many reports, two seconds apart, and what JPN has of them then and so long after */
static unsigned shown_of(struct gate g[static LAW_PARTIES], unsigned reports, uint64_t later_ms,
                         struct report *out)
{
    char             describe[2048];
    id               epoch;
    struct gate_mail grant;
    for (unsigned i = 0; i < reports; i++) {
        sense("hawk-1", HERE);
        side_pass(2000);
    }
    side_pass(later_ms);
    if (granted_of("JPN", &epoch, &grant) == 0) {
        return 0;
    }
    gate_mail_drop(&grant);
    return had_by(g, JPN, out, 64, describe);
}

static void each_kind_of_reduction_is_done(void **state)
{
    static struct report r[64];
    struct gate         *g = *state;
    begin(g);
    rule_is(&g[KOR], "height to 500 m");
    assert_int_equal(shown_of(g, 1, 0, r), 1);
    assert_true(r[0].hae_cm != 900000 && labs(r[0].hae_cm - 900000L) <= 75000);
    assert_true(apart(&r[0], HERE) < 1 && (r[0].has & REPORT_LE) != 0);
    assert_string_equal(r[0].callsign, "HAWK");
    rule_is(&g[KOR], "position to 3 km");
    assert_int_equal(shown_of(g, 1, 0, r), 1);
    assert_true(apart(&r[0], HERE) > 10 && apart(&r[0], HERE) < 4500 * 1.42);
    rule_is(&g[KOR], "without source");
    assert_int_equal(shown_of(g, 1, 0, r), 1);
    assert_string_not_equal(r[0].uid, "hawk-1");
    assert_string_equal(r[0].how, "m");
    assert_string_equal(r[0].callsign, "");
    rule_is(&g[KOR], "without identity, accuracy, height");
    assert_int_equal(shown_of(g, 1, 0, r), 1);
    assert_string_equal(r[0].callsign, "");
    assert_int_equal(r[0].has & (REPORT_HAE | REPORT_CE | REPORT_LE), 0);
    rule_is(&g[KOR], "delay 20 s");
    assert_int_equal(shown_of(g, 1, 16000, r), 0);
    assert_int_equal(shown_of(g, 0, 4000, r), 1);
    assert_true(apart(&r[0], HERE) < 1);
    rule_is(&g[KOR], "every 10 s");
    assert_int_equal(shown_of(g, 16, 0, r), 3); /* 32 seconds, without the first ten */
    side_end();
}

static void a_pause_reaches_it(void **state)
{
    static struct report r[8];
    struct gate         *g = *state;
    char                 describe[2048];
    struct challenge     c;
    id                   jpn, old;
    struct gate_mail     grant;
    begin(g);
    sense("hawk-1", HERE);
    side_turn();
    assert_int_equal(had_by(g, JPN, r, 8, describe), 1);
    assert_int_equal(granted_of("JPN", &old, &grant), 1);
    gate_mail_drop(&grant);
    must(ask(&g[KOR], "ok1", "pause", "agreement EXCHANGE\ndirection giving\nreason stock\n", &c));
    must(sign(&g[KOR], "ok1", &c));
    while (side_hear()) {
    }
    side_pass(5000);
    struct gate_mail cut;
    bool             was_cut = false;
    while (gate_take(&g[KOR], ANSWER_CUT, &cut)) {
        was_cut = was_cut || memcmp(cut.bytes, old.bytes, ID_LEN) == 0;
        gate_mail_drop(&cut);
    }
    assert_true(was_cut);
    sense("hawk-1", HERE);
    side_turn();
    assert_int_equal(granted_of("JPN", &jpn, &grant), 0);
    gates_beat(g, LAW_PARTIES);
    struct gate_act resume = {
        .act = "resume", .body = "agreement EXCHANGE\nreason done\n", .by = {"ok1", "ok2"}};
    must(gate_act(&g[KOR], &resume, NULL));
    gates_beat(g, LAW_PARTIES);
    gates_beat(g, LAW_PARTIES); /* what a look at the courier's mail threw away comes once more */
    side_pass(4000);
    sense("hawk-2", HERE);
    side_turn();
    assert_int_equal(had_by(g, JPN, r, 8, describe), 1);
    assert_string_equal(r[0].uid, "hawk-2");
    side_end();
}

static void a_recall_reaches_it(void **state)
{
    struct gate *g = *state;
    id           jpn, handle;
    begin(g);
    sense("hawk-1", HERE);
    side_turn();
    given(g, JPN, &jpn, &handle);
    must(open_as(&g[JPN], "sato", &handle));
    must(order(&g[KOR], "recall", "partner JPN\nreason wrong\n", id_span(&jpn)));
    work_off(g);
    assert_true(err_is(open_as(&g[JPN], "sato", &handle)));
    side_end();
}

/* The feed's own epoch is named, and what is derived from it goes with it: from whom it was made for, and here. */
static void a_recall_of_the_feeds_epoch_names_it_too(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               all[16], jpn, own, at_jpn, at_usa;
    begin(g);
    sense("hawk-1", HERE);
    side_turn();
    given(g, JPN, &jpn, &at_jpn);
    given(g, USA, &own, &at_usa);
    assert_false(id_equal(&jpn, &own));
    assert_int_equal(epochs_of(all), 2);
    must(open_as(&g[JPN], "sato", &at_jpn));
    must(open_as(&g[USA], "jones", &at_usa));
    must(order(&g[KOR], "recall", "partner -\nreason wrong\n", id_span(&own)));
    assert_int_equal(release(&g[KOR], &jpn, "JPN", &grant), 'n'); /* from its leaf on */
    work_off(g);
    assert_true(err_is(open_as(&g[JPN], "sato", &at_jpn)));
    assert_true(err_is(open_as(&g[USA], "jones", &at_usa)));
    assert_true(
        ledger_says(&g[KOR], "\nepochs 1\npartner JPN\nhandles 1\npartner USA\nhandles 1\n"));
    assert_true(ledger_says(&g[JPN], "\ngone 1\nnot-here 0\nopened 1\n"));
    assert_int_equal(release(&g[KOR], &jpn, "JPN", &grant), 'n');
    side_end();
}

/* Who has it as it is keeps that, when it is taken back from the other. */
static void a_recall_from_one_partner_leaves_the_other(void **state)
{
    struct gate *g = *state;
    id           jpn, own, at_jpn, at_usa;
    begin(g);
    sense("hawk-1", HERE);
    side_turn();
    given(g, JPN, &jpn, &at_jpn);
    given(g, USA, &own, &at_usa);
    must(order(&g[KOR], "recall", "partner JPN\nreason wrong\n", id_span(&own)));
    work_off(g);
    assert_true(err_is(open_as(&g[JPN], "sato", &at_jpn)));
    must(open_as(&g[USA], "jones", &at_usa));
    side_end();
}

/* What is destroyed is destroyed with all that was made of it, and is not destroyed a second time. */
static void a_destruction_ends_both_keys(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    struct kept      k;
    id               jpn, own, at_jpn;
    begin(g);
    sense("hawk-1", HERE);
    side_turn();
    given(g, JPN, &jpn, &at_jpn);
    assert_int_equal(granted_of("USA", &own, &grant), 1);
    gate_mail_drop(&grant);
    must(kept_get(g[KOR].guard, &jpn, &k));
    for (unsigned i = 0; i < 2; i++) {
        err e = order(&g[KOR], "destroy", "partner -\nreason wrong\n", id_span(&own));
        assert_int_equal(e.code, i == 0 ? ERR_NONE : ERR_CONFLICT);
        work_off(g);
        assert_int_equal(kept_get(g[KOR].guard, &own, &k).code, ERR_STATE);
        assert_int_equal(kept_get(g[KOR].guard, &jpn, &k).code, ERR_STATE);
    }
    assert_true(err_is(open_as(&g[JPN], "sato", &at_jpn)));
    side_end();
}

/* ---- who leaked it ---- */

static err trace_ask(struct gate *g, const char *who, struct hpke_key *key, struct writer *result)
{
    uint8_t       body[512];
    struct writer w = WRITER_OF(body);
    must(hpke_key_make(HPKE_P384, g->random, key));
    line_hex(&w, "key", hpke_key_public(key));
    line_text(&w, "reason", SPAN_LIT("a track of ours was seen where it should not be"));
    put_u8(&w, 0);
    struct gate_act a = {.act = "trace", .body = (const char *)body, .by = {who, NULL}};
    return gate_act(g, &a, result);
}

static size_t suspects_of(struct gate *g, struct trace_suspect out[static 16])
{
    uint8_t         text[8192], sealed[8192];
    struct writer   w = WRITER_OF(text);
    struct hpke_key key;
    struct hpke     h;
    size_t          len, count = 0;
    span            value;
    must(trace_ask(g, "ok1", &key, &w));
    struct lines l = lines_of(writer_span(&w));
    must(text_base64(take_text(&l, "sealed"), sealed, sizeof sealed, &len));
    must(hpke_receive(&key, (span){sealed, HPKE_PUBLIC_LEN}, SPAN_LIT("accord trace 1"), &h));
    must(
        hpke_open(&h, SPAN_LIT(""), (span){sealed + HPKE_PUBLIC_LEN, len - HPKE_PUBLIC_LEN}, text));
    hpke_wipe(&h);
    l = lines_of((span){text, len - HPKE_PUBLIC_LEN - HPKE_TAG_LEN});
    take_title(&l, "accord trace 1");
    assert_true(take_more(&l, "cell", &value) && span_is(value, "10000"));
    assert_true(take_more(&l, "cell", &value) && span_is(value, "50000"));
    while (take_more(&l, "recipient", &value)) {
        must(name_of(value, &out[count].recipient));
        take_hex(&l, "mark", out[count++].mark.key, SECRET_LEN);
    }
    must(lines_end(&l));
    return count;
}

#define FLOWN 400

static void a_copy_that_leaks_names_its_recipient(void **state)
{
    static struct report      r[FLOWN];
    static struct place       leaked[FLOWN];
    static struct trace_found found[TRACE_SUSPECTS_MAX];
    struct trace_suspect      suspect[16];
    struct gate              *g = *state;
    char                      describe[2048];
    size_t                    count;
    begin(g);
    for (unsigned i = 0; i < FLOWN; i++) {
        sense("hawk-1", (struct where){36.0 + i * 0.01, 130.0 + i * 0.012});
        if (i % 100 == 99) {
            side_turn();
        }
    }
    for (unsigned party = JPN; party <= USA; party++) {
        assert_int_equal(had_by(g, party, r, FLOWN, describe), FLOWN);
        for (unsigned i = 0; i < FLOWN; i++) {
            leaked[i] = r[i].place;
        }
        struct trace t = {.uid = "hawk-1",
                          .position_m = 10000,
                          .place = leaked,
                          .places = FLOWN,
                          .suspect = suspect,
                          .suspects = suspects_of(&g[KOR], suspect),
                          .chance_e9 = 1000};
        assert_int_equal(t.suspects, 2);
        must(trace_run(&t, found, &count));
        assert_int_equal(count,
                         party == JPN ? 1 : 0); /* USA has it as it is: it is nobody's copy */
        if (party == JPN) {
            assert_true(span_is(name_span(&suspect[found[0].first].recipient), "JPN"));
            assert_true(found[0].second == found[0].first && found[0].chance_log10 < -9);
        }
    }
    assert_true(ledger_says(&g[KOR], "\nact trace\n"));
    side_end();
}

static void only_who_answers_for_security_gets_the_keys(void **state)
{
    struct gate    *g = *state;
    struct hpke_key key;
    begin(g);
    assert_int_equal(trace_ask(&g[KOR], "author", &key, NULL).code, ERR_DENIED);
    struct gate_act odd = {.act = "trace", .body = "key 04\nreason none\n", .by = {"ok1", NULL}};
    assert_int_equal(gate_act(&g[KOR], &odd, NULL).code, ERR_MALFORMED);
    side_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(each_partner_has_it_as_it_may),
        STORY(nobody_else_is_given_either),
        STORY(averaging_ten_thousand_reports_shows_no_more),
        STORY(a_restart_keeps_the_cells),
        STORY(new_rules_reach_a_feed_that_is_open),
        STORY(each_kind_of_reduction_is_done),
        STORY(a_pause_reaches_it),
        STORY(a_recall_reaches_it),
        STORY(a_recall_of_the_feeds_epoch_names_it_too),
        STORY(a_recall_from_one_partner_leaves_the_other),
        STORY(a_destruction_ends_both_keys),
        STORY(a_copy_that_leaks_names_its_recipient),
        STORY(only_who_answers_for_security_gets_the_keys),
    };
    return cmocka_run_group_tests(tests, scene_make, NULL);
}

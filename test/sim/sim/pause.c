/* SPDX-License-Identifier: Apache-2.0 */
/* A pause takes effect at one instant, whatever the sealer and the courier say, or do not say. */
#include "broken.h"

#include "guard/state.h"

static const char feed_body[] =
    "source camera\ntransport udp\naddress 127.0.0.1:9\nkind warning\nprecedence FLASH\n"
    "marking KOR:II of KOR about dprk-missile from electronic to JPN\naccess -\n";

static void feed_make(struct gate g[static LAW_PARTIES])
{
    struct gate_act add = {.act = "source-add", .body = feed_body, .by = {"ok1", "ok2"}};
    people_make(g);
    must(gate_act(&g[KOR], &add, NULL));
    gate_mail_clear(&g[KOR]);
}

static void letters_go(struct gate g[static LAW_PARTIES])
{
    while (gates_pass(g, LAW_PARTIES)) {
    }
}

static id origin(struct gate *g)
{
    struct gate_mail m;
    struct epoch_row row;
    gate_say(g, CALLER_INTAKE, REQUEST_ORIGIN, 6, (span){(const uint8_t *)"\0\0", 2});
    assert_true(gate_take(g, ANSWER_EPOCH, &m));
    struct reader r = reader_of((span){m.bytes, m.len});
    epoch_row_read(&r, &row);
    assert_false(err_is(reader_end(&r)));
    gate_mail_drop(&m);
    return row.epoch;
}

/* A feed's epoch that runs at KOR, and its handle at JPN, where it may be opened */
static id running_feed(struct gate g[static LAW_PARTIES], id *handle)
{
    struct gate_mail grant;
    id               epoch = origin(&g[KOR]);
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
    assert_true(receive(&g[JPN], &g[KOR], &grant, handle));
    gate_mail_drop(&grant);
    must(open_as(&g[JPN], "sato", handle));
    gate_mail_clear(&g[KOR]);
    gate_mail_clear(&g[JPN]);
    return epoch;
}

/* pause_ask - both steps up to the last signature; the answer comes when the guard has all it waits for */
static void pause_ask(struct gate *g, const char *body)
{
    struct challenge c;
    must(ask(g, "ok1", "pause", body, &c));
    must(sign(g, "ok1", &c));
}

#define PAUSE_GSOMIA "agreement GSOMIA\ndirection giving\nreason to take stock\n"

static void resume(struct gate *g)
{
    struct gate_act a = {
        .act = "resume", .body = "agreement GSOMIA\nreason all is well\n", .by = {"ok1", "ok2"}};
    must(gate_act(g, &a, NULL));
}

static bool told(struct gate *g, uint8_t kind, const id *epoch)
{
    struct gate_mail m;
    bool             same = gate_take(g, kind, &m);
    if (same) {
        same = memcmp(m.bytes, epoch->bytes, ID_LEN) == 0;
        gate_mail_drop(&m);
    }
    return same;
}

static void closed(struct gate *g, enum caller from, const id *epoch, uint64_t items)
{
    uint8_t       body[64], root[32] = {0};
    struct writer w = WRITER_OF(body);
    put_id(&w, epoch);
    put_u64(&w, items);
    put_span(&w, SPAN_OF(root));
    gate_say(g, from, REQUEST_CLOSED, 9, writer_span(&w));
    must(refusal(g));
}

static bool answered(struct gate *g)
{
    struct gate_mail m;
    bool             yes = gate_take(g, ANSWER_DONE, &m);
    if (yes) {
        gate_mail_drop(&m);
    }
    return yes;
}

/* What the courier is told last: how many items of it go to that partner. */
static uint64_t cut_at(struct gate *g, const id *epoch, const char *partner)
{
    struct gate_mail m;
    assert_true(gate_take(g, ANSWER_CUT, &m));
    struct reader r = reader_of((span){m.bytes, m.len});
    id            which = read_id(&r);
    name          who = read_name(&r);
    uint64_t      items = read_u64(&r);
    assert_false(err_is(reader_end(&r)));
    assert_true(id_equal(&which, epoch) && span_is(name_span(&who), partner));
    gate_mail_drop(&m);
    return items;
}

static void wait_ms(struct gate *g, uint64_t ms)
{
    time_pass(g, ms);
    gate_tick(g);
}

/* What sato's desk would show of it: items before this number; 0 also when it does not open. */
static uint64_t shown(struct gate *g, const id *handle)
{
    char          body[128];
    uint8_t       hex[64], key[8192];
    struct writer h = WRITER_OF(hex), result = WRITER_OF(key);
    put_hex(&h, id_span(handle));
    snprintf(body, sizeof body, "handle %.32s\npurpose assessment\n", (const char *)hex);
    struct gate_act a = {.act = "open", .body = body, .by = {"sato", NULL}};
    if (err_is(gate_act(g, &a, &result))) {
        return 0;
    }
    struct reader  r = reader_of(writer_span(&result));
    struct key_row row;
    key_row_read(&r, &row);
    return row.items;
}

static unsigned granted_ahead(struct gate *g, const id *epoch)
{
    struct gate_mail m;
    uint8_t          body[64];
    struct writer    w = WRITER_OF(body);
    unsigned         count = 0;
    put_id(&w, epoch);
    put_name(&w, &(name){{0}});
    gate_say(g, CALLER_COURIER, REQUEST_AHEAD, 4, writer_span(&w));
    assert_false(gate_take(g, ANSWER_WITHHELD, &m));
    for (; gate_take(g, ANSWER_GRANTED, &m); count++) {
        gate_mail_drop(&m);
    }
    return count;
}

/* What is urgent is given before there is anything of it, to whom it may be given now; of the rest nothing is on record. */
static void what_is_urgent_is_given_ahead(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               handle, human_epoch;
    feed_make(g);
    gate_mail_clear(&g[KOR]);
    id epoch = origin(&g[KOR]);
    assert_true(told(&g[KOR], ANSWER_AHEAD, &epoch));
    time_pass(&g[KOR], 60000);
    uint64_t leaves = g[KOR].guard->ledger.tree.size;
    assert_int_equal(granted_ahead(&g[KOR], &epoch), 0); /* nobody is heard */
    assert_int_equal(g[KOR].guard->ledger.tree.size, leaves);
    must(submit(&g[KOR], "author", &human, &human_epoch));
    assert_false(told(&g[KOR], ANSWER_AHEAD, &human_epoch));
    leaves = g[KOR].guard->ledger.tree.size;
    assert_int_equal(granted_ahead(&g[KOR], &human_epoch),
                     0); /* an officer is to decide, but not yet */
    assert_int_equal(g[KOR].guard->ledger.tree.size, leaves);
    time_pass(&g[JPN], 60000);
    time_pass(&g[USA], 60000);
    gates_beat(g, LAW_PARTIES);
    assert_int_equal(granted_ahead(&g[KOR], &epoch), 1);
    assert_int_equal(granted_ahead(&g[KOR], &human_epoch), 0);
    assert_int_equal(release(&g[KOR], &human_epoch, "JPN", &grant), 'h');
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    gate_mail_drop(&grant);
}

/* Nothing was sealed under it: the pause leaves it at nothing, with or without a word of sealer and courier. */
static void what_was_given_ahead_ends_in_a_pause(void **state)
{
    struct gate *g = *state;
    id           handle;
    feed_make(g);
    id epoch = running_feed(g, &handle);
    pause_ask(&g[KOR], PAUSE_GSOMIA);
    assert_true(told(&g[KOR], ANSWER_STOP, &epoch));
    closed(&g[KOR], CALLER_INTAKE, &epoch, 0);
    if (told(&g[KOR], ANSWER_HALT, &epoch)) {
        closed(&g[KOR], CALLER_COURIER, &epoch, 0);
    }
    assert_int_equal(cut_at(&g[KOR], &epoch, "JPN"), 0);
    assert_true(answered(&g[KOR]));
    letters_go(g);
    assert_int_equal(shown(&g[JPN], &handle), 0);
}

/* Japan has it under the GSOMIA, and is told of the pause only as a party to what stands under the other agreement. */
static void a_pause_cuts_nothing_given_under_another_agreement(void **state)
{
    static const struct product both = {"KOR:II of KOR about dprk-missile from imagery to JPN,USA",
                                        "image", "Launch pad"};
    struct gate                *g = *state;
    struct gate_mail            grant;
    id                          epoch, here, there;
    people_make(g);
    must(submit(&g[KOR], "author", &both, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "USA", &grant), 'g');
    assert_true(receive(&g[USA], &g[KOR], &grant, &there));
    gate_mail_drop(&grant);
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
    assert_true(receive(&g[JPN], &g[KOR], &grant, &here));
    gate_mail_drop(&grant);
    pause_ask(&g[KOR], "agreement KOR-USA-1987\ndirection giving\nreason to take stock\n");
    assert_int_equal(cut_at(&g[KOR], &epoch, "USA"), 0);
    letters_go(g);
    assert_true(ledger_says(&g[JPN], "instrument pause"));
    assert_int_equal(shown(&g[JPN], &here), UINT64_MAX);
    assert_int_equal(cut_items(g[USA].guard, 0, &there), 0);
}

static void an_honest_sealer_and_courier(void **state)
{
    struct gate *g = *state;
    id           handle;
    feed_make(g);
    id epoch = running_feed(g, &handle);
    pause_ask(&g[KOR], PAUSE_GSOMIA);
    assert_true(told(&g[KOR], ANSWER_STOP, &epoch));
    assert_false(answered(&g[KOR]));
    closed(&g[KOR], CALLER_INTAKE, &epoch, 40);
    assert_true(told(&g[KOR], ANSWER_HALT, &epoch));
    assert_false(ledger_says(&g[KOR], "instrument pause"));
    closed(&g[KOR], CALLER_COURIER, &epoch, 41);
    /* the leaf, then the cut and the answer */
    assert_true(ledger_says(&g[KOR], "instrument pause"));
    assert_int_equal(cut_at(&g[KOR], &epoch, "JPN"), 40);
    assert_true(answered(&g[KOR]));
    letters_go(g);
    struct gate_mail forget;
    assert_true(gate_take(&g[JPN], ANSWER_FORGET, &forget));
    gate_mail_drop(&forget);
    assert_int_equal(shown(&g[JPN], &handle), 40);
}

static void a_sealer_that_does_not_answer_is_ended(void **state)
{
    struct gate     *g = *state;
    struct gate_mail m;
    id               handle;
    feed_make(g);
    id epoch = running_feed(g, &handle);
    pause_ask(&g[KOR], PAUSE_GSOMIA);
    wait_ms(&g[KOR], 49);
    assert_false(gate_take(&g[KOR], ANSWER_END, &m));
    assert_true(guard_due(g[KOR].guard) <= g[KOR].boot_ms + 1);
    wait_ms(&g[KOR], 1);
    assert_true(gate_take(&g[KOR], ANSWER_END, &m));
    assert_int_equal(m.to, CALLER_ACCORDD);
    assert_int_equal(m.bytes[0], CALLER_INTAKE);
    gate_mail_drop(&m);
    closed(&g[KOR], CALLER_COURIER, &epoch, 33);
    assert_int_equal(cut_at(&g[KOR], &epoch, "JPN"), 33);
    assert_true(answered(&g[KOR]));
    letters_go(g);
    assert_int_equal(shown(&g[JPN], &handle), 33);
}

struct lies {
    uint64_t sealer, courier, counts;
};

/* High or low, the smaller counts: a liar can only hide what was there. */
static void the_smaller_count_decides(void **state)
{
    static const struct lies row[] = {
        {UINT64_MAX, 12, 12}, {3, 12, 3}, {12, UINT64_MAX, 12}, {12, 0, 0}};
    struct gate *g = *state;
    id           handle;
    feed_make(g);
    for (unsigned i = 0; i < ARRAY_LEN(row); i++) {
        id epoch = running_feed(g, &handle);
        pause_ask(&g[KOR], PAUSE_GSOMIA);
        closed(&g[KOR], CALLER_INTAKE, &epoch, row[i].sealer);
        closed(&g[KOR], CALLER_COURIER, &epoch, row[i].courier);
        assert_int_equal(cut_at(&g[KOR], &epoch, "JPN"), row[i].counts);
        letters_go(g);
        assert_int_equal(shown(&g[JPN], &handle), row[i].counts);
        time_pass(&g[KOR], 10);
        resume(&g[KOR]);
        gates_beat(g, LAW_PARTIES);
    }
}

/* Closed before the pause, too high, and sealed on: the courier is asked about that one too. */
static void what_was_closed_before_is_asked_for(void **state)
{
    static const uint64_t carried[] = {40, UINT64_MAX};
    static const uint64_t counts[] = {40, 1000};
    struct gate          *g = *state;
    id                    handle;
    feed_make(g);
    for (unsigned i = 0; i < ARRAY_LEN(carried); i++) {
        id epoch = running_feed(g, &handle);
        closed(&g[KOR], CALLER_INTAKE, &epoch, 1000);
        pause_ask(&g[KOR], PAUSE_GSOMIA);
        assert_true(told(&g[KOR], ANSWER_HALT, &epoch));
        assert_false(answered(&g[KOR]));
        /* one that knows nothing of it any more has no say, and is not waited for */
        closed(&g[KOR], CALLER_COURIER, &epoch, carried[i]);
        assert_int_equal(cut_at(&g[KOR], &epoch, "JPN"), counts[i]);
        assert_true(answered(&g[KOR]));
        letters_go(g);
        assert_int_equal(shown(&g[JPN], &handle), counts[i]);
        time_pass(&g[KOR], 10);
        resume(&g[KOR]);
        gates_beat(g, LAW_PARTIES);
    }
}

/* The partner's slot cannot be read when the cut comes: it is said, and the cut holds all the same. */
static void a_cut_that_cannot_be_written_holds(void **state)
{
    struct gate *g = *state;
    id           handle;
    feed_make(g);
    id epoch = running_feed(g, &handle);
    pause_ask(&g[KOR], PAUSE_GSOMIA);
    closed(&g[KOR], CALLER_INTAKE, &epoch, 40);
    closed(&g[KOR], CALLER_COURIER, &epoch, 41);
    disk_break(&g[JPN], &handle, 0);
    letters_go(g);
    disk_mend(&g[JPN]);
    assert_true(ledger_says(&g[JPN], "could not be written into its slot"));
    assert_int_equal(shown(&g[JPN], &handle), 40);
    must(gate_restart(&g[JPN]));
    gates_beat(g, LAW_PARTIES);
    assert_int_equal(shown(&g[JPN], &handle), 40);
}

static void a_silent_courier_holds_nothing_up(void **state)
{
    struct gate *g = *state;
    id           handle;
    feed_make(g);
    id epoch = running_feed(g, &handle);
    pause_ask(&g[KOR], PAUSE_GSOMIA);
    closed(&g[KOR], CALLER_INTAKE, &epoch, 7);
    wait_ms(&g[KOR], 50);
    assert_int_equal(cut_at(&g[KOR], &epoch, "JPN"), 7);
    assert_true(answered(&g[KOR]));
}

/* Neither says anything: then nothing is known to be from before. */
static void silence_is_nothing(void **state)
{
    struct gate *g = *state;
    id           handle;
    feed_make(g);
    id epoch = running_feed(g, &handle);
    pause_ask(&g[KOR], PAUSE_GSOMIA);
    wait_ms(&g[KOR], 50);
    wait_ms(&g[KOR], 50);
    assert_int_equal(cut_at(&g[KOR], &epoch, "JPN"), 0);
    assert_true(answered(&g[KOR]));
}

/* From the last signature on nothing goes out under it, not even an epoch that begins meanwhile. */
static void nothing_slips_through_while_it_takes_effect(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               handle;
    feed_make(g);
    id epoch = running_feed(g, &handle);
    pause_ask(&g[KOR], PAUSE_GSOMIA);
    id next = origin(&g[KOR]);
    assert_int_equal(release(&g[KOR], &next, "JPN", &grant), 'n');
    closed(&g[KOR], CALLER_INTAKE, &epoch, 7);
    closed(&g[KOR], CALLER_COURIER, &epoch, 7);
    assert_int_equal(release(&g[KOR], &next, "JPN", &grant), 'n');
}

static void what_was_made_in_a_pause_stays_back(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               paused_feed, product, after, handle;
    feed_make(g);
    pause_ask(&g[KOR], PAUSE_GSOMIA);
    assert_true(answered(&g[KOR]));
    gates_beat(g, LAW_PARTIES);
    paused_feed = origin(&g[KOR]);
    must(submit(&g[KOR], "author", &imagery, &product));
    assert_int_equal(release(&g[KOR], &paused_feed, "JPN", &grant), 'n');
    gates_beat(g, LAW_PARTIES);
    resume(&g[KOR]);
    assert_true(told(&g[KOR], ANSWER_STOP, &paused_feed));
    gates_beat(g, LAW_PARTIES);
    assert_int_equal(release(&g[KOR], &paused_feed, "JPN", &grant), 'n');
    assert_int_equal(release(&g[KOR], &product, "JPN", &grant), 'n');
    after = origin(&g[KOR]);
    assert_int_equal(release(&g[KOR], &after, "JPN", &grant), 'g');
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    gate_mail_drop(&grant);
}

static void opening_can_be_paused(void **state)
{
    struct gate *g = *state;
    id           handle;
    feed_make(g);
    (void)running_feed(g, &handle);
    pause_ask(&g[KOR], "agreement GSOMIA\ndirection opening\nreason a leak\n");
    assert_true(answered(&g[KOR])); /* nothing is waited for */
    must(open_as(&g[JPN], "sato", &handle));
    letters_go(g);
    assert_int_equal(open_as(&g[JPN], "sato", &handle).code, ERR_STATE);
    must(gate_restart(&g[JPN]));
    gates_beat(g, LAW_PARTIES);
    assert_int_equal(open_as(&g[JPN], "sato", &handle).code, ERR_STATE);
    resume(&g[KOR]);
    gates_beat(g, LAW_PARTIES);
    must(open_as(&g[JPN], "sato", &handle));
    /* and the one who was given it may pause its opening too */
    pause_ask(&g[JPN], "agreement GSOMIA\ndirection opening\nreason a mole\n");
    assert_true(answered(&g[JPN]));
    assert_int_equal(open_as(&g[JPN], "sato", &handle).code, ERR_STATE);
}

/* What cannot be: a pause twice, its end without it, a notice out of its order. */
static void instruments_follow_from_each_other(void **state)
{
    static const struct {
        const char   *act;
        const char   *body;
        const char   *second;
        enum err_code code;
    } row[] = {
        {"resume", "agreement GSOMIA\nreason r\n", "ok2", ERR_CONFLICT},
        {"pause", PAUSE_GSOMIA, NULL, ERR_NONE},
        {"pause", PAUSE_GSOMIA, NULL, ERR_CONFLICT},
        {"pause", "agreement JPN-USA-2007\ndirection giving\nreason r\n", NULL, ERR_DENIED},
        {"pause", "agreement NOSUCH\ndirection giving\nreason r\n", NULL, ERR_UNKNOWN},
        {"resume", "agreement GSOMIA\nreason r\n", "ok2", ERR_NONE},
        {"notice-withdraw", "agreement GSOMIA\nreason r\n", "ok2", ERR_CONFLICT},
        {"notice", "agreement GSOMIA\nreason r\n", "ok2", ERR_NONE},
        {"notice", "agreement GSOMIA\nreason r\n", "ok2", ERR_CONFLICT},
        {"notice-suspend", "agreement GSOMIA\nreason r\n", "ok2", ERR_NONE},
        {"notice-suspend", "agreement GSOMIA\nreason r\n", "ok2", ERR_CONFLICT},
        {"notice-withdraw", "agreement GSOMIA\nreason r\n", "ok2", ERR_NONE},
    };
    struct gate *g = *state;
    people_make(g);
    for (unsigned i = 0; i < ARRAY_LEN(row); i++) {
        struct gate_act a = {.act = row[i].act, .body = row[i].body, .by = {"ok1", row[i].second}};
        time_pass(&g[KOR], 10);
        err e = gate_act(&g[KOR], &a, NULL);
        if (e.code != row[i].code) {
            fail_msg("row %u: %s", i, err_is(e) ? e.why : "no error");
        }
    }
    must(gate_restart(&g[KOR]));
    gates_beat(g, LAW_PARTIES);
    assert_true(ledger_says(&g[JPN], "say instrument notice-withdraw"));
}

/* ---- clocks ---- */

#define PAUSE_OPENING_TOO "agreement GSOMIA\ndirection opening\nreason to take stock\n"
#define AHEAD_MS          (10 * MS_PER_SECOND)

/* A guard that starts by a clock that is ahead believes it, and so when it is right again. */
static void starts_by(struct gate g[static LAW_PARTIES], unsigned who, instant off)
{
    g[who].now += off;
    must(gate_restart(&g[who]));
}

/* KOR's clock jumps, or is what it starts by */
static void clock_off(struct gate g[static LAW_PARTIES], bool restarts, instant off)
{
    if (restarts) {
        starts_by(g, KOR, off);
    } else {
        g[KOR].now += off;
        gate_tick(&g[KOR]);
    }
    gates_beat(g, LAW_PARTIES);
}

static void a_pause_of_opening_holds_when_the_clock_goes_back(void **state)
{
    struct gate *g = *state;
    id           handle;
    feed_make(g);
    (void)running_feed(g, &handle);
    starts_by(g, JPN, AHEAD_MS);
    pause_ask(&g[JPN], PAUSE_OPENING_TOO);
    assert_true(answered(&g[JPN]));
    starts_by(g, JPN, -AHEAD_MS);
    gates_beat(g, LAW_PARTIES);
    assert_int_equal(open_as(&g[JPN], "sato", &handle).code, ERR_STATE);
    assert_true(ledger_says(&g[JPN], "given under its agreement is paused"));
    resume(&g[JPN]);
    must(open_as(&g[JPN], "sato", &handle));
}

/* The letter of the resume overtakes the grant: its instant must tell that it was not there yet. */
static void what_is_granted_in_the_millisecond_of_a_resume_is_taken(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               handle;
    feed_make(g);
    pause_ask(&g[KOR], PAUSE_OPENING_TOO);
    gates_beat(g, LAW_PARTIES);
    id epoch = origin(&g[KOR]);
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
    resume(&g[KOR]);
    letters_go(g);
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    gate_mail_drop(&grant);
}

/* What is granted is what the partner will find in force at the instant that it is told. */
static void a_resume_by_a_clock_that_was_ahead_waits_for_its_instant(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               handle;
    feed_make(g);
    pause_ask(&g[KOR], PAUSE_GSOMIA);
    gates_beat(g, LAW_PARTIES);
    starts_by(g, KOR, AHEAD_MS);
    resume(&g[KOR]);
    id epoch = origin(&g[KOR]);
    starts_by(g, KOR, -AHEAD_MS);
    gates_beat(g, LAW_PARTIES);
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'n');
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        time_pass(&g[i], AHEAD_MS);
    }
    gates_beat(g, LAW_PARTIES);
    epoch = origin(&g[KOR]);
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    gate_mail_drop(&grant);
}

/* He approved before it was paused, and his clock said hours later: it stays back when the pause is over. */
static void approved_then_paused(struct gate g[static LAW_PARTIES], bool restarts)
{
    struct gate_mail grant;
    id               epoch;
    uint8_t          hex[64];
    char             body[128];
    struct writer    h = WRITER_OF(hex);
    struct gate_act  approve = {.act = "approve", .body = body, .by = {"ok1"}};
    people_make(g);
    must(submit(&g[KOR], "author", &human, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'h');
    put_hex(&h, id_span(&epoch));
    snprintf(body, sizeof body, "epoch %.32s\npartner JPN\n", (const char *)hex);
    clock_off(g, restarts, AHEAD_MS);
    must(gate_act(&g[KOR], &approve, NULL));
    assert_false(gate_take(&g[KOR], ANSWER_GRANTED, &grant));
    if (restarts) {
        clock_off(g, restarts, -AHEAD_MS);
        assert_false(gate_take(&g[KOR], ANSWER_GRANTED, &grant));
        pause_ask(&g[KOR], PAUSE_GSOMIA);
    } else {
        pause_ask(&g[KOR], PAUSE_GSOMIA);
        clock_off(g, restarts, -AHEAD_MS);
    }
    resume(&g[KOR]);
    gates_beat(g, LAW_PARTIES);
    assert_false(gate_take(&g[KOR], ANSWER_GRANTED, &grant));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'n');
}

static void what_was_approved_before_a_pause_by_a_clock_that_jumped_stays_back(void **state)
{
    approved_then_paused(*state, false);
}

static void what_was_approved_before_a_pause_by_a_clock_ahead_stays_back(void **state)
{
    approved_then_paused(*state, true);
}

/* Begun before a pause, at an instant that lies behind it: the clock was set back between. */
static void what_was_begun_before_a_pause_by_a_clock_ahead_stays_back(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               product, after, handle;
    people_make(g);
    starts_by(g, KOR, AHEAD_MS);
    must(submit(&g[KOR], "author", &imagery, &product));
    starts_by(g, KOR, -AHEAD_MS);
    pause_ask(&g[KOR], PAUSE_GSOMIA);
    gates_beat(g, LAW_PARTIES);
    resume(&g[KOR]);
    gates_beat(g, LAW_PARTIES);
    assert_int_equal(release(&g[KOR], &product, "JPN", &grant), 'n');
    must(submit(&g[KOR], "author", &imagery, &after));
    assert_int_equal(release(&g[KOR], &after, "JPN", &grant), 'g');
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    gate_mail_drop(&grant);
}

/* Granted before a pause and a resume that a clock behind would have dated before it, and come after them. */
static void what_was_granted_before_the_clock_went_back_is_taken(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               handle;
    feed_make(g);
    id epoch = origin(&g[KOR]);
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
    starts_by(g, KOR, -AHEAD_MS);
    pause_ask(&g[KOR], PAUSE_OPENING_TOO);
    resume(&g[KOR]);
    letters_go(g);
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    gate_mail_drop(&grant);
}

/* ---- what a partner may say ---- */

static void letter_instrument(struct gate g[static LAW_PARTIES], const char *kind, instant when,
                              const uint8_t digest[static 32])
{
    uint8_t       body[512];
    struct writer w = WRITER_OF(body);
    line_number(&w, "leaf", 1);
    line_hex(&w, "digest", (span){digest, 32});
    line_text(&w, "instrument", span_text(kind));
    line_text(&w, "direction", SPAN_LIT("both"));
    line_instant(&w, "effective", when);
    const struct partner *to = partner_find(g[KOR].guard, &g[JPN].party);
    must(letter_send(g[KOR].guard, (unsigned)(to - g[KOR].guard->partner), "instrument",
                     writer_span(&w)));
    gate_tick(&g[KOR]);
    letters_go(g);
}

static bool paused_at_jpn(const struct gate g[static LAW_PARTIES])
{
    for (unsigned i = 0; i < g[JPN].guard->instrument_count; i++) {
        if (g[JPN].guard->instrument[i].kind == INSTRUMENT_PAUSE) {
            return true;
        }
    }
    return false;
}

static void what_a_partner_may_not_say(void **state)
{
    struct gate   *g = *state;
    const uint8_t *gsomia = law.agreements.agreement[0].digest;
    uint8_t        other[32] = {1};
    people_make(g);
    letter_instrument(g, "pause", g[JPN].now + 2 * MS_PER_DAY, gsomia);
    letter_instrument(g, "pause", g[JPN].now, other);
    letter_instrument(g, "sign", g[JPN].now, gsomia);
    assert_false(paused_at_jpn(g));
    assert_true(ledger_says(&g[JPN], "takes effect more than a day from now"));
    assert_true(ledger_says(&g[JPN], "no agreement of this digest"));
    letter_instrument(g, "resume", g[JPN].now, gsomia);
    letter_instrument(g, "pause", g[JPN].now - 5000, gsomia);
    assert_false(paused_at_jpn(g));
    assert_true(ledger_says(&g[JPN], "dated before one"));
    letter_instrument(g, "pause", g[JPN].now, gsomia);
    assert_true(paused_at_jpn(g));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(what_is_urgent_is_given_ahead),
        STORY(what_was_given_ahead_ends_in_a_pause),
        STORY(a_pause_cuts_nothing_given_under_another_agreement),
        STORY(an_honest_sealer_and_courier),
        STORY(a_sealer_that_does_not_answer_is_ended),
        STORY(the_smaller_count_decides),
        STORY(what_was_closed_before_is_asked_for),
        STORY(a_cut_that_cannot_be_written_holds),
        STORY(a_silent_courier_holds_nothing_up),
        STORY(silence_is_nothing),
        STORY(nothing_slips_through_while_it_takes_effect),
        STORY(what_was_made_in_a_pause_stays_back),
        STORY(opening_can_be_paused),
        STORY(instruments_follow_from_each_other),
        STORY(a_pause_of_opening_holds_when_the_clock_goes_back),
        STORY(what_is_granted_in_the_millisecond_of_a_resume_is_taken),
        STORY(a_resume_by_a_clock_that_was_ahead_waits_for_its_instant),
        STORY(what_was_approved_before_a_pause_by_a_clock_that_jumped_stays_back),
        STORY(what_was_approved_before_a_pause_by_a_clock_ahead_stays_back),
        STORY(what_was_begun_before_a_pause_by_a_clock_ahead_stays_back),
        STORY(what_was_granted_before_the_clock_went_back_is_taken),
        STORY(what_a_partner_may_not_say),
    };
    return cmocka_run_group_tests(tests, suite_make, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Who seals may lie with the right key and the right signature: what a captured intake or desk writes into its outbox is
 * looked at before it leaves, here by the real machine beside a real guard, also when it ends between any two steps. */
#include "sim/sim/stage.h"

#include "check/check.h"
#include "feed/report.h"
#include "pouch/seal.h"
#include "sim/sums.h"
#include "store/passing.h"
#include "wire/line.h"

#include <stdlib.h>

#define SEALED_MAX ((size_t)3 << 20)

static struct gate    g[LAW_PARTIES];
static struct journal outbox[CHECK_OUTBOXES];
static struct passing page[CHECK_OUTBOXES];
static struct sums    looked[CHECK_OUTBOXES];
static struct check  *machine;
static unsigned       fuse; /* so many of its acts later it does nothing any more; 0: it lives on */
static bool           dead;
static secret         sealer = {{7}};

/* ---- the machine's world ---- */

static bool acts(void)
{
    dead = dead || (fuse > 0 && --fuse == 0);
    return !dead;
}

static void port_from(void *ctx, unsigned o, uint64_t *at, uint64_t *passed)
{
    (void)ctx;
    *at = atomic_load(&page[o].floor);
    *passed = atomic_load(&page[o].passed);
    passing_close(&page[o], NULL, *passed);
}

static err port_read(void *ctx, unsigned o, uint64_t at, struct check_item *out, bool *more)
{
    const struct journal_record *r = journal_read(&outbox[o], at);
    (void)ctx;
    if (!passing_whole(&page[o])) {
        return FAIL(CONFLICT, "somebody changed it");
    }
    *more = r != NULL && !dead;
    *out = (struct check_item){.next = at};
    if (*more) {
        *out = (struct check_item){r->position, r->next, r->live, r->type, {r->body, r->len}};
    }
    return OK;
}

static void port_pass(void *ctx, unsigned o, uint64_t position)
{
    (void)ctx;
    if (acts()) {
        passing_to(&page[o], position);
    }
}

static err port_see(void *ctx, unsigned o, const struct check_item *item)
{
    (void)ctx;
    return acts() ? sums_put(&looked[o], journal_read(&outbox[o], item->position))
                  : FAIL(IO, "it is dead");
}

static err port_settle(void *ctx, unsigned o, uint64_t position, uint64_t floor)
{
    (void)ctx;
    if (journal_safe(&outbox[o]) < position) {
        return FAIL(STATE, "it is not synced");
    }
    if (!acts()) {
        return FAIL(IO, "it is dead");
    }
    sums_sync(&looked[o]);
    passing_settle(&page[o], position, floor);
    return OK;
}

static err port_refuse(void *ctx, unsigned o, const struct check_item *item, const id *epoch)
{
    struct passing_what what = {.from = item->position,
                                .to = epoch == NULL ? item->next : PASSING_OPEN};
    bool                more;
    (void)ctx;
    memcpy(what.key, epoch == NULL ? what.key : epoch->bytes, epoch == NULL ? 0 : ID_LEN);
    return acts() ? passing_refuse(&page[o], &what, 0, &more) : FAIL(IO, "it is dead");
}

static void port_over(void *ctx, unsigned o, const id *epoch, uint64_t position)
{
    (void)ctx;
    passing_close(&page[o], epoch->bytes, position);
}

static void port_forget(void *ctx, unsigned o)
{
    (void)ctx;
    passing_forget(&page[o]);
}

/* The guard answers at once; the answer is heard in the next turn. */
static err port_ask(void *ctx, span message)
{
    struct guard_message m;
    (void)ctx;
    if (acts()) {
        assert_false(err_is(guard_message_read(message, &m)));
        gate_say(&g[KOR], CALLER_CHECK, m.kind, m.tag, m.body);
    }
    return OK;
}

static void port_done(void *ctx, unsigned o, uint64_t position)
{
    (void)ctx;
    (void)o;
    (void)position;
}

static void port_note(void *ctx, const struct check_note *n)
{
    (void)ctx;
    (void)n;
}

static void machine_end(void)
{
    if (machine != NULL) {
        check_done(machine);
        free(machine);
    }
    machine = NULL;
}

static void machine_begin(void)
{
    const struct check_port port = {.from = port_from,
                                    .read = port_read,
                                    .pass = port_pass,
                                    .see = port_see,
                                    .settle = port_settle,
                                    .refuse = port_refuse,
                                    .over = port_over,
                                    .forget = port_forget,
                                    .ask = port_ask,
                                    .done = port_done,
                                    .note = port_note};
    machine_end();
    dead = false;
    machine = calloc(1, check_size());
    assert_non_null(machine);
    check_init(machine, &port, 3);
    check_guard_new(machine);
}

static void machine_hears(void)
{
    static uint8_t bytes[GUARD_MESSAGE_MAX + 16];
    unsigned       left = 0;
    for (unsigned i = 0; i < g[KOR].mail_count; i++) {
        struct gate_mail m = g[KOR].mail[i];
        if (m.to != CALLER_CHECK) {
            g[KOR].mail[left++] = m;
            continue;
        }
        struct writer w = WRITER_OF(bytes);
        guard_message_begin(&w, m.kind, m.tag);
        put_span(&w, (span){m.bytes, m.len});
        if (!dead) {
            check_guard(machine, (int64_t)g[KOR].boot_ms, writer_span(&w));
        }
        gate_mail_drop(&m);
    }
    g[KOR].mail_count = left;
}

/* Some turns; one that died is started anew. */
static void look(void)
{
    for (unsigned i = 0; i < 12; i++) {
        int64_t next;
        g[KOR].boot_ms += 100;
        g[KOR].now += 100;
        if (dead) {
            machine_begin();
        }
        machine_hears();
        check_turn(machine, (int64_t)g[KOR].boot_ms, g[KOR].now, &next);
    }
    machine_hears();
}

/* What a courier is shown of the records from one on: so many */
static unsigned leaves(unsigned o, uint64_t from)
{
    unsigned n = 0;
    for (const struct journal_record *r = journal_read(&outbox[o], from); r != NULL;
         r = journal_read(&outbox[o], r->next)) {
        bool passed = r->next <= atomic_load(&page[o].passed);
        bool refused = passing_refuses(&page[o], r->position, (span){r->body, r->len});
        n += passed && !refused && sums_same(&looked[o], r) ? 1 : 0;
    }
    return n;
}

/* ---- who seals ---- */

static uint8_t        seal_room[SEALED_MAX];
static struct seal    open_seal;
static struct aead   *cipher;
static struct signer *hand;

static void greet(enum caller from)
{
    uint8_t key[SIGN_PUBLIC_LEN];
    sign_public(&sealer, key);
    gate_say(&g[KOR], from, REQUEST_GREET, 1, SPAN_OF(key));
}

static void epoch_took(id *epoch)
{
    struct gate_mail m;
    struct epoch_row row;
    assert_true(gate_take(&g[KOR], ANSWER_EPOCH, &m));
    struct reader r = reader_of((span){m.bytes, m.len});
    epoch_row_read(&r, &row);
    assert_false(err_is(reader_end(&r)));
    seal_open(&open_seal, &row.epoch, &row.key, row.items_max, cipher, seal_room, sizeof seal_room);
    *epoch = row.epoch;
    gate_mail_drop(&m);
}

static id feed_begin(uint16_t source)
{
    uint8_t       body[2];
    struct writer w = WRITER_OF(body);
    id            epoch;
    put_u16(&w, source);
    gate_say(&g[KOR], CALLER_INTAKE, REQUEST_ORIGIN, 3, writer_span(&w));
    epoch_took(&epoch);
    return epoch;
}

/* Into its outbox, under its key, with its signature. */
static uint64_t seal_put(unsigned o, span plain, bool live, uint8_t type)
{
    struct seal *one = &open_seal;
    span         batch;
    assert_false(err_is(seal_item(&open_seal, plain)));
    turn_end(&one, 1, hand, &batch, NULL);
    uint64_t at = journal_append(&outbox[o], &batch, 1, live, type);
    journal_sync(&outbox[o]);
    return at;
}

static uint64_t report_put(int32_t lat, const char *remarks)
{
    uint8_t       bytes[REPORT_BYTES_MAX];
    struct writer w = WRITER_OF(bytes);
    struct report r = {.time = g[KOR].now,
                       .start = g[KOR].now,
                       .stale = g[KOR].now + 60000,
                       .place = {lat, 1272500000},
                       .hae_cm = 100,
                       .ce_cm = 1000,
                       .le_cm = 1000,
                       .has = REPORT_HAE | REPORT_CE | REPORT_LE};
    strcpy(r.uid, "track-1");
    strcpy(r.type, "a-h-A-M");
    strcpy(r.how, "m-r");
    strcpy(r.remarks, remarks);
    must(report_encode(&r, &w));
    return seal_put(OUTBOX_INTAKE, writer_span(&w), false, LINE_NONE);
}

static void source_add(const char *called, unsigned port, const char *more)
{
    char            body[700];
    struct gate_act a = {.act = "source-add", .body = body, .by = {"ok1", "ok2"}};
    (void)snprintf(
        body, sizeof body,
        "source %s\ntransport udp\naddress 127.0.0.1:%u\nkind warning\nprecedence FLASH\n"
        "marking KOR:II of KOR about dprk-missile from radar to JPN,USA\naccess -\n%s",
        called, port, more);
    must(gate_act(&g[KOR], &a, NULL));
}

static int begin(void **state)
{
    (void)state;
    gates_open(g, 5);
    g[KOR].inspected = true;
    people_make(g);
    source_add("radar", 7000, "extent 30.0000000,120.0000000,40.0000000,130.0000000\n");
    source_add("other", 7001, "extent 30.0000000,120.0000000,40.0000000,130.0000000\n");
    gate_mail_clear(&g[KOR]);
    memset(page, 0, sizeof page);
    fuse = 0;
    cipher = aead_open(&sealer);
    hand = signer_open(&sealer);
    for (unsigned o = 0; o < CHECK_OUTBOXES; o++) {
        journal_open(&outbox[o]);
    }
    greet(CALLER_INTAKE);
    greet(CALLER_DESK);
    machine_begin();
    return 0;
}

static int end(void **state)
{
    (void)state;
    machine_end();
    aead_close(cipher);
    signer_close(hand);
    for (unsigned o = 0; o < CHECK_OUTBOXES; o++) {
        journal_free(&outbox[o]);
        sums_free(&looked[o]);
    }
    gates_close(g);
    return 0;
}

/* ---- feeds ---- */

static void what_is_as_it_must_be_leaves(void **state)
{
    (void)state;
    (void)feed_begin(0);
    report_put(375000000, "");
    assert_int_equal(leaves(OUTBOX_INTAKE, 0), 0); /* not before it was looked at */
    look();
    assert_int_equal(leaves(OUTBOX_INTAKE, 0), 1);
    report_put(376000000, "");
    look();
    assert_int_equal(leaves(OUTBOX_INTAKE, 0), 2);
    assert_false(ledger_says(&g[KOR], "kind stopped"));
}

/* What was sealed and waited long for room goes on where its epoch was; what was seen before is seen no second time. */
static void what_waited_long_for_room_leaves(void **state)
{
    (void)state;
    (void)feed_begin(0);
    report_put(375000000, "");
    look();
    for (unsigned i = 0; i < 1000; i++) {
        look();
    }
    report_put(376000000, "");
    look();
    look();
    assert_int_equal(leaves(OUTBOX_INTAKE, 0), 2);
    assert_false(ledger_says(&g[KOR], "kind stopped"));
    machine_end();
    machine_begin();
    report_put(377000000, "");
    look();
    assert_int_equal(leaves(OUTBOX_INTAKE, 0), 3);
    assert_false(ledger_says(&g[KOR], "kind stopped"));
}

static void a_report_outside_of_its_area_stays_and_what_is_behind_it_goes(void **state)
{
    (void)state;
    id bad = feed_begin(0);
    report_put(375000000, "");
    report_put(505000000, "");
    report_put(375000000, ""); /* the epoch is over with it */
    (void)feed_begin(1);
    report_put(375000000, "");
    look();
    assert_int_equal(leaves(OUTBOX_INTAKE, 0), 2);
    assert_true(ledger_says(&g[KOR], "kind stopped"));
    assert_true(ledger_says(&g[KOR], "source radar\nitem 1\nbecause area"));
    struct gate_mail m;
    assert_true(
        gate_take(&g[KOR], ANSWER_STOP, &m)); /* so that what is honest goes on under another */
    assert_true(m.to == CALLER_INTAKE && memcmp(m.bytes, bad.bytes, ID_LEN) == 0);
    gate_mail_drop(&m);
    struct gate_mail grant;
    assert_int_equal(release(&g[KOR], &bad, "JPN", &grant), 'n');
}

static void what_is_no_report_stays(void **state)
{
    (void)state;
    (void)feed_begin(0);
    seal_put(OUTBOX_INTAKE, SPAN_LIT("secrets of somebody else, under a good key"), false,
             LINE_NONE);
    look();
    assert_int_equal(leaves(OUTBOX_INTAKE, 0), 0);
    assert_true(ledger_says(&g[KOR], "kind stopped"));
}

static void what_another_hand_signed_stays(void **state)
{
    secret         other = {{8}};
    struct signer *mine = hand;
    (void)state;
    hand = signer_open(&other);
    (void)feed_begin(0);
    report_put(375000000, "");
    look();
    signer_close(hand);
    hand = mine;
    assert_int_equal(leaves(OUTBOX_INTAKE, 0), 0);
    assert_true(ledger_says(&g[KOR], "because signature"));
}

static void what_nobody_gave_leave_to_seal_stays_and_is_no_leaf(void **state)
{
    static const uint8_t rubbish[200] = {0xee};
    const span           body = SPAN_OF(rubbish), little = {rubbish, 7};
    (void)state;
    journal_append(&outbox[OUTBOX_INTAKE], &body, 1, false, LINE_NONE);
    journal_append(&outbox[OUTBOX_INTAKE], &little, 1, false, LINE_NONE);
    journal_sync(&outbox[OUTBOX_INTAKE]);
    (void)feed_begin(0);
    report_put(375000000, "");
    look();
    assert_int_equal(leaves(OUTBOX_INTAKE, 0), 1);
    assert_false(ledger_says(&g[KOR], "kind stopped"));
}

static void without_the_guard_s_word_nothing_leaves(void **state)
{
    int64_t next;
    (void)state;
    (void)feed_begin(0);
    report_put(375000000, "");
    machine_hears();
    g[KOR].boot_ms += 5000; /* the lease is over, and nobody answers */
    dead = true;
    check_turn(machine, (int64_t)g[KOR].boot_ms, g[KOR].now, &next);
    assert_int_equal(leaves(OUTBOX_INTAKE, 0), 0);
}

/* ---- products ---- */

/* Two pieces of a product whose signed digest they have, or not */
static id product_put(bool honest)
{
    static uint8_t first[ITEM_PLAIN_MAX - 4], last[700000];
    const span     part[] = {SPAN_OF(first), SPAN_OF(last)};
    struct content content = {.len = sizeof first + sizeof last};
    id             epoch;
    memset(first, 1, sizeof first);
    memset(last, 2, sizeof last);
    sha256_parts(part, 2, content.digest);
    last[5] ^= honest ? 0 : 1;
    submission_say(&g[KOR], "author", &imagery, "", &content);
    epoch_took(&epoch);
    seal_put(OUTBOX_DESK, part[0], false, 0);
    look();
    assert_int_equal(leaves(OUTBOX_DESK, 0), 1); /* a long upload holds up nobody … */
    struct gate_mail grant;
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'h'); /* … and nobody has a key */
    seal_put(OUTBOX_DESK, part[1], false, 0);
    look();
    return epoch;
}

static void a_product_is_granted_when_all_of_it_was_seen(void **state)
{
    struct gate_mail m, grant;
    (void)state;
    id epoch = product_put(true);
    assert_int_equal(leaves(OUTBOX_DESK, 0), 2);
    assert_true(gate_take(&g[KOR], ANSWER_AGAIN, &m));
    assert_memory_equal(m.bytes, epoch.bytes, ID_LEN);
    gate_mail_drop(&m);
    char told = release(&g[KOR], &epoch, "JPN", &grant);
    assert_true(told == 'g' || told == 'l'); /* late: JPN was not heard yet */
    if (told == 'g') {
        gate_mail_drop(&grant);
    }
}

static void what_its_author_did_not_sign_is_granted_to_nobody(void **state)
{
    struct gate_mail grant;
    (void)state;
    id epoch = product_put(false);
    assert_int_equal(leaves(OUTBOX_DESK, 0), 1);
    assert_true(ledger_says(&g[KOR], "because content"));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'n');
}

/* ---- it ends between any two steps ---- */

static unsigned count_of(const char *text)
{
    unsigned n = 0;
    span     all = writer_span(&g[KOR].ledger);
    for (const uint8_t *at = all.ptr;
         (at = memmem(at, (size_t)(all.ptr + all.len - at), text, strlen(text))) != NULL; at++) {
        n++;
    }
    return n;
}

static void whenever_it_ends_the_same_leaves(void **state)
{
    bool ended = true;
    (void)state;
    for (unsigned n = 1; ended; n++) {
        end(NULL);
        begin(NULL);
        fuse = n;
        (void)feed_begin(0);
        report_put(375000000, "");
        look();
        report_put(505000000, "");
        look();
        (void)feed_begin(1);
        report_put(375000000, "");
        look();
        look();
        ended = fuse == 0;
        assert_int_equal(leaves(OUTBOX_INTAKE, 0), 2);
        assert_int_equal(count_of("kind stopped"), 1);
        assert_true(n < 400);
    }
}

/* Who sealed it holds the log: it writes a record anew after it passed, also while check looks at it once more. */
static void what_is_changed_after_it_passed_does_not_leave(void **state)
{
    (void)state;
    (void)feed_begin(0);
    for (int32_t i = 0; i < 3; i++) {
        report_put(375000000 + i, "");
    }
    look();
    assert_int_equal(leaves(OUTBOX_INTAKE, 0), 3);
    struct journal_record *second = &outbox[OUTBOX_INTAKE].record[1];
    second->body[60] ^= 1; /* of its ciphertext */
    assert_int_equal(leaves(OUTBOX_INTAKE, 0), 2);
    second->body[60] ^= 1;
    second->type ^= 64;
    assert_int_equal(leaves(OUTBOX_INTAKE, 0), 2);
    machine_begin();
    look();
    assert_int_equal(leaves(OUTBOX_INTAKE, 0), 2);
    second->type ^= 64;
    assert_int_equal(leaves(OUTBOX_INTAKE, 0), 3);
}

/* While it runs, and in the middle of an epoch: all is looked at again, and what is honest is not taken for a repetition. */
static void what_somebody_changed_of_the_mark_is_looked_at_again(void **state)
{
    (void)state;
    (void)feed_begin(0);
    report_put(375000000, "");
    look();
    uint64_t bad = report_put(900000000, ""); /* outside of its area */
    look();
    assert_int_equal(leaves(OUTBOX_INTAKE, 0), 1);
    (void)feed_begin(1);
    report_put(376000000, "");
    look();
    for (unsigned i = 0; i < 3; i++) {
        atomic_store(i == 0   ? &page[OUTBOX_INTAKE].passed
                     : i == 1 ? &page[OUTBOX_INTAKE].refused[0].from
                              : &page[OUTBOX_INTAKE].floor,
                     UINT64_MAX);
        look();
        assert_true(passing_whole(&page[OUTBOX_INTAKE]));
        assert_int_equal(leaves(OUTBOX_INTAKE, 0), 1 + i); /* nothing of what was stopped */
        assert_int_equal(leaves(OUTBOX_INTAKE, bad), 1 + i);
        report_put(376000000 + (int32_t)i, "");
        look();
        assert_int_equal(leaves(OUTBOX_INTAKE, 0), 2 + i);
    }
    assert_int_equal(count_of("kind stopped"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_as_it_must_be_leaves, begin, end),
        cmocka_unit_test_setup_teardown(what_is_changed_after_it_passed_does_not_leave, begin, end),
        cmocka_unit_test_setup_teardown(what_somebody_changed_of_the_mark_is_looked_at_again, begin,
                                        end),
        cmocka_unit_test_setup_teardown(what_waited_long_for_room_leaves, begin, end),
        cmocka_unit_test_setup_teardown(
            a_report_outside_of_its_area_stays_and_what_is_behind_it_goes, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_report_stays, begin, end),
        cmocka_unit_test_setup_teardown(what_another_hand_signed_stays, begin, end),
        cmocka_unit_test_setup_teardown(what_nobody_gave_leave_to_seal_stays_and_is_no_leaf, begin,
                                        end),
        cmocka_unit_test_setup_teardown(without_the_guard_s_word_nothing_leaves, begin, end),
        cmocka_unit_test_setup_teardown(a_product_is_granted_when_all_of_it_was_seen, begin, end),
        cmocka_unit_test_setup_teardown(what_its_author_did_not_sign_is_granted_to_nobody, begin,
                                        end),
        cmocka_unit_test_setup_teardown(whenever_it_ends_the_same_leaves, begin, end),
    };
    return cmocka_run_group_tests(tests, suite_make, NULL);
}

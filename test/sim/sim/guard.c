/* SPDX-License-Identifier: Apache-2.0 */
/* Guards alone: the story of a border crossing by messages, and what a lying desk cannot do. */
#include "stage.h"

static void an_image_crosses_and_only_the_right_reader_opens_it(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               epoch, handle;
    people_make(g);
    must(submit(&g[KOR], "author", &imagery, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    must(open_as(&g[JPN], "sato", &handle));
    assert_int_equal(open_as(&g[JPN], "noneed", &handle).code, ERR_DENIED);
    assert_true(ledger_says(&g[JPN], "failed need"));
    assert_int_equal(open_as(&g[JPN], "noclear", &handle).code, ERR_DENIED);
    assert_true(ledger_says(&g[JPN], "failed clearance"));
    assert_int_equal(open_as(&g[JPN], "smith", &handle).code, ERR_DENIED);
    assert_true(ledger_says(&g[JPN], "failed nationality"));
    id nothing = {{1}};
    assert_string_equal(open_as(&g[JPN], "sato", &nothing).why,
                        open_as(&g[JPN], "smith", &handle).why);
    gate_mail_drop(&grant);
}

static void a_human_source_report_waits_for_an_officer(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               epoch, handle;
    uint8_t          hex[64], text[256];
    struct writer    h = WRITER_OF(hex), result = WRITER_OF(text);
    char             body[128];
    people_make(g);
    must(submit(&g[KOR], "author", &human, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'h');
    put_hex(&h, id_span(&epoch));
    snprintf(body, sizeof body, "epoch %.32s\npartner JPN\n", (const char *)hex);
    struct gate_act by_author = {.act = "approve", .body = body, .by = {"author", NULL}};
    assert_int_equal(gate_act(&g[KOR], &by_author, NULL).code, ERR_DENIED);
    struct gate_act approve = {.act = "approve", .body = body, .by = {"ok1", NULL}};
    must(gate_act(&g[KOR], &approve, &result));
    assert_true(span_is(writer_span(&result), "outcome released\n"));
    assert_true(gate_take(&g[KOR], ANSWER_GRANTED, &grant));
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    must(open_as(&g[JPN], "sato", &handle));
    gate_mail_drop(&grant);
    /* asked again, it is released again on the same approval, not held anew */
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
    gate_mail_drop(&grant);
}

static void nobody_approves_his_own_and_an_end_is_an_end(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               epoch;
    uint8_t          hex[64];
    struct writer    h = WRITER_OF(hex);
    char             body[128];
    people_make(g);
    enrol(&g[KOR],
          &(struct enrol){"chief", "KOR", "author,officer,reader", "KOR:II", "dprk-missile"});
    must(submit(&g[KOR], "chief", &human, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'h');
    put_hex(&h, id_span(&epoch));
    snprintf(body, sizeof body, "epoch %.32s\npartner JPN\n", (const char *)hex);
    struct gate_act own = {.act = "approve", .body = body, .by = {"chief", NULL}};
    err             e = gate_act(&g[KOR], &own, NULL);
    assert_int_equal(e.code, ERR_DENIED);
    assert_string_equal(e.why, "the author of an item cannot approve it");
    struct gate_act reject = {.act = "reject", .body = body, .by = {"ok1", NULL}};
    must(gate_act(&g[KOR], &reject, NULL));
    /* a courier that lost its log, or lies, asks again: the answer stays */
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'n');
    struct gate_act approve = {.act = "approve", .body = body, .by = {"ok1", NULL}};
    assert_int_equal(gate_act(&g[KOR], &approve, NULL).code, ERR_UNKNOWN);
}

static void what_may_not_pass_does_not(void **state)
{
    static const struct {
        struct product product;
        const char    *partner;
        char           outcome;
    } row[] = {
        {{"KOR:I of KOR about dprk-missile from imagery to JPN", "image", "level I"}, "JPN", 'n'},
        {{"KOR:II of KOR about maritime from imagery to JPN", "image", "topic"}, "JPN", 'n'},
        {{"KOR:II of KOR about dprk-missile from imagery", "image", "no list"}, "JPN", 'n'},
        {{"KOR:II of KOR about dprk-missile from imagery to JPN", "image", "not USA"}, "USA", 'n'},
        {{"KOR:II of KOR about dprk-missile from human to USA", "report", "human"}, "USA", 'n'},
    };
    struct gate     *g = *state;
    struct gate_mail grant;
    id               epoch;
    people_make(g);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        must(submit(&g[KOR], "author", &row[i].product, &epoch));
        assert_int_equal(release(&g[KOR], &epoch, row[i].partner, &grant), row[i].outcome);
    }
    struct product malformed = {"KOR:II of KOR to JPN", "image", "malformed"};
    assert_int_equal(submit(&g[KOR], "author", &malformed, &epoch).code, ERR_MALFORMED);
    struct product foreign = {"JPN:HI of JPN about dprk-missile from imagery to KOR", "image", "x"};
    assert_int_equal(submit(&g[KOR], "author", &foreign, &epoch).code, ERR_DENIED);
    assert_true(ledger_says(&g[KOR], "kind submit-refused"));
}

#define SEA    "36.0000000,129.5000000,41.0000000,135.0000000"
#define COARSE "position-m=10000,without=source"

static void where_it_lies_and_how_much_less_it_shows_is_judged_at_both_ends(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               epoch, handle;
    people_make(g);
    must(submit_said(&g[KOR], "author", &imagery, SEA, COARSE, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
    assert_true(ledger_says(&g[KOR], "\nextent " SEA "\nreduced " COARSE "\nstanding "));
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    assert_true(ledger_says(&g[JPN], "\nextent " SEA "\nreduced " COARSE "\nstanding "));
    must(open_as(&g[JPN], "sato", &handle));
    gate_mail_drop(&grant);
    static const struct {
        const char *extent, *reduced;
    } bad[] = {{"somewhere", NULL},
               {"41.0000000,129.5000000,36.0000000,135.0000000", NULL},
               {NULL, "position-m=0"},
               {NULL, "blurred"},
               {NULL, ""}};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        err e = submit_said(&g[KOR], "author", &imagery, bad[i].extent, bad[i].reduced, &epoch);
        assert_true(e.code == ERR_MALFORMED || e.code == ERR_UNKNOWN);
    }
}

/* A captured desk has every message it likes, and no person's key. */
static void a_lying_desk_gets_nothing(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant, m;
    id               epoch, handle;
    people_make(g);
    must(submit(&g[KOR], "author", &imagery, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    gate_mail_drop(&grant);

    /* every request kind, with sessions it makes up, under the desk's permit */
    for (unsigned kind = 0; kind < 256; kind++) {
        uint8_t       body[64];
        struct writer w = WRITER_OF(body);
        put_u64(&w, 1);
        put_id(&w, &handle);
        gate_mail_clear(&g[JPN]);
        gate_say(&g[JPN], CALLER_DESK, (uint8_t)kind, 9, writer_span(&w));
        assert_false(gate_take(&g[JPN], ANSWER_KEY, &m));
        assert_false(gate_take(&g[JPN], ANSWER_DONE, &m));
        assert_false(gate_take(&g[JPN], ANSWER_GRANTED, &m));
    }
    gate_mail_clear(&g[JPN]);
    /* another person's signature under the reader's name */
    struct gate_person *sato = gate_person_find(&g[JPN], "sato");
    secret              real = sato->key;
    sato->key = gate_person_find(&g[JPN], "noneed")->key;
    assert_int_equal(open_as(&g[JPN], "sato", &handle).code, ERR_FORGED);
    sato->key = real;
    /* a product whose author did not sign */
    struct gate_person *author = gate_person_find(&g[KOR], "author");
    random_fill(g[KOR].random, author->key.key, SECRET_LEN);
    assert_int_equal(submit(&g[KOR], "author", &imagery, &epoch).code, ERR_FORGED);
    /* an act for two by one, and by two of one chain */
    struct gate_act alone = {.act = "person-revoke", .body = "person sato\n", .by = {"sato", NULL}};
    assert_int_equal(gate_act(&g[JPN], &alone, NULL).code, ERR_DENIED);
    struct gate_act twice = {
        .act = "source-add",
        .body = "source s\ntransport udp\naddress 127.0.0.1:9\nkind track\nprecedence FLASH\n"
                "marking JPN:HI of JPN about dprk-missile from radar to KOR\naccess -\n",
        .by = {"ok1", "ok1"}};
    assert_int_equal(gate_act(&g[JPN], &twice, NULL).code, ERR_CONFLICT);
}

/* Who may ask what: every pair of caller and request that the table does not permit is refused. */
static void each_process_asks_only_what_is_its_own(void **state)
{
    static const uint8_t permit[REQUEST_END] = {
        [REQUEST_GREET] = CALLER_INTAKE | CALLER_DESK | CALLER_COURIER,
        [REQUEST_SOURCES] = CALLER_INTAKE,
        [REQUEST_ORIGIN] = CALLER_INTAKE,
        [REQUEST_LEASE] = CALLER_INTAKE,
        [REQUEST_CLOSED] = CALLER_INTAKE | CALLER_DESK | CALLER_COURIER,
        [REQUEST_RELEASE] = CALLER_COURIER,
        [REQUEST_RECEIVE] = CALLER_COURIER,
        [REQUEST_CERTIFY] = CALLER_COURIER | CALLER_DESK | CALLER_INTAKE,
        [REQUEST_PARTNERS] = CALLER_COURIER,
        [REQUEST_DAYKEY] = CALLER_COURIER,
        [REQUEST_SUBMIT] = CALLER_DESK,
        [REQUEST_ACT] = CALLER_DESK,
        [REQUEST_SIGN] = CALLER_DESK,
        [REQUEST_OPEN] = CALLER_DESK,
        [REQUEST_LOOK] = CALLER_DESK | CALLER_ACCORDD,
        [REQUEST_LETTER] = CALLER_COURIER,
        [REQUEST_AHEAD] = CALLER_COURIER,
        [REQUEST_BEHIND] = CALLER_COURIER,
        [REQUEST_LISTENING] = CALLER_INTAKE,
    };
    static const uint8_t nothing[16];
    struct gate         *g = *state;
    for (unsigned kind = 0; kind < REQUEST_END; kind++) {
        for (unsigned caller = 1; caller <= CALLER_ACCORDD; caller *= 2) {
            struct gate_mail m;
            if ((permit[kind] & caller) != 0) {
                continue;
            }
            gate_mail_clear(&g[KOR]);
            gate_say(&g[KOR], (enum caller)caller, (uint8_t)kind, 8, SPAN_OF(nothing));
            assert_true(gate_take(&g[KOR], ANSWER_ERROR, &m));
            assert_true(m.bytes[0] == ERR_DENIED || kind == 0);
            assert_int_equal(g[KOR].mail_count, 0);
            gate_mail_drop(&m);
        }
    }
}

static void a_grant_is_for_one_partner_and_one_pouch(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               epoch, handle;
    people_make(g);
    must(submit(&g[KOR], "author", &imagery, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
    assert_false(receive(&g[USA], &g[KOR], &grant, &handle));
    grant.bytes[ID_LEN + 4] ^= 1; /* another handle than the grant was made for */
    assert_false(receive(&g[JPN], &g[KOR], &grant, &handle));
    grant.bytes[ID_LEN + 4] ^= 1;
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    assert_true(ledger_says(&g[JPN], "kind receive-refused"));
    uint8_t       body[64];
    struct writer w = WRITER_OF(body);
    put_block8(&w, SPAN_LIT("PRK"));
    put_id(&w, &handle);
    put_block16(&w, SPAN_LIT("grant"));
    gate_mail_clear(&g[JPN]);
    gate_say(&g[JPN], CALLER_COURIER, REQUEST_RECEIVE, 7, writer_span(&w));
    assert_int_equal(refusal(&g[JPN]).code, ERR_UNKNOWN);
    assert_true(ledger_says(&g[JPN], "partner PRK\nreason a grant is of a party that is no"));
    gate_mail_drop(&grant);
}

/* What the fold makes of the ledger is what the guard was before it went. */
static void a_restart_forgets_nothing(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               epoch, handle, held;
    people_make(g);
    must(submit(&g[KOR], "author", &imagery, &epoch));
    must(submit(&g[KOR], "author", &human, &held));
    assert_int_equal(release(&g[KOR], &held, "JPN", &grant), 'h');
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        must(gate_restart(&g[i]));
    }
    gates_beat(g, LAW_PARTIES);
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    gate_mail_drop(&grant);
    must(gate_restart(&g[JPN]));
    gates_beat(g, LAW_PARTIES);
    must(open_as(&g[JPN], "sato", &handle));
    assert_int_equal(submit(&g[KOR], "author", &imagery, &epoch).code, ERR_NONE);
    uint8_t       hex[64];
    struct writer h = WRITER_OF(hex);
    char          body[128];
    put_hex(&h, id_span(&held));
    snprintf(body, sizeof body, "epoch %.32s\npartner JPN\n", (const char *)hex);
    struct gate_act approve = {.act = "approve", .body = body, .by = {"ok2", NULL}};
    must(gate_act(&g[KOR], &approve, NULL));
    assert_true(gate_take(&g[KOR], ANSWER_GRANTED, &grant));
    gate_mail_drop(&grant);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(an_image_crosses_and_only_the_right_reader_opens_it),
        STORY(a_human_source_report_waits_for_an_officer),
        STORY(nobody_approves_his_own_and_an_end_is_an_end),
        STORY(what_may_not_pass_does_not),
        STORY(where_it_lies_and_how_much_less_it_shows_is_judged_at_both_ends),
        STORY(a_lying_desk_gets_nothing),
        STORY(each_process_asks_only_what_is_its_own),
        STORY(a_grant_is_for_one_partner_and_one_pouch),
        STORY(a_restart_forgets_nothing),
    };
    return cmocka_run_group_tests(tests, suite_make, NULL);
}

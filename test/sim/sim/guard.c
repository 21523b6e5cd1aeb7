/* SPDX-License-Identifier: Apache-2.0 */
/* Guards alone: the story of a border crossing by messages, and what a lying desk cannot do. */
#include "sim/gate.h"

#include "base/lines.h"
#include "cmocka_all.h"

#include <stdio.h>

#define KOR 0
#define JPN 1
#define USA 2

static struct law            law;
static struct gate_authority authority[LAW_PARTIES];
static instant               start;

static int suite_make(void **state)
{
    static struct random_stream stream = {.seed = {9}};
    (void)state;
    assert_false(err_is(text_instant(SPAN_LIT("2026-11-22T00:00:00Z"), &start)));
    err e = law_read(".", &law);
    if (err_is(e)) {
        print_error("%s\n", e.why);
        return -1;
    }
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        assert_false(
            err_is(gate_authority_make(law_party[i], random_from(&stream), start, &authority[i])));
    }
    return 0;
}

static void must(err e)
{
    if (err_is(e)) {
        fail_msg("%s: %s", err_name(e.code), e.why);
    }
}

static void gates_open(struct gate g[static LAW_PARTIES], uint64_t seed)
{
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        must(gate_open(&g[i], i, &authority[i], seed, start));
    }
    must(gate_law(g, &law));
    /* an agreement stands from when it was surely accepted: past the clock's error */
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        g[i].now += 2 * MS_PER_SECOND;
        g[i].boot_ms += 2000;
    }
}

static void gates_close(struct gate g[static LAW_PARTIES])
{
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        gate_close(&g[i]);
    }
}

struct enrol {
    const char *name, *nationality, *roles, *clearance, *topics;
};

static void enrol(struct gate *g, const struct enrol *p)
{
    uint8_t             text[1024], key[SIGN_PUBLIC_LEN];
    struct writer       w = WRITER_OF(text);
    struct gate_person *person = gate_person_new(g, p->name);
    sign_public(&person->key, key);
    line_text(&w, "person", span_text(p->name));
    line_hex(&w, "key", SPAN_OF(key));
    line_text(&w, "nationality", span_text(p->nationality));
    line_text(&w, "employer", name_span(&g->party));
    line_text(&w, "chain", SPAN_LIT("three"));
    line_text(&w, "roles", span_text(p->roles));
    line_text(&w, "clearance", span_text(p->clearance));
    line_text(&w, "topics", span_text(p->topics));
    put_u8(&w, 0);
    struct gate_act a = {.act = "person-add", .body = (const char *)text, .by = {"ok1", "ok2"}};
    must(gate_act(g, &a, NULL));
}

/* Each guard tells the others its day key, as couriers do when they meet. */
static void notices_exchange(struct gate g[static LAW_PARTIES])
{
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        struct gate_mail m;
        gate_mail_clear(&g[i]);
        gate_say(&g[i], CALLER_COURIER, REQUEST_PARTNERS, 5, (span){NULL, 0});
        assert_true(gate_take(&g[i], ANSWER_NOTICE, &m));
        struct reader r = reader_of((span){m.bytes, m.len});
        span          notice = read_block16(&r, NOTICE_MAX);
        for (unsigned k = 0; k < LAW_PARTIES; k++) {
            uint8_t       body[NOTICE_MAX + 64];
            struct writer w = WRITER_OF(body);
            put_name(&w, &g[i].party);
            put_block16(&w, notice);
            if (k != i) {
                gate_say(&g[k], CALLER_COURIER, REQUEST_DAYKEY, 6, writer_span(&w));
            }
        }
        gate_mail_drop(&m);
        gate_mail_clear(&g[i]);
    }
}

struct product {
    const char *marking, *kind, *title;
};

static err submit(struct gate *g, const char *author, const struct product *p, id *epoch)
{
    uint8_t             text[2048], signature[SIGNATURE_LEN], nonce[16], content[32] = {1};
    struct writer       w = WRITER_OF(text);
    struct gate_person *who = gate_person_find(g, author);
    random_fill(g->random, nonce, sizeof nonce);
    line_title(&w, "accord submission 1");
    line_name(&w, "party", &g->party);
    line_name(&w, "author", &who->name);
    line_hex(&w, "nonce", SPAN_OF(nonce));
    line_instant(&w, "time", g->now);
    line_text(&w, "kind", span_text(p->kind));
    line_text(&w, "precedence", SPAN_LIT("ROUTINE"));
    line_text(&w, "marking", span_text(p->marking));
    line_text(&w, "title", span_text(p->title));
    line_number(&w, "length", 1000);
    line_hex(&w, "content", SPAN_OF(content));
    sign_make(&who->key, "accord submission 1", writer_span(&w), signature);
    uint8_t       body[4096];
    struct writer b = WRITER_OF(body);
    put_block16(&b, writer_span(&w));
    put_span(&b, SPAN_OF(signature));
    gate_say(g, CALLER_DESK, REQUEST_SUBMIT, 3, writer_span(&b));
    struct gate_mail m;
    if (!gate_take(g, ANSWER_EPOCH, &m)) {
        assert_true(gate_take(g, ANSWER_ERROR, &m));
        enum err_code code = (enum err_code)m.bytes[0];
        gate_mail_drop(&m);
        return (err){code, "refused"};
    }
    struct reader    r = reader_of((span){m.bytes, m.len});
    struct epoch_row row;
    epoch_row_read(&r, &row);
    assert_false(err_is(reader_end(&r)));
    *epoch = row.epoch;
    gate_mail_drop(&m);
    return OK;
}

/* What the courier is told about one partner: 'g'ranted, 'h'eld, 'n'ever. */
static char release(struct gate *g, const id *epoch, const char *partner, struct gate_mail *grant)
{
    char             outcome = '?';
    struct gate_mail m;
    gate_mail_clear(g);
    gate_say(g, CALLER_COURIER, REQUEST_RELEASE, 4, id_span(epoch));
    while (gate_take(g, ANSWER_WITHHELD, &m)) {
        struct reader r = reader_of((span){m.bytes, m.len});
        (void)read_id(&r);
        name who = read_name(&r);
        if (span_is(name_span(&who), partner)) {
            outcome = read_u8(&r) == 0 ? 'h' : 'n';
        }
        gate_mail_drop(&m);
    }
    while (gate_take(g, ANSWER_GRANTED, &m)) {
        struct reader  r = reader_of((span){m.bytes, m.len});
        struct granted row;
        granted_read(&r, &row);
        if (span_is(name_span(&row.partner), partner)) {
            outcome = 'g';
            *grant = m;
        } else {
            gate_mail_drop(&m);
        }
    }
    return outcome;
}

static bool receive(struct gate *to, const struct gate *from, const struct gate_mail *grant,
                    id *handle)
{
    struct reader  r = reader_of((span){grant->bytes, grant->len});
    struct granted row;
    granted_read(&r, &row);
    assert_false(err_is(reader_end(&r)));
    uint8_t       body[GRANT_MAX + 128];
    struct writer w = WRITER_OF(body);
    put_name(&w, &from->party);
    put_id(&w, &row.handle);
    put_block16(&w, row.grant);
    gate_mail_clear(to);
    gate_say(to, CALLER_COURIER, REQUEST_RECEIVE, 7, writer_span(&w));
    struct gate_mail m;
    assert_true(gate_take(to, ANSWER_RECEIVED, &m));
    bool accepted = m.bytes[ID_LEN] == 1;
    gate_mail_drop(&m);
    *handle = row.handle;
    return accepted;
}

static err open_as(struct gate *g, const char *who, const id *handle)
{
    char          body[128];
    uint8_t       hex[64], key[8192];
    struct writer h = WRITER_OF(hex), result = WRITER_OF(key);
    put_hex(&h, id_span(handle));
    snprintf(body, sizeof body, "handle %.32s\npurpose assessment\n", (const char *)hex);
    struct gate_act a = {.act = "open", .body = body, .by = {who, NULL}};
    TRY(gate_act(g, &a, &result));
    struct reader  r = reader_of(writer_span(&result));
    struct key_row row;
    key_row_read(&r, &row);
    return reader_end(&r);
}

static bool ledger_says(const struct gate *g, const char *text)
{
    return memmem(g->ledger.ptr, g->ledger.len, text, strlen(text)) != NULL;
}

static const struct product human = {"KOR:II of KOR about dprk-missile from human to JPN", "report",
                                     "Interview, north coast"};
static const struct product imagery = {"KOR:II of KOR about dprk-missile from imagery to JPN",
                                       "image", "Launch pad"};

static void people_make(struct gate g[static LAW_PARTIES])
{
    enrol(&g[KOR],
          &(struct enrol){"author", "KOR", "author,reader", "KOR:II,KOR:III", "dprk-missile"});
    enrol(&g[JPN],
          &(struct enrol){"sato", "JPN", "reader", "JPN:HI,JPN:TOKUTEI-HIMITSU", "dprk-missile"});
    enrol(&g[JPN],
          &(struct enrol){"noneed", "JPN", "reader", "JPN:HI,JPN:TOKUTEI-HIMITSU", "maritime"});
    enrol(&g[JPN], &(struct enrol){"noclear", "JPN", "reader", "JPN:HI", "dprk-missile"});
    enrol(&g[JPN],
          &(struct enrol){"smith", "USA", "reader", "JPN:HI,JPN:TOKUTEI-HIMITSU", "dprk-missile"});
    notices_exchange(g);
}

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
        [REQUEST_CLOSED] = CALLER_INTAKE | CALLER_DESK,
        [REQUEST_RELEASE] = CALLER_COURIER,
        [REQUEST_RECEIVE] = CALLER_COURIER,
        [REQUEST_CERTIFY] = CALLER_COURIER | CALLER_DESK,
        [REQUEST_PARTNERS] = CALLER_COURIER,
        [REQUEST_DAYKEY] = CALLER_COURIER,
        [REQUEST_SUBMIT] = CALLER_DESK,
        [REQUEST_ACT] = CALLER_DESK,
        [REQUEST_SIGN] = CALLER_DESK,
        [REQUEST_OPEN] = CALLER_DESK,
        [REQUEST_LOOK] = CALLER_DESK | CALLER_ACCORDD,
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
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    gate_mail_drop(&grant);
    must(gate_restart(&g[JPN]));
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

static int story_open(void **state)
{
    struct gate *g = calloc(LAW_PARTIES, sizeof *g);
    gates_open(g, 1);
    *state = g;
    return 0;
}

static int story_close(void **state)
{
    gates_close(*state);
    free(*state);
    return 0;
}

#define STORY(f) cmocka_unit_test_setup_teardown(f, story_open, story_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(an_image_crosses_and_only_the_right_reader_opens_it),
        STORY(a_human_source_report_waits_for_an_officer),
        STORY(nobody_approves_his_own_and_an_end_is_an_end),
        STORY(what_may_not_pass_does_not),
        STORY(a_lying_desk_gets_nothing),
        STORY(each_process_asks_only_what_is_its_own),
        STORY(a_grant_is_for_one_partner_and_one_pouch),
        STORY(a_restart_forgets_nothing),
    };
    return cmocka_run_group_tests(tests, suite_make, NULL);
}

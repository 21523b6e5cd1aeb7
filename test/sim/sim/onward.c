/* SPDX-License-Identifier: Apache-2.0 */
/* What one party received and passes on: by designation, by approval, by name; and a hub that lies. */
#include "stage.h"

#include "guard/give.h"
#include "guard/onward.h"

static void act_as(struct gate *g, const char *act, const char *body, struct writer *result)
{
    struct gate_act a = {.act = act, .body = body, .by = {"ok1", NULL}};
    must(gate_act(g, &a, result));
}

static err act_fails(struct gate *g, const char *who, const char *act, const char *body)
{
    struct gate_act a = {.act = act, .body = body, .by = {who, NULL}};
    return gate_act(g, &a, NULL);
}

/* Korea stops giving under an agreement, or goes on, and all hear of it. */
static void giving(struct gate g[static LAW_PARTIES], const char *act, const char *agreement)
{
    char body[128];
    bool pause = strcmp(act, "pause") == 0;
    snprintf(body, sizeof body, "agreement %s\n%sreason talks\n", agreement,
             pause ? "direction giving\n" : "");
    struct gate_act a = {.act = act, .body = body, .by = {"ok1", pause ? NULL : "ok2"}};
    must(gate_act(&g[KOR], &a, NULL));
    gates_beat(g, LAW_PARTIES);
}

static void source_add(struct gate *g, const char *marking)
{
    char body[512];
    snprintf(body, sizeof body,
             "source warnings\ntransport udp\naddress 127.0.0.1:9\nkind warning\n"
             "precedence FLASH\nmarking %s\naccess -\n",
             marking);
    struct gate_act add = {.act = "source-add", .body = body, .by = {"ok1", "ok2"}};
    must(gate_act(g, &add, NULL));
}

static id warning(struct gate *g)
{
    struct gate_mail m;
    struct epoch_row row;
    gate_say(g, CALLER_INTAKE, REQUEST_ORIGIN, 6, (span){(const uint8_t *)"\0\0", 2});
    assert_true(gate_take(g, ANSWER_EPOCH, &m));
    struct reader r = reader_of((span){m.bytes, m.len});
    epoch_row_read(&r, &row);
    must(reader_end(&r));
    gate_mail_drop(&m);
    return row.epoch;
}

/* What the guard says to a grant that its courier hands in. */
static uint8_t hand_in(struct gate *to, const struct gate *from, const struct gate_mail *grant,
                       id *handle)
{
    struct reader  r = reader_of((span){grant->bytes, grant->len});
    struct granted row;
    granted_read(&r, &row);
    must(reader_end(&r));
    uint8_t       body[GRANT_MAX + 128];
    struct writer w = WRITER_OF(body);
    put_name(&w, &from->party);
    put_id(&w, &row.handle);
    put_block16(&w, row.grant);
    gate_say(to, CALLER_COURIER, REQUEST_RECEIVE, 7, writer_span(&w));
    struct gate_mail m;
    assert_true(gate_take(to, ANSWER_RECEIVED, &m));
    uint8_t said = m.bytes[ID_LEN];
    gate_mail_drop(&m);
    *handle = row.handle;
    return said;
}

static const char approve_warnings[] =
    "partner USA\nepoch -\nfeed warnings\nto JPN\npurpose warning\n"
    "until 2026-12-31T00:00:00.000Z\ncount 2\n";

static const char relay_warnings[] = "originator KOR\nfeed warnings\nto JPN\nlevel USA:SECRET\n"
                                     "purpose warning\n";

#define WARNING "KOR:II of KOR about dprk-missile from electronic to JPN,USA"

static void hub_scene(struct gate g[static LAW_PARTIES], const char *marking)
{
    people_make(g);
    giving(g, "pause", "GSOMIA");
    source_add(&g[KOR], marking);
    act_as(&g[USA], "relay", relay_warnings, NULL);
}

/* From Korea's source to the United States: the courier of the hub is told to follow it. */
static id to_hub(struct gate g[static LAW_PARTIES], id *handle, uint8_t expected)
{
    struct gate_mail grant;
    id               epoch = warning(&g[KOR]);
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'n'); /* not while it is paused */
    assert_int_equal(release(&g[KOR], &epoch, "USA", &grant), 'g');
    gate_mail_clear(&g[USA]);
    assert_int_equal(hand_in(&g[USA], &g[KOR], &grant, handle), expected);
    gate_mail_drop(&grant);
    return epoch;
}

static bool hub_grant(struct gate g[static LAW_PARTIES], const id *handle, struct gate_mail *grant)
{
    if (!gate_take(&g[USA], ANSWER_GRANTED, grant)) {
        return false;
    }
    struct reader  r = reader_of((span){grant->bytes, grant->len});
    struct granted row;
    granted_read(&r, &row);
    assert_true(row.outbox == OUTBOX_INBOX && id_equal(&row.epoch, handle));
    assert_string_equal(row.partner.text, "JPN");
    return true;
}

static void a_warning_goes_by_the_hub(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               handle, third;
    hub_scene(g, WARNING);
    act_as(&g[KOR], "onward-approve", approve_warnings, NULL);
    (void)to_hub(g, &handle, RECEIVED_RELAYED);
    gates_beat(g, LAW_PARTIES);
    assert_true(hub_grant(g, &handle, &grant));
    assert_int_equal(hand_in(&g[JPN], &g[USA], &grant, &third), RECEIVED_ACCEPTED);
    must(open_as(&g[JPN], "sato", &third));
    assert_true(ledger_says(&g[JPN], "\nvia USA\npassage "));
    struct kept k;
    must(kept_get(g[JPN].guard, &third, &k));
    assert_string_equal(k.from.text, "KOR");
    assert_int_equal(k.via, partner_find(g[JPN].guard, &g[USA].party) - g[JPN].guard->partner);
    gate_mail_drop(&grant);
    assert_int_equal(open_as(&g[JPN], "noneed", &third).code, ERR_DENIED);
}

static void without_an_approval_it_waits(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               handle, third;
    hub_scene(g, WARNING);
    (void)to_hub(g, &handle, RECEIVED_RELAYED);
    gates_beat(g, LAW_PARTIES);
    assert_false(hub_grant(g, &handle, &grant));
    act_as(&g[KOR], "onward-approve", approve_warnings, NULL);
    gates_beat(g, LAW_PARTIES);
    assert_true(hub_grant(g, &handle, &grant));
    assert_int_equal(hand_in(&g[JPN], &g[USA], &grant, &third), RECEIVED_ACCEPTED);
    gate_mail_drop(&grant);
}

static void national_rules_keep_the_radar_from_the_hub(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               handle;
    hub_scene(g, "KOR:II of KOR about dprk-missile from radar to JPN,USA");
    act_as(&g[KOR], "onward-approve", approve_warnings, NULL);
    (void)to_hub(g, &handle, RECEIVED_RELAYED);
    gates_beat(g, LAW_PARTIES);
    assert_false(hub_grant(g, &handle, &grant));
    assert_true(ledger_says(&g[KOR], "national rules do not allow this way"));
    assert_true(ledger_says(&g[USA], "national rules do not allow this way"));
}

static void an_approval_is_used_up_and_expires(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               handle;
    hub_scene(g, WARNING);
    act_as(&g[KOR], "onward-approve", approve_warnings, NULL);
    for (unsigned i = 0; i < 2; i++) {
        (void)to_hub(g, &handle, RECEIVED_RELAYED);
        gates_beat(g, LAW_PARTIES);
        assert_true(hub_grant(g, &handle, &grant));
        gate_mail_drop(&grant);
    }
    (void)to_hub(g, &handle, RECEIVED_RELAYED);
    gates_beat(g, LAW_PARTIES);
    assert_false(hub_grant(g, &handle, &grant));
    assert_true(ledger_says(&g[KOR], "reason the approval is used up"));
    act_as(&g[KOR], "onward-approve",
           "partner USA\nepoch -\nfeed warnings\nto JPN\npurpose warning\n"
           "until 2026-11-22T00:01:00.000Z\ncount 2\n",
           NULL);
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        time_pass(&g[i], 2 * MS_PER_MINUTE);
    }
    gates_beat(g, LAW_PARTIES);
    (void)to_hub(g, &handle, RECEIVED_RELAYED);
    gates_beat(g, LAW_PARTIES);
    assert_false(hub_grant(g, &handle, &grant));
    assert_true(ledger_says(&g[KOR], "reason the approval has expired"));
}

static void a_revoked_approval_lets_nothing_more_go(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               handle;
    char             body[64], result[128] = {0};
    struct writer    w = writer_of((uint8_t *)result, sizeof result - 1);
    unsigned long    leaf = 0;
    hub_scene(g, WARNING);
    act_as(&g[KOR], "onward-approve", approve_warnings, &w);
    assert_int_equal(sscanf(result, "approval %lu", &leaf), 1);
    snprintf(body, sizeof body, "approval %lu\nreason mistaken\n", leaf);
    act_as(&g[KOR], "onward-revoke", body, NULL);
    (void)to_hub(g, &handle, RECEIVED_RELAYED);
    gates_beat(g, LAW_PARTIES);
    assert_false(hub_grant(g, &handle, &grant));
    assert_true(ledger_says(&g[KOR], "reason the approval was revoked"));
    assert_true(ledger_says(&g[USA], "say reason the approval was revoked"));
    assert_int_equal(act_fails(&g[KOR], "ok1", "onward-revoke", body).code, ERR_UNKNOWN);
}

static unsigned long approve_leaf(struct gate *g)
{
    char          result[128] = {0};
    struct writer w = writer_of((uint8_t *)result, sizeof result - 1);
    unsigned long leaf = 0;
    act_as(g, "onward-approve", approve_warnings, &w);
    assert_int_equal(sscanf(result, "approval %lu", &leaf), 1);
    return leaf;
}

static void revoke(struct gate *g, unsigned long leaf)
{
    char body[64];
    snprintf(body, sizeof body, "approval %lu\nreason mistaken\n", leaf);
    act_as(g, "onward-revoke", body, NULL);
}

/* The question waits, since nobody is heard; the approval that would have answered it is taken back. */
static void revoked_between_question_and_answer(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               handle;
    hub_scene(g, WARNING);
    unsigned long leaf = approve_leaf(&g[KOR]);
    (void)to_hub(g, &handle, RECEIVED_RELAYED);
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        time_pass(&g[i], LEASE_BEAT_MS);
    }
    (void)gates_pass(g, LAW_PARTIES);
    assert_true(ledger_says(&g[KOR], "say kind ask\n"));
    revoke(&g[KOR], leaf);
    gates_beat(g, LAW_PARTIES);
    gates_beat(g, LAW_PARTIES);
    assert_false(hub_grant(g, &handle, &grant));
    assert_false(ledger_says(&g[KOR], "say kind onward\n"));
    assert_true(ledger_says(&g[KOR], "reason the approval was revoked"));
    assert_true(ledger_says(&g[USA], "say reason the approval was revoked"));
}

static void letters_bring(struct gate *from, struct gate *to)
{
    struct gate_mail m;
    while (gate_take(from, ANSWER_LETTER, &m)) {
        struct reader       r = reader_of((span){m.bytes, m.len});
        struct envelope_row row;
        envelope_row_read(&r, &row);
        if (name_equal(&row.partner, &to->party)) {
            gate_hear(to, &from->party, row.envelope);
        }
        gate_mail_drop(&m);
    }
}

/* Korea has granted, and takes it back before its letter is at the hub: there the courier carries no more of
 * it, and at the third party the order is there before the grant. */
static void revoked_before_the_hub_has_it(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant, cut;
    id               handle, third;
    hub_scene(g, WARNING);
    unsigned long leaf = approve_leaf(&g[KOR]);
    (void)to_hub(g, &handle, RECEIVED_RELAYED);
    letters_bring(&g[USA], &g[KOR]);
    assert_true(ledger_says(&g[KOR], "say kind onward\n"));
    revoke(&g[KOR], leaf);
    gate_tick(&g[KOR]);
    while (gates_pass(g, LAW_PARTIES)) {
    }
    assert_true(hub_grant(g, &handle, &grant));
    assert_true(gate_take(&g[USA], ANSWER_CUT, &cut));
    assert_int_equal(hand_in(&g[JPN], &g[USA], &grant, &third), RECEIVED_REFUSED);
    assert_true(ledger_says(&g[JPN], "reason its giver took it back before it came"));
    gate_mail_drop(&cut);
    gate_mail_drop(&grant);
}

/* What went under it is taken back where it is, and the hub's courier carries no more of it. */
static void revoked_is_taken_back(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant, cut;
    id               handle, third;
    char             body[64], result[128] = {0};
    struct writer    w = writer_of((uint8_t *)result, sizeof result - 1);
    unsigned long    leaf = 0;
    hub_scene(g, WARNING);
    act_as(&g[KOR], "onward-approve", approve_warnings, &w);
    assert_int_equal(sscanf(result, "approval %lu", &leaf), 1);
    (void)to_hub(g, &handle, RECEIVED_RELAYED);
    gates_beat(g, LAW_PARTIES);
    assert_true(hub_grant(g, &handle, &grant));
    assert_int_equal(hand_in(&g[JPN], &g[USA], &grant, &third), RECEIVED_ACCEPTED);
    must(open_as(&g[JPN], "sato", &third));
    snprintf(body, sizeof body, "approval %lu\nreason mistaken\n", leaf);
    act_as(&g[KOR], "onward-revoke", body, NULL);
    gates_beat(g, LAW_PARTIES);
    assert_int_equal(open_as(&g[JPN], "sato", &third).code, ERR_DENIED);
    assert_int_equal(hand_in(&g[JPN], &g[USA], &grant, &third), RECEIVED_REFUSED);
    assert_true(gate_take(&g[USA], ANSWER_CUT, &cut));
    struct reader r = reader_of((span){cut.bytes, cut.len});
    id            epoch = read_id(&r);
    name          who = read_name(&r);
    assert_true(id_equal(&epoch, &handle));
    assert_string_equal(who.text, "JPN");
    assert_int_equal(read_u64(&r), 0);
    gate_mail_drop(&cut);
    gate_mail_drop(&grant);
    must(gate_restart(&g[KOR])); /* and once: nothing of it is left to be told */
    gates_beat(g, LAW_PARTIES);
    assert_false(gate_take(&g[USA], ANSWER_CUT, &cut));
}

static void an_approval_names_two_parties(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               epoch, handle;
    char             body[256];
    uint8_t          hex[40] = {0};
    struct writer    h = WRITER_OF(hex);
    hub_scene(g, WARNING);
    epoch = to_hub(g, &handle, RECEIVED_RELAYED);
    put_hex(&h, id_span(&epoch));
    snprintf(body, sizeof body,
             "partner USA\nepoch %.32s\nfeed -\nto USA\npurpose warning\n"
             "until 2026-12-31T00:00:00.000Z\ncount 1\n",
             (const char *)hex);
    assert_int_equal(act_fails(&g[KOR], "ok1", "onward-approve", body).code, ERR_MALFORMED);
    gates_beat(g, LAW_PARTIES);
    assert_false(hub_grant(g, &handle, &grant));
}

static void an_approval_is_of_the_originators_own(void **state)
{
    struct gate *g = *state;
    people_make(g);
    enrol(&g[KOR], &(struct enrol){"liaison", "USA", "officer", "KOR:II", "dprk-missile"});
    enrol(&g[KOR], &(struct enrol){"both", "KOR", "author,officer", "KOR:II", "dprk-missile"});
    err e = act_fails(&g[KOR], "liaison", "onward-approve", approve_warnings);
    assert_int_equal(e.code, ERR_DENIED);
    assert_string_equal(e.why, "an approval is given by an officer of the originator's own");
    id            epoch;
    char          body[256];
    uint8_t       hex[40] = {0};
    struct writer h = WRITER_OF(hex);
    must(submit(&g[KOR], "both", &imagery, &epoch));
    put_hex(&h, id_span(&epoch));
    snprintf(body, sizeof body,
             "partner JPN\nepoch %.32s\nfeed -\nto USA\npurpose study\n"
             "until 2026-12-31T00:00:00.000Z\ncount 1\n",
             (const char *)hex);
    e = act_fails(&g[KOR], "both", "onward-approve", body);
    assert_string_equal(e.why, "the author of an item cannot approve its passing on");
    must(act_fails(&g[KOR], "ok1", "onward-approve", body));
}

static void what_goes_straight_again_does_so_from_the_next_epoch(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               handle, third, epoch;
    hub_scene(g, WARNING);
    act_as(&g[KOR], "onward-approve", approve_warnings, NULL);
    epoch = to_hub(g, &handle, RECEIVED_RELAYED);
    gates_beat(g, LAW_PARTIES);
    assert_true(hub_grant(g, &handle, &grant));
    assert_int_equal(hand_in(&g[JPN], &g[USA], &grant, &third), RECEIVED_ACCEPTED);
    gate_mail_drop(&grant);
    giving(g, "resume", "GSOMIA");
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'n'); /* it has it by the hub */
    id next = warning(&g[KOR]);
    assert_int_equal(release(&g[KOR], &next, "JPN", &grant), 'g');
    assert_int_equal(hand_in(&g[JPN], &g[KOR], &grant, &third), RECEIVED_ACCEPTED);
    gate_mail_drop(&grant);
}

/* ---- a hub that lies ---- */

/* What the hub's guard was let pass on, before it is told to Japan. */
static struct passage *papers(struct gate g[static LAW_PARTIES], struct gate_mail *grant,
                              id *handle)
{
    hub_scene(g, WARNING);
    act_as(&g[KOR], "onward-approve", approve_warnings, NULL);
    (void)to_hub(g, handle, RECEIVED_RELAYED);
    gates_beat(g, LAW_PARTIES);
    assert_true(hub_grant(g, handle, grant));
    for (unsigned i = 0; i < PASSAGES_MAX; i++) {
        if (g[JPN].guard->onward.passage[i].used) {
            return &g[JPN].guard->onward.passage[i];
        }
    }
    fail_msg("no papers came");
    return NULL;
}

static void swap(struct passage *p, const char *from, const char *to)
{
    uint8_t *at = memmem(p->text, p->len, from, strlen(from));
    assert_non_null(at);
    size_t rest = (size_t)(p->text + p->len - at) - strlen(from);
    memmove(at + strlen(to), at + strlen(from), rest);
    memcpy(at, to, strlen(to));
    p->len = (uint32_t)((size_t)(at - p->text) + strlen(to) + rest);
}

static void a_hub_that_widens_gets_nothing_in(void **state)
{
    static const struct {
        const char *from, *to;
    } lie[] = {
        {"level USA:SECRET\n", "level USA:CONFIDENTIAL\n"}, /* lower than was agreed */
        {"level USA:SECRET\n", "level USA:TOP-SECRET\n"},
        {"USA:SECRET of KOR ", "USA:SECRET of USA "}, /* as if it were its own */
        {"USA:SECRET of KOR ", "USA:CONFIDENTIAL of KOR "},
        {"from electronic", "from radar"},
        {"outcome release", "outcome hold"},
    };
    struct gate     *g = *state;
    struct gate_mail grant;
    id               handle, third;
    struct passage  *p = papers(g, &grant, &handle);
    struct passage   good = *p;
    for (unsigned i = 0; i < ARRAY_LEN(lie); i++) {
        *p = good;
        swap(p, lie[i].from, lie[i].to);
        assert_int_equal(hand_in(&g[JPN], &g[USA], &grant, &third), RECEIVED_REFUSED);
    }
    *p = good;
    p->handle.bytes[0] ^= 1; /* papers for something else */
    assert_int_equal(hand_in(&g[JPN], &g[USA], &grant, &third), RECEIVED_NOT_YET);
    *p = good;
    assert_int_equal(hand_in(&g[JPN], &g[KOR], &grant, &third),
                     RECEIVED_REFUSED); /* not straight */
    grant.bytes[grant.len - 9] ^= 1;    /* forged */
    assert_int_equal(hand_in(&g[JPN], &g[USA], &grant, &third), RECEIVED_REFUSED);
    grant.bytes[grant.len - 9] ^= 1;
    struct kept k;
    assert_int_equal(kept_get(g[JPN].guard, &third, &k).code, ERR_UNKNOWN);
    assert_int_equal(hand_in(&g[JPN], &g[USA], &grant, &third), RECEIVED_ACCEPTED);
    gate_mail_drop(&grant);
}

/* ---- by act: Japan passes on a Korean report to the United States ---- */

static const struct product human_both = {
    "KOR:III of KOR about dprk-missile from imagery to JPN,USA", "report", "Launch site"};

/* It is refused straight: Korea has paused its giving to the United States. */
static void by_act_scene(struct gate g[static LAW_PARTIES], id *epoch, id *handle)
{
    struct gate_mail grant;
    people_make(g);
    giving(g, "pause", "KOR-USA-1987");
    must(submit(&g[KOR], "author", &human_both, epoch));
    assert_int_equal(release(&g[KOR], epoch, "JPN", &grant), 'g');
    assert_int_equal(hand_in(&g[JPN], &g[KOR], &grant, handle), RECEIVED_ACCEPTED);
    gate_mail_drop(&grant);
}

static void ask_onward(struct gate *g, const id *handle)
{
    char          body[256];
    uint8_t       hex[40] = {0};
    struct writer h = WRITER_OF(hex);
    put_hex(&h, id_span(handle));
    snprintf(body, sizeof body, "handle %.32s\nto USA\nlevel JPN:HI\npurpose study\n",
             (const char *)hex);
    act_as(g, "onward-ask", body, NULL);
}

static void by_name_it_goes_once(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               epoch, handle, third;
    char             body[256];
    uint8_t          hex[40] = {0};
    struct writer    h = WRITER_OF(hex);
    by_act_scene(g, &epoch, &handle);
    ask_onward(&g[JPN], &handle);
    assert_true(ledger_says(&g[JPN], "never GSOMIA article 6")); /* the clause, without approval */
    gates_beat(g, LAW_PARTIES);
    assert_false(gate_take(&g[JPN], ANSWER_GRANTED, &grant));
    put_hex(&h, id_span(&epoch));
    snprintf(body, sizeof body,
             "partner JPN\nepoch %.32s\nfeed -\nto USA\npurpose study\n"
             "until 2026-12-31T00:00:00.000Z\ncount 1\n",
             (const char *)hex);
    act_as(&g[KOR], "onward-approve", body, NULL);
    gates_beat(g, LAW_PARTIES);
    assert_true(gate_take(&g[JPN], ANSWER_GRANTED, &grant));
    assert_int_equal(hand_in(&g[USA], &g[JPN], &grant, &third), RECEIVED_ACCEPTED);
    gate_mail_drop(&grant);
    ask_onward(&g[JPN], &handle);
    gates_beat(g, LAW_PARTIES);
    assert_true(ledger_says(&g[KOR], "reason the approval is used up"));
    assert_false(gate_take(&g[JPN], ANSWER_GRANTED, &grant));
}

static void another_purpose_is_not_approved(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               epoch, handle;
    char             body[256];
    uint8_t          hex[40] = {0};
    struct writer    h = WRITER_OF(hex);
    by_act_scene(g, &epoch, &handle);
    put_hex(&h, id_span(&epoch));
    snprintf(body, sizeof body,
             "partner JPN\nepoch %.32s\nfeed -\nto USA\npurpose targeting\n"
             "until 2026-12-31T00:00:00.000Z\ncount 1\n",
             (const char *)hex);
    act_as(&g[KOR], "onward-approve", body, NULL);
    ask_onward(&g[JPN], &handle);
    gates_beat(g, LAW_PARTIES);
    assert_true(ledger_says(&g[KOR], "reason the approval is for another purpose"));
    assert_false(gate_take(&g[JPN], ANSWER_GRANTED, &grant));
}

static void a_feed_that_nobody_has_is_not_approved(void **state)
{
    struct gate    *g = *state;
    struct gate_act a = {.act = "onward-approve",
                         .body = "partner USA\nepoch -\nfeed nofeed\nto JPN\npurpose warning\n"
                                 "until 2026-12-31T00:00:00.000Z\ncount 1\n",
                         .by = {"ok1", NULL}};
    err             e = gate_act(&g[KOR], &a, NULL);
    assert_string_equal(e.why, "there is no such feed; there are: none");
    hub_scene(g, WARNING);
    e = gate_act(&g[KOR], &a, NULL);
    assert_string_equal(e.why, "there is no such feed; there are: warnings");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(another_purpose_is_not_approved),
        STORY(a_feed_that_nobody_has_is_not_approved),
        STORY(a_warning_goes_by_the_hub),
        STORY(without_an_approval_it_waits),
        STORY(national_rules_keep_the_radar_from_the_hub),
        STORY(an_approval_is_used_up_and_expires),
        STORY(a_revoked_approval_lets_nothing_more_go),
        STORY(revoked_between_question_and_answer),
        STORY(revoked_before_the_hub_has_it),
        STORY(revoked_is_taken_back),
        STORY(an_approval_names_two_parties),
        STORY(an_approval_is_of_the_originators_own),
        STORY(what_goes_straight_again_does_so_from_the_next_epoch),
        STORY(a_hub_that_widens_gets_nothing_in),
        STORY(by_name_it_goes_once),
    };
    return cmocka_run_group_tests(tests, suite_make, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* What is owed for what came is done by a machine, or said to be overdue: here, at its giver, after a crash. */
#include "orders.h"

#include "agreement/table.h"
#include "guard/kept.h"
#include "guard/opening.h"

static struct agreement as_shipped;

/* The first agreement owes this, in place of what it says of destruction, copies and contractors. */
static void law_owe(const struct obligations *also)
{
    struct agreement *a = &law.agreements.agreement[0];
    struct law_text  *t = &law.agreement[0];
    struct writer     w = WRITER_OF(t->table);
    *a = as_shipped;
    a->owed.duties &= ~(uint32_t)(DUTY_DESTROY | DUTY_CERTIFICATE | DUTY_COPIES | DUTY_CONTRACTORS);
    a->owed.destroy_s = 0;
    a->owed.copies = a->owed.certifiers = 0;
    obligations_unite(&a->owed, also);
    assert_true(owed_valid(&a->owed));
    agreement_write(&law.policies, a, &w);
    assert_false(w.bad);
    t->len = (uint32_t)w.len;
    sha256(writer_span(&w), t->digest);
    memcpy(a->digest, t->digest, sizeof a->digest);
}

static int duties_make(void **state)
{
    int failed = suite_make(state);
    as_shipped = law.agreements.agreement[0];
    return failed;
}

static struct gate *gates_under(const struct obligations *owed)
{
    struct gate *g = calloc(LAW_PARTIES, sizeof *g);
    assert_non_null(g);
    law_owe(owed);
    gates_open(g, 1);
    people_make(g);
    return g;
}

static void gates_end(struct gate *g)
{
    gates_close(g);
    free(g);
}

static void seconds_pass(struct gate g[static LAW_PARTIES], unsigned seconds)
{
    for (unsigned s = 0; s < seconds; s++) {
        for (unsigned i = 0; i < LAW_PARTIES; i++) {
            time_pass(&g[i], 1000);
            gate_tick(&g[i]);
        }
        letters_go(g);
    }
}

static void hex_of(const id *handle, char out[33])
{
    struct writer w = writer_of((uint8_t *)out, 32);
    put_hex(&w, id_span(handle));
    out[32] = 0;
}

static err act_on(struct gate *g, const char *act, const char *who, const id *handle,
                  const char *rest)
{
    char            hex[33], body[512];
    struct gate_act a = {.act = act, .body = body, .by = {who, NULL}};
    hex_of(handle, hex);
    snprintf(body, sizeof body, "handle %s\n%s", hex, rest);
    return gate_act(g, &a, NULL);
}

static bool rows_say(struct gate *g, const char *lines)
{
    static uint8_t text[LOOK_ROOM];
    struct writer  w = writer_of(text, sizeof text - 1);
    duty_rows(g->guard, 0, &w);
    text[w.len] = 0;
    return strstr((const char *)text, lines) != NULL;
}

/* ---- destroyed in time ---- */

static void what_is_due_is_destroyed_by_its_guard(void **state)
{
    struct gate *g = gates_under(&(struct obligations){.duties = DUTY_DESTROY, .destroy_s = 60});
    struct given one = give_one(g);
    struct kept  k;
    (void)state;
    must(open_as(&g[JPN], "sato", &one.handle));
    assert_true(rows_say(&g[JPN], "state soon\ndue "));
    seconds_pass(g, 61);
    assert_int_equal(open_as(&g[JPN], "sato", &one.handle).code, ERR_DENIED);
    seconds_pass(g, 2);
    assert_int_equal(kept_get(g[JPN].guard, &one.handle, &k).code, ERR_STATE);
    assert_true(ledger_says(&g[JPN], "kind destroyed"));
    assert_true(taken(&g[JPN], ANSWER_FORGET) > 0);
    /* its giver knows it, and holds the own copy */
    assert_true(ledger_says(&g[KOR], "say kind certificate"));
    assert_true(rows_say(&g[KOR], "what certificate\npartner JPN\n"));
    must(open_as(&g[KOR], "author", &one.epoch));
    must(gate_restart(&g[JPN]));
    must(gate_restart(&g[KOR]));
    assert_true(rows_say(&g[KOR], "what certificate\npartner JPN\n"));
    gate_mail_drop(&one.grant);
    gates_end(g);
}

static void a_certificate_is_signed_by_so_many(void **state)
{
    struct gate *g = gates_under(&(struct obligations){
        .duties = DUTY_DESTROY | DUTY_CERTIFICATE, .destroy_s = 60, .certifiers = 2});
    struct given one = give_one(g);
    struct kept  k;
    (void)state;
    seconds_pass(g, 61);
    /* nobody signed: it opens no more, and is overdue, once */
    assert_string_equal(open_as(&g[JPN], "sato", &one.handle).why,
                        "the time in which it was to be destroyed is over");
    assert_true(ledger_says(&g[JPN], "kind overdue"));
    assert_true(ledger_says(&g[JPN], "duty destroy"));
    assert_true(rows_say(&g[JPN], "state overdue\n"));
    size_t had = g[JPN].ledger.len;
    must(gate_restart(&g[JPN]));
    gates_beat(g, LAW_PARTIES);
    assert_true(rows_say(&g[JPN], "state overdue\n"));
    assert_null(memmem(g[JPN].ledger.ptr + had, g[JPN].ledger.len - had, "kind overdue", 12));
    must(act_on(&g[JPN], "certify", "ok1", &one.handle, "reason burnt\n"));
    must(kept_get(g[JPN].guard, &one.handle, &k));
    assert_int_equal(act_on(&g[JPN], "certify", "ok1", &one.handle, "reason burnt\n").code,
                     ERR_CONFLICT);
    assert_int_equal(act_on(&g[JPN], "certify", "sato", &one.handle, "reason burnt\n").code,
                     ERR_DENIED);
    /* another person of the first one's chain of command does not do */
    enrol_in(&g[JPN], "one", &(struct enrol){"clerk", "JPN", "registrar", "JPN:HI", "-"});
    assert_int_equal(act_on(&g[JPN], "certify", "clerk", &one.handle, "reason burnt\n").code,
                     ERR_DENIED);
    must(act_on(&g[JPN], "certify", "ok2", &one.handle, "reason burnt\n"));
    gate_tick(&g[JPN]);
    assert_int_equal(kept_get(g[JPN].guard, &one.handle, &k).code, ERR_STATE);
    letters_go(g);
    assert_true(ledger_says(&g[KOR], "say certifier ok1\nsay certifier ok2\n"));
    assert_true(rows_say(&g[KOR], "certified 2\n"));
    assert_false(rows_say(&g[JPN], "state "));
    gate_mail_drop(&one.grant);
    gates_end(g);
}

/* No time is set: nothing is watched until somebody signs. */
static void what_has_no_time_takes_no_place(void **state)
{
    struct gate *g =
        gates_under(&(struct obligations){.duties = DUTY_CERTIFICATE, .certifiers = 2});
    struct given one = give_one(g);
    struct kept  k;
    (void)state;
    assert_false(rows_say(&g[JPN], "what received\n"));
    must(act_on(&g[JPN], "certify", "ok1", &one.handle, "reason burnt\n"));
    assert_true(rows_say(&g[JPN], "what received\n"));
    must(open_as(&g[JPN], "sato", &one.handle));
    must(act_on(&g[JPN], "certify", "ok2", &one.handle, "reason burnt\n"));
    gate_tick(&g[JPN]);
    assert_int_equal(kept_get(g[JPN].guard, &one.handle, &k).code, ERR_STATE);
    gate_mail_drop(&one.grant);
    gates_end(g);
}

/* Wherever the power fails, the key goes, the leaf and the certificate come once it is back. */
static void a_destruction_outlives_a_crash(void **state)
{
    static const struct gate_cut cut[] = {{GATE_CUT_WRITE, 0},
                                          {GATE_CUT_SLOTS, 0},
                                          {GATE_CUT_LEDGER, 0},
                                          {GATE_CUT_LEDGER, 1},
                                          {GATE_CUT_MAIL, 0}};
    struct gate *g = gates_under(&(struct obligations){.duties = DUTY_DESTROY, .destroy_s = 60});
    (void)state;
    for (unsigned i = 0; i < ARRAY_LEN(cut); i++) {
        struct given one = give_one(g);
        struct kept  k;
        char         hex[33], line[128];
        seconds_pass(g, 59);
        for (unsigned at = 0; at < LAW_PARTIES; at++) {
            time_pass(&g[at], 2000);
        }
        g[JPN].cut = cut[i];
        gate_tick(&g[JPN]);
        must(gate_restart(&g[JPN]));
        gates_beat(g, LAW_PARTIES);
        seconds_pass(g, 3);
        assert_int_equal(kept_get(g[JPN].guard, &one.handle, &k).code, ERR_STATE);
        hex_of(&one.handle, hex);
        snprintf(line, sizeof line, "what certificate\npartner JPN\nhandle %s\n", hex);
        assert_true(rows_say(&g[KOR], line));
        assert_false(rows_say(&g[JPN], "what received\n"));
        gate_mail_drop(&one.grant);
    }
    gates_end(g);
}

/* Killed before the last certificate is on record: not as many have signed as must, so the key is there. */
static void a_certificate_that_is_on_no_record_destroys_nothing(void **state)
{
    static const struct gate_cut cut[] = {{GATE_CUT_SLOTS, 0}, {GATE_CUT_LEDGER, 0}};
    struct gate                 *g =
        gates_under(&(struct obligations){.duties = DUTY_CERTIFICATE, .certifiers = 2});
    struct given one = give_one(g);
    struct kept  k;
    char         hex[33], body[128];
    (void)state;
    hex_of(&one.handle, hex);
    snprintf(body, sizeof body, "handle %s\nreason burnt\n", hex);
    must(act_on(&g[JPN], "certify", "ok1", &one.handle, "reason burnt\n"));
    for (unsigned i = 0; i < ARRAY_LEN(cut); i++) {
        struct gate_act last = {.act = "certify", .body = body, .by = {"ok2", NULL}, .cut = cut[i]};
        assert_int_equal(gate_act(&g[JPN], &last, NULL).code, ERR_STATE);
        must(gate_restart(&g[JPN]));
        gates_beat(g, LAW_PARTIES);
        must(open_as(&g[JPN], "sato", &one.handle));
    }
    must(act_on(&g[JPN], "certify", "ok2", &one.handle, "reason burnt\n"));
    assert_int_equal(open_as(&g[JPN], "sato", &one.handle).code, ERR_STATE);
    gate_tick(&g[JPN]);
    assert_int_equal(kept_get(g[JPN].guard, &one.handle, &k).code, ERR_STATE);
    gate_mail_drop(&one.grant);
    gates_end(g);
}

static void what_is_taken_back_is_owed_no_more(void **state)
{
    struct gate *g = gates_under(&(struct obligations){.duties = DUTY_DESTROY, .destroy_s = 60});
    struct given one = give_one(g);
    (void)state;
    must(order(&g[KOR], "recall", "partner JPN\nreason a mistake\n", id_span(&one.epoch)));
    work_off(g);
    assert_false(rows_say(&g[JPN], "what received\n"));
    gate_mail_drop(&one.grant);
    gates_end(g);
}

/* ---- copies ---- */

static void no_more_copies_than_are_owed(void **state)
{
    struct gate *g = gates_under(&(struct obligations){.duties = DUTY_COPIES, .copies = 3});
    struct given one = give_one(g);
    (void)state;
    must(open_as(&g[JPN], "sato", &one.handle));
    assert_true(ledger_says(&g[JPN], "\ncopy 1\n"));
    must(gate_restart(&g[JPN]));
    gates_beat(g, LAW_PARTIES);
    must(open_as(&g[JPN], "sato", &one.handle));
    assert_true(ledger_says(&g[JPN], "\ncopy 2\n"));
    must(open_as(&g[JPN], "sato", &one.handle));
    assert_int_equal(open_as(&g[JPN], "sato", &one.handle).code, ERR_DENIED);
    assert_true(ledger_says(&g[JPN], "failed copies\n"));
    assert_false(ledger_says(&g[JPN], "\ncopy 4\n"));
    assert_true(rows_say(&g[JPN], "copied 3\ncopies 3\n"));
    /* who gave it counts none of his own */
    for (unsigned i = 0; i < 4; i++) {
        must(open_as(&g[KOR], "author", &one.epoch));
    }
    gate_mail_drop(&one.grant);
    gates_end(g);
}

/* ---- loss ---- */

static err lose(struct gate *g, const id *handle, instant discovered)
{
    char          rest[256];
    uint8_t       at[64];
    struct writer w = WRITER_OF(at);
    line_instant(&w, "discovered", discovered);
    snprintf(rest, sizeof rest, "certain no\n%.*swhat a bag left in a train\n", (int)w.len,
             (const char *)at);
    return act_on(g, "loss", "sato", handle, rest);
}

static void a_loss_freezes_and_is_told(void **state)
{
    struct gate *g = gates_under(
        &(struct obligations){.duties = DUTY_REPORT_LOSS, .loss_ms = 3600 * MS_PER_SECOND});
    struct given one = give_one(g), other = give_one(g);
    (void)state;
    assert_int_equal(lose(&g[JPN], &one.handle, g[JPN].now + MS_PER_DAY).code, ERR_DENIED);
    must(lose(&g[JPN], &one.handle, g[JPN].now));
    assert_int_equal(open_as(&g[JPN], "sato", &one.handle).code, ERR_STATE);
    must(open_as(&g[JPN], "sato", &other.handle));
    letters_go(g);
    assert_true(ledger_says(&g[KOR], "say what a bag left in a train\n"));
    assert_true(rows_say(&g[KOR], "what loss\npartner JPN\n"));
    assert_true(rows_say(&g[KOR], "state possible\n"));
    assert_false(ledger_says(&g[JPN], "kind overdue"));
    must(gate_restart(&g[JPN]));
    gates_beat(g, LAW_PARTIES);
    assert_int_equal(open_as(&g[JPN], "sato", &one.handle).code, ERR_STATE);
    assert_true(rows_say(&g[JPN], "state lost\n"));
    /* found out two hours ago, and told now */
    must(lose(&g[JPN], &other.handle, g[JPN].now - 2 * 3600 * MS_PER_SECOND));
    assert_true(ledger_says(&g[JPN], "duty report-loss\n"));
    assert_int_equal(lose(&g[JPN], &one.epoch, g[JPN].now).code, ERR_UNKNOWN);
    gate_mail_drop(&one.grant);
    gate_mail_drop(&other.grant);
    gates_end(g);
}

static err find(struct gate *g, const id *handle, const char *first, const char *second)
{
    char            hex[33], body[256];
    struct gate_act a = {.act = "found", .body = body, .by = {first, second}};
    hex_of(handle, hex);
    snprintf(body, sizeof body, "handle %s\nwhat it lay in the safe, sealed\n", hex);
    return gate_act(g, &a, NULL);
}

static void what_was_found_opens_once_its_giver_knows(void **state)
{
    struct gate *g = gates_under(&(struct obligations){.duties = DUTY_REPORT_LOSS});
    struct given one = give_one(g);
    (void)state;
    assert_int_equal(find(&g[JPN], &one.handle, "ok1", "ok2").code, ERR_STATE);
    must(lose(&g[JPN], &one.handle, g[JPN].now));
    letters_go(g);
    assert_true(rows_say(&g[KOR], "state possible\n"));
    assert_true(err_is(find(&g[JPN], &one.handle, "ok1", "ok1")));
    assert_true(err_is(find(&g[JPN], &one.handle, "sato", "ok1")));
    must(find(&g[JPN], &one.handle, "ok1", "ok2"));
    assert_int_equal(find(&g[JPN], &one.handle, "ok1", "ok2").code, ERR_STATE);
    /* signed, and its giver has not heard of it */
    assert_int_equal(open_as(&g[JPN], "sato", &one.handle).code, ERR_STATE);
    must(gate_restart(&g[JPN]));
    assert_true(rows_say(&g[JPN], "state lost\n"));
    letters_go(g);
    gates_beat(g, LAW_PARTIES);
    must(open_as(&g[JPN], "sato", &one.handle));
    assert_true(ledger_says(&g[KOR], "say what it lay in the safe, sealed\n"));
    assert_true(rows_say(&g[KOR], "state found\n"));
    assert_false(rows_say(&g[KOR], "state possible\n"));
    must(gate_restart(&g[JPN]));
    must(gate_restart(&g[KOR]));
    gates_beat(g, LAW_PARTIES);
    must(open_as(&g[JPN], "sato", &one.handle));
    assert_true(rows_say(&g[KOR], "state found\n"));
    /* lost again, it is frozen again */
    must(lose(&g[JPN], &one.handle, g[JPN].now));
    assert_int_equal(open_as(&g[JPN], "sato", &one.handle).code, ERR_STATE);
    letters_go(g);
    gates_beat(g, LAW_PARTIES);
    assert_int_equal(open_as(&g[JPN], "sato", &one.handle).code, ERR_STATE);
    must(find(&g[JPN], &one.handle, "ok2", "ok1"));
    letters_go(g);
    gates_beat(g, LAW_PARTIES);
    must(open_as(&g[JPN], "sato", &one.handle));
    /* its giver may still take it back */
    must(order(&g[KOR], "recall", "partner JPN\nreason its report\n", id_span(&one.epoch)));
    work_off(g);
    assert_true(err_is(open_as(&g[JPN], "sato", &one.handle)));
    gate_mail_drop(&one.grant);
    gates_end(g);
}

static void a_report_of_loss_outlives_a_crash(void **state)
{
    static const struct gate_cut cut[] = {
        {GATE_CUT_LEDGER, 0}, {GATE_CUT_LEDGER, 1}, {GATE_CUT_LEDGER, 2}, {GATE_CUT_MAIL, 0}};
    struct gate *g = gates_under(&(struct obligations){.duties = DUTY_REPORT_LOSS});
    (void)state;
    for (unsigned i = 0; i < ARRAY_LEN(cut); i++) {
        struct given     one = give_one(g);
        struct challenge c;
        char             hex[33], body[256], line[128];
        uint8_t          at[64];
        struct writer    w = WRITER_OF(at);
        line_instant(&w, "discovered", g[JPN].now);
        hex_of(&one.handle, hex);
        snprintf(body, sizeof body, "handle %s\ncertain yes\n%.*swhat stolen\n", hex, (int)w.len,
                 (const char *)at);
        must(ask(&g[JPN], "sato", "loss", body, &c));
        g[JPN].cut = cut[i];
        (void)sign(&g[JPN], "sato", &c);
        must(gate_restart(&g[JPN]));
        gates_beat(g, LAW_PARTIES);
        seconds_pass(g, 2);
        snprintf(line, sizeof line, "handle %s\nstate certain\n", hex);
        /* frozen and told, or neither */
        bool frozen = err_is(open_as(&g[JPN], "sato", &one.handle));
        assert_int_equal(frozen, rows_say(&g[KOR], line));
        assert_int_equal(frozen, i > 0);
        gate_mail_drop(&one.grant);
    }
    gates_end(g);
}

/* ---- the lease, and other people's employees ---- */

static void a_shorter_lease_is_the_grants(void **state)
{
    struct gate *g = gates_under(&(struct obligations){.duties = DUTY_LEASE, .lease_ms = 5000});
    struct given one = give_one(g);
    struct kept  k;
    (void)state;
    must(kept_get(g[JPN].guard, &one.handle, &k));
    assert_int_equal(k.lease_ms, 5000);
    must(open_as(&g[JPN], "sato", &one.handle));
    /* its giver falls silent: fresh for longer than this may be open */
    time_pass(&g[JPN], 6000);
    gate_tick(&g[JPN]);
    assert_true(partner_fresh(g[JPN].guard, (unsigned)(partner_find(g[JPN].guard, &g[KOR].party) -
                                                       g[JPN].guard->partner)));
    assert_int_equal(open_as(&g[JPN], "sato", &one.handle).code, ERR_STATE);
    gates_beat(g, LAW_PARTIES);
    must(open_as(&g[JPN], "sato", &one.handle));
    gate_mail_drop(&one.grant);
    gates_end(g);
}

/* hire - somebody of the nation at JPN; firm NULL: KOR itself employs him */
static void hire(struct gate *g, const char *who, const char *firm, const char *facility)
{
    struct gate_person *p = gate_person_new(g, who);
    uint8_t             key[SIGN_PUBLIC_LEN], hex[128];
    struct writer       h = writer_of(hex, sizeof hex - 1);
    char                body[768], firm_lines[128] = "employer KOR\n";
    sign_public(&p->key, key);
    put_hex(&h, SPAN_OF(key));
    hex[h.len] = 0;
    if (firm != NULL) {
        snprintf(firm_lines, sizeof firm_lines, "employer JPN\nfirm %s\nfacility %s\n", firm,
                 facility);
    }
    snprintf(body, sizeof body,
             "person %s\nkey %s\nnationality JPN\n%schain three\nroles reader\n"
             "clearance JPN:HI,JPN:TOKUTEI-HIMITSU\ntopics dprk-missile\n",
             who, (const char *)hex, firm_lines);
    struct gate_act add = {.act = "person-add", .body = body, .by = {"ok1", "ok2"}};
    must(gate_act(g, &add, NULL));
}

/* leave - KOR's word for a firm at JPN; scope: its lines `agreement` and `item` */
struct leave {
    const char *firm, *facility, *scope, *topics, *level;
    instant     until;
};

static err approve_firm(struct gate *g, const struct leave *v)
{
    char          body[1024];
    uint8_t       at[64];
    struct writer w = WRITER_OF(at);
    line_instant(&w, "until", v->until);
    snprintf(body, sizeof body,
             "partner JPN\nemployer JPN\nfirm %s\nfacility %s\n%stopics %s\nlevel %s\n"
             "%.*spurpose sensor upkeep\n",
             v->firm, v->facility, v->scope, v->topics, v->level, (int)w.len, (const char *)at);
    struct gate_act a = {.act = "contractor-approve", .body = body, .by = {"ok1", NULL}};
    return gate_act(g, &a, NULL);
}

static uint64_t last_approval(struct gate *g)
{
    uint64_t leaf = 0;
    for (unsigned i = 0; i < CONTRACTORS_MAX; i++) {
        uint64_t at = g->guard->contractors.given[i].leaf;
        leaf = at > leaf ? at : leaf;
    }
    return leaf;
}

static err revoke_firm(struct gate *g, uint64_t leaf)
{
    char body[128];
    snprintf(body, sizeof body, "approval %llu\nreason the inspection failed\n",
             (unsigned long long)leaf);
    struct gate_act a = {.act = "contractor-revoke", .body = body, .by = {"ok1", NULL}};
    return gate_act(g, &a, NULL);
}

static struct leave leave_all(const struct gate *g, char scope[static 128])
{
    snprintf(scope, 128, "agreement %s\nitem -\n", law.agreements.agreement[0].name.text);
    return (struct leave){"mhi", "nagoya", scope, "dprk-missile", "KOR:II", g->now + MS_PER_DAY};
}

static void a_contractor_opens_nothing(void **state)
{
    struct gate *g = gates_under(&(struct obligations){.duties = DUTY_CONTRACTORS});
    struct given one = give_one(g);
    (void)state;
    /* of the nation, and of another's employ, or of a firm's */
    hire(&g[JPN], "hired", NULL, NULL);
    hire(&g[JPN], "fitter", "mhi", "nagoya");
    assert_int_equal(open_as(&g[JPN], "hired", &one.handle).code, ERR_DENIED);
    assert_true(ledger_says(&g[JPN], "failed contractor\n"));
    assert_int_equal(open_as(&g[JPN], "fitter", &one.handle).code, ERR_DENIED);
    must(open_as(&g[JPN], "sato", &one.handle));
    gate_mail_drop(&one.grant);
    gates_end(g);
}

static void a_contractor_opens_what_its_originator_lets_it(void **state)
{
    struct gate *g = gates_under(&(struct obligations){.duties = DUTY_CONTRACTORS});
    struct given one = give_one(g);
    char         scope[128];
    (void)state;
    hire(&g[JPN], "fitter", "mhi", "nagoya");
    hire(&g[JPN], "welder", "mhi", "kobe");
    hire(&g[JPN], "rival", "khi", "nagoya");
    struct leave v = leave_all(&g[KOR], scope);
    must(approve_firm(&g[KOR], &v));
    letters_go(g);
    assert_true(ledger_says(&g[JPN], "say kind contractor\n"));
    must(open_as(&g[JPN], "fitter", &one.handle));
    assert_true(ledger_says(&g[JPN], "\napproval "));
    assert_int_equal(open_as(&g[JPN], "welder", &one.handle).code, ERR_DENIED);
    assert_int_equal(open_as(&g[JPN], "rival", &one.handle).code, ERR_DENIED);
    must(gate_restart(&g[JPN]));
    must(gate_restart(&g[KOR]));
    gates_beat(g, LAW_PARTIES);
    must(open_as(&g[JPN], "fitter", &one.handle));
    gate_mail_drop(&one.grant);
    gates_end(g);
}

static void an_approval_says_what_how_high_and_how_long(void **state)
{
    struct gate *g = gates_under(&(struct obligations){.duties = DUTY_CONTRACTORS});
    struct given one = give_one(g), other = give_one(g);
    char         scope[128], item[128], hex[33];
    (void)state;
    hire(&g[JPN], "fitter", "mhi", "nagoya");
    struct leave v = leave_all(&g[KOR], scope), low = v, blind = v, single = v, own = v, past = v;
    low.level = "KOR:III";
    blind.topics = "-";
    must(approve_firm(&g[KOR], &low));
    must(approve_firm(&g[KOR], &blind));
    letters_go(g);
    assert_int_equal(open_as(&g[JPN], "fitter", &one.handle).code, ERR_DENIED);
    hex_of(&other.epoch, hex);
    snprintf(item, sizeof item, "agreement -\nitem %s\n", hex);
    single.scope = item;
    single.until = g[KOR].now + 60 * MS_PER_SECOND;
    must(approve_firm(&g[KOR], &single));
    letters_go(g);
    assert_int_equal(open_as(&g[JPN], "fitter", &one.handle).code, ERR_DENIED);
    must(open_as(&g[JPN], "fitter", &other.handle));
    seconds_pass(g, 61);
    gates_beat(g, LAW_PARTIES);
    assert_int_equal(open_as(&g[JPN], "fitter", &other.handle).code, ERR_DENIED);
    must(open_as(&g[JPN], "sato", &other.handle));
    /* who is no contractor, what is over already, and what is of another policy */
    own.firm = own.facility = "-";
    assert_int_equal(approve_firm(&g[KOR], &own).code, ERR_DENIED);
    past.until = g[KOR].now;
    assert_int_equal(approve_firm(&g[KOR], &past).code, ERR_DENIED);
    past = v;
    past.level = "JPN:HI";
    assert_int_equal(approve_firm(&g[KOR], &past).code, ERR_DENIED);
    past = v;
    past.facility = "-";
    assert_int_equal(approve_firm(&g[KOR], &past).code, ERR_MALFORMED);
    past = v;
    past.scope = "agreement -\nitem -\n";
    assert_int_equal(approve_firm(&g[KOR], &past).code, ERR_MALFORMED);
    gate_mail_drop(&one.grant);
    gate_mail_drop(&other.grant);
    gates_end(g);
}

/* Of the agreement itself, and of what stands under it, but of no other. */
static void an_approval_is_for_one_agreement(void **state)
{
    struct gate *g = gates_under(&(struct obligations){.duties = DUTY_CONTRACTORS});
    struct given one = give_one(g);
    char         scope[128];
    struct kept  k;
    (void)state;
    hire(&g[JPN], "fitter", "mhi", "nagoya");
    must(kept_get(g[JPN].guard, &one.handle, &k));
    struct leave v = leave_all(&g[KOR], scope);
    snprintf(scope, sizeof scope, "agreement TISA\nitem -\n");
    must(approve_firm(&g[KOR], &v));
    letters_go(g);
    assert_int_equal(open_as(&g[JPN], "fitter", &one.handle).code, ERR_DENIED);
    snprintf(scope, sizeof scope, "agreement KOR-USA-1987\nitem -\n");
    assert_true(err_is(approve_firm(&g[KOR], &v)));
    snprintf(scope, sizeof scope, "agreement %s\nitem -\n",
             law.agreements.agreement[k.agreement].name.text);
    must(approve_firm(&g[KOR], &v));
    letters_go(g);
    must(open_as(&g[JPN], "fitter", &one.handle));
    gate_mail_drop(&one.grant);
    gates_end(g);
}

static void an_approval_is_taken_back(void **state)
{
    struct gate *g = gates_under(&(struct obligations){.duties = DUTY_CONTRACTORS});
    struct given one = give_one(g);
    char         scope[128];
    (void)state;
    hire(&g[JPN], "fitter", "mhi", "nagoya");
    struct leave v = leave_all(&g[KOR], scope);
    must(approve_firm(&g[KOR], &v));
    letters_go(g);
    must(open_as(&g[JPN], "fitter", &one.handle));
    uint64_t leaf = last_approval(&g[KOR]);
    must(revoke_firm(&g[KOR], leaf));
    letters_go(g);
    assert_int_equal(open_as(&g[JPN], "fitter", &one.handle).code, ERR_DENIED);
    must(gate_restart(&g[JPN]));
    gates_beat(g, LAW_PARTIES);
    assert_int_equal(open_as(&g[JPN], "fitter", &one.handle).code, ERR_DENIED);
    assert_int_equal(revoke_firm(&g[KOR], leaf).code, ERR_UNKNOWN);
    gate_mail_drop(&one.grant);
    gates_end(g);
}

/* As many as there is room for at both ends; those that were taken back make room at both. */
static void approvals_make_room(void **state)
{
    struct gate *g = gates_under(&(struct obligations){.duties = DUTY_CONTRACTORS});
    char         scope[128];
    (void)state;
    struct leave v = leave_all(&g[KOR], scope);
    for (unsigned i = 0; i < CONTRACTORS_EACH; i++) {
        must(approve_firm(&g[KOR], &v));
        letters_go(g);
        gates_beat(g, LAW_PARTIES);
    }
    assert_int_equal(approve_firm(&g[KOR], &v).code, ERR_FULL);
    must(revoke_firm(&g[KOR], last_approval(&g[KOR])));
    letters_go(g);
    must(approve_firm(&g[KOR], &v));
    letters_go(g);
    assert_false(ledger_says(&g[JPN], "kind letter-refused\n"));
    gates_end(g);
}

/* ---- translations ---- */

static const char as_strict[] = "JPN:TOKUTEI-HIMITSU of KOR about dprk-missile from imagery to JPN";

static err translate(struct gate *g, const char *who, const char *marking, const id *original,
                     id *epoch)
{
    char           hex[33], line[64];
    struct product p = {marking, "report", "honyaku"};
    hex_of(original, hex);
    snprintf(line, sizeof line, "translation-of %s\n", hex);
    return submit_more(g, who, &p, line, epoch);
}

static bool refused(struct gate *g, const char *who, const char *marking, const id *original)
{
    id epoch;
    return err_is(translate(g, who, marking, original, &epoch));
}

static void who_may_read_it_translates_it(void **state)
{
    struct gate *g = gates_under(&(struct obligations){.duties = DUTY_TRANSLATE});
    struct given one = give_one(g);
    id           epoch;
    (void)state;
    enrol(&g[JPN], &(struct enrol){"suzuki", "JPN", "author,reader", "JPN:HI,JPN:TOKUTEI-HIMITSU",
                                   "dprk-missile"});
    enrol(&g[JPN],
          &(struct enrol){"low", "JPN", "author,reader", "JPN:HI", "dprk-missile,maritime"});
    /* not opened yet */
    assert_true(refused(&g[JPN], "suzuki", as_strict, &one.handle));
    assert_true(ledger_says(&g[JPN], "who translates an item has opened it before"));
    must(open_as(&g[JPN], "suzuki", &one.handle));
    assert_true(refused(&g[JPN], "low", as_strict, &one.handle));
    assert_true(refused(&g[JPN], "suzuki", "JPN:HI of KOR about dprk-missile from imagery to JPN",
                        &one.handle));
    assert_true(refused(&g[JPN], "suzuki",
                        "JPN:TOKUTEI-HIMITSU of JPN about dprk-missile from imagery to JPN",
                        &one.handle));
    assert_true(refused(&g[JPN], "suzuki",
                        "JPN:TOKUTEI-HIMITSU of KOR about dprk-missile from imagery to JPN,USA",
                        &one.handle));
    assert_true(refused(&g[JPN], "suzuki",
                        "JPN:TOKUTEI-HIMITSU of KOR about maritime from imagery to JPN",
                        &one.handle));
    must(translate(&g[JPN], "suzuki", as_strict, &one.handle, &epoch));
    char hex[33], line[64];
    hex_of(&one.handle, hex);
    snprintf(line, sizeof line, "say translation-of %s\n", hex);
    assert_true(ledger_says(&g[JPN], line));
    gate_mail_drop(&one.grant);
    gates_end(g);
}

static void a_translation_goes_nowhere_and_names_its_originator(void **state)
{
    struct gate     *g = gates_under(&(struct obligations){.duties = DUTY_TRANSLATE});
    struct given     one = give_one(g);
    struct gate_mail grant;
    struct kept      k;
    struct opening   o;
    uint8_t          text[2048];
    struct writer    w = writer_of(text, sizeof text - 1);
    id               epoch;
    (void)state;
    enrol(&g[JPN], &(struct enrol){"suzuki", "JPN", "author,reader", "JPN:HI,JPN:TOKUTEI-HIMITSU",
                                   "dprk-missile"});
    must(open_as(&g[JPN], "suzuki", &one.handle));
    must(translate(&g[JPN], "suzuki", as_strict, &one.handle, &epoch));
    assert_int_not_equal(release(&g[JPN], &epoch, "USA", &grant), 'g');
    assert_int_not_equal(release(&g[JPN], &epoch, "KOR", &grant), 'g');
    must(open_as(&g[JPN], "sato", &epoch));
    must(kept_get(g[JPN].guard, &epoch, &k));
    must(opening_case(g[JPN].guard, &epoch, &k, &g[JPN].guard->person[0], &o));
    describe_put(g[JPN].guard, &epoch, &k, &o, &w);
    text[w.len] = 0;
    assert_non_null(strstr((const char *)text, "originator KOR\n"));
    assert_non_null(strstr((const char *)text, "banner KOR "));
    gate_mail_drop(&one.grant);
    gates_end(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_due_is_destroyed_by_its_guard),
        cmocka_unit_test(a_certificate_is_signed_by_so_many),
        cmocka_unit_test(what_has_no_time_takes_no_place),
        cmocka_unit_test(a_destruction_outlives_a_crash),
        cmocka_unit_test(a_certificate_that_is_on_no_record_destroys_nothing),
        cmocka_unit_test(what_is_taken_back_is_owed_no_more),
        cmocka_unit_test(no_more_copies_than_are_owed),
        cmocka_unit_test(a_loss_freezes_and_is_told),
        cmocka_unit_test(what_was_found_opens_once_its_giver_knows),
        cmocka_unit_test(a_report_of_loss_outlives_a_crash),
        cmocka_unit_test(a_shorter_lease_is_the_grants),
        cmocka_unit_test(a_contractor_opens_nothing),
        cmocka_unit_test(a_contractor_opens_what_its_originator_lets_it),
        cmocka_unit_test(an_approval_says_what_how_high_and_how_long),
        cmocka_unit_test(an_approval_is_for_one_agreement),
        cmocka_unit_test(an_approval_is_taken_back),
        cmocka_unit_test(approvals_make_room),
        cmocka_unit_test(who_may_read_it_translates_it),
        cmocka_unit_test(a_translation_goes_nowhere_and_names_its_originator),
    };
    return cmocka_run_group_tests(tests, duties_make, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* An agreement whose text says `after end destroy` ends: the keys of what came under it go, and no others. */
#include "orders.h"

#include "agreement/table.h"
#include "guard/kept.h"
#include "guard/look.h"

static const char ashes_text[] =
    "arrangement ASHES under GSOMIA \"What is burnt at the end\"\n"
    "    parties KOR, JPN\n"
    "    after end %s\n"
    "    KOR may release report from acoustic to JPN about dprk-missile up to KOR:II\n";

static const struct product heard = {"KOR:II of KOR about dprk-missile from acoustic to JPN",
                                     "report", "Below the surface"};

static struct agreement as_shipped;

static int ended_make(void **state)
{
    int failed = suite_make(state);
    as_shipped = law.agreements.agreement[0];
    return failed;
}

/* What stands above it asks for the signatures of so many persons. */
static void law_certify(uint8_t certifiers)
{
    struct agreement *a = &law.agreements.agreement[0];
    struct law_text  *t = &law.agreement[0];
    struct writer     w = WRITER_OF(t->table);
    *a = as_shipped;
    a->owed.duties &= ~(uint32_t)DUTY_CERTIFICATE;
    a->owed.duties |= certifiers > 0 ? DUTY_CERTIFICATE : 0;
    a->owed.certifiers = certifiers;
    assert_true(owed_valid(&a->owed));
    agreement_write(&law.policies, a, &w);
    assert_false(w.bad);
    t->len = (uint32_t)w.len;
    sha256(writer_span(&w), t->digest);
    memcpy(a->digest, t->digest, sizeof a->digest);
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

static struct gate *gates_under(uint8_t certifiers, const char *after)
{
    char                   text[512];
    static struct law_text ashes;
    struct gate           *g = calloc(LAW_PARTIES, sizeof *g);
    assert_non_null(g);
    law_certify(certifiers);
    law.agreements.count = LAW_AGREEMENTS;
    snprintf(text, sizeof text, ashes_text, after);
    must(law_agreement(&law, span_text(text), &ashes));
    gates_open(g, 1);
    must(gate_agreement(g, &law, &ashes));
    people_make(g);
    seconds_pass(g, 3);
    gates_beat(g, LAW_PARTIES);
    return g;
}

static void gates_end(struct gate *g)
{
    gates_close(g);
    free(g);
}

static void handle_line(const id *handle, const char *format, char *out, size_t room)
{
    uint8_t       hex[33] = {0};
    struct writer h = writer_of(hex, 32);
    put_hex(&h, id_span(handle));
    snprintf(out, room, format, (const char *)hex);
}

/* What comes under ASHES waits for an officer. */
static id give_ashes(struct gate g[static LAW_PARTIES])
{
    struct gate_mail grant;
    id               epoch, handle;
    char             body[128];
    must(submit(&g[KOR], "author", &heard, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'h');
    handle_line(&epoch, "epoch %s\npartner JPN\n", body, sizeof body);
    struct gate_act approve = {.act = "approve", .body = body, .by = {"ok1", NULL}};
    must(gate_act(&g[KOR], &approve, NULL));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    gate_mail_drop(&grant);
    return handle;
}

static void ashes_end(struct gate g[static LAW_PARTIES])
{
    static const char *const body = "agreement ASHES\nat 2026-11-22\nreason r\n";
    for (unsigned i = KOR; i <= JPN; i++) {
        struct gate_act end = {.act = "terminate", .body = body, .by = {"ok1", "ok2"}};
        must(gate_act(&g[i], &end, NULL));
    }
    letters_go(g);
}

static bool is_held(struct gate *g, const id *handle)
{
    struct kept k = {0};
    err         e = kept_get(g->guard, handle, &k);
    secret_wipe(&k.key);
    assert_true(!err_is(e) || e.code == ERR_STATE);
    return !err_is(e);
}

static bool status_says(struct gate *g, const char *lines)
{
    static uint8_t text[LOOK_ROOM];
    struct writer  w = writer_of(text, sizeof text - 1);
    ended_status(g->guard, &w);
    text[w.len] = 0;
    return strstr((const char *)text, lines) != NULL;
}

#define ONE_LOOK (GATE_SLOTS / ENDED_SLOTS_A_TURN)

static void the_keys_of_what_came_under_it_go_and_no_others(void **state)
{
    struct gate *g = gates_under(0, "destroy");
    struct given other = give_one(g);
    id           own, handle = give_ashes(g), another = give_ashes(g);
    char         line[128];
    (void)state;
    must(submit(&g[KOR], "author", &heard, &own));
    must(open_as(&g[JPN], "sato", &handle));
    ashes_end(g);
    seconds_pass(g, 1);
    assert_true(status_says(&g[JPN], "after-end destroy what came under ASHES\n"));
    seconds_pass(g, ONE_LOOK + 2);
    assert_false(is_held(&g[JPN], &handle));
    assert_false(is_held(&g[JPN], &another));
    assert_true(is_held(&g[JPN], &other.handle));
    assert_true(is_held(&g[KOR], &own));
    must(open_as(&g[JPN], "sato", &other.handle));
    assert_true(taken(&g[JPN], ANSWER_FORGET) > 0);
    assert_true(ledger_says(&g[JPN], "kind falls-due"));
    assert_true(ledger_says(&g[JPN], "kind destroyed"));
    assert_false(ledger_says(&g[KOR], "kind falls-due"));
    handle_line(&handle, "say handle %s\n", line, sizeof line);
    assert_true(ledger_says(&g[KOR], line));
    seconds_pass(g, 2 * ONE_LOOK);
    assert_false(status_says(&g[JPN], "after-end"));
    /* a start tells of the end again, and finds nothing to be done */
    must(gate_restart(&g[JPN]));
    must(gate_restart(&g[KOR]));
    seconds_pass(g, 1);
    assert_true(status_says(&g[JPN], "after-end-left 0\n"));
    seconds_pass(g, 2 * ONE_LOOK);
    assert_false(status_says(&g[JPN], "after-end"));
    gate_mail_drop(&other.grant);
    gates_end(g);
}

static unsigned said_times(const struct gate *g, const char *text)
{
    unsigned       count = 0;
    const uint8_t *at = g->ledger.ptr, *end = g->ledger.ptr + g->ledger.len;
    while ((at = memmem(at, (size_t)(end - at), text, strlen(text))) != NULL) {
        at += strlen(text);
        count++;
    }
    return count;
}

/* Wherever the power fails, the key goes, and the ledger has one leaf of each kind of it. */
static void it_outlives_a_crash(void **state)
{
    static const enum gate_cut_place place[] = {GATE_CUT_WRITE, GATE_CUT_SLOTS, GATE_CUT_LEDGER,
                                                GATE_CUT_MAIL};
    struct gate                     *model = gates_under(0, "destroy");
    id                               handle = give_ashes(model);
    (void)state;
    for (unsigned i = 0; i < ARRAY_LEN(place) * (ONE_LOOK + 2); i++) {
        struct gate *g = calloc(LAW_PARTIES, sizeof *g);
        assert_non_null(g);
        for (unsigned p = 0; p < LAW_PARTIES; p++) {
            must(gate_copy(&g[p], &model[p], i + 2));
        }
        gates_beat(g, LAW_PARTIES);
        ashes_end(g);
        for (unsigned s = 0; s <= ONE_LOOK + 2; s++) {
            bool cut = s == i / ARRAY_LEN(place);
            g[JPN].cut = (struct gate_cut){cut ? place[i % ARRAY_LEN(place)] : GATE_WHOLE, 0};
            time_pass(&g[JPN], 1000);
            gate_tick(&g[JPN]);
            if (cut) {
                must(gate_restart(&g[JPN]));
            }
        }
        gates_beat(g, LAW_PARTIES);
        seconds_pass(g, 3 * ONE_LOOK);
        assert_false(is_held(&g[JPN], &handle));
        assert_int_equal(said_times(&g[JPN], "kind falls-due"), 1);
        assert_int_equal(said_times(&g[JPN], "kind destroyed"), 1);
        assert_true(ledger_says(&g[KOR], "say kind certificate"));
        assert_false(status_says(&g[JPN], "after-end"));
        gates_end(g);
    }
    gates_end(model);
}

/* Its giver has its own: what is given up is the key. */
static void what_is_to_be_returned_goes_so_too(void **state)
{
    struct gate *g = gates_under(0, "return");
    id           handle = give_ashes(g);
    (void)state;
    ashes_end(g);
    seconds_pass(g, 1);
    assert_true(status_says(&g[JPN], "after-end return what came under ASHES\n"));
    seconds_pass(g, ONE_LOOK + 2);
    assert_false(is_held(&g[JPN], &handle));
    gates_end(g);
}

/* Nor does a key go of what is only to be protected on. */
static void what_is_to_be_protected_stays(void **state)
{
    struct gate *g = gates_under(0, "protect");
    id           handle = give_ashes(g);
    (void)state;
    ashes_end(g);
    seconds_pass(g, 2 * ONE_LOOK + 2);
    assert_true(is_held(&g[JPN], &handle));
    must(open_as(&g[JPN], "sato", &handle));
    assert_false(status_says(&g[JPN], "after-end"));
    gates_end(g);
}

static void where_persons_owe_a_certificate_it_waits_for_them(void **state)
{
    static const char *const by[] = {"ok1", "ok2"};
    struct gate             *g = gates_under(2, "destroy");
    id                       handle = give_ashes(g);
    char                     body[128];
    (void)state;
    ashes_end(g);
    seconds_pass(g, 2 * ONE_LOOK + 2);
    assert_true(ledger_says(&g[JPN], "duty destroy"));
    assert_true(is_held(&g[JPN], &handle));
    assert_int_equal(open_as(&g[JPN], "sato", &handle).code, ERR_STATE);
    must(gate_restart(&g[JPN]));
    gates_beat(g, LAW_PARTIES);
    seconds_pass(g, 2 * ONE_LOOK);
    assert_true(status_says(&g[JPN], "after-end-left 1\n"));
    assert_int_equal(said_times(&g[JPN], "duty destroy"), 1);
    handle_line(&handle, "handle %s\nreason burnt\n", body, sizeof body);
    for (unsigned i = 0; i < ARRAY_LEN(by); i++) {
        assert_true(is_held(&g[JPN], &handle));
        struct gate_act certify = {.act = "certify", .body = body, .by = {by[i], NULL}};
        must(gate_act(&g[JPN], &certify, NULL));
    }
    seconds_pass(g, 2 * ONE_LOOK + 2);
    assert_false(is_held(&g[JPN], &handle));
    assert_int_equal(said_times(&g[JPN], "kind falls-due"), 1);
    assert_true(ledger_says(&g[KOR], "say certifier ok1\nsay certifier ok2\n"));
    assert_false(status_says(&g[JPN], "after-end"));
    gates_end(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_keys_of_what_came_under_it_go_and_no_others),
        cmocka_unit_test(it_outlives_a_crash),
        cmocka_unit_test(what_is_to_be_returned_goes_so_too),
        cmocka_unit_test(what_is_to_be_protected_stays),
        cmocka_unit_test(where_persons_owe_a_certificate_it_waits_for_them),
    };
    return cmocka_run_group_tests(tests, ended_make, NULL);
}

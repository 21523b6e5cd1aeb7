/* SPDX-License-Identifier: Apache-2.0 */
/* A guard neither signs nor loads an arrangement that loosens what is loaded here, whoever compiled and signed it. */
#include "stage.h"

#include "guard/state.h"

static struct law_text text;

struct loose {
    const char *source, *why;
};

#define UNDER "arrangement B under GSOMIA article 5 \"b\"\n    parties KOR, JPN\n"
#define GIVE  "    KOR may release report from radar to JPN about cyber up to KOR:"

static const struct loose row[] = {
    {UNDER "    receipt within 25 hours\n", "it asks for less"},
    {UNDER GIVE "II\n        report loss or possible loss within 1 hour\n",
     "a permission asks for less"},
    {UNDER GIVE "I\n", "names levels"},
    {UNDER GIVE "II\n    never radar\n", "forbids all"},
    {UNDER GIVE "II\n        receipt within 24 hours\n", NULL},
};

static void text_make(const char *source)
{
    must(law_agreement(&law, span_text(source), &text));
    law.agreements.count--;
}

static err signed_here(struct gate *g)
{
    struct gate_act a = {.act = "agreement-sign",
                         .body = "agreement B\n",
                         .attachment = {text.table, text.len},
                         .by = {"ok1", "ok2"}};
    return gate_act(g, &a, NULL);
}

static err loaded_here(struct gate g[static LAW_PARTIES])
{
    uint8_t       body[1024];
    struct writer w = WRITER_OF(body);
    line_text(&w, "agreement", SPAN_LIT("B"));
    for (unsigned i = JPN + 1; i > 0; i--) {
        uint8_t signature[SIGNATURE_LEN];
        sign_make(&g[i - 1].identity, "accord agreement 1", SPAN_OF(text.digest), signature);
        put_text(&w, "signature ");
        put_span(&w, name_span(&g[i - 1].party));
        put_u8(&w, ' ');
        put_hex(&w, SPAN_OF(signature));
        put_u8(&w, '\n');
    }
    put_u8(&w, 0);
    assert_false(w.bad);
    struct gate_act a = {.act = "agreement-load",
                         .body = (const char *)body,
                         .attachment = {text.table, text.len},
                         .by = {"ok1", "ok2"}};
    return gate_act(&g[KOR], &a, NULL);
}

static void refused(err e, const char *why)
{
    assert_int_equal(e.code, ERR_CONFLICT);
    assert_non_null(strstr(e.why, why));
}

static void what_loosens_is_neither_signed_nor_loaded(void **state)
{
    struct gate *g = *state;
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        text_make(row[i].source);
        unsigned before = g[KOR].guard->tables.agreements.count;
        err      s = signed_here(&g[KOR]), l = loaded_here(g);
        if (row[i].why == NULL) {
            must(s);
            must(l);
        } else {
            refused(s, row[i].why);
            refused(l, row[i].why);
        }
        assert_int_equal(g[KOR].guard->tables.agreements.count, before + (row[i].why == NULL));
    }
}

/* Signed before what it stands under is there, it is shown that nobody could tell; it is not loaded. */
static void what_cannot_be_told_is_not_loaded(void **state)
{
    struct gate *g = *state;
    text_make("arrangement B under ELSEWHERE \"b\"\n    parties KOR, JPN\n");
    must(signed_here(&g[KOR]));
    assert_true(ledger_says(&g[KOR], "is not loaded here, so whether it only tightens"));
    assert_int_equal(loaded_here(g).code, ERR_STATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(what_loosens_is_neither_signed_nor_loaded),
        STORY(what_cannot_be_told_is_not_loaded),
    };
    return cmocka_run_group_tests(tests, suite_make, NULL);
}

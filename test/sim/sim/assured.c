/* SPDX-License-Identifier: Apache-2.0 */
/* A partner that assures under several agreements: the guard states the assurance by which an item goes. */
#include "stage.h"

#include "guard/state.h"

static const char naval[] =
    "agreement NAVAL \"On things\"\n    parties KOR, JPN\n    signed 2016-11-23\n"
    "    in force 2016-11-23\n"
    "    covers any between the parties up to KOR:II, JPN:GOKUHI\n    KOR:II = JPN:GOKUHI\n"
    "    KOR may release thing from imagery to JPN about dprk-missile up to KOR:II\n"
    "    read needs assurance\n";
static const struct product thing = {"KOR:II of KOR about dprk-missile from imagery to JPN",
                                     "thing", "A thing"};

static void assure_under(struct gate *g, const char *agreement)
{
    uint8_t       body[1024], text[2048];
    struct writer w = WRITER_OF(body), result = WRITER_OF(text);
    line_text(&w, "from", SPAN_LIT("JPN"));
    line_text(&w, "to", SPAN_LIT("KOR"));
    line_text(&w, "agreement", span_text(agreement));
    line_text(&w, "levels", SPAN_LIT("KOR:II"));
    line_text(&w, "topics", SPAN_LIT("dprk-missile"));
    line_instant(&w, "valid-from", g[JPN].now - MS_PER_DAY);
    line_instant(&w, "valid-until", g[JPN].now + 30 * MS_PER_DAY);
    line_text(&w, "authority", SPAN_LIT("Ministry of Defence"));
    put_u8(&w, 0);
    struct gate_act give = {
        .act = "assurance-give", .body = (const char *)body, .by = {"ok1", NULL}};
    must(gate_act(&g[JPN], &give, &result));
    put_u8(&result, 0);
    struct gate_act load = {
        .act = "assurance-load", .body = (const char *)text, .by = {"ok1", NULL}};
    must(gate_act(&g[KOR], &load, NULL));
}

static void the_assurance_that_counts_is_stated(void **state)
{
    struct gate           *g = *state;
    static struct law_text text;
    struct gate_mail       grant;
    id                     epoch;
    must(law_agreement(&law, span_text(naval), &text));
    must(gate_agreement(g, &law, &text));
    law.agreements.count--;
    people_make(g);
    must(submit(&g[KOR], "author", &thing, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'n');
    assure_under(g, "NAVAL");
    must(submit(&g[KOR], "author", &thing, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'h');
    assert_true(ledger_says(&g[KOR], "assurance NAVAL"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {STORY(the_assurance_that_counts_is_stated)};
    return cmocka_run_group_tests(tests, suite_make, NULL);
}

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
    must(gate_assure(&g[JPN], &g[KOR], "NAVAL", "KOR:II"));
    must(submit(&g[KOR], "author", &thing, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'h');
    assert_true(ledger_says(&g[KOR], "assurance NAVAL"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {STORY(the_assurance_that_counts_is_stated)};
    return cmocka_run_group_tests(tests, suite_make, NULL);
}

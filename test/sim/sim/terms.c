/* SPDX-License-Identifier: Apache-2.0 */
/* What an agreement permits in a sea, within a time and reduced only, between guards */
#include "stage.h"

static const char sea_text[] =
    "arrangement SEA under GSOMIA \"What is heard in the East Sea\"\n"
    "    parties KOR, JPN\n"
    "    define area EAST-SEA = polygon 36.0N 129.5E, 36.0N 135.0E, 41.0N 135.0E, 41.0N 129.5E\n"
    "    define window AUTUMN = 2026-11-01 to 2026-12-01\n"
    "    define window SUMMER = 2026-06-01 to 2026-09-01\n"
    "    define reduction COARSE = position to 10 km, without source\n"
    "    KOR may release report from acoustic to JPN about dprk-missile up to KOR:II in EAST-SEA "
    "during AUTUMN reduced COARSE\n"
    "    KOR may release image from acoustic to JPN about dprk-missile up to KOR:II in EAST-SEA "
    "during SUMMER\n";

#define IN_IT    "36.0000000,130.0000000,37.0000000,131.0000000"
#define PARTLY   "35.9999999,130.0000000,37.0000000,131.0000000"
#define OUTSIDE  "30.0000000,130.0000000,31.0000000,131.0000000"
#define ENOUGH   "position-m=10000,without=source"
#define MORE     "position-m=20000,delay-ms=1,without=height+source"
#define TOO_FINE "position-m=9999,without=source"
#define SOURCED  "position-m=10000"

static const struct product heard = {"KOR:II of KOR about dprk-missile from acoustic to JPN",
                                     "report", "Below the surface"};
static const struct product seen = {"KOR:II of KOR about dprk-missile from acoustic to JPN",
                                    "image", "A sonogram"};

static void law_add(struct gate g[static LAW_PARTIES])
{
    static struct law_text sea;
    static bool            compiled;
    if (!compiled) {
        must(law_agreement(&law, span_text(sea_text), &sea));
        compiled = true;
    }
    must(gate_agreement(g, &law, &sea));
    people_make(g);
    for (unsigned i = 0; i < LAW_PARTIES; i++) {
        g[i].now += 2 * MS_PER_SECOND; /* it stands from when it was surely accepted */
        g[i].boot_ms += 2000;
    }
    gates_beat(g, LAW_PARTIES);
}

static void only_where_when_and_as_much_less_as_the_clause_says(void **state)
{
    static const struct {
        const struct product *product;
        const char           *extent, *reduced;
        char                  outcome;
    } row[] = {
        {&heard, IN_IT, ENOUGH, 'h'},   {&heard, IN_IT, MORE, 'h'},  {&heard, PARTLY, ENOUGH, 'n'},
        {&heard, OUTSIDE, ENOUGH, 'n'}, {&heard, NULL, ENOUGH, 'n'}, {&heard, IN_IT, TOO_FINE, 'n'},
        {&heard, IN_IT, SOURCED, 'n'},  {&heard, IN_IT, NULL, 'n'},  {&seen, IN_IT, ENOUGH, 'n'},
    };
    struct gate     *g = *state;
    struct gate_mail grant;
    id               epoch;
    law_add(g);
    for (size_t i = 0; i < ARRAY_LEN(row); i++) {
        must(submit_said(&g[KOR], "author", row[i].product, row[i].extent, row[i].reduced, &epoch));
        char got = release(&g[KOR], &epoch, "JPN", &grant);
        if (got != row[i].outcome) {
            fail_msg("row %zu: %c", i, got);
        }
    }
}

static void what_is_approved_is_judged_the_same_by_who_gets_it(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               epoch, handle;
    uint8_t          hex[64];
    struct writer    h = WRITER_OF(hex);
    char             body[128];
    law_add(g);
    must(submit_said(&g[KOR], "author", &heard, IN_IT, ENOUGH, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'h');
    put_hex(&h, id_span(&epoch));
    snprintf(body, sizeof body, "epoch %.32s\npartner JPN\n", (const char *)hex);
    struct gate_act approve = {.act = "approve", .body = body, .by = {"ok1", NULL}};
    must(gate_act(&g[KOR], &approve, NULL));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
    assert_true(receive(&g[JPN], &g[KOR], &grant, &handle));
    assert_true(ledger_says(&g[JPN], "\npermit SEA clause 1\n"));
    must(open_as(&g[JPN], "sato", &handle));
    gate_mail_drop(&grant);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(only_where_when_and_as_much_less_as_the_clause_says),
        STORY(what_is_approved_is_judged_the_same_by_who_gets_it),
    };
    return cmocka_run_group_tests(tests, suite_make, NULL);
}

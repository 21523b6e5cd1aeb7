/* SPDX-License-Identifier: Apache-2.0 */
/* The level that the receiver adds: by the agreement's own table, one of several by an officer's choice. */
#include "stage.h"

static const struct product third = {"KOR:III of KOR about dprk-missile from imagery to JPN",
                                     "image", "Harbour"};
static const struct product first = {"KOR:I of KOR about dprk-missile from imagery to JPN", "image",
                                     "Level I"};

static void cross(struct gate g[static LAW_PARTIES], const struct product *p, id *handle)
{
    struct gate_mail grant;
    id               epoch;
    must(submit(&g[KOR], "author", p, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'g');
    assert_true(receive(&g[JPN], &g[KOR], &grant, handle));
    gate_mail_drop(&grant);
}

static bool waits(struct gate *g, const id *handle, const char *says)
{
    char text[2048] = "";
    must(look_as(g, "ok1", LOOK_LEVEL, handle, text, sizeof text));
    return text[0] != 0 && strstr(text, says) != NULL;
}

static err designate(struct gate *g, const id *handle, const char *to)
{
    char          body[128];
    uint8_t       hex[64];
    struct writer h = WRITER_OF(hex);
    put_hex(&h, id_span(handle));
    snprintf(body, sizeof body, "handle %.32s\nlevel %s\n", (const char *)hex, to);
    struct gate_act a = {.act = "designate", .body = body, .by = {"ok1", NULL}};
    return gate_act(g, &a, NULL);
}

static void the_only_candidate_is_added_by_itself(void **state)
{
    struct gate *g = *state;
    id           handle;
    char         text[2048] = "";
    people_make(g);
    cross(g, &third, &handle);
    assert_true(ledger_says(&g[JPN], "\nown-level JPN:HI\nown-level-chosen yes\n"));
    assert_false(waits(&g[JPN], &handle, ""));
    must(look_as(&g[JPN], "noclear", LOOK_ITEM, &handle, text, sizeof text));
    assert_non_null(strstr(text, "\noriginator KOR\n"));
    assert_non_null(strstr(text, "\nmarking KOR:III of KOR "));
    assert_non_null(strstr(text, "\nown-level JPN:HI\nown-level-chosen yes\n"));
    assert_non_null(strstr(text, "\nbanner KOR 군사 III급 비밀 | 秘\n"));
    must(open_as(&g[JPN], "noclear", &handle));
    /* there is nothing to choose, and no level of another agreement */
    assert_int_equal(designate(&g[JPN], &handle, "JPN:GOKUHI").code, ERR_DENIED);
    assert_int_equal(designate(&g[JPN], &handle, "KOR:III").code, ERR_DENIED);
}

static void of_several_the_strictest_until_an_officer_chose(void **state)
{
    struct gate *g = *state;
    id           handle;
    people_make(g);
    enrol(&g[JPN], &(struct enrol){"gokuhi", "JPN", "reader", "JPN:GOKUHI", "dprk-missile"});
    cross(g, &imagery, &handle);
    assert_true(ledger_says(&g[JPN], "\nown-level JPN:TOKUTEI-HIMITSU\nown-level-chosen no\n"));
    assert_true(waits(&g[JPN], &handle, "\noriginator KOR\n"));
    assert_true(waits(&g[JPN], &handle,
                      "\nown-level JPN:TOKUTEI-HIMITSU\n"
                      "candidates JPN:GOKUHI,JPN:TOKUTEI-HIMITSU\n"));
    must(open_as(&g[JPN], "sato", &handle));
    assert_int_equal(open_as(&g[JPN], "gokuhi", &handle).code, ERR_DENIED);
    assert_int_equal(designate(&g[JPN], &handle, "JPN:HI").code, ERR_DENIED);
    assert_int_equal(designate(&g[JPN], &handle, "JPN:KIMITSU").code, ERR_DENIED);
    assert_true(waits(&g[JPN], &handle, ""));
    must(designate(&g[JPN], &handle, "JPN:GOKUHI"));
    assert_true(ledger_says(&g[JPN], "level JPN:GOKUHI"));
    for (unsigned i = 0; i < 2; i++) {
        assert_false(waits(&g[JPN], &handle, ""));
        must(open_as(&g[JPN], "gokuhi", &handle));
        assert_int_equal(open_as(&g[JPN], "sato", &handle).code, ERR_DENIED);
        must(gate_restart(&g[JPN]));
        gates_beat(g, LAW_PARTIES);
    }
}

/* Who may not open it learns no title, and who is no officer learns nothing. */
static void what_waits_is_for_officers(void **state)
{
    struct gate *g = *state;
    id           handle, nothing = {{1}};
    char         text[2048] = "";
    people_make(g);
    cross(g, &imagery, &handle);
    assert_int_equal(look_as(&g[JPN], "sato", LOOK_LEVEL, &handle, text, sizeof text).code,
                     ERR_DENIED);
    assert_true(waits(&g[JPN], &handle, "\nmarking KOR:II "));
    assert_false(waits(&g[JPN], &handle, "title"));
    assert_false(waits(&g[JPN], &nothing, ""));
    id own;
    must(submit(&g[KOR], "author", &imagery, &own));
    assert_false(waits(&g[KOR], &own, ""));
}

/* Level I has no equivalent: it is refused by that name, and nothing is put in its place. */
static void what_has_no_equivalent_does_not_pass(void **state)
{
    struct gate     *g = *state;
    struct gate_mail grant;
    id               epoch;
    people_make(g);
    must(submit(&g[KOR], "author", &first, &epoch));
    assert_int_equal(release(&g[KOR], &epoch, "JPN", &grant), 'n');
    assert_true(ledger_says(&g[KOR], "\nfailed clause,equivalent\n"));
    assert_false(ledger_says(&g[KOR], "\ncandidates JPN:")); /* nor what USA's own line offers it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(the_only_candidate_is_added_by_itself),
        STORY(of_several_the_strictest_until_an_officer_chose),
        STORY(what_waits_is_for_officers),
        STORY(what_has_no_equivalent_does_not_pass),
    };
    return cmocka_run_group_tests(tests, suite_make, NULL);
}

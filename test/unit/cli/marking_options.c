/* SPDX-License-Identifier: Apache-2.0 */
/* Every option of `accord marking`: a value that it can have, and one that it can never have. */
#include "unit/cli/run.h"

/* good, bad   bad NULL: it has no value, is any text, or a file, which is judged as one */
static const struct {
    const char *option, *good, *bad;
} values[] = {
    {"from", "tlp", "tlq"},
    {"to", "banner", "spiffy"},
    {"created", "2026-11-22T00:00:00Z", "garbage"},
    {"leave-out", "topics,kind,review", "topics,topicz"},
    {"lang", "ko-KR", "xx"},
    {"banner", "SECRET//NOFORN", "SECRET//NOFORM"},
    {"topics", "dprk-missile", "dprk-missal"},
    {"disciplines", "radar,human", "radar,,human"},
    {"of", "KOR", "XYZ"},
    {"rule", "register", "open"},
    {"clearance-form", "stanag4774", "tlp"},
    {"direction", "decrypt", "both"},
    {"levels", "TS,S", "Z"},
    {"nationality", "KOR,JPN", "ZZZ"},
    {"employer", "USA", "USA,KOR"},
    {"sci", "SI,TK", "SI TK"},
    {"sap", "BP", "B/P"},
    {"accm", "FICTITIOUS", ""},
    {"aea", "RD,FRD-SG-20", "RD-SG-0"},
    {"nato", "NATO,ATOMAL", "COSMIC"},
    {"controls", "OC,LES", "NONE"},
    {"to-policy", "KOR", "NOPE"},
    {"policy", NULL, NULL},
    {"policies", NULL, NULL},
    {"clearance", NULL, NULL},
    {"agreement", NULL, NULL},
    {"with", NULL, NULL},
    {"out", NULL, NULL},
    {"text", NULL, NULL},
    {"lines", NULL, NULL},
    {"lenient", NULL, NULL},
};

static const struct verb *verb_named(const char *words)
{
    for (unsigned i = 0; i < verb_row_count; i++) {
        if (strcmp(verb_rows[i].words, words) == 0) {
            return &verb_rows[i];
        }
    }
    return NULL;
}

static bool is_listed(const char *option)
{
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        if (strcmp(values[i].option, option) == 0) {
            return true;
        }
    }
    print_message("no row for --%s\n", option);
    return false;
}

static const char *const verbs[] = {"parse", "format", "convert",   "explain",
                                    "join",  "rollup", "dominates", "translate"};

static void value_tried(const char *verb, const char *option, const char *value, bool good)
{
    char dashed[64];
    (void)snprintf(dashed, sizeof dashed, "--%s", option);
    int  status = RUN("marking", verb, "TLP:RED", dashed, value);
    bool named = strncmp(answer_string("about"), dashed, strlen(dashed)) == 0 &&
                 answer_string("about")[strlen(dashed)] == ' ';
    if (good ? status == CALL_USAGE && named : status != CALL_USAGE || !named) {
        print_message("marking %s %s '%s': %d, %s (%s)\n", verb, dashed, value, status,
                      answer_string("error"), answer_string("about"));
        fail();
    }
}

static void a_bad_value_is_wrong_usage_of_every_verb(void **state)
{
    unsigned tried = 0;
    (void)state;
    for (size_t v = 0; v < sizeof verbs / sizeof verbs[0]; v++) {
        char words[64];
        (void)snprintf(words, sizeof words, "marking %s", verbs[v]);
        for (const struct option *o = verb_named(words)->option; o->name != NULL; o++) {
            assert_true(is_listed(o->name));
            for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
                if (strcmp(values[i].option, o->name) == 0 && values[i].bad != NULL) {
                    value_tried(verbs[v], o->name, values[i].bad, false);
                    value_tried(verbs[v], o->name, values[i].good, true);
                    tried++;
                }
            }
        }
    }
    assert_true(tried > 70);
}

static void nothing_that_is_given_is_passed_over(void **state)
{
    (void)state;
    assert_int_equal(RUN("marking", "parse", "TLP:RED", "--lang", "ko", "--lang", "ja"),
                     CALL_USAGE);
    assert_string_equal(answer_string("about"), "--lang ja");
    assert_int_equal(RUN("marking", "convert", "TLP:RED", "--to", "misp", "--leave-out", "id",
                         "--leave-out", "kind"),
                     CALL_DONE);
    assert_int_equal(RUN("marking", "parse", "--lines", "TLP:RED"), CALL_USAGE);
    assert_string_equal(answer_string("about"), "TLP:RED");
}

/* An option that does nothing is not passed over: whoever gave it expected something of it */
static void an_option_of_no_use_is_refused(void **state)
{
    static const char        kor[] = "KOR:II of KOR about dprk-missile from radar to JPN,USA";
    static const char *const lines[][9] = {
        {"--topics", "parse", "SECRET//NOFORN", "--topics", "dprk-missile"},
        {"--banner", "parse", "SECRET//NOFORN", "--banner", "SECRET//NOFORN"},
        {"--of", "explain", "TLP:RED", "--of", "KOR"},
        {"--created", "convert", "SECRET//NOFORN", "--to", "portion", "--created",
         "2026-11-22T00:00:00Z"},
        {"--lang", "format", kor, "--to", "marking", "--lang", "ko"},
        {"--created", "format", kor, "--lang", "ko", "--created", "2026-11-22T00:00:00Z"},
        {"--of", "rollup", "(S//NF)", "(C//NF)", "--of", "KOR"},
        {"--clearance", "dominates", "SECRET//NOFORN", "--clearance", "x"},
        {"--levels", "dominates", "TLP:RED", "--levels", "S"},
        {"--with", "translate", "TLP:RED", "--to-policy", "KOR", "--direction", "encrypt", "--with",
         "x"},
        {"--out", "translate", "TLP:RED", "--to-policy", "KOR", "--direction", "encrypt", "--out",
         "x"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const char *words[16] = {"marking"};
        for (unsigned k = 1; k < 9 && lines[i][k] != NULL; k++) {
            words[k] = lines[i][k];
        }
        assert_int_equal(run(words), CALL_FAILED);
        assert_string_equal(answer_string("about"), lines[i][0]);
        assert_string_equal(answer_string("code"), "conflict");
    }
}

/* A refusal that an option undoes names it */
static void a_refusal_names_the_option_that_lifts_it(void **state)
{
    static const char usa[] = "USA:SECRET of USA about dprk-missile from radar to JPN,KOR";
    static char       text[8192];
    (void)state;
    assert_int_equal(RUN("marking", "convert", usa, "--to", "stanag4774"), CALL_FAILED);
    assert_non_null(strstr(answer_string("about"), "--created"));
    assert_int_equal(
        RUN("marking", "convert", usa, "--to", "stanag4774", "--created", "2026-11-22T00:00:00Z"),
        CALL_DONE);
    (void)snprintf(text, sizeof text, "%s", answer_string("text"));
    assert_int_equal(RUN("marking", "convert", text, "--to", "xep-0258"), CALL_FAILED);
    assert_string_equal(answer_string("about"), "--leave-out created lets it go");
    assert_int_equal(RUN("marking", "convert", text, "--to", "marking"), CALL_FAILED);
    assert_string_equal(answer_string("about"), "--leave-out created lets it go");
    assert_int_equal(RUN("marking", "convert", usa, "--to", "banner"), CALL_FAILED);
    assert_string_equal(answer_string("about"), "--leave-out topics,disciplines lets it go");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bad_value_is_wrong_usage_of_every_verb),
        cmocka_unit_test(nothing_that_is_given_is_passed_over),
        cmocka_unit_test(an_option_of_no_use_is_refused),
        cmocka_unit_test(a_refusal_names_the_option_that_lifts_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

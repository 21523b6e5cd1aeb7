/* SPDX-License-Identifier: Apache-2.0 */
/* accord marking: each verb on what is good and what is not, and a stream of both. */
#include <unistd.h>

#include "unit/cli/run.h"

#define KOR "KOR:II of KOR about dprk-missile from radar to JPN,USA"
#define USA "USA:SECRET of USA about dprk-missile from radar to JPN,KOR"

static const char *reason(unsigned i)
{
    const char *s = json_string_value(json_array_get(json_object_get(border_answer, "reasons"), i));
    return s == NULL ? "" : s;
}

static void parse_names_the_form_and_the_parts(void **state)
{
    (void)state;
    assert_int_equal(RUN("marking", "parse", KOR, "--lang", "ko"), CALL_DONE);
    assert_string_equal(answer_string("form"), "marking");
    assert_true(json_is_true(json_object_get(border_answer, "guessed")));
    assert_string_equal(answer_string("title"), "군사 II급 비밀");
    assert_int_equal(RUN("marking", "parse", "TLP:RED"), CALL_DONE);
    assert_string_equal(answer_string("form"), "tlp");
    assert_string_equal(answer_string("display"), "TLP:RED");
    assert_int_equal(RUN("marking", "parse", "SECRET//NOFORN"), CALL_DONE);
    assert_string_equal(answer_string("form"), "banner");
    assert_string_equal(answer_string("portion"), "(S//NF)");
}

static void what_is_wrong_has_its_place(void **state)
{
    (void)state;
    assert_int_equal(RUN("marking", "parse", "no form"), CALL_FAILED);
    assert_string_equal(answer_string("about"), "no form");
    assert_int_equal(RUN("marking", "parse", "SECRET//NOFORN/REL TO USA, JPN"), CALL_FAILED);
    assert_non_null(strstr(answer_string("about"), "rule "));
    assert_int_equal(RUN("marking", "parse", "--from", "portion", "(S//REL)"), CALL_FAILED);
    assert_int_equal(RUN("marking", "parse", "--from", "portion", "--banner",
                         "SECRET//REL TO USA, JPN", "(S//REL)"),
                     CALL_DONE);
    assert_int_equal(RUN("marking", "parse", "--from", "nothing", "x"), CALL_USAGE);
    assert_int_equal(RUN("marking", "parse", "TLP:BLUE"), CALL_FAILED);
    assert_int_equal(RUN("marking", "parse", KOR, "--policies", "/nonexistent"), CALL_FAILED);
}

static void convert_refuses_a_loss_and_names_it(void **state)
{
    (void)state;
    assert_int_equal(RUN("marking", "convert", "--to", "banner", USA), CALL_FAILED);
    assert_non_null(strstr(answer_string("error"), "topics"));
    assert_int_equal(
        RUN("marking", "convert", "--to", "banner", "--leave-out", "topics,disciplines", USA),
        CALL_DONE);
    assert_string_equal(answer_string("text"), "SECRET//REL TO USA, JPN, KOR");
    assert_int_equal(RUN("marking", "convert", "--to", "marking", "SECRET//NOFORN"), CALL_FAILED);
    assert_string_equal(answer_string("about"), "--topics");
    assert_int_equal(RUN("marking", "convert", "--to", "marking", "--topics", "dprk-missile",
                         "--disciplines", "radar", "SECRET//REL TO USA, JPN, KOR"),
                     CALL_DONE);
    assert_string_equal(answer_string("text"), USA);
    assert_int_equal(RUN("marking", "convert", "--to", "marking", "TLP:RED"), CALL_FAILED);
}

static void a_marking_comes_back_from_each_form(void **state)
{
    static const char *const forms[] = {"stanag4774", "xep-0258", "ess-base64", "ess", "ztdf"};
    static char              text[65536];
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        bool dated = strcmp(forms[i], "stanag4774") == 0 || strcmp(forms[i], "ztdf") == 0;
        int  status = dated ? RUN("marking", "format", "--to", forms[i], "--created",
                                  "2026-11-22T00:00:00Z", KOR)
                            : RUN("marking", "format", "--to", forms[i], KOR);
        assert_int_equal(status, CALL_DONE);
        const char *said = answer_string(strcmp(forms[i], "ess") == 0 ? "hex" : "text");
        (void)snprintf(text, sizeof text, "%s", said);
        assert_int_equal(RUN("marking", "convert", "--from", forms[i], "--to", "marking",
                             "--leave-out", "created", "--", text),
                         CALL_DONE);
        assert_string_equal(answer_string("text"), KOR);
    }
    assert_int_equal(RUN("marking", "format", "--to", "stanag4774", KOR), CALL_FAILED);
}

static void assertion_id(const char *marking, char out[static 64])
{
    assert_int_equal(
        RUN("marking", "format", "--to", "ztdf", "--created", "2026-11-22T00:00:00Z", marking),
        CALL_DONE);
    json_t *o = json_loads(answer_string("text"), 0, NULL);
    (void)snprintf(out, 64, "%s", json_string_value(json_object_get(o, "id")));
    json_decref(o);
}

static void assertions_of_one_file_have_ids_of_their_own(void **state)
{
    char a[64], b[64], again[64];
    (void)state;
    assertion_id(KOR, a);
    assertion_id(USA, b);
    assertion_id(KOR, again);
    assert_int_equal(strlen(a), strlen("label-") + 16);
    assert_string_not_equal(a, b);
    assert_string_equal(a, again);
}

/* A stanza is guessed by the label in it: one envelope for all policies, and for the register */
static void a_stanza_is_guessed_by_its_label(void **state)
{
    static char text[4096];
    (void)state;
    assert_int_equal(RUN("marking", "convert", "--to", "xep-0258-ism", "SECRET//NOFORN"),
                     CALL_DONE);
    (void)snprintf(text, sizeof text, "%s", answer_string("text"));
    assert_int_equal(RUN("marking", "convert", "--to", "banner", text), CALL_DONE);
    assert_string_equal(answer_string("text"), "SECRET//NOFORN");
}

static void joined_is_the_strictest(void **state)
{
    (void)state;
    assert_int_equal(
        RUN("marking", "join", KOR, "KOR:III of KOR about dprk-missile from human to JPN"),
        CALL_DONE);
    assert_string_equal(answer_string("text"),
                        "KOR:II of KOR about dprk-missile from human,radar to JPN");
    assert_int_equal(RUN("marking", "join", KOR, USA), CALL_FAILED);
    assert_int_equal(RUN("marking", "join", KOR, "TLP:RED"), CALL_FAILED);
    assert_int_equal(RUN("marking", "join", "--rule", "none", KOR, KOR), CALL_USAGE);
    assert_int_equal(RUN("marking", "rollup", "(S//REL TO USA, JPN)", "(TS//REL TO USA, JPN, KOR)"),
                     CALL_DONE);
    assert_string_equal(answer_string("text"), "TOP SECRET//REL TO USA, JPN");
    assert_int_equal(RUN("marking", "rollup", "--rule", "register", "(//NS)", "(S//RD//NF)", "(U)"),
                     CALL_DONE);
    assert_string_equal(answer_string("text"), "SECRET//RD//FGI NATO//NOFORN");
    assert_int_equal(RUN("marking", "rollup", "(S//NF)", "(X)"), CALL_FAILED);
    assert_non_null(strstr(answer_string("about"), "value 2"));
}

static void a_no_has_its_reason_and_status_1(void **state)
{
    (void)state;
    assert_int_equal(RUN("marking", "dominates", "SECRET//REL TO USA, JPN", "--levels", "S",
                         "--nationality", "JPN", "--employer", "JPN"),
                     CALL_DONE);
    assert_int_equal(RUN("marking", "dominates", "SECRET//REL TO USA, JPN", "--levels", "S",
                         "--nationality", "KOR", "--employer", "KOR"),
                     CALL_FAILED);
    assert_true(reason(0)[0] != 0);
    assert_int_equal(RUN("marking", "dominates", "SECRET//NOFORN", "--levels", "S"), CALL_USAGE);
    assert_int_equal(
        RUN("marking", "dominates", "SECRET//NOFORN", "--levels", "S", "--nationality", "USA"),
        CALL_USAGE);
    assert_string_equal(answer_string("about"), "--employer");
    assert_int_equal(RUN("marking", "dominates", KOR), CALL_FAILED);
}

/* What a marking asks for beyond the level, and the option that says that the reader has it */
static void a_reader_has_what_is_asked_for(void **state)
{
    static const struct {
        const char *line, *option, *value;
    } asked[] = {
        {"SECRET//SI//NOFORN", "--sci", "SI"},
        {"SECRET//SAR-BUTTER POPCORN//NOFORN", "--sap", "BUTTER_POPCORN"},
        {"SECRET//RD//NOFORN", "--aea", "RD"},
        {"SECRET//RD-SIGMA 14//NOFORN", "--aea", "RD,RD-SG-14"},
        {"SECRET//ORCON/NOFORN", "--controls", "OC"},
        {"UNCLASSIFIED//LIMDIS", "--controls", "DS"},
        {"SECRET//FGI NATO//NOFORN", "--nato", "NATO"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        assert_int_equal(RUN("marking", "dominates", asked[i].line, "--levels", "S,U",
                             "--nationality", "USA", "--employer", "USA"),
                         CALL_FAILED);
        assert_string_equal(answer_string("giving"), "nothing");
        assert_int_equal(RUN("marking", "dominates", asked[i].line, "--levels", "S,U",
                             "--nationality", "USA", "--employer", "USA", asked[i].option,
                             asked[i].value),
                         CALL_DONE);
    }
}

/* What ADatP-4774.1 leaves to a policy decision: nothing is in both lists, and the policy wants one */
#define NATO(country)                                                                              \
    "<originatorConfidentialityLabel "                                                             \
    "xmlns=\"urn:nato:stanag:4774:confidentialitymetadatalabel:1:0\"><ConfidentialityInformation>" \
    "<PolicyIdentifier>NATO-SAMPLE</PolicyIdentifier><Classification>SECRET</Classification>"      \
    "<Category TagName=\"Releasable To\" Type=\"PERMISSIVE\"><GenericValue>" country               \
    "</GenericValue></Category></ConfidentialityInformation><CreationDateTime>"                    \
    "2026-11-22T00:00:00Z</CreationDateTime></originatorConfidentialityLabel>"

static void a_hold_has_a_status_of_its_own(void **state)
{
    (void)state;
    assert_int_equal(RUN("marking", "rollup", "(//JPN S)", "(S//NF)"), CALL_HELD);
    assert_string_equal(answer_string("outcome"), "hold");
    assert_string_equal(answer_string("code"), "held");
    assert_int_equal(RUN("marking", "join", "--rule", "adatp", NATO("FRA"), NATO("DEU")),
                     CALL_HELD);
    assert_string_equal(answer_string("outcome"), "hold");
    assert_int_equal(RUN("marking", "join", "--rule", "adatp", "--created", "2026-11-22T00:00:00Z",
                         NATO("FRA"), NATO("FRA")),
                     CALL_DONE);
    assert_string_equal(answer_string("outcome"), "ok");
    assert_int_equal(RUN("marking", "join", NATO("FRA"), NATO("DEU"), "--to", "xep-0258"),
                     CALL_FAILED);
    assert_string_equal(answer_string("outcome"), "");
}

static void translation_wants_an_equivalence(void **state)
{
    (void)state;
    assert_int_equal(
        RUN("marking", "translate", "TLP:RED", "--to-policy", "KOR", "--direction", "encrypt"),
        CALL_FAILED);
    assert_int_equal(
        RUN("marking", "translate", "TLP:RED", "--to-policy", "KOR", "--direction", "both"),
        CALL_USAGE);
    assert_int_equal(
        RUN("marking", "translate", "TLP:RED", "--to-policy", "XYZ", "--direction", "encrypt"),
        CALL_USAGE);
}

#define AGREED(value, to)                                                                          \
    RUN("marking", "translate", value, "--to-policy", to, "--agreement",                           \
        "agreements/gsomia.agreement")

static void an_agreement_s_own_table_adds_the_level(void **state)
{
    (void)state;
    assert_int_equal(AGREED("KOR:III of KOR about dprk-missile from radar to JPN", "JPN"),
                     CALL_DONE);
    assert_string_equal(answer_string("handled-as"), "JPN:HI");
    assert_string_equal(answer_string("originators"), "KOR");
    assert_string_equal(answer_string("by"), "GSOMIA article 4 clause 2");
    /* one of several: the strictest, until an officer of the receiver chooses */
    assert_int_equal(AGREED(KOR, "JPN"), CALL_HELD);
    assert_string_equal(answer_string("outcome"), "hold");
    assert_string_equal(answer_string("handled-as"), "JPN:TOKUTEI-HIMITSU");
    assert_int_equal(json_array_size(json_object_get(border_answer, "candidates")), 2);
    /* level I has none; nor has any level towards who is no party of this table */
    assert_int_equal(AGREED("KOR:I of KOR about dprk-missile from radar to JPN", "JPN"),
                     CALL_FAILED);
    assert_string_equal(answer_string("code"), "denied");
    assert_int_equal(AGREED(KOR, "USA"), CALL_FAILED);
    assert_string_equal(answer_string("code"), "denied");
    assert_int_equal(AGREED(KOR, "KOR"), CALL_FAILED);
    assert_int_equal(AGREED(KOR, "XYZ"), CALL_USAGE);
}

static void an_added_level_is_an_alternative_label(void **state)
{
    (void)state;
    assert_int_equal(RUN("marking", "translate",
                         "KOR:III of KOR about dprk-missile from radar to JPN", "--to-policy",
                         "JPN", "--agreement", "agreements/gsomia.agreement", "--to", "stanag4774",
                         "--created", "2026-11-22T00:00:00Z"),
                     CALL_DONE);
    assert_non_null(strstr(answer_string("text"), "<alternativeConfidentialityLabel"));
    assert_non_null(strstr(answer_string("text"), ">O=KOR</OriginatorID>"));
    assert_int_equal(RUN("marking", "translate",
                         "KOR:III of KOR about dprk-missile from radar to JPN", "--to-policy",
                         "JPN", "--agreement", "agreements/gsomia.agreement", "--to", "national"),
                     CALL_FAILED);
    assert_int_equal(RUN("marking", "translate", KOR, "--to-policy", "JPN", "--agreement",
                         "agreements/gsomia.agreement", "--direction", "encrypt"),
                     CALL_USAGE);
}

static void a_bad_line_does_not_end_a_stream(void **state)
{
    static const char lines[] = "{\"value\":\"TLP:RED\"}\n{\"value\":\"TLP:BLUE\"}\nnot json\n"
                                "{\"value\":\"TLP:GREEN\",\"from\":\"tlp\"}\n{\"value\":1}\n"
                                "{\"value\":\"x\",\"policy\":\"/etc/passwd\"}\n"
                                "{\"values\":[\"TLP:GREEN\",\"TLP:RED\"]}\n"
                                "{\"value\":\"TLP:RED\",\"lenient\":\"yes\"}\n"
                                "{\"value\":\"TLP:RED\",\"lenient\":true}\n"
                                "{\"value\":\"TLP:RED\",\"lang\":\"xx\"}\n"
                                "{\"value\":\"TLP:RED\",\"value\":\"TLP:GREEN\"}\n"
                                "{\"value\":\"TLP:RED\",\"unknown\":\"x\"}\n"
                                "{\"value\":[[[[1]]]]}\n";
    char             *line[] = {(char *)(uintptr_t) "accord", (char *)(uintptr_t) "marking",
                                (char *)(uintptr_t) "parse", (char *)(uintptr_t) "--lines"};
    static char       text[16384];
    (void)state;
    FILE *kept = stdin, *notes = fopen("/dev/null", "w"), *out = fmemopen(text, sizeof text, "w");
    stdin = fmemopen((char *)(uintptr_t)lines, sizeof lines - 1, "r");
    assert_int_equal(cli_run(4, line, out, notes), CALL_FAILED);
    (void)fclose(stdin);
    (void)fclose(out);
    (void)fclose(notes);
    stdin = kept;
    unsigned number = 0;
    for (char *at = strtok(text, "\n"); at != NULL; at = strtok(NULL, "\n")) {
        json_t *o = json_loads(at, 0, NULL);
        assert_int_equal(json_integer_value(json_object_get(o, "line")), ++number);
        assert_int_equal(json_object_get(o, "error") == NULL,
                         number == 1 || number == 4 || number == 9);
        const char *about = json_string_value(json_object_get(o, "about"));
        assert_true(number != 11 || strcmp(about, "byte 19: value") == 0);
        json_decref(o);
    }
    assert_int_equal(number, 13);
}

static void a_national_line_loses_nothing_unsaid(void **state)
{
    (void)state;
    assert_int_equal(RUN("marking", "convert", KOR, "--to", "national"), CALL_FAILED);
    assert_int_equal(
        RUN("marking", "convert", KOR, "--to", "national", "--leave-out", "topics,disciplines"),
        CALL_DONE);
    assert_int_equal(RUN("marking", "convert", "TLP:RED", "--to", "stanag4774"), CALL_FAILED);
    assert_int_equal(RUN("marking", "convert", "TLP:RED", "--to", "stanag4774", "--created",
                         "2026-11-22T00:00:00Z"),
                     CALL_DONE);
    assert_int_equal(RUN("marking", "convert", "TLP:RED", "--to", "stix", "--created", "garbage"),
                     CALL_USAGE);
}

static void explain_has_a_line_for_each_part(void **state)
{
    (void)state;
    assert_int_equal(RUN("marking", "explain", "SECRET//NOFORN"), CALL_DONE);
    assert_true(json_array_size(json_object_get(border_answer, "explanation")) >= 3);
    assert_int_equal(RUN("marking", "explain", KOR, "--lang", "ja"), CALL_DONE);
    assert_true(json_array_size(json_object_get(border_answer, "explanation")) >= 6);
    assert_int_equal(RUN("marking", "explain", KOR, "--lang", "ko"), CALL_DONE);
    assert_string_equal(
        json_string_value(json_array_get(json_object_get(border_answer, "explanation"), 1)),
        "KOR 정책의 등급 II, 표시 군사 II급 비밀.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parse_names_the_form_and_the_parts),
        cmocka_unit_test(what_is_wrong_has_its_place),
        cmocka_unit_test(convert_refuses_a_loss_and_names_it),
        cmocka_unit_test(a_marking_comes_back_from_each_form),
        cmocka_unit_test(assertions_of_one_file_have_ids_of_their_own),
        cmocka_unit_test(a_stanza_is_guessed_by_its_label),
        cmocka_unit_test(joined_is_the_strictest),
        cmocka_unit_test(a_no_has_its_reason_and_status_1),
        cmocka_unit_test(a_reader_has_what_is_asked_for),
        cmocka_unit_test(a_hold_has_a_status_of_its_own),
        cmocka_unit_test(translation_wants_an_equivalence),
        cmocka_unit_test(an_agreement_s_own_table_adds_the_level),
        cmocka_unit_test(an_added_level_is_an_alternative_label),
        cmocka_unit_test(a_bad_line_does_not_end_a_stream),
        cmocka_unit_test(a_national_line_loses_nothing_unsaid),
        cmocka_unit_test(explain_has_a_line_for_each_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

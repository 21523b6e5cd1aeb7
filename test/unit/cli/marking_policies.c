/* SPDX-License-Identifier: Apache-2.0 */
/* accord marking under the policies that are shipped. */
#include "unit/cli/run.h"

#define NATO_ID "2.25.147695777703673308978538883565360363509.3"
#define NATO_TO(version, list)                                                                     \
    "<originatorConfidentialityLabel "                                                             \
    "xmlns=\"urn:nato:stanag:4774:confidentialitymetadatalabel:1:0\" "                             \
    "ReviewDateTime=\"2031-11-23T00:00:00Z\"><ConfidentialityInformation>"                         \
    "<PolicyIdentifier URI=\"urn:oid:" NATO_ID "\">NATO-SAMPLE</PolicyIdentifier>"                 \
    "<Classification>SECRET</Classification>"                                                      \
    "<Category Type=\"PERMISSIVE\" TagName=\"Releasable To\">" list "</Category>"                  \
    "<Category Type=\"INFORMATIVE\" TagName=\"Group Table\"><GenericValue>" version                \
    "</GenericValue></Category></ConfidentialityInformation>"                                      \
    "<CreationDateTime>2023-05-22T00:00:00Z</CreationDateTime></originatorConfidentialityLabel>"
#define NATO_GROUP "<GenericValue>NATO</GenericValue>"
#define NATO_READER(nation)                                                                        \
    "<c:ConfidentialityClearance "                                                                 \
    "xmlns:c=\"urn:nato:stanag:4774:confidentialityclearance:1:0\" "                               \
    "xmlns=\"urn:nato:stanag:4774:confidentialitymetadatalabel:1:0\">"                             \
    "<PolicyIdentifier URI=\"urn:oid:" NATO_ID "\">NATO-SAMPLE</PolicyIdentifier>"                 \
    "<c:ClassificationList><Classification>SECRET</Classification></c:ClassificationList>"         \
    "<Category Type=\"PERMISSIVE\" TagName=\"Releasable To\"><GenericValue>" nation                \
    "</GenericValue></Category></c:ConfidentialityClearance>"

/* Two versions of one table: it is read, and told why not, and goes nowhere */
static void an_invalid_label_is_not_handed_on(void **state)
{
    static const char twice[] = NATO_TO("202305</GenericValue><GenericValue>202404", NATO_GROUP);
    (void)state;
    assert_int_equal(RUN("marking", "parse", twice), CALL_DONE);
    assert_true(json_is_false(json_object_get(border_answer, "valid")));
    assert_int_equal(
        RUN("marking", "convert", twice, "--to", "ess-base64", "--leave-out", "created,review"),
        CALL_FAILED);
    assert_string_equal(answer_string("error"), "the label is not valid under its policy");
    assert_true(answer_string("about")[0] != 0);
    assert_int_equal(RUN("marking", "join", NATO_TO("202305", NATO_GROUP), twice, "--created",
                         "2026-11-22T00:00:00Z"),
                     CALL_FAILED);
    assert_memory_equal(answer_string("about"), "value 2: the category requires", 30);
}

static void a_group_is_who_belonged_to_it(void **state)
{
    static const struct {
        const char *label, *reader;
        int         status;
    } cases[] = {
        {NATO_TO("202305", NATO_GROUP), NATO_READER("FIN"), CALL_DONE},
        {NATO_TO("202305", NATO_GROUP), NATO_READER("SWE"), CALL_FAILED},
        {NATO_TO("202404", NATO_GROUP), NATO_READER("SWE"), CALL_DONE},
        {NATO_TO("202404", NATO_GROUP), NATO_READER("NATO"), CALL_FAILED},
        {NATO_TO("202404", NATO_GROUP), NATO_READER("KOR"), CALL_FAILED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(
            RUN("marking", "dominates", cases[i].label, "--clearance", cases[i].reader),
            cases[i].status);
        assert_int_equal(json_array_size(json_object_get(border_answer, "reasons")) > 0,
                         cases[i].status != CALL_DONE);
    }
    assert_int_equal(RUN("marking", "parse", NATO_TO("202305", NATO_GROUP), "--lang", "ja"),
                     CALL_DONE);
    assert_string_equal(answer_string("display"),
                        "NATOシークレット (NATO SECRET) 開示先 NATO (構成国 202305現在)");
    assert_int_equal(RUN("marking", "parse", NATO_TO("202212", NATO_GROUP)), CALL_FAILED);
    assert_int_equal(RUN("marking", "convert", "--to", "ess-base64", "--leave-out",
                         "created,review", NATO_TO("202305", NATO_GROUP)),
                     CALL_DONE);
    char text[4096];
    (void)snprintf(text, sizeof text, "%s", answer_string("text"));
    assert_int_equal(RUN("marking", "parse", "--from", "ess-base64", "--lang", "ko", "--", text),
                     CALL_DONE);
    assert_string_equal(answer_string("display"),
                        "나토 시크릿 (NATO SECRET) 공개 대상 나토 (회원국 기준 202305)");
}

#define KOR  "KOR:II of KOR about dprk-missile from radar to JPN,USA caveats NO-COPY"
#define JPN  "JPN:GOKUHI of JPN about cyber from open to KOR"
#define TOKU "JPN:TOKUTEI-HIMITSU of JPN about cyber from open"
#define HI   "JPN:HI of JPN about cyber from open to KOR"
#define USA  "USA:SECRET of USA about cyber from open to KOR"

static void each_language_shows_it(void **state)
{
    static const struct {
        const char *value, *language, *shown;
    } cases[] = {
        {KOR, "en", "KOR MILITARY SECRET CLASS II NO COPY REL TO JPN, USA dprk-missile radar"},
        {KOR, "ko", "KOR 군사 II급 비밀 복제금지 공개 대상 일본, 미국 북한 미사일 레이더"},
        {KOR, "ja", "KOR 軍事II級秘密 複製禁止 開示先 日本, 米国 北朝鮮ミサイル レーダー"},
        {JPN, "ja", "JPN 極秘 開示先 大韓民国 サイバー 公開"},
        {JPN, "ko", "JPN 극비 공개 대상 대한민국 사이버 공개"},
        {TOKU, "ja", "JPN 特定秘密 開示先 NOBODY サイバー 公開"},
        {HI, "ja", "JPN 秘 開示先 大韓民国 サイバー 公開"},
        {USA, "en", "USA SECRET REL TO KOR cyber open"},
        {USA, "ko", "USA 시크릿 공개 대상 대한민국 사이버 공개"},
        {NATO_TO("202404", NATO_GROUP), "en",
         "NATO SECRET RELEASABLE TO NATO (MEMBERS AS OF 202404)"},
        {NATO_TO("202404", NATO_GROUP), "ko",
         "나토 시크릿 (NATO SECRET) 공개 대상 나토 (회원국 기준 202404)"},
        {"SECRET//NOFORN", "ko", "SECRET//NOFORN"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(RUN("marking", "format", cases[i].value, "--lang", cases[i].language),
                         CALL_DONE);
        assert_string_equal(answer_string("text"), cases[i].shown);
    }
    assert_int_equal(RUN("marking", "format", KOR, "--lang", "xx"), CALL_USAGE);
    assert_int_equal(RUN("marking", "format", KOR), CALL_USAGE);
}

static void aukus_and_five_eyes_are_release_groups(void **state)
{
    static const struct {
        const char *policy, *id, *group, *ko;
    } cases[] = {
        {"AUKUS-SAMPLE", "4", "AUKUS",
         "AUKUS-SAMPLE 시크릿 (SECRET) 공개 대상 오커스 (회원국 기준 202110)"},
        {"FVEY-SAMPLE", "5", "FVEY",
         "FVEY-SAMPLE 시크릿 (SECRET) 공개 대상 파이브 아이즈 (회원국 기준 202110)"},
    };
    char label[2048];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        (void)snprintf(label, sizeof label,
                       "<originatorConfidentialityLabel "
                       "xmlns=\"urn:nato:stanag:4774:confidentialitymetadatalabel:1:0\" "
                       "ReviewDateTime=\"2031-11-23T00:00:00Z\"><ConfidentialityInformation>"
                       "<PolicyIdentifier "
                       "URI=\"urn:oid:2.25.147695777703673308978538883565360363509.%s\">%s"
                       "</PolicyIdentifier><Classification>SECRET</Classification>"
                       "<Category Type=\"PERMISSIVE\" TagName=\"Releasable To\"><GenericValue>%s"
                       "</GenericValue></Category><Category Type=\"INFORMATIVE\" TagName=\"Group "
                       "Table\"><GenericValue>202110</GenericValue></Category>"
                       "</ConfidentialityInformation><CreationDateTime>2023-05-22T00:00:00Z"
                       "</CreationDateTime></originatorConfidentialityLabel>",
                       cases[i].id, cases[i].policy, cases[i].group);
        assert_int_equal(RUN("marking", "format", label, "--lang", "ko"), CALL_DONE);
        assert_string_equal(answer_string("text"), cases[i].ko);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_invalid_label_is_not_handed_on),
        cmocka_unit_test(a_group_is_who_belonged_to_it),
        cmocka_unit_test(each_language_shows_it),
        cmocka_unit_test(aukus_and_five_eyes_are_release_groups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

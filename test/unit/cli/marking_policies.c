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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_group_is_who_belonged_to_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

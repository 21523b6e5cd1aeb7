/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cmocka_all.h"
#include "unit/form/sample.h"

static struct form_reader  reader;
static struct label_record record;

#define SPACE "urn:nato:stanag:4774:confidentialitymetadatalabel:1:0"
#define INFORMATION                                                                                \
    "<ConfidentialityInformation><PolicyIdentifier "                                               \
    "URI=\"urn:oid:1.1\">SAMPLE</PolicyIdentifier>"                                                \
    "<Classification>SECRET</Classification></ConfidentialityInformation>"
#define CREATED "<CreationDateTime>2026-11-22T09:30:00Z</CreationDateTime>"
#define ROOT(attributes, inner)                                                                    \
    "<originatorConfidentialityLabel xmlns=\"" SPACE "\"" attributes ">" inner                     \
    "</originatorConfidentialityLabel>"
#define LABEL(inner)                                                                               \
    ROOT("",                                                                                       \
         "<ConfidentialityInformation><PolicyIdentifier>SAMPLE</PolicyIdentifier>"                 \
         "<Classification>SECRET</Classification>" inner "</ConfidentialityInformation>" CREATED)
#define CATEGORY(attributes, values) LABEL("<Category " attributes ">" values "</Category>")
#define RELEASABLE                   "Type=\"PERMISSIVE\" TagName=\"Releasable To\""

static err read_text(const char *text, bool lenient)
{
    form_reader_init(&reader, sample_catalog(), lenient);
    return form_read(form_find(SPAN_LIT("stanag4774")), &reader, span_text(text), &record);
}

static void a_whole_label_is_read(void **state)
{
    (void)state;
    assert_false(err_is(read_text(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- a note -->\n"
        "<s:alternativeConfidentialityLabel xmlns:s='" SPACE
        "' Id=\"l-1\" ReviewDateTime='2031-11-23T09:00:00+09:00'>\n"
        "<s:ConfidentialityInformation>\n<s:PolicyIdentifier URI='urn:oid:1.1'>\n "
        "SAMPLE\n</s:PolicyIdentifier>"
        "<s:Classification>SECRET</s:Classification><s:PrivacyMark>人事 &amp; staff</s:PrivacyMark>"
        "<s:Category TagName='Releasable To' Type='PERMISSIVE' URI='urn:oid:1.1.1'>"
        "<s:GenericValue>JPN</s:GenericValue><s:GenericValue>A &#38; \"B\" "
        "&lt;C></s:GenericValue></s:Category>"
        "<s:Category TagName='Notes' "
        "Type='INFORMATIVE'><s:GenericValue>COPY</s:GenericValue></s:Category>"
        "</s:ConfidentialityInformation><s:OriginatorID IDType='jID'>a@b</s:OriginatorID>"
        "<s:CreationDateTime>2026-11-22T09:30:00.250Z</s:CreationDateTime><s:SuccessionHandling>"
        "<s:SuccessionDateTime>2027-01-01T00:00:00Z</"
        "s:SuccessionDateTime><s:SuccessorConfidentialityLabel>"
        "<s:ConfidentialityInformation><s:PolicyIdentifier>SAMPLE</s:PolicyIdentifier>"
        "<s:Classification>RESTRICTED</s:Classification></s:ConfidentialityInformation>"
        "</s:SuccessorConfidentialityLabel></s:SuccessionHandling></"
        "s:alternativeConfidentialityLabel>\n",
        false)));
    assert_int_equal(record.kind, LABEL_ALTERNATIVE);
    assert_string_equal(record.id, "l-1");
    assert_true(record.has_review && record.review == 1953158400000);
    assert_true(record.has_created && record.created == 1795339800250);
    assert_int_equal(record.originator_type, ORIGINATOR_JID);
    assert_string_equal(record.originator, "a@b");
    assert_true(span_is(record.label.scheme->class[record.label.class].name, "SECRET"));
    assert_int_equal(category_count(&record.label.categories, 0, CATEGORIES_MAX), 3);
    assert_int_equal(record.label.privacy, 1);
    assert_true(record.has_successor && record.succession == 1798761600000);
    assert_true(span_is(record.successor.scheme->class[record.successor.class].name, "RESTRICTED"));
    assert_ptr_equal(label_at(&record, record.succession), &record.successor);
}

/* What is refused, the value that is named, and the line where it stands */
static const struct {
    const char *why, *value, *text;
    unsigned    line;
} refusals[] = {
    {"policy that is not known", "ACME",
     ROOT("", "\n<ConfidentialityInformation>\n<PolicyIdentifier>ACME</PolicyIdentifier>"
              "</ConfidentialityInformation>"),
     3},
    {"policy that is not known", "sample",
     ROOT("", "<ConfidentialityInformation><PolicyIdentifier>sample</PolicyIdentifier></"
              "ConfidentialityInformation>"),
     1},
    {"URI of the policy", "urn:oid:1.2",
     ROOT("", "<ConfidentialityInformation><PolicyIdentifier\nURI='urn:oid:1.2'>SAMPLE</"
              "PolicyIdentifier></ConfidentialityInformation>"),
     2},
    {"classification that the policy does not have", "COSMIC",
     ROOT("",
          "<ConfidentialityInformation><PolicyIdentifier>SAMPLE</"
          "PolicyIdentifier><Classification>COSMIC</Classification></ConfidentialityInformation>"),
     1},
    {"no Classification", "ConfidentialityInformation",
     ROOT("", "<ConfidentialityInformation><PolicyIdentifier>SAMPLE</PolicyIdentifier></"
              "ConfidentialityInformation>"),
     1},
    {"no ConfidentialityInformation", "originatorConfidentialityLabel", ROOT("", ""), 1},
    {"no CreationDateTime", "originatorConfidentialityLabel", ROOT("", INFORMATION), 1},
    {"stands before one that must come first", "ConfidentialityInformation",
     ROOT("", INFORMATION CREATED INFORMATION), 1},
    {"value that the policy does not have", "DEU",
     CATEGORY(RELEASABLE, "<GenericValue>DEU</GenericValue>"), 1},
    {"value that the policy does not have", " JPN",
     CATEGORY(RELEASABLE, "<GenericValue> JPN</GenericValue>"), 1},
    {"value stands twice", "JPN",
     CATEGORY(RELEASABLE, "<GenericValue>JPN</GenericValue><GenericValue>JPN</GenericValue>"), 1},
    {"value that the policy does not have", "JPN",
     CATEGORY("Type='RESTRICTIVE' TagName='Releasable To'", "<GenericValue>JPN</GenericValue>"), 1},
    {"type that is not RESTRICTIVE", "permissive",
     CATEGORY("Type='permissive' TagName='Releasable To'", "<GenericValue>JPN</GenericValue>"), 1},
    {"category that the policy does not have", "Release",
     CATEGORY("Type='PERMISSIVE' TagName='Release'", "<GenericValue>JPN</GenericValue>"), 1},
    {"type that is not RESTRICTIVE", "",
     CATEGORY("TagName='Releasable To'", "<GenericValue>JPN</GenericValue>"), 1},
    {"URI of the category", "urn:oid:1.1.2",
     CATEGORY(RELEASABLE " URI='urn:oid:1.1.2'", "<GenericValue>JPN</GenericValue>"), 1},
    {"called URI, not URL", "urn:oid:1.1.1",
     CATEGORY(RELEASABLE " URL='urn:oid:1.1.1'", "<GenericValue>JPN</GenericValue>"), 1},
    {"value has a URI", "u", CATEGORY(RELEASABLE, "<GenericValue URI='u'>JPN</GenericValue>"), 1},
    {"category has no value", "Category", CATEGORY(RELEASABLE, ""), 1},
    {"unknown, stands twice", "IntegerValue",
     CATEGORY(RELEASABLE, "<IntegerValue>392</IntegerValue>"), 1},
    {"text stands where only elements", "Category",
     CATEGORY(RELEASABLE, "KOR<GenericValue>JPN</GenericValue>"), 1},
    {"has text only has elements", "GenericValue",
     CATEGORY(RELEASABLE, "<GenericValue>JPN<GenericValue/></GenericValue>"), 1},
    {"privacy mark", "SECRET", LABEL("<PrivacyMark>SECRET</PrivacyMark>"), 1},
    {"namespace that is not known", "x", LABEL("<x xmlns='other'/>"), 1},
    {"attribute that is not known", "Id",
     CATEGORY(RELEASABLE " Id='a'", "<GenericValue>JPN</GenericValue>"), 1},
    {"not like 2026", "yesterday", ROOT(" ReviewDateTime='yesterday'", INFORMATION CREATED), 1},
    {"not like 2026", "2026-02-30T00:00:00Z",
     ROOT("", INFORMATION "<CreationDateTime>2026-02-30T00:00:00Z</CreationDateTime>"), 1},
    {"not like 2026", "2026-11-22T09:30:00",
     ROOT("", INFORMATION "<CreationDateTime>2026-11-22T09:30:00</CreationDateTime>"), 1},
    {"IDType", "name", ROOT("", INFORMATION "<OriginatorID IDType='name'>x</OriginatorID>" CREATED),
     1},
    {"no label of STANAG", "alternateConfidentialityLabel",
     "<alternateConfidentialityLabel xmlns='" SPACE "'/>", 1},
    {"namespace is not that", "urn:x", "<originatorConfidentialityLabel xmlns='urn:x'/>", 1},
    {"namespace is not that", "", "<originatorConfidentialityLabel/>", 1},
    {"DOCTYPE", "", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", 1},
    {"entity that XML itself does not have", "a", ROOT("", "&a;"), 1},
    {"processing instruction", "", ROOT("", "\n<?x?>"), 2},
    {"attribute stands twice", "Id", ROOT(" Id='a' Id='b'", ""), 1},
    {"prefix has no namespace", "s", "<s:originatorConfidentialityLabel/>", 1},
    {"something stands behind", "", ROOT("", INFORMATION CREATED) "x", 1},
    {"no UTF-8", "", ROOT("", INFORMATION "\n<OriginatorID IDType='jID'>\xc0\x80</OriginatorID>"),
     2},
    {"ends before its elements", "", "<originatorConfidentialityLabel>", 1},
};

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
        err e = read_text(refusals[i].text, false);
        if (!err_is(e) || strstr(e.why, refusals[i].why) == NULL ||
            strcmp(reader.problem.value, refusals[i].value) != 0 ||
            reader.problem.line != refusals[i].line) {
            print_error("%s\n  %s '%s' line %u\n", refusals[i].text, e.why == NULL ? "read" : e.why,
                        reader.problem.value, reader.problem.line);
        }
        assert_true(err_is(e) && strstr(e.why, refusals[i].why) != NULL);
        assert_string_equal(reader.problem.value, refusals[i].value);
        assert_int_equal(reader.problem.line, refusals[i].line);
    }
}

/* Each is refused by a strict reader, and read by a lenient one that says so */
static const struct {
    enum form_deviation which;
    const char         *text;
} deviations[] = {
    {DEVIATION_URL,
     CATEGORY(RELEASABLE " URL='urn:oid:1.1.1'", "<GenericValue>JPN</GenericValue>")},
    {DEVIATION_CREATED, ROOT("", INFORMATION)},
    {DEVIATION_CASE,
     CATEGORY("Type='PERMISSIVE' TagName='releasable TO'", "<GenericValue>jpn</GenericValue>")},
    {DEVIATION_SPACE, CATEGORY(RELEASABLE, "<GenericValue>\n JPN </GenericValue>")},
    {DEVIATION_VALUE_URI, CATEGORY(RELEASABLE, "<GenericValue URI='u'>JPN</GenericValue>")},
    {DEVIATION_TWICE,
     CATEGORY(RELEASABLE, "<GenericValue>JPN</GenericValue><GenericValue>JPN</GenericValue>")},
    {DEVIATION_EXTENSION, LABEL("<x:y xmlns:x='other' z='1'/>")},
    {DEVIATION_EXTENSION,
     ROOT(" xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:schemaLocation='a b'",
          INFORMATION CREATED)},
};

static void deviations_are_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(deviations); i++) {
        assert_true(err_is(read_text(deviations[i].text, false)));
        assert_int_equal(reader.deviations, 0);
        err e = read_text(deviations[i].text, true);
        if (err_is(e) || reader.deviations != deviations[i].which) {
            print_error("%zu: %s %x\n", i, e.why == NULL ? "" : e.why, reader.deviations);
        }
        assert_false(err_is(e));
        assert_int_equal(reader.deviations, deviations[i].which);
    }
    assert_true(err_is(read_text(CATEGORY(RELEASABLE, "<GenericValue>DEU</GenericValue>"), true)));
    assert_true(err_is(read_text(ROOT("", "<ConfidentialityInformation><PolicyIdentifier "
                                          "URI='urn:oid:1.2' URL='urn:oid:1.1'>SAMPLE"
                                          "</PolicyIdentifier></ConfidentialityInformation>"),
                                 true)));
}

static void limits_hold(void **state)
{
    (void)state;
    static char   big[FORM_MAX + 2];
    struct writer w = WRITER_OF(big);
    memset(big, 'a', sizeof big - 1);
    assert_int_equal(read_text(big, true).code, ERR_LIMIT);
    w.max = sizeof big - 1;
    for (unsigned i = 0; i < 40; i++) {
        put_text(&w, "<a>");
    }
    put_u8(&w, 0);
    assert_int_equal(read_text(big, true).code, ERR_LIMIT);
    w.len = 0;
    put_text(&w, "<a>");
    while (w.len < FORM_MAX - 8) {
        put_text(&w, "<b/>");
    }
    put_u8(&w, 0);
    assert_int_equal(read_text(big, true).code, ERR_LIMIT);
}

static void a_clearance_is_read(void **state)
{
    (void)state;
    struct label_clearance c;
    const struct form     *f = form_find(SPAN_LIT("stanag4774"));
    static const char      text[] =
        "<c:ConfidentialityClearance xmlns:c='urn:nato:stanag:4774:confidentialityclearance:1:0' "
        "xmlns='" SPACE "'><PolicyIdentifier>SAMPLE</PolicyIdentifier><c:ClassificationList>"
        "<Classification>SECRET</Classification><Classification>RESTRICTED</Classification>"
        "</c:ClassificationList><Category Type='RESTRICTIVE' TagName='Sensitivity'>"
        "<GenericValue>CRYPTO</GenericValue></Category></c:ConfidentialityClearance>";
    form_reader_init(&reader, sample_catalog(), false);
    assert_false(err_is(form_clearance_read(f, &reader, span_text(text), &c)));
    assert_int_equal(c.classes, 1 << 3 | 1 << 1);
    assert_int_equal(category_count(&c.categories, 0, CATEGORIES_MAX), 1);
    static char informative[sizeof text + 32];
    (void)snprintf(informative, sizeof informative, "%s", text);
    char *at = strstr(informative, "RESTRICTIVE' TagName='Sensitivity'><GenericValue>CRYPTO");
    assert_non_null(at);
    memcpy(at, "INFORMATIVE' TagName='Notes'      ><GenericValue>COPY  ", 55);
    assert_true(err_is(form_clearance_read(f, &reader, span_text(informative), &c)));
}

int main(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test(a_whole_label_is_read), cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(deviations_are_told),   cmocka_unit_test(limits_hold),
        cmocka_unit_test(a_clearance_is_read),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "ismform/xml.h"
#include "unit/ismform/sample.h"

#define ISM " xmlns:ism=\"urn:us:gov:ic:ism\" "
#define S   "ism:classification=\"S\" ism:ownerProducer=\"USA\" "
#define U   "ism:classification=\"U\" ism:ownerProducer=\"USA\" "
#define REL "ism:disseminationControls=\"REL\" ism:releasableTo=\"JPN USA KOR\""

static void xml_of_one_element(void **state)
{
    (void)state;
    says("ism-xml", "<a" ISM S REL "/>", "SECRET//REL TO USA, JPN, KOR");
    says("ism-xml",
         "<a xmlns:i='urn:us:gov:ic:ism:v2' i:classification='U' i:ownerProducer='USA'/>",
         "UNCLASSIFIED");
    says("ism-xml", "<a" ISM S "ism:colour=\"red\"/>", "ATTRIBUTE");
    says("ism-xml", "<a" ISM S "ism:classification=\"U\"/>", "XML");
    says("ism-xml", "<a" ISM "xmlns:v2='urn:us:gov:ic:ism:v2' " S "v2:classification=\"U\"/>",
         "REPEATED");
    says("ism-xml", "<a xmlns:i='urn:us:gov:ic:ism:v9' i:classification='U'/>", "NAMESPACE");
    says("ism-xml", "<a xmlns:i='URN:us:gov:ic:ism' i:classification='U'/>", "NAMESPACE");
    says("ism-xml", "<a" ISM "ism:releasableTo=\"USA\"/>", "REQUIRED");
    says("ism-xml", "<a" ISM "ism:classification=\"SuperSecret\" ism:ownerProducer=\"USA\"/>",
         "TOKEN");
    says("ism-xml", "<a classification='S' ownerProducer='USA'/>", "NO-MARKING");
    says("ism-xml", "<a" ISM "ism:pocType=\"DoD-Dist-B\"/>", "NO-MARKING");
}

static void xml_of_a_document(void **state)
{
    (void)state;
    says("ism-xml", "<a" ISM S "ism:resourceElement='true'><b " U "/><b " S "/></a>", "SECRET");
    says("ism-xml", "<a" ISM S "ism:resourceElement='true'><b " U "/></a>", "COVER-COMPILATION");
    says("ism-xml", "<a" ISM S "ism:compilationReason='together'><b " U "/></a>", "SECRET");
    says("ism-xml", "<a" ISM S "><b " S "ism:excludeFromRollup='true'/></a>", "SECRET");
    says("ism-xml", "<a" ISM U "><b " S "/></a>", "COVER-LEVEL");
    says("ism-xml", "<a" ISM S REL "><b " S "ism:disseminationControls='NF'/></a>",
         "COVER-CONTROL");
    says("ism-xml", "<a" ISM U "><b " S "ism:excludeFromRollup='true'/></a>", "UNCLASSIFIED");
    says("ism-xml", "<a" ISM "><b " S "/><c " S "/></a>", "NO-WHOLE");
    says("ism-xml", "<a" ISM S "><b " S "ism:resourceElement='true'/></a>", "RESOURCE");
    says("ism-xml", "<a" ISM S "><n:Access xmlns:n='urn:us:gov:ic:ntk'/></a>", "NEED-TO-KNOW");
}

static void xml_that_is_bad(void **state)
{
    (void)state;
    says("ism-xml", "<!DOCTYPE a [<!ENTITY e 'x'>]><a" ISM S "/>", "DOCTYPE");
    says("ism-xml", "<?xml version='1.0' encoding='ISO-8859-1'?><a" ISM S "/>", "ENCODING");
    says("ism-xml", "<a" ISM "ism:classification=\"S\xff\"/>", "XML");
    says("ism-xml", "", "XML");
    static char deep[70 * 3 + 1];
    for (size_t i = 0; i < 70; i++) {
        memcpy(deep + 3 * i, "<a>", 3);
    }
    says("ism-xml", deep, "DEPTH");
    static uint8_t long_one[PARSE_BYTES_MAX + 1];
    assert_string_equal(said_by("ism-xml", SPAN_OF(long_one)), "BYTES");
}

static void xml_names_the_place(void **state)
{
    (void)state;
    struct ism             m;
    struct ismform_problem p;
    span in = SPAN_LIT("<a" ISM S ">\n <b/>\n <c " U "ism:SCIcontrols=\"ZZ\"/></a>");
    assert_true(
        err_is(ismform_read(ismform_find(SPAN_LIT("ism-xml")), sample_groups(), in, &m, &p)));
    assert_int_equal(p.line, 3);
    assert_int_equal(in.ptr[p.at], '<');
    assert_int_equal(in.ptr[p.at + 1], 'c');
    assert_string_equal(p.fault.name, "SCIcontrols");
    assert_string_equal(p.fault.value, "ZZ");
}

#define LABEL(shown, inside)                                                                       \
    "<message><securitylabel xmlns='urn:xmpp:sec-label:0'>" shown inside                           \
    "</securitylabel><body>hello</body></message>"
#define SHOWN(text) "<displaymarking bgcolor='red'>" text "</displaymarking>"
#define MARKED(attributes)                                                                         \
    "<label><icismlabel xmlns='http://example.gov/IC-ISM/0' " attributes "/></label>"
#define SECRET_USA "classification='S' ownerProducer='USA' disseminationControls='NF'"

static void a_stanza_has_one_label(void **state)
{
    (void)state;
    const char *form = "xep-0258-ism";
    says(form, LABEL("", MARKED(SECRET_USA)), "SECRET//NOFORN");
    says(form, LABEL(SHOWN("SECRET"), MARKED(SECRET_USA)), "SECRET//NOFORN");
    says(form, LABEL(SHOWN(" SECRET//NOFORN\n"), "\n" MARKED(SECRET_USA) "\n"), "SECRET//NOFORN");
    says(form, LABEL(SHOWN("UNCLASSIFIED"), MARKED(SECRET_USA)), "STANZA-DISPLAY");
    says(form, LABEL("", MARKED(SECRET_USA) SHOWN("SECRET")), "STANZA-ELEMENT");
    says(form, LABEL("", MARKED(SECRET_USA) MARKED(SECRET_USA)), "STANZA-ELEMENT");
    says(form, LABEL("", MARKED(SECRET_USA) "<equivalentlabel/>"), "STANZA-EQUIVALENT");
    says(form, LABEL("", "<label/>"), "STANZA-ELEMENT");
    says(form, LABEL("", ""), "STANZA-LABEL");
    says(form, LABEL("x", MARKED(SECRET_USA)), "STANZA-TEXT");
    says(form, LABEL("", MARKED(SECRET_USA " colour='red'")), "ATTRIBUTE");
    says(form, LABEL("", MARKED("xmlns:a='b' a:classification='S'")), "STANZA-ATTRIBUTE");
    says(form,
         LABEL("", MARKED("classification='S' ownerProducer='USA' "
                          "disseminationControls='FOUO'")),
         "FOUO-LEVEL");
    says(form, "<message/>", "STANZA-LABEL");
    says(form, "<a><b>" LABEL("", MARKED(SECRET_USA)) "</b></a>", "STANZA-LABEL");
    says(form, "<a>" LABEL("", MARKED(SECRET_USA)) "<x/></a>", "STANZA-LABEL");
}

static void json_of_one_object(void **state)
{
    (void)state;
    says(
        "ism-json",
        "{\"classification\":\"S\",\"ownerProducer\":[\"USA\"],\"disseminationControls\":[\"NF\"]}",
        "SECRET//NOFORN");
    says("ism-json",
         "{\"ism\":{\"version\":\"1\",\"classification\":\"S\",\"ownerProducer\":\"USA\"}}",
         "SECRET");
    says("ism-json", "{\"classification\":\"S\",\"classification\":\"U\"}", "JSON");
    says("ism-json", "{\"classification\":1,\"ownerProducer\":\"USA\"}", "KIND");
    says("ism-json", "{\"classification\":\"S\",\"ownerProducer\":[\"USA KOR\"]}", "KIND");
    says("ism-json", "{\"version\":\"2\"}", "VERSION");
    says("ism-json", "{\"colour\":\"red\"}", "ATTRIBUTE");
    says("ism-json", "[]", "OBJECT");
    says("ism-json", "", "JSON");
}

static void cot_of_an_event(void **state)
{
    (void)state;
    says("cot",
         "<event access='SECRET' caveat='SI//ORCON' releasableTo='JPN USA,KOR'><point/></event>",
         "SECRET//SI//ORCON/REL TO USA, JPN, KOR");
    says("cot", "<event access='//KOR SECRET' releaseableTo='USA, KOR'/>",
         "//KOR SECRET//REL TO USA, KOR");
    says("cot", "<event access='TOP SECRET' caveat='SI/TK//NOFORN'/>", "TOP SECRET//SI/TK//NOFORN");
    says("cot", "<event access='Undefined'/>", "UNSAID");
    says("cot", "<event/>", "UNSAID");
    says("cot", "<event access=' '/>", "UNSAID");
    says("cot", "<event access='SECRET' caveat='REL TO USA, KOR'/>", "RELEASE-TWICE");
    says("cot", "<event access='SECRET' releasableTo='USA' releaseableTo='USA'/>", "RELEASE-TWICE");
    says("cot", "<event access='SECRET//NOFORN'/>", "FIRST");
    says("cot", "<event access='SECRET' releasableTo='USA,, KOR'/>", "LIST");
    says("cot", "<event access='SECRET' releasableTo='USA, XYZ'/>", "TOKEN");
    says("cot", "<event access='SECRET' caveat='NOFORN' releasableTo='USA, KOR'/>",
         "RELEASE-BESIDE");
    says("cot", "<detail access='SECRET'/>", "EVENT");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(xml_of_one_element),     cmocka_unit_test(xml_of_a_document),
        cmocka_unit_test(xml_that_is_bad),        cmocka_unit_test(xml_names_the_place),
        cmocka_unit_test(a_stanza_has_one_label), cmocka_unit_test(json_of_one_object),
        cmocka_unit_test(cot_of_an_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

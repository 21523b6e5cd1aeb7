/* SPDX-License-Identifier: Apache-2.0 */
#include "form/stix.h"
#include "cmocka_all.h"
#include "unit/form/sample.h"

static struct form_reader reader;

#define RED        "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"
#define CLEAR      "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"
#define OPEN       "{\"type\": \"marking-definition\", \"spec_version\": \"2.1\", \"id\": \""
#define TLP(color) "\"definition_type\": \"tlp\", \"definition\": {\"tlp\": \"" color "\"}}"
#define SECOND(color)                                                                              \
    "\"extensions\": {\"extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d\": "            \
    "{\"extension_type\": \"property-extension\", \"tlp_2_0\": \"" color "\"}}}"

/* A piece of the sentence of the refusal, or NULL */
static void said(const char *text, const char *why)
{
    struct label_record r;
    form_reader_init(&reader, sample_catalog(), false);
    err e = form_read(form_find(SPAN_LIT("stix")), &reader, span_text(text), &r);
    assert_true(err_is(e) == (why != NULL));
    assert_true(why == NULL || strstr(reader.problem.why, why) != NULL);
}

static void a_name_is_that_of_the_colour(void **state)
{
    (void)state;
    said(OPEN RED "\", " TLP("red"), NULL);
    said(OPEN RED "\", \"name\": \"TLP:RED\", " TLP("red"), NULL);
    said(OPEN RED "\", \"name\": \"TLP:WHITE\", " TLP("red"), "a name that is not its colour's");
    said(OPEN RED "\", \"name\": \"RED\", " TLP("red"), "a name that is not its colour's");
    said(OPEN RED "\", \"name\": \"\", " TLP("red"), "");
    said(OPEN CLEAR "\", \"name\": \"TLP:CLEAR\", " SECOND("clear"), NULL);
    said(OPEN CLEAR "\", \"name\": \"TLP:RED\", " SECOND("clear"), "a name that is not its");
}

static void an_id_is_that_of_the_colour(void **state)
{
    (void)state;
    said(OPEN RED "\", " TLP("green"), "an id that is not its own");
    said(OPEN RED "\", \"definition_type\": \"statement\", \"definition\": {\"statement\": \"x\"}}",
         "does not say that colour");
    said(OPEN "marking-definition--00000000-0000-4000-8000-000000000000\", "
              "\"definition_type\": \"statement\", \"definition\": {\"statement\": \"x\"}}",
         "says nothing about who may read");
}

static void none(void *context, const struct stix_portion *p)
{
    (void)context, (void)p;
}

/* Also where nothing refers to it */
static void a_bundle_has_no_false_definition(void **state)
{
    (void)state;
    form_reader_init(&reader, sample_catalog(), false);
    assert_false(err_is(stix_portions(
        &reader, SPAN_LIT("{\"type\": \"bundle\", \"objects\": [" OPEN RED "\", " TLP("red") "]}"),
        none, NULL)));
    assert_true(err_is(stix_portions(&reader,
                                     SPAN_LIT("{\"type\": \"bundle\", \"objects\": [" OPEN RED
                                              "\", \"name\": \"TLP:GREEN\", " TLP("red") "]}"),
                                     none, NULL)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_that_of_the_colour),
        cmocka_unit_test(an_id_is_that_of_the_colour),
        cmocka_unit_test(a_bundle_has_no_false_definition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

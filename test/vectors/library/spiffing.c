/* SPDX-License-Identifier: Apache-2.0 */
/* The translations of spiffing's own tests, by the library alone: $ACCORD_VECTORS/labels/spiffing. */
#include <accord/marking.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"

#define TLP  "1.2.826.0.1.6726289.0.2"
#define DEMO "1.2.826.0.1.6726289.0.4"

static accord_policies *policies;
static accord_context  *context;
static accord_error    *error;

static const char *path_of(const char *file)
{
    static char path[512];
    const char *base = getenv("ACCORD_VECTORS");
    (void)snprintf(path, sizeof path, "%s/labels/spiffing/%s",
                   base != NULL ? base : "../shared/data", file);
    return path;
}

static void told(enum accord_code code)
{
    if (code != ACCORD_OK) {
        print_error("%s: %s\n", accord_error_sentence(error), accord_error_about(error));
    }
    assert_int_equal(code, ACCORD_OK);
}

static size_t file_take(const char *file, char *text, size_t max)
{
    FILE *f = fopen(path_of(file), "rb");
    assert_non_null(f);
    size_t len = fread(text, 1, max, f);
    (void)fclose(f);
    return len;
}

static int open_all(void **state)
{
    static const char *const files[] = {"tlp-plus.xml", "tlp.xml", "uk-demo.xml"};
    (void)state;
    FILE *f = fopen(path_of(files[0]), "rb");
    if (f == NULL) {
        return 0;
    }
    (void)fclose(f);
    policies = accord_policies_new();
    error = accord_error_new();
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        told(accord_policies_add_file(policies, path_of(files[i]), error));
    }
    told(accord_context_new(policies, 0, &context, error));
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    accord_context_free(context);
    accord_policies_free(policies);
    accord_error_free(error);
    return 0;
}

static accord_marking *label_read(void)
{
    static char     xml[1 << 16];
    accord_marking *m = NULL;
    size_t          len = file_take("tlpx-amber-eu.xml", xml, sizeof xml);
    told(accord_marking_read(context, NULL, xml, len, &m, error));
    return m;
}

static void displayed(const accord_marking *m, const char *want)
{
    char text[512];
    told(accord_marking_display(m, "", text, sizeof text, error));
    assert_string_equal(text, want);
}

static void a_label_is_translated_by_its_policy(void **state)
{
    accord_marking *out = NULL;
    (void)state;
    if (context == NULL) {
        skip();
    }
    accord_marking *m = label_read();
    displayed(m, "TLPX:AMBER J:EU");
    assert_int_equal(accord_marking_valid(m, NULL, NULL), 1);
    told(accord_translate(context, m, TLP, ACCORD_ENCRYPT, &out, error));
    displayed(out, "TLP:AMBER [REGION=EU] [Additional Handling May Apply]/[Imported Data]");
    accord_marking_free(out);
    accord_marking_free(m);
}

static void a_translated_label_is_decided_by_a_clearance(void **state)
{
    static char     xml[1 << 16];
    accord_marking *out = NULL;
    accord_reader  *r = NULL;
    (void)state;
    if (context == NULL) {
        skip();
    }
    accord_marking *m = label_read();
    size_t          len = file_take("uk-demo-secret-uk.xml", xml, sizeof xml);
    told(accord_reader_of_clearance(context, NULL, xml, len, &r, error));
    assert_int_equal(accord_access(context, m, r), ACCORD_NOTHING); /* of another policy */
    told(accord_translate(context, m, DEMO, ACCORD_ENCRYPT, &out, error));
    displayed(out, "DEMO-UK SECRET - UK / EU EYES ONLY");
    assert_int_equal(accord_access(context, out, r), ACCORD_RELEASE);
    accord_marking_free(out);
    accord_marking_free(m);
    accord_reader_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_label_is_translated_by_its_policy),
        cmocka_unit_test(a_translated_label_is_decided_by_a_clearance),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}

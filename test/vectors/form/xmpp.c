/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>

#include "cmocka_all.h"
#include "form/form.h"
#include "unit/form/sample.h"

/* The examples of XEP-0258: $ACCORD_VECTORS/labels/xep-0258.  Their policy is 1.1; ours of that id has
 * their four classifications. */

static struct form_reader reader;
static uint8_t            file[1 << 16];

static span vector_of(const char *called)
{
    const char *base = getenv("ACCORD_VECTORS");
    char        path[512];
    (void)snprintf(path, sizeof path, "%s/labels/xep-0258/%s",
                   base != NULL ? base : "../shared/data", called);
    return file_of(path, file, sizeof file);
}

/* What the example states is what is read; the label without a classification is refused, as nothing is to
 * be guessed, and the one without padding is read by a lenient reader only */
static bool example_holds(json_t *e)
{
    struct label_record r;
    json_t *class = json_object_get(json_object_get(e, "decoded"), "classification");
    span text = span_text(json_string_value(json_object_get(e, "base64_as_published")));
    const struct form *f = form_find(SPAN_LIT("ess-base64"));
    bool               padded = text.len % 4 == 0;
    form_reader_init(&reader, sample_catalog(), false);
    err strict = form_read(f, &reader, text, &r);
    if (!json_is_integer(class) || !padded) {
        print_message(SPAN_FMT ": %s\n", SPAN_ARG(text), reader.problem.why);
        if (!json_is_integer(class)) {
            return err_is(strict);
        }
        form_reader_init(&reader, sample_catalog(), true);
        if (!err_is(strict) || err_is(form_read(f, &reader, text, &r)) ||
            reader.deviations != DEVIATION_PADDING) {
            return false;
        }
    } else if (err_is(strict)) {
        return false;
    }
    const struct scheme_class *c = &r.label.scheme->class[r.label.class];
    return c->lacv == (uint64_t)json_integer_value(class) &&
           span_is(c->name, json_string_value(json_object_get(e, "displaymarking")));
}

static void every_example_holds(void **state)
{
    (void)state;
    span     text = vector_of("ess-labels.json");
    unsigned passed = 0;
    json_t  *root = json_loadb((const char *)text.ptr, text.len, 0, NULL);
    json_t  *labels = json_object_get(root, "labels");
    if (root == NULL) {
        print_message("0 of 0 labels of XEP-0258: skipped, no vectors here\n");
        return;
    }
    for (size_t i = 0; i < json_array_size(labels); i++) {
        passed += example_holds(json_array_get(labels, i));
    }
    print_message("%u of %zu labels of XEP-0258 hold\n", passed, json_array_size(labels));
    assert_int_equal(passed, json_array_size(labels));
    json_decref(root);
}

static void messages_are_read(void **state)
{
    (void)state;
    struct label_record r;
    const struct form  *f = form_find(SPAN_LIT("xep-0258"));
    span                text = vector_of("message-ess.xml");
    if (text.len == 0) {
        print_message("skipped, no vectors here\n");
        return;
    }
    form_reader_init(&reader, sample_catalog(), false);
    assert_false(err_is(form_read(f, &reader, text, &r)));
    assert_true(span_is(r.label.scheme->class[r.label.class].name, "SECRET"));
    assert_true(err_is(form_read(f, &reader, vector_of("message-icism.xml"), &r)));
    print_message("1 of 2 messages is read here; the other is the US register's, read in "
                  "test/vectors/ismform: %s (line %u)\n",
                  reader.problem.why, reader.problem.line);
    assert_non_null(strstr(reader.problem.why, "esssecuritylabel"));
    assert_int_equal(reader.problem.line, 5);
}

int main(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test(every_example_holds),
        cmocka_unit_test(messages_are_read),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <strings.h>

#include "cmocka_all.h"
#include "form/form.h"
#include "label/phrase.h"
#include "unit/spif/files.h"
#include "vectors/form/tags.h"

/* spiffing's own tests, with its files read by our readers: $ACCORD_VECTORS/labels/spiffing/tests.xml.  Lenient,
 * as its STANAG 4774 labels are not as the schema wants them; a strict reader refuses those. */

#define MISSPELT "securityCategiryTagSet"

static uint8_t tests[1 << 16], policy_file[SPIF_MAX], label_file[1 << 16], clearance_file[1 << 16];
static struct catalog     catalog;
static struct scheme     *policy[8];
static struct form_reader reader;
static unsigned           passed, there, mended;

static span vector_of(span called, void *buf, size_t max)
{
    const char *base = getenv("ACCORD_VECTORS");
    char        path[512];
    (void)snprintf(path, sizeof path, "%s/labels/spiffing/" SPAN_FMT,
                   base != NULL ? base : "../shared/data", SPAN_ARG(called));
    return file_of(path, buf, max);
}

static bool same(const char *what, span want, const struct writer *got)
{
    if (want.ptr == NULL || span_equal(want, writer_span(got))) {
        return true;
    }
    print_error("%s is '" SPAN_FMT "', not '" SPAN_FMT "'\n", what, SPAN_ARG(writer_span(got)),
                SPAN_ARG(want));
    return false;
}

static bool mended_in_memory(span xml)
{
    struct scheme_problems problems;
    for (uint8_t *at; (at = memmem(policy_file, xml.len, MISSPELT, strlen(MISSPELT))) != NULL;) {
        memcpy(at, "securityCategoryTagSet", strlen(MISSPELT));
    }
    mended++;
    return !err_is(spif_scheme(xml, &policy[catalog.count], &problems));
}

/* A policy that is not well-formed is refused; that its labels count, its misspelt end tags are mended.  One
 * that is to be refused is refused with the sentence of the test. */
static bool policy_add(span tag)
{
    struct scheme_problems problems;
    span                   want = tag_attribute(tag, "exception");
    span xml = vector_of(tag_attribute(tag, "spif"), policy_file, sizeof policy_file);
    err  e = spif_scheme(xml, &policy[catalog.count], &problems);
    if (want.ptr != NULL) {
        bool told = false;
        for (unsigned i = 0; err_is(e) && i < problems.count; i++) {
            told |= strncasecmp(problems.problem[i].why, (const char *)want.ptr, want.len) == 0;
        }
        there++;
        passed += told;
        return told;
    }
    if (err_is(e) && !mended_in_memory(xml)) {
        return false;
    }
    return !err_is(catalog_add(&catalog, policy[catalog.count]));
}

static void policies_forget(void)
{
    for (; catalog.count > 0; catalog.count--) {
        free(policy[catalog.count - 1]);
    }
}

static err read_any(span text, struct label_record *out)
{
    const struct form *f = form_guess(text);
    return form_read(f != NULL ? f : form_find(SPAN_LIT("stanag4774")), &reader, text, out);
}

/* "Unknown policy id: 1.1" is our sentence and our value; "No data to parse" we say in other words */
static bool refused(span test, span want)
{
    char                said[256];
    struct label_record r;
    span text = vector_of(tag_attribute(test, "label"), label_file, sizeof label_file);
    err  e = read_any(text, &r);
    (void)snprintf(said, sizeof said, "%s: %s", reader.problem.why, reader.problem.value);
    print_message(SPAN_FMT ": %s (line %u, byte %zu)\n", SPAN_ARG(want), said, reader.problem.line,
                  reader.problem.offset);
    return err_is(e) && (strncasecmp(said, (const char *)want.ptr, want.len) == 0 ||
                         (span_is(want, "No data to parse") && text.len == 0));
}

static bool clearance_holds(span test, const struct label *l)
{
    struct label_clearance c;
    struct label_faults    faults;
    uint8_t                buf[1024];
    struct writer          w = WRITER_OF(buf);
    span called = tag_attribute(test, "clearance"), acdf = tag_attribute(test, "acdf-result");
    if (called.ptr == NULL) {
        return true;
    }
    span               text = vector_of(called, clearance_file, sizeof clearance_file);
    const struct form *f = form_guess(text);
    if (f == NULL || err_is(form_clearance_read(f, &reader, text, &c))) {
        return false;
    }
    clearance_phrase(&c, (span){0}, &w);
    bool read = label_access(l, &c, &faults);
    return same("clearance", tag_attribute(test, "clearance-marking"), &w) &&
           (acdf.ptr == NULL || read == span_is(acdf, "1"));
}

static bool translation_holds(span test, struct label *l)
{
    enum label_outcome          outcome;
    struct label_hold           hold;
    uint8_t                     buf[1024];
    struct writer               w = WRITER_OF(buf);
    span                        id = tag_attribute(test, "encrypt");
    const struct catalog_entry *to = id.ptr == NULL ? NULL : catalog_by_id(&catalog, id);
    if (id.ptr == NULL) {
        return true;
    }
    if (to == NULL || err_is(label_translate(l, to->scheme, APPLIED_ENCRYPT, l, &outcome, &hold))) {
        return false;
    }
    label_phrase(l, (span){0}, PLACE_PAGE, &w);
    return outcome == LABEL_OK && same("translation", tag_attribute(test, "encrypt-marking"), &w);
}

static bool label_holds(span test)
{
    struct label_record r;
    struct label_faults faults;
    uint8_t             buf[1024];
    struct writer       w = WRITER_OF(buf);
    span                valid = tag_attribute(test, "valid");
    span text = vector_of(tag_attribute(test, "label"), label_file, sizeof label_file);
    if (err_is(read_any(text, &r))) {
        print_error("%s: %s\n", reader.problem.why, reader.problem.value);
        return false;
    }
    for (unsigned d = 0; d < DEVIATION_COUNT; d++) {
        if ((reader.deviations >> d & 1) != 0) {
            print_message(SPAN_FMT ": %s\n", SPAN_ARG(tag_attribute(test, "label")),
                          deviation_sentence((enum form_deviation)(1u << d)));
        }
    }
    bool is_valid = label_valid(&r.label, &faults);
    label_phrase(&r.label, tag_attribute(test, "xml:lang"), PLACE_PAGE, &w);
    return same("label", tag_attribute(test, "label-marking"), &w) &&
           (valid.ptr == NULL || is_valid == span_is(valid, "true")) &&
           translation_holds(test, &r.label) && clearance_holds(test, &r.label);
}

static void every_test_of_spiffing_holds(void **state)
{
    (void)state;
    span rest = vector_of(SPAN_LIT("tests.xml"), tests, sizeof tests), tag, text;
    if (rest.len == 0) {
        print_message("0 of 0 tests of spiffing: skipped, no vectors here\n");
        return;
    }
    bool read = true;
    form_reader_init(&reader, &catalog, true);
    while (tag_next(&rest, &tag, &text)) {
        if (tag_is(tag, "sequence")) {
            policies_forget();
        } else if (tag_is(tag, "policy")) {
            read = policy_add(tag) && read;
        } else if (tag_is(tag, "test")) {
            span want = tag_attribute(tag, "exception");
            bool good = want.ptr != NULL ? refused(tag, want) : label_holds(tag);
            there++;
            passed += good;
            if (!good) {
                print_error("<" SPAN_FMT "> does not hold\n", SPAN_ARG(tag));
            }
        }
    }
    policies_forget();
    print_message("%u of %u tests of spiffing hold; %u policy file was mended in memory\n", passed,
                  there, mended);
    assert_true(read);
    assert_int_equal(passed, there);
}

/* Each lacks CreationDateTime; the first writes URL for URI as well */
static void a_strict_reader_refuses_its_stanag_labels(void **state)
{
    (void)state;
    static const char *const called[] = {"nato-4774-17-1.nato", "nato-4774-17-2.nato",
                                         "nato-4774-17-3.nato", "nato-4774-17-5.nato"};
    unsigned                 strict = 0, files = 0;
    if (vector_of(SPAN_LIT("tests.xml"), tests, sizeof tests).len > 0) {
        assert_true(policy_add(SPAN_LIT("policy spif=\"nato-4774-policy.xml\"")));
    }
    form_reader_init(&reader, &catalog, false);
    for (size_t i = 0; i < ARRAY_LEN(called); i++) {
        struct label_record r;
        span                text = vector_of(span_text(called[i]), label_file, sizeof label_file);
        if (text.len == 0) {
            continue;
        }
        files++;
        err e = form_read(form_find(SPAN_LIT("stanag4774")), &reader, text, &r);
        print_message("%s:%u: %s: %s\n", called[i], reader.problem.line, reader.problem.why,
                      reader.problem.value);
        strict += err_is(e) && reader.problem.line > 0;
    }
    policies_forget();
    print_message("%u of %u labels are refused by a strict reader%s\n", strict, files,
                  files == 0 ? ": skipped, no vectors here" : "");
    assert_int_equal(strict, files);
}

int main(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test(every_test_of_spiffing_holds),
        cmocka_unit_test(a_strict_reader_refuses_its_stanag_labels),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}

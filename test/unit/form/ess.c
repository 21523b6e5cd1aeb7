/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/text.h"
#include "cmocka_all.h"
#include "unit/form/sample.h"

static struct form_reader  reader;
static struct label_record record;

/* Hexadecimal digits with blanks between them */
static span bytes_of(const char *hex, uint8_t *buf, size_t max)
{
    size_t len = 0;
    for (; *hex != '\0' && len < max; hex += *hex == ' ' ? 1 : 2) {
        if (*hex != ' ') {
            MUST(!err_is(text_hex((span){(const uint8_t *)hex, 2}, &buf[len++], 1)));
        }
    }
    return (span){buf, len};
}

static err read_hex(const char *hex)
{
    uint8_t buf[512];
    form_reader_init(&reader, sample_catalog(), false);
    return form_read(form_find(SPAN_LIT("ess")), &reader, bytes_of(hex, buf, sizeof buf), &record);
}

static void a_label_of_every_type(void **state)
{
    (void)state;
    struct label_record r = label_record_of(sample_scheme("SAMPLE"));
    struct form_problem p;
    uint8_t             buf[512], hex[1024];
    struct writer       w = WRITER_OF(buf), h = WRITER_OF(hex);
    r.label.class = 3;
    r.label.privacy = 0;
    sample_put(&r.label, "Releasable To", TAG_PERMISSIVE, "JPN");
    sample_put(&r.label, "Releasable To", TAG_PERMISSIVE, "KOR");
    sample_put(&r.label, "Releasable To", TAG_PERMISSIVE, "NATO");
    sample_put(&r.label, "Sensitivity", TAG_RESTRICTIVE, "ATOMAL");
    sample_put(&r.label, "Notes", TAG_INFORMATIVE, "COPY");
    assert_false(err_is(form_write(form_find(SPAN_LIT("ess")), &r, &w, &p)));
    put_hex(&h, writer_span(&w));
    put_u8(&h, 0);
    assert_string_equal((char *)hex,
                        "318187" /* SET: SECRET, 1.1, the privacy mark, the categories */
                        "020104"
                        "060129"
                        "0c0d494e20434f4e464944454e4345"
                        "3170"
                        /* restrictive, 1.1.2, bit 3 */
                        "3018800a60864801650201080300a10a300806022902"
                        "03020410"
                        /* permissive, 1.1.1, bit 0 */
                        "3018800a60864801650201080302a10a300806022901"
                        "03020780"
                        /* informative, 1.1.4, number 300 */
                        "301a800a60864801650201080303a10c300a060229043104"
                        "0202012c"
                        /* enumerated permissive, 1.1.1, numbers 392 and 410 */
                        "301e800a60864801650201080301a110300e060229013108"
                        "02020188"
                        "0202019a");
}

static void the_smallest_label(void **state)
{
    (void)state;
    assert_false(err_is(read_hex("3106 020104 060129")));
    assert_true(span_is(record.label.scheme->class[record.label.class].name, "SECRET"));
    assert_int_equal(record.label.privacy, SCHEME_NONE);
    assert_false(err_is(read_hex("3107 020200fa 060129")));
    assert_true(span_is(record.label.scheme->class[record.label.class].name, "TOP SECRET"));
}

static const struct {
    const char *why, *hex;
    size_t      offset;
} refusals[] = {
    {"indefinite", "3180 020104 060129 0000", 0},
    {"another type", "3006 020104 060129", 0},
    {"more bytes", "318106 020104 060129", 0},
    {"order", "3106 060129 020104", 5},
    {"item twice", "3109 020104 020104 060129", 5},
    {"more or fewer bytes", "3107 02020004 060129", 2},
    {"more or fewer bytes", "3105 0200 060129", 2},
    {"negative", "3106 0201fc 060129", 2},
    {"unknown policy id", "3106 020104 06012a", 5},
    {"object identifier", "3107 020104 06028029", 5},
    {"object identifier", "3106 020104 060189", 5},
    {"classification that the policy does not have", "3106 020105 060129", 2},
    {"classification that the policy does not have", "3107 02020104 060129", 2},
    {"no policy", "3103 020104", 0},
    {"no classification", "3103 060129", 0},
    {"longer than", "3107 020104 060129", 0},
    {"something left", "3106 020104 060129 00", 8},
    {"item that a label does not have", "3109 010100 020104 060129", 2},
    {"privacy mark", "3109 020104 060129 0c0141", 8},
    {"privacy mark is not a text", "3109 020104 060129 13012a", 8},
    {"set of categories is empty", "3108 020104 060129 3100", 10},
    {"item that a label does not have", "3108 020104 2603060129", 5},
    {"constructed", "1106 020104 060129", 0},
    /* a category: restrictive bits of 1.1.2 with a bit that means nothing; stray bits; none */
    {"number that the policy",
     "3122 020104 060129 311a 3018 800a60864801650201080300 a10a 3008 06022902 03020308", 0},
    {"type that is not known",
     "3122 020104 060129 311a 3018 800a60864801650201080305 a10a 3008 06022902 03020410", 0},
    {"tag that no label", "3106 1f0104 060129", 2},
};

static void what_der_is_not_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
        err e = read_hex(refusals[i].hex);
        if (!err_is(e) || strstr(e.why, refusals[i].why) == NULL) {
            print_error("%s\n  %s at %zu\n", refusals[i].hex, e.why == NULL ? "read" : e.why,
                        reader.problem.offset);
        }
        assert_true(err_is(e) && strstr(e.why, refusals[i].why) != NULL);
        if (refusals[i].offset > 0) {
            assert_int_equal(reader.problem.offset, refusals[i].offset);
        }
    }
}

static void what_would_be_lost_is_named(void **state)
{
    (void)state;
    struct label_record r = label_record_of(sample_scheme("SAMPLE"));
    struct form_problem p;
    uint8_t             buf[256];
    struct writer       w = WRITER_OF(buf);
    const struct form  *ess = form_find(SPAN_LIT("ess"));
    r.has_created = true;
    assert_true(err_is(form_write(ess, &r, &w, &p)));
    assert_non_null(strstr(p.why, "when the label was created"));
    record_without(&r, PART_CREATED);
    assert_false(err_is(form_write(ess, &r, &w, &p)));
    r.label.nobody[0] = 1;
    assert_true(err_is(form_write(ess, &r, &w, &p)));
    assert_non_null(strstr(p.why, "nobody"));
    r.label.nobody[0] = 0;
    r.has_successor = true;
    record_without(&r, PART_ALL);
    assert_true(err_is(form_write(ess, &r, &w, &p)));
    assert_non_null(strstr(p.why, "succeeds"));
    r.has_successor = false;
    sample_put(&r.label, "Sensitivity", TAG_RESTRICTIVE, "CRYPTO");
    assert_true(err_is(form_write(form_find(SPAN_LIT("tlp")), &r, &w, &p)));
    assert_non_null(strstr(p.why, "categories"));
    w = writer_of(buf, 10);
    assert_int_equal(form_write(ess, &r, &w, &p).code, ERR_LIMIT);
}

static void a_clearance_by_default(void **state)
{
    (void)state;
    struct label_clearance c;
    uint8_t                buf[64];
    const struct form     *f = form_find(SPAN_LIT("ess"));
    form_reader_init(&reader, sample_catalog(), false);
    assert_false(
        err_is(form_clearance_read(f, &reader, bytes_of("3003 060129", buf, sizeof buf), &c)));
    assert_int_equal(c.classes, 1);
    assert_false(err_is(
        form_clearance_read(f, &reader, bytes_of("3007 060129 03020308", buf, sizeof buf), &c)));
    assert_int_equal(c.classes, 1 << 3);
    assert_true(err_is(
        form_clearance_read(f, &reader, bytes_of("3007 060129 03020640", buf, sizeof buf), &c)));
    assert_true(err_is(
        form_clearance_read(f, &reader, bytes_of("3007 060129 03020208", buf, sizeof buf), &c)));
}

int main(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test(a_label_of_every_type),    cmocka_unit_test(the_smallest_label),
        cmocka_unit_test(what_der_is_not_is_named), cmocka_unit_test(what_would_be_lost_is_named),
        cmocka_unit_test(a_clearance_by_default),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}

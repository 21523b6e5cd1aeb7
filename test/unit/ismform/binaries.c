/* SPDX-License-Identifier: Apache-2.0 */
#include "ismform/nitf.h"
#include "ismform/st0102.h"
#include "unit/ismform/sample.h"

/* A block with one field set beside the level and the USA */
static const char *block_says(enum nitf_field field, const char *value)
{
    uint8_t block[NITF_BLOCK_BYTES];
    size_t  at = 0;
    memset(block, ' ', sizeof block);
    memcpy(block, "SUS", 3);
    for (unsigned f = 0; f < (unsigned)field; f++) {
        at += nitf_widths[f];
    }
    memset(block + at, ' ', nitf_widths[field]);
    memcpy(block + at, value, strlen(value));
    return said_by("nitf", SPAN_OF(block));
}

/* Of what is unclassified and says nothing else, blanks say that no system applies */
static void nitf_blanks_mean(void **state)
{
    (void)state;
    uint8_t block[NITF_BLOCK_BYTES];
    memset(block, ' ', sizeof block);
    block[0] = 'U';
    assert_string_equal(said_by("nitf", SPAN_OF(block)), "UNCLASSIFIED");
    block[0] = 'C';
    assert_string_equal(said_by("nitf", SPAN_OF(block)), "NITF-SYSTEM");
    block[0] = ' ';
    assert_string_equal(said_by("nitf", SPAN_OF(block)), "NITF-LEVEL");
    for (size_t at = 3; at < sizeof block; at++) {
        block[0] = 'U';
        block[at] = 'F';
        assert_string_equal(said_by("nitf", SPAN_OF(block)), "NITF-SYSTEM");
        block[at] = ' ';
    }
}

static void nitf_fields_mean(void **state)
{
    (void)state;
    assert_string_equal(block_says(NITF_CLAS, "T"), "TOP SECRET");
    assert_string_equal(block_says(NITF_CLAS, "X"), "NITF-LEVEL");
    assert_string_equal(block_says(NITF_CLSY, "KS"), "//KOR SECRET");
    assert_string_equal(block_says(NITF_CLSY, "XN"), "//NATO SECRET");
    assert_string_equal(block_says(NITF_CLSY, "KR"), "COUNTRY"); /* Korea, or Kiribati */
    assert_string_equal(block_says(NITF_CLSY, "AU"), "COUNTRY"); /* Australia, or Austria */
    assert_string_equal(block_says(NITF_CLSY, ""), "NITF-SYSTEM");
    assert_string_equal(block_says(NITF_REL, "USA JPN KOR"), "SECRET//REL TO USA, JPN, KOR");
    assert_string_equal(block_says(NITF_REL, "US JA KS"), "SECRET//REL TO USA, JPN, KOR");
    assert_string_equal(block_says(NITF_REL, "US  JA"), "NITF-VALUE");
    assert_string_equal(block_says(NITF_REL, "US ZZ"), "COUNTRY");
    assert_string_equal(block_says(NITF_CODE, "SI TK OR"), "SECRET//SI/TK//ORCON");
    assert_string_equal(block_says(NITF_CTLH, "UO"), "SECRET//NOFORN");
    assert_string_equal(block_says(NITF_CTLH, "ZQ"), "TOKEN");
    assert_string_equal(block_says(NITF_CLTX, "For anybody"), "NITF-FIELD");
    assert_string_equal(block_says(NITF_DCTP, "GD"), "NITF-FIELD");
    assert_string_equal(block_says(NITF_DG, "C"), "NITF-FIELD");
    assert_string_equal(block_says(NITF_CTLN, "7"), "NITF-FIELD");
    assert_string_equal(block_says(NITF_CAUT, "J. Doe"), "NITF-FIELD");
}

static void nitf_never_cuts(void **state)
{
    (void)state;
    size_t                 len = 0;
    struct ismform_problem p;
    const uint8_t *block = written("nitf", "SECRET//REL TO USA, AUS, GBR, JPN, KOR", &len, &p);
    assert_non_null(block);
    assert_int_equal(len, NITF_BLOCK_BYTES);
    assert_memory_equal(block + 16, "USA AUS GBR JPN KOR ", 20);
    assert_null(written("nitf", "SECRET//REL TO USA, AUS, CAN, GBR, JPN, KOR", &len, &p));
    assert_string_equal(p.fault.name, "releasableTo");
    assert_string_equal(p.fault.value, "USA AUS CAN GBR JPN KOR");
    assert_null(written("nitf", "SECRET//DISPLAY ONLY KOR", &len, &p));
    assert_string_equal(p.fault.name, "displayOnlyTo");
    assert_null(written("nitf", "//AUS SECRET", &len, &p)); /* two letters could be Austria */
    assert_string_equal(p.fault.name, "ownerProducer");
}

/* The smallest file: a header, and one text segment; digits stand where MIL-STD-2500C has them */
static span file_of(uint8_t *file, const char *whole, const char *segment)
{
    const size_t head = 388 + 9, text = 282;
    memset(file, '0', head + text + 1);
    memcpy(file, "NITF02.10", 9);
    memset(file + 119, ' ', NITF_BLOCK_BYTES);
    memcpy(file + 119, whole, 3);
    memcpy(file + 342, "000000000680", 12);
    memcpy(file + 354, "000397", 6);
    memcpy(file + 360, "000000000001028200001", 21);
    memcpy(file + head, "TE", 2);
    memset(file + head + 106, ' ', NITF_BLOCK_BYTES);
    memcpy(file + head + 106, segment, 3);
    return (span){file, head + text + 1};
}

static void nitf_file_covers_its_segments(void **state)
{
    (void)state;
    uint8_t file[700];
    assert_string_equal(said_by("nitf", file_of(file, "SUS", "SUS")), "SECRET");
    assert_string_equal(said_by("nitf", file_of(file, "SUS", "U  ")), "SECRET");
    assert_string_equal(said_by("nitf", file_of(file, "CUS", "SUS")), "NITF-COVER");
    assert_string_equal(said_by("nitf", file_of(file, "UUS", "S  ")), "NITF-COVER");
    assert_string_equal(said_by("nitf", file_of(file, "SUS", "SKS")), "COVER-FGI");
    assert_string_equal(said_by("nitf", file_of(file, "SUS", "?US")), "NITF-LEVEL");
    span whole = file_of(file, "SUS", "SUS");
    assert_string_equal(said_by("nitf", (span){whole.ptr, whole.len - 1}), "NITF-LENGTH");
    file[4] = '1';
    assert_string_equal(said_by("nitf", whole), "NITF-FORMAT");
}

static const uint8_t set_usa[] = {1,   1,   4,   2,   1,   14,  3,   5,   '/', '/', 'U',
                                  'S', 'A', 4,   4,   'S', 'I', '/', '/', 6,   7,   'K',
                                  'O', 'R', ' ', 'U', 'S', 'A', 22,  2,   0,   12};

static void st0102_items_mean(void **state)
{
    (void)state;
    uint8_t set[64];
    assert_string_equal(said_by("st0102", SPAN_OF(set_usa)), "SECRET//SI//REL TO USA, KOR");
    memcpy(set, set_usa, sizeof set_usa);
    span in = {set, sizeof set_usa};
    set[2] = 6;
    assert_string_equal(said_by("st0102", in), "ST0102-VALUE");
    set[2] = 4;
    set[5] = 4;
    assert_string_equal(said_by("st0102", in), "ST0102-METHOD");
    set[5] = 14;
    set[0] = 15;
    assert_string_equal(said_by("st0102", in), "KLV-ITEM");
    set[0] = 2;
    assert_string_equal(said_by("st0102", in), "KLV-TWICE");
    set[0] = 14;
    assert_string_equal(said_by("st0102", in), "ST0102-MISSING");
    set[0] = 1;
    set[1] = 0x84;
    assert_string_equal(said_by("st0102", in), "KLV");
    assert_string_equal(said_by("st0102", (span){set, 0}), "ST0102-MISSING");
}

static void st0102_is_written_with_its_key(void **state)
{
    (void)state;
    size_t                 len = 0;
    struct ismform_problem p;
    const uint8_t         *set = written("st0102", "//KOR SECRET//REL TO USA, KOR", &len, &p);
    assert_non_null(set);
    assert_int_equal(set[0], 0x06);
    assert_int_equal(set[16], len - 17);
    assert_null(written("st0102", "//JOINT SECRET KOR USA//REL TO USA, KOR", &len, &p));
    assert_string_equal(p.fault.name, "ownerProducer");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nitf_blanks_mean),  cmocka_unit_test(nitf_fields_mean),
        cmocka_unit_test(nitf_never_cuts),   cmocka_unit_test(nitf_file_covers_its_segments),
        cmocka_unit_test(st0102_items_mean), cmocka_unit_test(st0102_is_written_with_its_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
